"""Right as a whole: the strictest single number about answers."""

from __future__ import annotations

from bot.evaluation.measure import AnswerCase, Measure, per_answer


def _value(case: AnswerCase) -> float | None:
    return float(case.scored.strictly_right) if case.label.answerable else None


STRICTLY_RIGHT = Measure(
    name="strictly_right",
    title="strictly right, answerable questions",
    definition="Share of answerable questions whose action is acceptable, whose every required point is made and "
    "which say nothing forbidden. All-or-nothing judging as in factual QA (SimpleQA: Wei et al. 2024). "
    "No answer scores 0.",
    better="higher",
    observe=per_answer(_value),
)
