"""Answers to questions that are asked again and again, in memory only."""

from __future__ import annotations

import hashlib
import secrets
from collections import OrderedDict
from dataclasses import replace
from threading import Lock
from typing import TypeVar

from bot.domain import Action, Answer

Stamp = tuple[int, int] | None
"""Changes whenever another version of the index is published."""

_PLAIN = frozenset((Action.ANSWER, Action.ANSWER_WITH_DISCLAIMER))
_SEEN = 5000
_Value = TypeVar("_Value")


class Recall:
    """Remembers plain, quoted answers of one version of the index, from the second time that a question is asked.

    A question that was asked once leaves a keyed digest and no words. What concerns a person's own case, a call for
    help, a refusal and what a model wrote are never remembered.
    """

    def __init__(self, size: int) -> None:
        """`size`: most answers remembered; 0 for none."""
        self._size = size
        self._stamp: Stamp = None
        self._secret = secrets.token_bytes(32)
        self._seen: OrderedDict[bytes, None] = OrderedDict()
        self._answers: OrderedDict[bytes, Answer] = OrderedDict()
        self._lock = Lock()

    def find(self, question: str, stamp: Stamp) -> Answer | None:
        """The answer to exactly this question, where it is remembered from this version."""
        key = self._key(question)
        with self._lock:
            self._turn_to(stamp)
            answer = self._answers.get(key)
            if answer is None:
                return None
            self._answers.move_to_end(key)
        return replace(answer, latency_ms={"total": 0.0})

    def keep(self, question: str, stamp: Stamp, answer: Answer) -> None:
        """Remember an answer, where it may be and its question was asked before. `stamp`: from before it was made."""
        if not self._size or answer.action not in _PLAIN or not answer.statements or answer.writing is not None:
            return
        key = self._key(question)
        with self._lock:
            if stamp != self._stamp:
                return
            if key in self._seen:
                _put(self._answers, key, answer, self._size)
            _put(self._seen, key, None, _SEEN)

    def _turn_to(self, stamp: Stamp) -> None:
        if stamp != self._stamp:
            self._answers.clear()
            self._stamp = stamp

    def _key(self, question: str) -> bytes:
        return hashlib.blake2b(question.encode("utf-8", "surrogatepass"), key=self._secret, digest_size=16).digest()


def _put(held: OrderedDict[bytes, _Value], key: bytes, value: _Value, size: int) -> None:
    held[key] = value
    held.move_to_end(key)
    while len(held) > size:
        held.popitem(last=False)
