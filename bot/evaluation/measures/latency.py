"""How long a reader waits."""

from __future__ import annotations

import numpy as np

from bot.evaluation.measure import AnswerCase, Measure, per_answer


def _value(case: AnswerCase) -> float | None:
    return case.seconds * 1000.0


LATENCY_P50 = Measure(
    name="latency_p50",
    title="latency, median",
    definition="Median wall-clock time of one question through the pipeline, models warm, one question at a time.",
    better="lower",
    observe=per_answer(_value),
    unit="ms",
    statistic=lambda values: float(np.median(values[:, 0])),
)

LATENCY_P95 = Measure(
    name="latency_p95",
    title="latency, 95th percentile",
    definition="95th percentile of the wall-clock time of one question, models warm, one question at a time.",
    better="lower",
    observe=per_answer(_value),
    unit="ms",
    statistic=lambda values: float(np.percentile(values[:, 0], 95)),
)
