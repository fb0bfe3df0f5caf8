"""An answer in the making: statements and the citations behind them, before notice and layout."""

from __future__ import annotations

from dataclasses import dataclass, replace

from bot.domain import Citation, Statement, Writing
from bot.library import Library
from bot.quotes import Candidate
from ingest.domain import Document, Reference, Sentence

_RESERVED = {
    "reasoning": Reference(
        "reasoning", "The curators' own inference", "", "this library", kind="inference", checked="memory"
    ),
    "general-knowledge": Reference(
        "general-knowledge", "General knowledge, not checked against a source", "", "", kind="general", checked="memory"
    ),
    "library": Reference("library", "What our search of the literature found", "", "this library", kind="search"),
}


_LEAD = 2
"""Statements that lead where a person's state must be spoken of."""


@dataclass(frozen=True)
class Draft:
    """Statements with their citations; `dropped` counts what verification took out; `growing`: more may come."""

    statements: tuple[Statement, ...]
    citations: tuple[Citation, ...]
    answered_by: str = "quotes"
    dropped: int = 0
    confidence: float | None = None
    writing: Writing | None = None
    growing: bool = False

    def renumbered(self) -> Draft:
        """The same draft with citations numbered from 1 in the order in which statements use them."""
        order = list(dict.fromkeys(number for statement in self.statements for number in statement.citations))
        new = {old: position for position, old in enumerate(order, start=1)}
        by_number = {citation.number: citation for citation in self.citations}
        return replace(
            self,
            statements=tuple(replace(s, citations=tuple(new[n] for n in s.citations)) for s in self.statements),
            citations=tuple(replace(by_number[old], number=new[old]) for old in order),
        )


def draft_of_quotes(chosen: list[Candidate]) -> Draft:
    """Each chosen sentence becomes a statement with a citation of its own."""
    citations = tuple(
        cite(number, candidate.document, candidate.passage.section, candidate.sentence)
        for number, candidate in enumerate(chosen, start=1)
    )
    statements = tuple(Statement(citation.quote, (citation.number,)) for citation in citations)
    return Draft(statements, citations)


def cite(number: int, document: Document, section: str, sentence: Sentence) -> Citation:
    """A citation of one sentence, with its references and any curator's note on it."""
    by_key = {reference.key: reference for reference in document.references}
    notes = [note.text for note in document.notes if note.start < sentence.end and sentence.start < note.end]
    return Citation(
        number=number,
        document=document.id,
        title=document.title,
        section=section,
        quote=document.text[sentence.start : sentence.end],
        start=sentence.start,
        end=sentence.end,
        kind=document.kind,
        evidence=document.evidence,
        references=tuple(
            by_key.get(key) or _RESERVED[key] for key in sentence.keys if key in by_key or key in _RESERVED
        ),
        note=" ".join(notes) or None,
        page=document.page_at(sentence.start),
    )


def verify_quotes(draft: Draft, library: Library) -> Draft:
    """Drop every statement of which a quotation is not the exact text at its offsets."""
    exact = {
        c.number for c in draft.citations if c.quote and library.document(c.document).text[c.start : c.end] == c.quote
    }
    kept = tuple(s for s in draft.statements if s.citations and all(number in exact for number in s.citations))
    dropped = draft.dropped + len(draft.statements) - len(kept)
    return replace(draft, statements=kept, dropped=dropped).renumbered()


def led_by(general: Draft, draft: Draft) -> Draft:
    """The draft, led by what is said of a person's state: in it, where it cites that document, or else in general."""
    said = {statement.text for statement in draft.statements}
    lead = tuple(statement for statement in general.statements if statement.text not in said)[:_LEAD]
    numbers = {number for statement in lead for number in statement.citations}
    about = {citation.document for citation in general.citations if citation.number in numbers}
    own = {citation.number for citation in draft.citations if citation.document in about}
    if own:
        return replace(draft, statements=_first(draft.statements, own)).renumbered()
    if not lead:
        return draft
    shift = max(numbers)
    moved = tuple(replace(s, citations=tuple(number + shift for number in s.citations)) for s in draft.statements)
    led = tuple(citation for citation in general.citations if citation.number in numbers)
    citations = (*led, *(replace(c, number=c.number + shift) for c in draft.citations))
    kept = moved[: max(1, len(moved) - len(lead))]
    return replace(draft, statements=(*lead, *kept), citations=citations).renumbered()


def _first(statements: tuple[Statement, ...], numbers: set[int]) -> tuple[Statement, ...]:
    """Statements that cite one of these first; among them, and among the others, the order stays."""
    return tuple(sorted(statements, key=lambda statement: not numbers & set(statement.citations)))
