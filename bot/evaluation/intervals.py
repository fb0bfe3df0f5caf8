"""95% intervals for the number that a measure gives.

Wordings of one need are alike, so whole needs are drawn, not questions: the cluster bootstrap (Davison & Hinkley
1997, section 3.8), percentiles of 999 draws by scipy. Where every case agrees, resampling sees nothing beyond it,
and the exact binomial interval of as many draws as there are clusters is given (Clopper & Pearson 1934).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np
from numpy.typing import NDArray
from scipy import stats

from bot.evaluation.measure import Case, Measure, Observation, Values

DRAWS = 999
SEED = 20240607
LEVEL = 0.95


def as_values(observations: Sequence[Observation]) -> Values:
    """Scores and confidences, shape (n, 2)."""
    return np.array([(o.value, o.confidence) for o in observations], dtype=np.float64).reshape(-1, 2)


def interval(measure: Measure[Case], observations: Sequence[Observation]) -> tuple[float, float] | None:
    """The interval of a measure's number; None where fewer than two clusters were seen."""
    members = clusters(observations)
    if len(members) < 2:
        return None
    values = as_values(observations)
    if measure.binary and np.all(values[:, 0] == values[0, 0]):
        exact = stats.binomtest(round(values[0, 0]) * len(members), len(members)).proportion_ci(LEVEL, "exact")
        return float(exact.low), float(exact.high)
    return resample(members, lambda rows: measure.statistic(values[rows]))


def clusters(observations: Sequence[Observation]) -> list[NDArray[np.intp]]:
    """Row numbers of each cluster."""
    rows: dict[str, list[int]] = {}
    for row, observation in enumerate(observations):
        rows.setdefault(observation.cluster, []).append(row)
    return [np.array(group) for group in rows.values()]


def resample(
    members: Sequence[NDArray[np.intp]], statistic: Callable[[NDArray[np.intp]], float]
) -> tuple[float, float]:
    """Percentile interval of a statistic of rows, when whole clusters of rows are drawn with replacement."""

    def of_drawn(drawn: NDArray[np.intp]) -> float:
        return statistic(np.concatenate([members[i] for i in drawn]))

    found = stats.bootstrap(
        (np.arange(len(members)),),
        of_drawn,
        n_resamples=DRAWS,
        confidence_level=LEVEL,
        vectorized=False,
        method="percentile",
        rng=np.random.default_rng(SEED),
    ).confidence_interval
    return float(found.low), float(found.high)
