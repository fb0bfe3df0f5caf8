"""Checks of what a document says of itself: fields, dates, reference keys, curator's notes."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from datetime import date
from pathlib import PurePath

from ingest.check.finding import Finding
from ingest.check.manuscript import LINK, MARKER, Manuscript
from ingest.check.policy import Policy
from ingest.composer import RESERVED_KEYS, markers_in

_REQUIRED = ("title", "summary", "kind", "evidence", "topics", "reviewed_on", "review_due", "references")


def check_fields(paper: Manuscript) -> Iterator[Finding]:
    """A reviewed document fills in every field, and its file is named after its id."""
    for field in _REQUIRED:
        if paper.fields.get(field) in (None, "", []):
            yield Finding(
                paper.name, 1, "error", f"The field '{field}' is missing or empty.", "Fill it in: see corpus/README.md."
            )
    if paper.document.id != PurePath(paper.name).stem:
        yield Finding(
            paper.name,
            paper.field_line("id"),
            "error",
            f"The id '{paper.document.id}' is not the file's name.",
            f"Write id: {PurePath(paper.name).stem}, or rename the file.",
        )


def check_dates(paper: Manuscript, today: date, policy: Policy) -> Iterator[Finding]:
    """The review lies in the past, the next one ahead and not too far."""
    reviewed, due = paper.document.reviewed_on, paper.document.review_due
    line = paper.field_line("review_due")
    if reviewed and reviewed > today:
        mend = "Give the day on which it was checked against its sources."
        yield Finding(
            paper.name,
            paper.field_line("reviewed_on"),
            "error",
            f"reviewed_on ({reviewed}) lies in the future.",
            mend,
        )
    if due and due < today:
        mend = "Check it against its sources and set both dates anew, or withdraw it."
        yield Finding(paper.name, line, "error", f"The review was due on {due}.", mend)
    if reviewed and due and (due - reviewed).days > policy.limits.days_to_review:
        yield Finding(
            paper.name, line, "error", "The next review is more than a year after the last.", "Set an earlier date."
        )


def check_keys(paper: Manuscript, register: Collection[str]) -> Iterator[Finding]:
    """Every key in the text is listed in the front matter, and every listed key is used."""
    listed = {reference.key for reference in paper.document.references}
    used = _first_uses(paper)
    for key, line in used.items():
        if key not in listed and key not in RESERVED_KEYS:
            yield _unlisted(paper, line, key, register)
    for key in sorted(listed - set(used)):
        line = paper.line_of(f"key: {key}") if f"key: {key}" in paper.raw else paper.field_line("references")
        what = f"The reference '{key}' is listed but not used."
        yield Finding(paper.name, line, "error", what, "Cite it, or take it out.")


def _first_uses(paper: Manuscript) -> dict[str, int]:
    """Each key of the body and of the notes, and the line of its first use."""
    used: dict[str, int] = {}
    for line, words in paper.body:
        for key in markers_in(" ".join(match[0] for match in MARKER.finditer(LINK.sub(r"\1", words)))):
            used.setdefault(key, line)
    for entry in paper.fields.get("notes") or []:
        for key in entry.get("references") or []:
            used.setdefault(key, paper.line_of(entry["quote"][:40]))
    return used


def check_notes(paper: Manuscript, ids: Collection[str]) -> Iterator[Finding]:
    """A note points to a document that exists. That its quote stands in the body is checked on reading."""
    for note in paper.document.notes:
        if note.see is not None and note.see not in ids:
            line = paper.line_of(f"see: {note.see}")
            yield Finding(
                paper.name,
                line,
                "error",
                f"A note points to the document '{note.see}', which does not exist.",
                "Give the id of a document, or leave `see` out.",
            )


def _unlisted(paper: Manuscript, line: int, key: str, register: Collection[str]) -> Finding:
    if key in register:
        what, mend = f"The key '{key}' is used but not listed.", "Add it to `references` in the front matter."
    else:
        what = f"The key '{key}' is unknown: the register has no such source."
        mend = "Mend the spelling, or add the source to references.yaml. Square brackets are kept for keys."
    return Finding(paper.name, line, "error", what, mend)
