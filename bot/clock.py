"""Times the steps of one answer."""

from __future__ import annotations

from time import perf_counter


class Clock:
    """Laps in milliseconds since the last lap, and the total since the start."""

    def __init__(self) -> None:
        self._start = self._last = perf_counter()
        self._laps: dict[str, float] = {}

    def lap(self, step: str) -> None:
        """A step ends here."""
        now = perf_counter()
        self._laps[step] = (now - self._last) * 1000
        self._last = now

    def laps(self) -> dict[str, float]:
        """All laps, and `total`, in milliseconds."""
        return {**self._laps, "total": (perf_counter() - self._start) * 1000}
