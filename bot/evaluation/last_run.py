"""The figures of the last run of `cupwise evaluate`, kept beside the index for the Curator page."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from bot.evaluation.results import Results, load_results, save_results

_NAME = "evaluation.json"


def keep_last_run(results: Results, data: Path) -> None:
    """Keep a run's figures in the data folder; its cases are left out."""
    figures = replace(results, breakdowns=(), cases=(), confusion=(), risk=(), latencies=(), group_scores={})
    beside = data / f".{_NAME}.new"
    save_results(figures, beside)
    beside.replace(data / _NAME)


def last_run(data: Path) -> Results | None:
    """The figures of the last run; None where there was none. Raises ResultFileError where they can't be read."""
    file = data / _NAME
    return load_results(file) if file.exists() else None
