"""A pipeline that plays a script over a real index: what costs seconds is scripted, what the web renders is real."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace

from bot.domain import Action, Answer, Citation, Statement
from bot.retrieval import Hit
from ingest.domain import Document, Reference

Script = Callable[[str, Sequence[str]], Answer]


class ScriptedPipeline:
    """Answers as its script says."""

    def __init__(self, script: Script) -> None:
        self._script = script
        self.asked: list[tuple[str, tuple[str, ...]]] = []

    def ask(self, question: str, history: Sequence[str] = ()) -> Answer:
        """The scripted answer."""
        self.asked.append((question, tuple(history)))
        return self._script(question, history)

    def stream(self, question: str, history: Sequence[str] = ()) -> Iterator[Answer]:
        """The scripted answer, a statement at a time."""
        whole = self.ask(question, history)
        for count in range(1, len(whole.statements)):
            yield replace(whole, statements=whole.statements[:count], text="")
        yield whole

    def search(self, query: str, k: int = 10) -> list[Hit]:  # noqa: ARG002
        """Nothing."""
        return []


def quoted(question: str, documents: Sequence[Document], version: str, action: Action = Action.ANSWER) -> Answer:
    """An answer that quotes the first two sentences of each document."""
    citations: list[Citation] = []
    for document in documents:
        section = document.sections[0]
        for sentence in section.sentences[:2]:
            notes = " ".join(n.text for n in document.notes if n.start < sentence.end and sentence.start < n.end)
            citations.append(
                Citation(
                    number=len(citations) + 1,
                    document=document.id,
                    title=document.title,
                    section=section.heading,
                    quote=document.text[sentence.start : sentence.end],
                    start=sentence.start,
                    end=sentence.end,
                    kind=document.kind,
                    evidence=document.evidence,
                    references=_references(document, sentence.keys),
                    note=notes or None,
                )
            )
    statements = tuple(Statement(citation.quote, (citation.number,)) for citation in citations)
    text = " ".join(f"{s.text} [{s.citations[0]}]" for s in statements)
    return Answer(
        question=question,
        standalone_question=question,
        action=action,
        reason="scripted",
        text=text,
        statements=statements,
        citations=tuple(citations),
        related=("Does cupping help with neck pain?", "What does a session involve?"),
        corpus_version=version,
    )


def _references(document: Document, keys: Sequence[str]) -> tuple[Reference, ...]:
    return tuple(reference for reference in document.references if reference.key in keys)


def simple(question: str, action: Action, text: str, language: str = "en") -> Answer:
    """An answer without statements: a call for help, a refusal, a shrug."""
    return Answer(question, question, action, "scripted", text, language=language)
