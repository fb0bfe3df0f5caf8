"""How much there is to read."""

from __future__ import annotations

import numpy as np

from bot.evaluation.measure import AnswerCase, Measure, per_answer


def _value(case: AnswerCase) -> float | None:
    return float(case.scored.words) if case.label.answerable and case.scored.answered else None


ANSWER_LENGTH = Measure(
    name="answer_length",
    title="median answer length",
    definition="Median number of words in the statements, over answerable questions that were answered "
    "(the only measure that silence leaves out: it has no length).",
    better="lower",
    observe=per_answer(_value),
    unit="words",
    statistic=lambda values: float(np.median(values[:, 0])),
)
