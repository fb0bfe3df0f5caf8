"""Renders an answer, a question and a notice as HTML for the chat. Pure: an Answer in, text out."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from itertools import groupby

from bot.domain import Action, Answer, Citation, Statement
from bot.layout import fallback_line
from bot.web.links import citation_link
from bot.web.paragraphs import Excerpt
from bot.web.templating import render_line
from bot.web.words import load_words

Excerpts = Callable[[Citation, str], Excerpt]
"""Gives the paragraph around a citation of a version."""

RIGHT_TO_LEFT = frozenset(("ar", "ur", "fa", "he", "ps"))

_SEVERITY = {
    Action.URGENT: "help",
    Action.CRISIS: "care",
    Action.ANSWER_WITH_ADVICE_DISCLAIMER: "box",
}
_TELEPHONE = re.compile(
    r"(?<![\w/.,:-])(?:\+\d[\d ]{5,16}\d|\d{3}(?: \d{3,4}){0,3}|\d{2,3}[ -]\d{2,4}|\d{4,12})(?![\w/%-])"
)
_EMPHASIS = re.compile(r"\[([^\]\[]+)\]\(((?:https?://|tel:)[^\s()]+)\)|\*\*([^*]+)\*\*|\*([^*]+)\*")


@dataclass(frozen=True)
class Source:
    """A citation with the paragraph around it and the address of its page in the reader."""

    citation: Citation
    excerpt: Excerpt
    link: str


@dataclass(frozen=True)
class Group:
    """Statements that belong in one paragraph; whether it is set apart, and the words that lead it in."""

    lead: str
    apart: bool
    statements: tuple[Statement, ...]


@dataclass(frozen=True)
class Run:
    """A run of plain text, marked as a telephone number, a link or emphasised."""

    text: str
    kind: str = "text"
    address: str = ""


def render_question(question: str, number: int) -> str:
    """What the person asked, as text and nothing else."""
    return render_line("question.html", lines=_lines(question), number=number)


def render_waiting(number: int) -> str:
    """What stands in the place of an answer that is being made."""
    return render_line("waiting.html", number=number)


def render_problem(message: str, number: int) -> str:
    """A fault, in plain words, with a way to ask again."""
    return render_line("problem.html", message=message, number=number)


def render_answer(answer: Answer, number: int, excerpts: Excerpts, final: bool = True, feedback: bool = False) -> str:
    """An answer, a refusal or a call for help. `number` is the turn's number in the conversation."""
    sources = tuple(_source(citation, answer.corpus_version, excerpts) for citation in answer.citations)
    shown = {cited for statement in answer.statements for cited in statement.citations}
    return render_line(
        "answer.html",
        answer=answer,
        number=number,
        groups=_groups(answer),
        sources={source.citation.number: source for source in sources if source.citation.number in shown},
        places=_places(source for source in sources if source.citation.number in shown),
        severity=severity(answer.action),
        notice=runs(answer.notice, answer.action.sends_for_help),
        paragraphs=_paragraphs(answer),
        direction="rtl" if answer.language in RIGHT_TO_LEFT else "ltr",
        plain=as_markdown(answer, sources),
        fell_back=runs(fallback_line(answer.writing), False),
        final=final,
        feedback=feedback,
    )


def severity(action: Action) -> str:
    """How a notice of this action is set: "quiet", "box", "help" (emergency) or "care" (crisis)."""
    return _SEVERITY.get(action, "quiet")


def runs(text: str, telephones: bool) -> tuple[Run, ...]:
    """A line of our own Markdown (links, strong, emphasis) as runs; with `telephones`, numbers can be tapped."""
    found: list[Run] = []
    position = 0
    for match in _EMPHASIS.finditer(text):
        found += _plain_runs(text[position : match.start()], telephones)
        label, address, strong, soft = match.groups()
        if address:
            found.append(Run(label, "telephone" if address.startswith("tel:") else "link", address))
        else:
            kind = "strong" if strong else "em"
            found += [
                replace(run, kind=kind) if run.kind == "text" else run for run in runs(strong or soft, telephones)
            ]
        position = match.end()
    found += _plain_runs(text[position:], telephones)
    return tuple(run for run in found if run.text)


def as_markdown(answer: Answer, sources: tuple[Source, ...]) -> str:
    """The question, the reply and its sources as Markdown, for copying and saving."""
    parts = [f"**{answer.question.strip()}**", answer.text or " ".join(s.text for s in answer.statements)]
    if sources:
        lines = [_source_line(source) for source in sources]
        parts.append("\n".join([f"{load_words().sources_title}:", *lines]))
    return "\n\n".join(parts)


def _source_line(source: Source) -> str:
    citation, words = source.citation, load_words()
    grade = words.grade(citation.evidence)
    published = "; ".join(
        ", ".join(str(part) for part in (r.author, r.title, r.where, r.year) if part) for r in citation.references
    )
    head = f'{citation.number}. {citation.title}, "{citation.section}" ({words.kind(citation.kind)}; {grade.label}).'
    return f"{head} {published}" if published else head


def _source(citation: Citation, version: str, excerpts: Excerpts) -> Source:
    return Source(citation, excerpts(citation, version), citation_link(citation, version))


def _places(sources: Iterable[Source]) -> list[list[Source]]:
    """Sources of the same section together, in the order of their first numbers."""
    places: dict[tuple[str, str], list[Source]] = {}
    for source in sources:
        places.setdefault((source.citation.document, source.citation.section), []).append(source)
    return list(places.values())


def _groups(answer: Answer) -> tuple[Group, ...]:
    words, kinds = load_words(), {citation.number: citation.kind for citation in answer.citations}

    def apart(statement: Statement) -> str:
        first = kinds.get(statement.citations[0], "") if statement.citations else ""
        return first if first in words.set_apart else ""

    return tuple(
        Group(words.set_apart.get(kind, ""), bool(kind), tuple(found))
        for kind, found in groupby(answer.statements, apart)
    )


def _paragraphs(answer: Answer) -> tuple[tuple[Run, ...], ...]:
    """The reply's own words, where it has no statements: a call for help, a refusal, a shrug."""
    if answer.statements:
        return ()
    lines = [line.strip() for line in answer.text.splitlines() if line.strip() not in ("", answer.notice.strip())]
    return tuple(runs(line.lstrip("#> "), answer.action.sends_for_help) for line in lines)


def _plain_runs(text: str, telephones: bool) -> list[Run]:
    if not telephones:
        return [Run(text)] if text else []
    found: list[Run] = []
    position = 0
    for match in _TELEPHONE.finditer(text):
        found += [Run(text[position : match.start()]), Run(match[0], "telephone")]
        position = match.end()
    return [run for run in [*found, Run(text[position:])] if run.text]


def _lines(text: str) -> list[str]:
    return [line for line in text.splitlines() if line.strip()] or [text]
