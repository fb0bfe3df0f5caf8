"""Keeps from asking a provider that is down, and from spending more than allowed."""

from __future__ import annotations

from collections.abc import Callable
from threading import Lock
from time import monotonic

_DAY = 86_400.0


class Breaker:
    """Opens after several faults in a row; after a rest it lets one question try."""

    def __init__(self, most: int = 3, rest_s: float = 60.0, clock: Callable[[], float] = monotonic) -> None:
        """`most`: faults in a row that open it; `rest_s`: seconds of rest."""
        self._most, self._rest, self._clock = most, rest_s, clock
        self._faults = 0
        self._until = 0.0
        self._lock = Lock()

    def allows(self) -> bool:
        """Whether a question may go out now."""
        with self._lock:
            if self._faults < self._most:
                return True
            if self._clock() < self._until:
                return False
            self._until = self._clock() + self._rest  # this one tries; the others wait for what it finds
            return True

    def failed(self) -> None:
        """The provider failed."""
        with self._lock:
            self._faults += 1
            self._until = self._clock() + self._rest

    def worked(self) -> None:
        """The provider answered."""
        with self._lock:
            self._faults = 0


class Allowance:
    """Tokens that may be used within 24 hours; 0 means no limit."""

    def __init__(self, tokens: int, clock: Callable[[], float] = monotonic) -> None:
        self._tokens, self._clock = tokens, clock
        self._used: list[tuple[float, int]] = []
        self._lock = Lock()

    def left(self) -> bool:
        """Whether any tokens are left."""
        if not self._tokens:
            return True
        with self._lock:
            since = self._clock() - _DAY
            self._used = [(at, tokens) for at, tokens in self._used if at >= since]
            return sum(tokens for _, tokens in self._used) < self._tokens

    def use(self, tokens: int) -> None:
        """Tokens have been used."""
        with self._lock:
            self._used.append((self._clock(), tokens))
