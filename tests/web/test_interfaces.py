"""The endpoints, over a real server: the Gradio client, and plain HTTP as curl would ask."""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Iterator

import httpx
import pytest
import uvicorn
from fastapi.testclient import TestClient
from gradio_client import Client
from gradio_client.exceptions import AppError
from scripted_pipeline import ScriptedPipeline

from bot.web.app import create_app
from bot.web.limits import Limits
from bot.web.listening import announcement, bind, is_loopback
from ingest.settings import Settings


@pytest.fixture
def address(pipeline: ScriptedPipeline, settings: Settings) -> Iterator[str]:
    """Where a real server listens for the length of one test."""
    taken = bind("127.0.0.1", 0)
    app = create_app(pipeline, settings, Limits(questions_per_minute=6000, burst=1000))
    server = uvicorn.Server(uvicorn.Config(app, log_level="error", timeout_graceful_shutdown=1))
    thread = threading.Thread(target=server.run, kwargs={"sockets": [taken]}, daemon=True)
    thread.start()
    while not server.started:
        time.sleep(0.02)
    yield f"http://127.0.0.1:{taken.getsockname()[1]}"
    server.should_exit = True
    thread.join(timeout=10)


def test_the_gradio_client_gets_the_answer_object(address: str, pipeline: ScriptedPipeline) -> None:
    client = Client(address, verbose=False)
    answer = client.predict("And of bamboo?", ["What are cups?"], api_name="/ask")
    assert answer["statements"][0]["text"] == "Cups are made of glass."
    assert answer["citations"][0]["document"] == "cups"
    assert pipeline.asked == [("And of bamboo?", ("What are cups?",))]
    assert client.predict("cups", 3, api_name="/search") == []


def test_plain_http_gets_the_answer_object(address: str) -> None:
    asked = httpx.post(f"{address}/gradio_api/call/ask", json={"data": ["What are cups?", []]})
    stream = httpx.get(f"{address}/gradio_api/call/ask/{asked.json()['event_id']}", timeout=30).text
    data = json.loads(next(line for line in stream.splitlines() if line.startswith("data: "))[6:])
    assert data[0]["action"] == "answer"


@pytest.mark.parametrize(("question", "said"), [("  ", "type a question"), ("x" * 5000, "longer than 4,000")])
def test_bad_input_gets_a_plain_message(address: str, question: str, said: str) -> None:
    with pytest.raises(AppError, match=said):
        Client(address, verbose=False).predict(question, [], api_name="/ask")


def test_the_server_remembers_only_so_many_sessions(pipeline: ScriptedPipeline, settings: Settings) -> None:
    limits = Limits(questions_per_minute=6000, burst=1000, sessions=3)
    app = create_app(pipeline, settings, limits)
    with TestClient(app) as client:
        for _ in range(8):
            asked = client.post("/gradio_api/call/ask", json={"data": ["What are cups?", []]})
            client.get(f"/gradio_api/call/ask/{asked.json()['event_id']}")
        mounted = next(route.app for route in app.routes if hasattr(getattr(route, "app", None), "state_holder"))
        assert 0 < len(mounted.state_holder.session_data) <= 3


def test_no_table_of_events_is_kept_for_a_page_that_is_switched_off(
    pipeline: ScriptedPipeline, settings: Settings
) -> None:
    app = create_app(pipeline, settings, Limits(questions_per_minute=6000, burst=1000))
    with TestClient(app) as client:
        for _ in range(4):
            asked = client.post("/gradio_api/call/ask", json={"data": ["What are cups?", []]})
            client.get(f"/gradio_api/call/ask/{asked.json()['event_id']}")
        mounted = next(route.app for route in app.routes if hasattr(getattr(route, "app", None), "state_holder"))
        queue = mounted.get_blocks()._queue
        assert len(queue.event_analytics) <= 1
        assert queue.cached_event_analytics_summary == {"functions": {}}


def test_only_the_two_endpoints_are_named(address: str) -> None:
    info = httpx.get(f"{address}/gradio_api/info").json()
    assert sorted(info["named_endpoints"]) == ["/ask", "/search"]


def test_the_next_free_port_is_taken() -> None:
    first = bind("127.0.0.1", 0)
    port = first.getsockname()[1]
    second = bind("127.0.0.1", port)
    assert second.getsockname()[1] != port
    first.close()
    second.close()


def test_an_open_host_is_warned_of(settings: Settings) -> None:
    assert len(announcement("http://127.0.0.1:1", "127.0.0.1", settings, False)) == 2
    said = "\n".join(announcement("http://0.0.0.0:1", "0.0.0.0", settings, False))
    assert "Warning" in said
    assert "Curator" in said


@pytest.mark.parametrize(
    ("host", "local"), [("127.0.0.1", True), ("::1", True), ("localhost", True), ("0.0.0.0", False)]
)
def test_loopback_is_told_from_the_rest(host: str, local: bool) -> None:
    assert is_loopback(host) is local
