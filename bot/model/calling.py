"""One call to the model: streamed, within a deadline, and never more at once than allowed."""

from __future__ import annotations

from collections.abc import Generator, Sequence
from queue import Empty, SimpleQueue
from threading import BoundedSemaphore, Event, Thread
from time import monotonic
from typing import Any

from langchain_core.language_models import BaseChatModel
from langchain_core.messages import AIMessageChunk, BaseMessage

from bot.model.faults import BUSY, CUT_OFF, REFUSED, TIMED_OUT, ModelFault

_LONGEST_WAIT = 10.0
"""Seconds that a question waits for another one to finish."""
_ENDS = ("finish_reason", "stop_reason", "done_reason")
"""Where providers say why a reply ended."""
_REFUSALS = frozenset(("content_filter", "refusal", "safety"))


class Usage:
    """Tokens of one question, over all its calls."""

    def __init__(self) -> None:
        self.sent = self.received = 0

    def add(self, chunk: AIMessageChunk) -> None:
        """Count what a chunk reports."""
        if chunk.usage_metadata:
            self.sent += chunk.usage_metadata["input_tokens"]
            self.received += chunk.usage_metadata["output_tokens"]


class Caller:
    """Streams replies. The call runs in a thread of its own, so that a provider that stalls can't hold a reader."""

    def __init__(self, model: BaseChatModel, concurrency: int, says_end: bool = True) -> None:
        """`says_end`: this provider says why a reply ended, so one that ends without a word was cut off."""
        self._model, self._says_end = model, says_end
        self._slots = BoundedSemaphore(concurrency)

    def stream(self, messages: Sequence[BaseMessage], deadline: float, usage: Usage) -> Generator[str, None, None]:
        """The reply piece by piece. `deadline`: on the monotonic clock.

        Raises ModelFault, or what the provider's client raises.
        """
        if not self._slots.acquire(timeout=max(0.0, min(_LONGEST_WAIT, deadline - monotonic()))):
            raise ModelFault(BUSY)
        pieces: SimpleQueue[AIMessageChunk | BaseException | None] = SimpleQueue()
        given_up = Event()
        Thread(target=self._run, args=(list(messages), pieces, given_up), daemon=True).start()
        ended = not self._says_end
        try:
            while (piece := _next(pieces, deadline)) is not None:
                if isinstance(piece, BaseException):
                    raise piece
                usage.add(piece)
                ended = ended or _ending(piece) is not None
                if _refuses(piece):
                    raise ModelFault(REFUSED)
                if text := _text(piece):
                    yield text
            if not ended:
                raise ModelFault(CUT_OFF)
        finally:
            given_up.set()

    def _run(
        self,
        messages: list[BaseMessage],
        pieces: SimpleQueue[AIMessageChunk | BaseException | None],
        given_up: Event,
    ) -> None:
        try:
            for chunk in self._model.stream(messages):
                if given_up.is_set():
                    break
                if isinstance(chunk, AIMessageChunk):
                    pieces.put(chunk)
            pieces.put(None)
        except BaseException as error:  # handed to the thread that waits
            pieces.put(error)
        finally:
            self._slots.release()


def _next(
    pieces: SimpleQueue[AIMessageChunk | BaseException | None], deadline: float
) -> AIMessageChunk | BaseException | None:
    try:
        return pieces.get(timeout=max(0.0, deadline - monotonic()))
    except Empty:
        raise ModelFault(TIMED_OUT) from None


def _ending(chunk: AIMessageChunk) -> Any:
    return next((chunk.response_metadata[name] for name in _ENDS if chunk.response_metadata.get(name)), None)


def _refuses(chunk: AIMessageChunk) -> bool:
    return str(_ending(chunk)).lower() in _REFUSALS or bool(chunk.additional_kwargs.get("refusal"))


def _text(chunk: AIMessageChunk) -> str:
    """The text of a chunk; a provider may give it in blocks."""
    if isinstance(chunk.content, str):
        return chunk.content
    return "".join(block.get("text", "") if isinstance(block, dict) else str(block) for block in chunk.content)
