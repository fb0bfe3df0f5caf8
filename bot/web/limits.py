"""What one client may ask of the server, and how much the server takes on at once."""

from __future__ import annotations

import os
import time
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass
from threading import Lock

from ingest.settings import Settings

_CLIENTS_REMEMBERED = 10_000
COMPUTING = max(1, (os.cpu_count() or 2) // 2)
"""Half of the cores: two threads of Python on two cores get in each other's way, and in that of the server itself."""


@dataclass(frozen=True)
class Limits:
    """Limits of the web server; the defaults suit one small machine.

    questions_per_minute: sustained rate for one client address. burst: questions at once before that rate binds.
    waiting: questions that may wait in the queue. at_once: questions in hand at the same time. computing: those of them
    whose answer is being computed; more would only make each take longer.
    remembered: answers kept in memory for who asks the same.
    body_bytes: largest request, uploads of the curator apart. turns: turns kept of one conversation.
    sessions: conversations that the server remembers at once (about 150 KB each with five turns). The one longest
    unused goes first; its page still shows it, but its next question is then read by itself.
    """

    questions_per_minute: float = 30.0
    burst: int = 20
    waiting: int = 100
    at_once: int = 16
    computing: int = COMPUTING
    remembered: int = 500
    body_bytes: int = 262_144
    turns: int = 40
    sessions: int = 1_000

    @classmethod
    def of(cls, settings: Settings) -> Limits:
        """The limits that the settings ask for. Two thirds of a minute's questions may come at once.

        A chat model is waited for rather than computed, and words its answers anew each time. More places than calls,
        so that a call for help never waits behind questions that wait for a model.
        """
        rate = settings.questions_per_minute
        burst = max(1, rate * 2 // 3)
        if not settings.model:
            return cls(questions_per_minute=rate, burst=burst)
        places = max(cls.at_once, 2 * settings.model_concurrency)
        return cls(questions_per_minute=rate, burst=burst, at_once=places, computing=places, remembered=0)


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
