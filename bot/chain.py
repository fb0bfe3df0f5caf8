"""The pipeline offered to others as a LangChain Runnable."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any

from langchain_core.runnables import Runnable, RunnableConfig

from bot.domain import Answer

if TYPE_CHECKING:
    from bot.pipeline import Pipeline


class AskRunnable(Runnable[Any, Answer]):
    """A question (or a mapping with `question` and `history`) in, an Answer out; streams growing answers."""

    def __init__(self, pipeline: Pipeline) -> None:
        self._pipeline = pipeline

    def invoke(self, input: Any, config: RunnableConfig | None = None, **_: Any) -> Answer:
        """Answer one question. Traced by LangChain callbacks where the caller configures them."""
        return self._call_with_config(lambda given: self._pipeline.ask(*_parts(given)), input, config)

    def stream(self, input: Any, config: RunnableConfig | None = None, **_: Any) -> Iterator[Answer]:  # noqa: ARG002
        """Growing answers; the last one is whole."""
        yield from self._pipeline.stream(*_parts(input))


def _parts(given: Any) -> tuple[str, Sequence[str]]:
    if isinstance(given, str):
        return given, ()
    return str(given["question"]), tuple(given.get("history") or ())
