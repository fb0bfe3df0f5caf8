"""How a long job tells what it is doing, without knowing who listens."""

from __future__ import annotations

from typing import Protocol


class Progress(Protocol):
    """Listens to a job. Units are named by the stage ("documents", "passages")."""

    def stage(self, name: str, total: int, unit: str) -> None:
        """A stage begins, of `total` units."""

    def advance(self, count: int = 1) -> None:
        """`count` more units of the stage are done."""

    def done(self) -> None:
        """The job is over."""


class Silent:
    """Listens to nothing."""

    def stage(self, name: str, total: int, unit: str) -> None:
        """Ignore it."""

    def advance(self, count: int = 1) -> None:
        """Ignore it."""

    def done(self) -> None:
        """Ignore it."""
