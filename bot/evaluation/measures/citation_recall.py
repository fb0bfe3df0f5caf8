"""Whether a document that supports the answer is cited."""

from __future__ import annotations

from bot.evaluation.measure import AnswerCase, Measure, per_answer


def _value(case: AnswerCase) -> float | None:
    return float(any(case.scored.supporting)) if case.label.answerable else None


CITATION_RECALL = Measure(
    name="citation_recall",
    title="citation recall",
    definition="Share of answerable questions that cite a document labelled as supporting. Labels list the documents "
    "any one of which supports the answer, so one is enough. After ALCE (Gao et al. 2023). No answer scores 0.",
    better="higher",
    observe=per_answer(_value),
)
