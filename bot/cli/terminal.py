"""Progress on a terminal as a bar, elsewhere as plain lines."""

from __future__ import annotations

import sys
from time import monotonic

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, TaskID, TextColumn, TimeRemainingColumn
from rich.progress import Progress as RichProgress


class TerminalProgress:
    """Listens to a job (ingest.progress.Progress) and shows it on standard error."""

    def __init__(self, quiet: bool = False) -> None:
        self._quiet = quiet
        self._bar: RichProgress | None = None
        self._task: TaskID | None = None
        self._name, self._unit, self._total, self._done, self._started = "", "", 0, 0, 0.0

    def stage(self, name: str, total: int, unit: str) -> None:
        """A stage begins."""
        self._finish_stage()
        self._name, self._unit, self._total, self._done, self._started = name, unit, total, 0, monotonic()
        if self._quiet or not total or not sys.stderr.isatty():
            return
        if self._bar is None:
            self._bar = RichProgress(
                TextColumn("{task.description:<12}"),
                BarColumn(),
                MofNCompleteColumn(),
                TextColumn("{task.fields[unit]}"),
                TimeRemainingColumn(),
                console=Console(stderr=True),
            )
            self._bar.start()
        self._task = self._bar.add_task(name, total=total, unit=unit)

    def advance(self, count: int = 1) -> None:
        """More units are done."""
        self._done += count
        if self._bar is not None and self._task is not None:
            self._bar.advance(self._task, count)

    def done(self) -> None:
        """The job is over."""
        self._finish_stage()
        if self._bar is not None:
            self._bar.stop()
            self._bar = None

    def _finish_stage(self) -> None:
        plain = not self._quiet and not sys.stderr.isatty()
        if plain and self._total:
            seconds = monotonic() - self._started
            print(f"{self._name}: {self._done} of {self._total} {self._unit}, {seconds:.1f} s", file=sys.stderr)
        self._total = 0
