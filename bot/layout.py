"""Lays an answer out as Markdown, as the chat and the command line show it."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import groupby

from bot.domain import Action, Citation, Statement, Writing

EVIDENCE_WORDS = {
    "A": "strong: consistent, well-controlled trials",
    "B": "moderate: several trials of moderate certainty",
    "C": "weak: trials are small, unblinded or conflicting",
    "D": "very weak: only uncontrolled studies, case reports or theory",
    "0": "none found",
    "ungraded": "not graded: this document has not been reviewed",
}
"""Plain words for an evidence grade; words, history and technique carry none."""

_LEADS = {"unreviewed": "A document that nobody has reviewed says:"}
"""Curated documents attribute each claim within the sentence; an unreviewed one needs it said."""


_FELL_BACK = "*The language model {fault}, so this answer quotes the library.*"


def lay_out(action: Action, statements: Sequence[Statement], citations: Sequence[Citation], notice: str) -> str:
    """The reply as Markdown: an advice notice first, then the statements, notes, evidence, and any other notice."""
    by_number = {citation.number: citation for citation in citations}
    parts = [_paragraph(list(group), by_number) for _, group in groupby(statements, lambda s: _group(s, by_number))]
    parts += [f"> **Curator's note [{c.number}]:** {c.note}" for c in citations if c.note]
    evidence = evidence_line(citations)
    if evidence:
        parts.append(evidence)
    if notice:
        parts.insert(0, notice) if action is Action.ANSWER_WITH_ADVICE_DISCLAIMER else parts.append(notice)
    return "\n\n".join(part for part in parts if part)


def fallback_line(writing: Writing | None) -> str:
    """Says that a language model was asked and why its words are not shown; "" where there is nothing to say."""
    return _FELL_BACK.format(fault=writing.fallback) if writing is not None and writing.fallback else ""


def evidence_line(citations: Sequence[Citation]) -> str:
    """One line that says how strong the evidence behind the citations is; empty where none is graded."""
    grades = {citation.evidence for citation in citations if citation.evidence in EVIDENCE_WORDS}
    if not grades:
        return ""
    ordered = [grade for grade in EVIDENCE_WORDS if grade in grades]
    words = "; ".join(_grade(grade) for grade in ordered)
    return f"*Strength of the evidence: {words}.*"


def _grade(grade: str) -> str:
    return f"{EVIDENCE_WORDS[grade]} ({grade})" if grade in ("A", "B", "C", "D") else EVIDENCE_WORDS[grade]


def _group(statement: Statement, by_number: dict[int, Citation]) -> str:
    first = by_number[statement.citations[0]]
    return first.kind if first.kind in _LEADS else "reviewed"


def _paragraph(statements: list[Statement], by_number: dict[int, Citation]) -> str:
    lead = _LEADS.get(_group(statements[0], by_number), "")
    sentences = [
        statement.text + " " + "".join(f"[{number}]" for number in statement.citations) for statement in statements
    ]
    return " ".join([lead, *sentences] if lead else sentences)
