"""The answer object, as every interface gives it out."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from bot.domain import Answer, Citation, Writing
from bot.retrieval import Hit


def answer_json(answer: Answer) -> dict[str, Any]:
    """An answer as plain JSON values, fields in the order of the contract."""
    return {
        "id": answer.id,
        "question": answer.question,
        "standalone_question": answer.standalone_question,
        "language": answer.language,
        "action": answer.action.value,
        "reason": answer.reason,
        "statements": [{"text": s.text, "citations": list(s.citations)} for s in answer.statements],
        "citations": [_citation_json(citation) for citation in answer.citations],
        "notice": answer.notice,
        "text": answer.text,
        "related": list(answer.related),
        "answered_by": answer.answered_by,
        "dropped": answer.dropped,
        "confidence": None if answer.confidence is None else round(answer.confidence, 3),
        "model": None if answer.writing is None else _writing_json(answer.writing),
        "corpus_version": answer.corpus_version,
        "latency_ms": {step: round(value, 1) for step, value in answer.latency_ms.items()},
    }


def hit_json(hit: Hit) -> dict[str, Any]:
    """A passage found, as plain JSON values."""
    passage = hit.passage
    return {
        "document": passage.document,
        "title": passage.title,
        "section": passage.section,
        "text": passage.text,
        "start": passage.start,
        "end": passage.end,
        "score": round(hit.score, 4),
        "dense": round(hit.dense, 4),
        "lexical": round(hit.lexical, 4),
    }


def _writing_json(writing: Writing) -> dict[str, Any]:
    """Without the dropped sentences: an interface must not show what was not verified."""
    data = asdict(writing)
    reasons = [dropped["reason"] for dropped in data.pop("dropped")]
    return {**data, "dropped_because": {reason: reasons.count(reason) for reason in dict.fromkeys(reasons)}}


def _citation_json(citation: Citation) -> dict[str, Any]:
    data = asdict(citation)
    data["references"] = [asdict(reference) for reference in citation.references]
    return data
