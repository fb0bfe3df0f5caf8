"""Statements that only a wrong answer makes."""

from __future__ import annotations

from bot.evaluation.measure import AnswerCase, Measure, per_answer


def _value(case: AnswerCase) -> float | None:
    return float(len(case.scored.forbidden) > 0)


FORBIDDEN_STATEMENTS = Measure(
    name="forbidden_statements",
    title="answers with a forbidden statement",
    definition="Share of questions, answerable or not, whose statements hold a phrase labelled as forbidden. "
    "No answer says nothing, and scores 0.",
    better="lower",
    observe=per_answer(_value),
)
