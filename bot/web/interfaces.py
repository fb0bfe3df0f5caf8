"""The two endpoints for programs, `/ask` and `/search`; the tools of the MCP server are the same two."""

from __future__ import annotations

from collections.abc import Sequence
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


def add_interfaces(pipeline: Answers, longest: int, limits: Limits) -> None:
    """Add both endpoints to the blocks that are being built. `longest` is the longest question, in characters."""

    def ask(question: str, history: list[str]) -> dict[str, Any]:
        """Answer a question about cupping therapy (hijama) from a curated library.

        Args:
            question: the question, in plain words.
            history: the person's earlier questions in this conversation, oldest first; may be empty.
        """
        text = _checked(question, longest)
        turns = [_checked(turn, longest) for turn in (history or [])[-_MOST_TURNS:] if str(turn).strip()]
        try:
            return answer_json(pipeline.ask(text, turns))
        except (BotError, IngestError) as error:
            raise gr.Error(str(error), print_exception=False) from error

    def search_library(query: str, k: int) -> list[dict[str, Any]]:
        """Find the passages of the library that are nearest to a query, with their scores.

        Args:
            query: what to look for.
            k: how many passages to give, 1 to 50.
        """
        text = _checked(query, longest)
        try:
            return [hit_json(hit) for hit in pipeline.search(text, max(1, min(int(k), _MOST_HITS)))]
        except (BotError, IngestError) as error:
            raise gr.Error(str(error), print_exception=False) from error

    shared: dict[str, Any] = {"concurrency_id": "answers", "concurrency_limit": limits.at_once}
    gr.api(ask, api_name="ask", **shared)
    gr.api(search_library, api_name="search", **shared)


def _checked(text: object, longest: int) -> str:
    errors = load_words().errors
    if not isinstance(text, str) or not text.strip():
        raise gr.Error(errors["empty"], print_exception=False)
    if len(text) > longest:
        raise gr.Error(errors["too_long"].format(limit=f"{longest:,}"), print_exception=False)
    return text
