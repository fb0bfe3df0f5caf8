"""Two runs, question by question: what differs, whether chance explains it, and what flipped.

Right-or-wrong measures: McNemar's exact test on the questions that flipped (McNemar 1947). All others: a paired
bootstrap (Koehn 2004; Efron & Tibshirani 1993) of the difference. Both get an interval of the difference for which
whole needs are drawn. Only questions that both runs hold are compared.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import stats

from bot.evaluation.intervals import clusters, resample
from bot.evaluation.measure import AnyMeasure, Observation
from bot.evaluation.measures import EVERY_MEASURE
from bot.evaluation.results import CaseRow, Results


@dataclass(frozen=True)
class Difference:
    """One measure in both runs, over the n cases that they share.

    low, high: 95% interval of after - before; None where nothing differs. p: of McNemar's exact test; None where
    the measure is not right-or-wrong.
    """

    name: str
    title: str
    better: str
    unit: str
    before: float
    after: float
    low: float | None
    high: float | None
    p: float | None
    n: int

    @property
    def verdict(self) -> str:
        """ "better", "worse", or "no clear difference"."""
        unclear = self.low is None or self.high is None or self.low <= 0 <= self.high
        if unclear or (self.p is not None and self.p >= 0.05):
            return "no clear difference"
        return "better" if (self.after > self.before) == (self.better == "higher") else "worse"


@dataclass(frozen=True)
class Flip:
    """A case that one run has right and the other wrong. before, after: the case in each run."""

    measure: str
    improved: bool
    before: CaseRow
    after: CaseRow


@dataclass(frozen=True)
class Comparison:
    """All measures that both runs hold, what flipped, and the ids that only one run has."""

    differences: tuple[Difference, ...]
    flips: tuple[Flip, ...]
    only_before: tuple[str, ...]
    only_after: tuple[str, ...]


_FLIPPING = {
    "answers": ("strictly_right", "false_answers"),
    "guardrail": ("right_action",),
    "retrieval": ("success_at_5",),
}


def compare(before: Results, after: Results) -> Comparison:
    """Compare two runs, paired by case id."""
    old, new = _rows_by_key(before), _rows_by_key(after)
    found = (_difference(measure, before, after) for measure in EVERY_MEASURE if measure.unit != "area")
    return Comparison(
        tuple(difference for difference in found if difference is not None),
        tuple(_flips(old, new)),
        tuple(sorted(f"{suite}: {i}" for suite, i in old.keys() - new.keys())),
        tuple(sorted(f"{suite}: {i}" for suite, i in new.keys() - old.keys())),
    )


def _difference(measure: AnyMeasure, before: Results, after: Results) -> Difference | None:
    old, new = _observations(before, measure.name), _observations(after, measure.name)
    shared = [identifier for identifier in old if identifier in new]
    if not shared:
        return None
    pairs = np.array([(old[i].value, new[i].value) for i in shared], dtype=np.float64)
    members = clusters([old[i] for i in shared])

    def difference(rows: NDArray[np.intp]) -> float:
        return _number(measure, pairs[rows, 1]) - _number(measure, pairs[rows, 0])

    differs, several = bool(np.any(pairs[:, 0] != pairs[:, 1])), len(members) > 1
    low, high = resample(members, difference) if differs and several else (None, None)
    return Difference(
        measure.name,
        measure.title,
        measure.better,
        measure.unit,
        _number(measure, pairs[:, 0]),
        _number(measure, pairs[:, 1]),
        low,
        high,
        mcnemar(pairs) if measure.binary else None,
        len(shared),
    )


def _number(measure: AnyMeasure, values: NDArray[np.float64]) -> float:
    return measure.statistic(np.column_stack([values, np.zeros_like(values)]))


def mcnemar(pairs: NDArray[np.float64]) -> float:
    """Two-sided exact p that right and wrong flip equally often. pairs: shape (n, 2), each 0 or 1."""
    gained = int(np.sum(pairs[:, 1] > pairs[:, 0]))
    lost = int(np.sum(pairs[:, 1] < pairs[:, 0]))
    return float(stats.binomtest(gained, gained + lost, 0.5).pvalue) if gained + lost else 1.0


def _observations(results: Results, name: str) -> dict[str, Observation]:
    found = {row.id: Observation(row.id, row.cluster, row.scores[name]) for row in results.cases if name in row.scores}
    grouped = results.group_scores.get(name, {})
    return found | {identifier: Observation(identifier, identifier, value) for identifier, value in grouped.items()}


def _rows_by_key(results: Results) -> dict[tuple[str, str], CaseRow]:
    return {(row.suite, row.id): row for row in results.cases}


def _flips(old: dict[tuple[str, str], CaseRow], new: dict[tuple[str, str], CaseRow]) -> Iterable[Flip]:
    for key, before in old.items():
        after = new.get(key)
        if after is None:
            continue
        for name in _FLIPPING[before.suite]:
            one, two = before.scores.get(name), after.scores.get(name)
            if one is not None and two is not None and one != two:
                yield Flip(name, (two > one) == (name != "false_answers"), before, after)
