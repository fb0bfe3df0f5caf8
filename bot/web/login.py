"""The curator's login: one password, sessions that end, attempts that are slowed."""

from __future__ import annotations

import hashlib
import hmac
import secrets
import time
from collections.abc import Callable
from dataclasses import dataclass
from threading import Lock

from bot.web.limits import Gate

_SESSION_SECONDS = 4 * 3600.0
_SESSIONS_HELD = 50
_ATTEMPTS_PER_MINUTE, _ATTEMPTS_AT_ONCE = 4.0, 5


@dataclass(frozen=True)
class Session:
    """A logged-in curator. `form` is the secret that each of the session's forms carries."""

    form: str
    ends: float


class Login:
    """Checks the password and holds the sessions, in memory only."""

    def __init__(self, password: str, clock: Callable[[], float] = time.monotonic) -> None:
        self._digest, self._clock = _digest(password), clock
        self._gate = Gate(_ATTEMPTS_PER_MINUTE, _ATTEMPTS_AT_ONCE, clock)
        self._sessions: dict[str, Session] = {}
        self._lock = Lock()

    def wait(self, client: str) -> float:
        """Count an attempt of a client: 0 where it may be made, else the seconds until it may."""
        return self._gate.wait(client)

    def open(self, password: str) -> str | None:
        """The token of a new session; None where the password is wrong."""
        if not hmac.compare_digest(_digest(password), self._digest):
            return None
        token, now = secrets.token_urlsafe(32), self._clock()
        with self._lock:
            self._sessions = {t: s for t, s in self._sessions.items() if s.ends > now}
            while len(self._sessions) >= _SESSIONS_HELD:
                del self._sessions[min(self._sessions, key=lambda t: self._sessions[t].ends)]
            self._sessions[_key(token)] = Session(secrets.token_urlsafe(24), now + _SESSION_SECONDS)
        return token

    def session(self, token: str) -> Session | None:
        """The session of a token, while it lasts."""
        with self._lock:
            found = self._sessions.get(_key(token)) if token else None
        return found if found and found.ends > self._clock() else None

    def close(self, token: str) -> None:
        """End a session."""
        with self._lock:
            self._sessions.pop(_key(token), None)


def _digest(password: str) -> bytes:
    return hashlib.sha256(password.encode()).digest()


def _key(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()
