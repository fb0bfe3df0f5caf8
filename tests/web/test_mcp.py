"""The MCP server offers the same two tools as the endpoints, and nothing where it is not asked for."""

from __future__ import annotations

import asyncio
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
import uvicorn
from fastapi.testclient import TestClient
from mcp import ClientSession
from mcp.client.streamable_http import streamablehttp_client
from scripted_pipeline import ScriptedPipeline

from bot.web.app import create_app
from bot.web.limits import Limits
from bot.web.listening import bind
from ingest.settings import Settings

pytestmark = pytest.mark.filterwarnings("ignore::DeprecationWarning")


async def talk(address: str) -> tuple[list[str], Any]:
    async with streamablehttp_client(address) as (read, write, _), ClientSession(read, write) as session:
        await session.initialize()
        tools = await session.list_tools()
        return sorted(tool.name for tool in tools.tools), await session.call_tool(
            "ask", {"question": "What are cups?", "history": []}
        )


def test_the_tools_are_ask_and_search_library(pipeline: ScriptedPipeline, settings: Settings) -> None:
    taken = bind("127.0.0.1", 0)
    app = create_app(pipeline, settings, Limits(questions_per_minute=6000, burst=1000), mcp=True)
    server = uvicorn.Server(uvicorn.Config(app, log_level="error", timeout_graceful_shutdown=1))
    thread = threading.Thread(target=server.run, kwargs={"sockets": [taken]}, daemon=True)
    thread.start()
    while not server.started:
        time.sleep(0.02)
    address = f"http://127.0.0.1:{taken.getsockname()[1]}/gradio_api/mcp/"
    with ThreadPoolExecutor(1) as other:  # a browser test before this one leaves a loop running in this thread
        names, reply = other.submit(lambda: asyncio.run(talk(address))).result(timeout=60)
    server.should_exit = True
    thread.join(timeout=10)
    assert names == ["ask", "search_library"]
    assert "Cups are made of glass." in reply.content[0].text


def test_without_the_flag_there_is_no_mcp_server(client: TestClient) -> None:
    assert client.post("/gradio_api/mcp/", json={}).status_code in (404, 405)
