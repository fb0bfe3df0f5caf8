"""What one client may ask of the server, and how much the server takes on at once."""

from __future__ import annotations

import time
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass
from threading import Lock

_CLIENTS_REMEMBERED = 10_000


@dataclass(frozen=True)
class Limits:
    """Limits of the web server; the defaults suit one small machine.

    questions_per_minute: sustained rate for one client address. burst: questions at once before that rate binds.
    waiting: questions that may wait in the queue. at_once: questions answered at the same time.
    body_bytes: largest request, uploads of the curator apart. turns: turns kept of one conversation.
    sessions: conversations that the server remembers at once (about 25 KB each, and its turns); the oldest goes first.
    """

    questions_per_minute: float = 30.0
    burst: int = 20
    waiting: int = 100
    at_once: int = 4
    body_bytes: int = 262_144
    turns: int = 40
    sessions: int = 2000


class Gate:
    """A token bucket for each client. It remembers a bounded number of clients, the latest ones."""

    def __init__(self, per_minute: float, burst: int, clock: Callable[[], float] = time.monotonic) -> None:
        self._rate, self._burst, self._clock = per_minute / 60.0, float(burst), clock
        self._buckets: OrderedDict[str, tuple[float, float]] = OrderedDict()
        self._lock = Lock()

    def wait(self, client: str) -> float:
        """Take one token. 0 where the client may go on; else the seconds until it may."""
        with self._lock:
            now = self._clock()
            tokens, since = self._buckets.pop(client, (self._burst, now))
            tokens = min(self._burst, tokens + (now - since) * self._rate)
            allowed = tokens >= 1
            self._buckets[client] = (tokens - 1 if allowed else tokens, now)
            while len(self._buckets) > _CLIENTS_REMEMBERED:
                self._buckets.popitem(last=False)
        return 0.0 if allowed else (1 - tokens) / self._rate
