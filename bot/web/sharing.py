"""One pipeline for everybody: only so many questions are computed at once, and what is asked often is remembered."""

from __future__ import annotations

import ctypes
from collections.abc import Callable, Iterator, Sequence
from threading import Semaphore
from typing import Protocol

from threadpoolctl import threadpool_limits

from bot.domain import Answer
from bot.retrieval import Hit
from bot.web.recall import Recall, Stamp


class ServedPipeline(Protocol):
    """What the web needs of the pipeline."""

    def ask(self, question: str, history: Sequence[str] = ()) -> Answer:
        """One question, one answer."""

    def stream(self, question: str, history: Sequence[str] = ()) -> Iterator[Answer]:
        """The growing answer; the last one is whole."""

    def search(self, query: str, k: int = 10) -> list[Hit]:
        """The k best passages."""


_M_ARENA_MAX = -8
"""Number of that setting in glibc's malloc.h."""
_HEAPS = 2


def compute_on_one_thread_each() -> None:
    """Let each question use one core: threads that share so short a job wait, busily, longer than they work."""
    import torch

    torch.set_num_threads(1)
    threadpool_limits(1)  # numpy's


def keep_few_heaps() -> bool:
    """Let threads share two heaps. glibc gives each its own, whose free room no other gets, so memory creeps up.

    False where the C library has no such setting; nothing is lost then.
    """
    try:
        return bool(ctypes.CDLL(None).mallopt(_M_ARENA_MAX, _HEAPS))
    except (AttributeError, OSError, TypeError):
        return False


class SharedPipeline:
    """A pipeline as the chat, the endpoints and the tools share it. Safe between threads; raises what it raises."""

    def __init__(self, pipeline: ServedPipeline, stamp: Callable[[], Stamp], computing: int, recall: Recall) -> None:
        """`stamp` names the published version; `computing`: questions computed at once, the others wait their turn."""
        self._pipeline, self._stamp, self._recall = pipeline, stamp, recall
        self._places = Semaphore(computing)

    def ask(self, question: str, history: Sequence[str] = ()) -> Answer:
        """The answer, remembered or made."""
        if history:
            with self._places:
                return self._pipeline.ask(question, history)
        stamp = self._stamp()
        answer = self._recall.find(question, stamp)
        if answer is None:
            with self._places:
                answer = self._pipeline.ask(question)
            self._recall.keep(question, stamp, answer)
        return answer

    def stream(self, question: str, history: Sequence[str] = ()) -> Iterator[Answer]:
        """The answer as it grows. A place is taken for each step, so that a reader who is slow holds none."""
        stamp = self._stamp()
        known = None if history else self._recall.find(question, stamp)
        if known is not None:
            yield known
            return
        answer: Answer | None = None
        steps = self._pipeline.stream(question, history)
        while (following := self._next(steps)) is not None:
            answer = following
            yield answer
        if answer is not None and not history:
            self._recall.keep(question, stamp, answer)

    def search(self, query: str, k: int = 10) -> list[Hit]:
        """The k best passages."""
        with self._places:
            return self._pipeline.search(query, k)

    def _next(self, steps: Iterator[Answer]) -> Answer | None:
        with self._places:
            return next(steps, None)
