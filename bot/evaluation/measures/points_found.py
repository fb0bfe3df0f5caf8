"""How much of what must be said is said."""

from __future__ import annotations

from bot.evaluation.measure import AnswerCase, Measure, per_answer


def _value(case: AnswerCase) -> float | None:
    points = case.scored.points
    return sum(points) / len(points) if points else None


POINTS_FOUND = Measure(
    name="points_found",
    title="required points found",
    definition="Mean over questions of the share of required points that the reply makes: nugget recall "
    "(Voorhees 2003, TREC QA), where any listed wording makes a point. No answer scores 0.",
    better="higher",
    observe=per_answer(_value),
    unit="gain",
)
