"""The vectors of the last texts asked for, in memory, never on disk."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from threading import Lock

import numpy as np


class Recent:
    """Vectors of the last texts by their keys. Safe to share between threads."""

    def __init__(self, most: int = 64) -> None:
        """`most`: texts that stay."""
        self._most = most
        self._lock = Lock()
        self._known: dict[str, np.ndarray] = {}

    def find(
        self, keys: Sequence[str], texts: Sequence[str], compute: Callable[[list[str]], np.ndarray]
    ) -> list[np.ndarray]:
        """A vector for each text; those that are not known are computed at once, on one thread."""
        recent = self._known
        fresh = {key: text for key, text in zip(keys, texts, strict=True) if key not in recent}
        known = {key: recent[key] for key in keys if key not in fresh}
        if fresh:
            with _one_thread():
                known |= zip(fresh, compute(list(fresh.values())), strict=True)
            self.keep(fresh, (known[key] for key in fresh))
        return [known[key] for key in keys]

    def keep(self, keys: Iterable[str], vectors: Iterable[np.ndarray]) -> None:
        """Remember these; the oldest go."""
        with self._lock:
            whole = self._known | dict(zip(keys, vectors, strict=True))
            self._known = dict(list(whole.items())[-self._most :])


class _one_thread:
    """Sets torch to one thread for a block: for a short text, several would wait for each other."""

    def __enter__(self) -> None:
        import torch

        self._before = torch.get_num_threads()
        if self._before != 1:
            torch.set_num_threads(1)

    def __exit__(self, *_: object) -> None:
        import torch

        if self._before != 1:
            torch.set_num_threads(self._before)
