"""A document as plain JSON values, as `cupwise show --json` prints it."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from ingest.domain import Document


def document_json(document: Document) -> dict[str, Any]:
    """The text as ingested with its metadata, sections, references and curator's notes."""
    return {
        "id": document.id,
        "title": document.title,
        "summary": document.summary,
        "kind": document.kind,
        "evidence": document.evidence,
        "topics": list(document.topics),
        "reviewed_on": document.reviewed_on.isoformat() if document.reviewed_on else None,
        "review_due": document.review_due.isoformat() if document.review_due else None,
        "path": document.path,
        "text": document.text,
        "sections": [{"heading": s.heading, "start": s.start, "end": s.end} for s in document.sections],
        "references": [asdict(reference) for reference in document.references],
        "notes": [
            {"quote": document.text[n.start : n.end], "start": n.start, "end": n.end, "note": n.text, "see": n.see}
            for n in document.notes
        ],
    }
