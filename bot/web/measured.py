"""The last evaluation as the Curator page shows it: figures beside their aims, in rows of text."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path

from bot.evaluation.gates import load_targets, reaches
from bot.evaluation.last_run import last_run
from bot.evaluation.results import Measured, ResultFileError, Results
from bot.evaluation.table import bound_text, interval_text, number


@dataclass(frozen=True)
class Row:
    """One measure. `reached` is None where it has no aim, or no case applied."""

    title: str
    definition: str
    value: str
    interval: str
    cases: int
    aim: str
    reached: bool | None


@dataclass(frozen=True)
class Evaluation:
    """The last run, its rows by suite; `fault` says in plain words why there is none to show."""

    made_at: str = ""
    version: str = ""
    split: str = ""
    suites: tuple[tuple[str, tuple[Row, ...]], ...] = ()
    fault: str = ""

    @property
    def aims(self) -> int:
        """How many measures have an aim."""
        return sum(row.reached is not None for _, rows in self.suites for row in rows)

    @property
    def reached(self) -> int:
        """How many of them reach it."""
        return sum(row.reached is True for _, rows in self.suites for row in rows)


def last_evaluation(data: Path) -> Evaluation | None:
    """The last evaluation over a data folder; None before the first."""
    try:
        found = last_run(data)
    except ResultFileError as error:
        return Evaluation(fault=str(error))
    return None if found is None else as_evaluation(found, load_targets())


def as_evaluation(results: Results, targets: Mapping[str, float]) -> Evaluation:
    """A run's figures beside their aims."""
    suites = tuple(
        (suite, tuple(_row(measured, targets.get(measured.name)) for measured in measures))
        for suite, measures in groupby(results.measures, lambda measured: str(measured.suite))
    )
    return Evaluation(results.made_at, results.corpus_version, results.split, suites)


def _row(m: Measured, aim: float | None) -> Row:
    reached = None if aim is None or m.value is None else reaches(m, aim)
    interval = interval_text(m.low, m.high, m.unit)
    return Row(m.title, m.definition, number(m.value, m.unit), interval, m.n, bound_text(m, aim), reached)
