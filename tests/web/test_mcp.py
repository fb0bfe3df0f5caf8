"""The MCP server replies with JSON that a program can read, and is not there where it is not asked for."""

from __future__ import annotations

import asyncio
import json
import threading
import time
from collections.abc import Awaitable, Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import httpx
import pytest
import uvicorn
from fastapi.testclient import TestClient
from mcp import ClientSession
from mcp.client.streamable_http import streamablehttp_client
from mcp.types import CallToolResult
from scripted_pipeline import ScriptedPipeline

from bot.web.app import create_app
from bot.web.limits import Limits
from bot.web.listening import bind
from ingest.settings import Settings

pytestmark = pytest.mark.filterwarnings("ignore::DeprecationWarning")


@pytest.fixture
def address(pipeline: ScriptedPipeline, settings: Settings) -> Iterator[str]:
    """Where the MCP server listens for the length of one test."""
    taken = bind("127.0.0.1", 0)
    app = create_app(pipeline, settings, Limits(questions_per_minute=6000, burst=1000), mcp=True)
    server = uvicorn.Server(uvicorn.Config(app, log_level="error", timeout_graceful_shutdown=1))
    thread = threading.Thread(target=server.run, kwargs={"sockets": [taken]}, daemon=True)
    thread.start()
    while not server.started:
        time.sleep(0.02)
    yield f"http://127.0.0.1:{taken.getsockname()[1]}/gradio_api/mcp/"
    server.should_exit = True
    thread.join(timeout=10)


def talk(address: str, use: Callable[[ClientSession], Awaitable[Any]]) -> Any:
    """What a client of the protocol makes of the server."""

    async def session() -> Any:
        async with streamablehttp_client(address) as (read, write, _), ClientSession(read, write) as opened:
            await opened.initialize()
            return await use(opened)

    with ThreadPoolExecutor(1) as other:  # a browser test before this one leaves a loop running in this thread
        return other.submit(lambda: asyncio.run(session())).result(timeout=60)


def called(address: str, tool: str, **arguments: Any) -> CallToolResult:
    return talk(address, lambda session: session.call_tool(tool, arguments))  # type: ignore[no-any-return]


def test_the_tools_say_what_they_take_and_give(address: str) -> None:
    tools = {tool.name: tool for tool in talk(address, lambda session: session.list_tools()).tools}
    assert sorted(tools) == ["ask", "search_library"]
    assert tools["ask"].inputSchema["required"] == ["question"]
    assert {"action", "answer", "notice", "citations"} <= set(tools["ask"].outputSchema["properties"])


def test_ask_replies_with_json(address: str, pipeline: ScriptedPipeline) -> None:
    reply = called(address, "ask", question="And of bamboo?", history=["What are cups?"])
    assert not reply.isError
    found = reply.structuredContent
    assert found is not None
    assert found["action"] == "answer"
    assert "Cups are made of glass." in found["answer"]
    assert found["citations"][0]["quote"] == "Cups are made of glass."
    assert found["citations"][0]["references"][0]["doi"] == "10.1000/cups.1"
    assert found["notice"] == ""
    assert json.loads(reply.content[0].text) == found
    assert pipeline.asked == [("And of bamboo?", ("What are cups?",))]


def test_search_replies_with_json(address: str) -> None:
    assert called(address, "search_library", query="cups", k=3).structuredContent == {"result": []}


@pytest.mark.parametrize(("question", "said"), [("  ", "type a question"), ("x" * 5000, "longer than 4,000")])
def test_bad_input_is_told_plainly(address: str, question: str, said: str) -> None:
    reply = called(address, "ask", question=question)
    assert reply.isError
    assert said in reply.content[0].text


def test_any_program_can_call_it_with_json_alone(address: str) -> None:
    request = {"jsonrpc": "2.0", "id": 1, "method": "tools/call"}
    body = {**request, "params": {"name": "ask", "arguments": {"question": "What are cups?"}}}
    for path in (address, address.rstrip("/")):
        reply = httpx.post(path, json=body, headers={"Accept": "application/json, text/event-stream"})
        assert reply.json()["result"]["structuredContent"]["action"] == "answer"


def test_other_sites_may_not_call_it(address: str) -> None:
    assert httpx.post(address, json={}, headers={"origin": "https://evil.example"}).status_code == 403


def test_without_the_flag_there_is_no_mcp_server(client: TestClient) -> None:
    assert client.post("/gradio_api/mcp/", json={}).status_code in (404, 405)
