"""Whether what is cited is about the question."""

from __future__ import annotations

from bot.evaluation.measure import AnswerCase, Measure, per_answer


def _value(case: AnswerCase) -> float | None:
    if not case.label.answerable:
        return None
    supporting = case.scored.supporting
    return sum(supporting) / len(supporting) if supporting else 0.0


CITATION_PRECISION = Measure(
    name="citation_precision",
    title="citation precision",
    definition="Mean over answerable questions of the share of citations whose document is labelled as supporting. "
    "After ALCE (Gao et al. 2023), with labels in place of an entailment model. An answer without citations scores 0.",
    better="higher",
    observe=per_answer(_value),
    unit="gain",
)
