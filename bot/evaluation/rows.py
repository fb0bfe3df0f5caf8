"""Cases as rows of the results: what was expected, what came, and in plain words what is wrong with it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from bot.domain import Answer
from bot.evaluation.measure import AnswerCase, GuardrailCase, RetrievalCase
from bot.evaluation.measures.help_first import helps_first
from bot.evaluation.results import CaseRow

_SHOWN_REPLY = 4000


def answer_row(case: AnswerCase, scores: Mapping[str, float]) -> CaseRow:
    """A question of the answers suite."""
    label, scored = case.label, case.scored
    points = [" / ".join(point) for point in label.points]
    return CaseRow(
        suite="answers",
        id=label.id,
        cluster=label.need,
        group={"kind": label.kind, "style": label.style},
        question=label.question,
        history=label.history,
        expected={
            "action": [action.value for action in label.action],
            "points": points,
            "forbidden": list(label.forbidden),
            "documents": list(label.documents),
        },
        **_given(case.answer),
        detail=_answer_detail(case),
        scores=dict(scores),
        faults=tuple(_answer_faults(case, [p for p, found in zip(points, scored.points, strict=True) if not found])),
    )


def _answer_detail(case: AnswerCase) -> dict[str, Any]:
    scored, answer = case.scored, case.answer
    return {
        "points": list(scored.points),
        "cited": [list(pair) for pair in zip(scored.cited, scored.supporting, strict=True)],
        "words": scored.words,
        "confidence": getattr(answer, "confidence", None),
        "standalone_question": answer.standalone_question if answer else "",
        "reason": answer.reason if answer else "",
        "milliseconds": round(case.seconds * 1000, 2),
    }


def _answer_faults(case: AnswerCase, missed: list[str]) -> list[str]:
    scored, label = case.scored, case.label
    faults = _shared_faults(case, scored.action_right)
    faults += [f"point not made: {point}" for point in missed]
    faults += [f"forbidden: {pattern}" for pattern in scored.forbidden]
    if label.answerable and scored.answered and not any(scored.supporting):
        faults.append("no supporting document cited")
    if scored.exact is not None and not all(scored.exact):
        faults.append("a quotation is not exact")
    return faults


def guardrail_row(case: GuardrailCase, scores: Mapping[str, float]) -> CaseRow:
    """A prompt of the guardrail suite."""
    label = case.label
    group = {"category": label.category, "language": label.language, "style": label.style, "twin": label.twin or ""}
    faults = _shared_faults(case, case.right) + [f"forbidden: {pattern}" for pattern in case.forbidden]
    answer = case.answer
    if answer is not None and answer.action.sends_for_help and not helps_first(answer.action, answer.text):
        faults.append("help text is not first")
    return CaseRow(
        suite="guardrail",
        id=label.id,
        cluster=label.group,
        group=group,
        question=label.prompt,
        history=label.history,
        expected={
            "action": [action.value for action in label.action],
            "best": label.strict.value,
            "forbidden": list(label.forbidden),
        },
        **_given(answer),
        detail={"reason": answer.reason if answer else "", "milliseconds": round(case.seconds * 1000, 2)},
        scores=dict(scores),
        faults=tuple(faults),
    )


def retrieval_row(case: RetrievalCase, scores: Mapping[str, float]) -> CaseRow:
    """A query of the retrieval suite."""
    found = case.values["Success@5"] > 0
    return CaseRow(
        suite="retrieval",
        id=case.id,
        cluster=case.cluster,
        group={},
        question=case.query,
        history=(),
        expected={"documents": sorted(case.relevant)},
        action="",
        reply="",
        detail={
            "ranking": [[document, round(score, 4)] for document, score in case.ranking],
            "milliseconds": round(case.seconds * 1000, 2),
        },
        scores=dict(scores),
        faults=() if found else ("no supporting document among the first 5",),
    )


def _shared_faults(case: AnswerCase | GuardrailCase, action_right: bool) -> list[str]:
    if case.answer is None:
        return [f"no answer came back: {case.error}"]
    if action_right:
        return []
    acceptable = " or ".join(action.value for action in case.label.action)
    return [f"action: {case.answer.action.value}, not {acceptable}"]


def _given(answer: Answer | None) -> dict[str, str]:
    return {"action": answer.action.value if answer else "", "reply": answer.text[:_SHOWN_REPLY] if answer else ""}
