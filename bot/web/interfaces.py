"""The two endpoints for programs, `/ask` and `/search`, and what they share with the tools of the MCP server."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any, Protocol

import gradio as gr

from bot.answer_json import answer_json, hit_json
from bot.domain import Answer
from bot.errors import BotError
from bot.retrieval import Hit
from bot.web.limits import Limits
from bot.web.words import load_words
from ingest.errors import IngestError

_MOST_HITS = 50
_MOST_TURNS = 20


class Answers(Protocol):
    """What the endpoints need of the pipeline."""

    def ask(self, question: str, history: Sequence[str] = ()) -> Answer:
        """One question, one answer."""

    def search(self, query: str, k: int = 10) -> list[Hit]:
        """The k best passages."""


class InputError(Exception):
    """What was sent can't be answered; the message says why."""


def answered(pipeline: Answers, question: object, history: Sequence[object] | None, longest: int) -> Answer:
    """The answer to what a program sent. `longest`: the longest question, in characters. Raises InputError."""
    text = _checked(question, longest)
    turns = [_checked(turn, longest) for turn in (history or [])[-_MOST_TURNS:] if str(turn).strip()]
    return pipeline.ask(text, turns)


def found(pipeline: Answers, query: object, k: int, longest: int) -> list[Hit]:
    """The passages for what a program sent. Raises InputError."""
    return pipeline.search(_checked(query, longest), max(1, min(int(k), _MOST_HITS)))


def add_interfaces(pipeline: Answers, longest: int, limits: Limits) -> None:
    """Add both endpoints to the blocks that are being built. `longest` is the longest question, in characters."""

    def ask(question: str, history: list[str]) -> dict[str, Any]:
        """Answer a question about cupping therapy (hijama) from a curated library.

        Args:
            question: the question, in plain words.
            history: the person's earlier questions in this conversation, oldest first; may be empty.
        """
        with _told_plainly():
            return answer_json(answered(pipeline, question, history, longest))

    def search(query: str, k: int) -> list[dict[str, Any]]:
        """Find the passages of the library that are nearest to a query, with their scores.

        Args:
            query: what to look for.
            k: how many passages to give, 1 to 50.
        """
        with _told_plainly():
            return [hit_json(hit) for hit in found(pipeline, query, k, longest)]

    shared: dict[str, Any] = {"concurrency_id": "answers", "concurrency_limit": limits.at_once}
    gr.api(ask, api_name="ask", **shared)
    gr.api(search, api_name="search", **shared)


@contextmanager
def _told_plainly() -> Iterator[None]:
    """A known fault as a message for the caller, without a trace."""
    try:
        yield
    except (BotError, IngestError, InputError) as error:
        raise gr.Error(str(error), print_exception=False) from error


def _checked(text: object, longest: int) -> str:
    errors = load_words().errors
    if not isinstance(text, str) or not text.strip():
        raise InputError(errors["empty"])
    if len(text) > longest:
        raise InputError(errors["too_long"].format(limit=f"{longest:,}"))
    return text
