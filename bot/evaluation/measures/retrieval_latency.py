"""How long a search takes."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np

from bot.evaluation.measure import Measure, Observation, RetrievalCase


def _observe(cases: Iterable[RetrievalCase]) -> list[Observation]:
    return [Observation(case.id, case.cluster, case.seconds * 1000.0) for case in cases]


RETRIEVAL_LATENCY_P50 = Measure(
    name="retrieval_latency_p50",
    title="search latency, median",
    definition="Median wall-clock time of one search, models warm, one query at a time.",
    better="lower",
    observe=_observe,
    unit="ms",
    statistic=lambda values: float(np.median(values[:, 0])),
)
