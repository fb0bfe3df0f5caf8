"""The MCP server: the tools `ask` and `search_library`, which reply with JSON that a program can read."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import Annotated, Any, TypeVar

from anyio.to_thread import run_sync
from fastapi import FastAPI
from mcp.server.fastmcp import FastMCP
from mcp.server.fastmcp.exceptions import ToolError
from mcp.server.transport_security import TransportSecuritySettings
from mcp.types import ToolAnnotations
from pydantic import BaseModel, Field
from starlette.routing import BaseRoute, Route

from bot.answer_json import answer_json, hit_json
from bot.errors import BotError
from bot.web.interfaces import Answers, InputError, answered, found
from ingest.errors import IngestError

_PATH = "/gradio_api/mcp"
_READS_ONLY = ToolAnnotations(readOnlyHint=True, idempotentHint=True, openWorldHint=False)
_Reply = TypeVar("_Reply")


class ToolCitation(BaseModel):
    """The sentence of the library that stands behind a sentence of the answer."""

    number: int = Field(description="the number in square brackets in the answer")
    document: str
    title: str
    section: str
    quote: str = Field(description="the document's words, exactly")
    kind: str = Field(description="kind of source, such as systematic-review or clinic-website")
    evidence: str = Field(description="A, B, C, D, 0 (looked for and not found), or not-applicable")
    note: str | None = Field(description="what the curator says against the quotation; show it wherever it is quoted")
    references: list[dict[str, Any]] = Field(description="the publications behind the sentence")


class ToolAnswer(BaseModel):
    """A reply."""

    action: str = Field(description="answer, answer_with_disclaimer, urgent, decline_harmful, say_unknown and so on")
    answer: str = Field(description="the whole reply as Markdown, the notice within it")
    notice: str = Field(description="the medical notice alone; never leave it out")
    citations: list[ToolCitation]
    related: list[str] = Field(description="questions that the library answers too")
    corpus_version: str


class ToolPassage(BaseModel):
    """A passage of the library."""

    document: str
    title: str
    section: str
    text: str
    score: float


class Tools:
    """The tools over a pipeline, and the routes that serve them."""

    def __init__(self, pipeline: Answers, longest: int) -> None:
        """`longest`: the longest question, in characters."""
        self._pipeline, self._longest = pipeline, longest
        # The shield compares each request's origin with its host already.
        unchecked = TransportSecuritySettings(enable_dns_rebinding_protection=False)
        self._server = FastMCP(
            "Cupwise",
            instructions="Answers about cupping therapy (hijama) from a curated library. Pass notices on with answers.",
            stateless_http=True,
            json_response=True,
            streamable_http_path=_PATH,
            transport_security=unchecked,
            log_level="WARNING",
        )
        self._server.tool(annotations=_READS_ONLY)(self.ask)
        self._server.tool(annotations=_READS_ONLY)(self.search_library)

    async def ask(
        self,
        question: Annotated[str, Field(description="the question, in plain words")],
        history: Annotated[
            list[str], Field(description="the person's earlier questions in this conversation, oldest first")
        ] = [],  # noqa: B006 (never changed; a default of None would stand in the tool's schema)
    ) -> ToolAnswer:
        """Answer a question about cupping therapy (hijama) from a curated library, with citations and a notice."""
        answer = await _replied(lambda: answered(self._pipeline, question, history, self._longest))
        data = answer_json(answer)
        return ToolAnswer.model_validate({**data, "answer": data["text"]})

    async def search_library(
        self,
        query: Annotated[str, Field(description="what to look for")],
        k: Annotated[int, Field(description="how many passages to give, 1 to 50")] = 5,
    ) -> list[ToolPassage]:
        """Find the passages of the library that are nearest to a query, with their scores."""
        hits = await _replied(lambda: found(self._pipeline, query, k, self._longest))
        return [ToolPassage.model_validate(hit_json(hit)) for hit in hits]

    def routes(self) -> list[BaseRoute]:
        """The path of the server, with a slash at its end and without."""
        served = [route for route in self._server.streamable_http_app().routes if isinstance(route, Route)]
        return [Route(path, endpoint=route.endpoint) for route in served for path in (_PATH, f"{_PATH}/")]

    @asynccontextmanager
    async def running(self, app: FastAPI) -> AsyncIterator[None]:  # noqa: ARG002
        """While the application runs, so does the server."""
        async with self._server.session_manager.run():
            yield


async def _replied(make: Callable[[], _Reply]) -> _Reply:
    """A reply made in a thread of its own; what went wrong is told in plain words."""
    try:
        return await run_sync(make)
    except (BotError, IngestError, InputError) as error:
        raise ToolError(str(error)) from error
