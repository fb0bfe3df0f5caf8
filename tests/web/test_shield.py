"""What is served, to whom, how large, how often, and with which headers."""

from __future__ import annotations

import re

import pytest
from fastapi.testclient import TestClient
from scripted_pipeline import ScriptedPipeline

from bot.cli.options import settings_from
from bot.errors import BotError
from bot.web.app import create_app
from bot.web.limits import Limits
from bot.web.page import dress
from ingest.settings import Settings

PAGES = ["/", "/library", "/library/cups", "/library/none", "/site/chat.css", "/gradio_api/info", "/nowhere"]


@pytest.mark.parametrize("path", PAGES)
def test_every_reply_carries_the_security_headers(client: TestClient, path: str) -> None:
    headers = client.get(path).headers
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["x-frame-options"] == "DENY"
    assert headers["referrer-policy"] == "same-origin"
    policy = headers["content-security-policy"]
    assert "default-src 'none'" in policy
    assert "frame-ancestors 'none'" in policy
    script = re.search(r"script-src ([^;]*)", policy)
    assert script
    assert "unsafe" not in script[1]
    assert not re.search(r"https?:|\*", policy)


def test_only_scripts_with_this_replys_nonce_run(client: TestClient) -> None:
    first, second = client.get("/"), client.get("/")
    nonces = [re.search(r"'nonce-([^']+)'", r.headers["content-security-policy"]) for r in (first, second)]
    assert nonces[0]
    assert nonces[1]
    assert nonces[0][1] != nonces[1][1]
    scripts = re.findall(r"<script[^>]*>", first.text)
    assert scripts
    assert all(f'nonce="{nonces[0][1]}"' in script for script in scripts)


def test_our_page_stands_around_gradios(client: TestClient) -> None:
    page = client.get("/").text
    assert page.index('class="top"') < page.index("<gradio-app") < page.index('id="sources"')
    assert "What are the two main kinds of cupping?" in page
    assert "raw.githubusercontent.com" not in page


def test_a_page_of_another_form_is_refused_not_served_bare() -> None:
    with pytest.raises(ValueError, match="changed its form"):
        dress("<html><body>another</body></html>", "n")


@pytest.mark.parametrize(
    "path",
    [
        "/gradio_api/upload",
        "/gradio_api/file=/etc/passwd",
        "/gradio_api/file/etc/passwd",
        "/file=/etc/passwd",
        "/gradio_api/proxy=http://a.example",
        "/gradio_api/stream/x",
        "/gradio_api/component_server",
        "/gradio_api/runs",
        "/monitoring",
        "/docs",
        "/openapi.json",
        "/static/../../../../etc/passwd",
        "/assets/..%2f..%2f..%2fetc/passwd",
        "/site/%2e%2e/app.py",
        "/site/..%2fapp.py",
        "/site/..%5capp.py",
        "/library/..%2f..%2fetc%2fpasswd",
        "/library/%2fetc%2fpasswd",
        "/.env",
    ],
)
@pytest.mark.parametrize("method", ["GET", "POST"])
def test_what_is_not_part_of_the_product_is_not_there(client: TestClient, path: str, method: str) -> None:
    reply = client.request(method, path)
    assert reply.status_code in (404, 405)
    assert "root:" not in reply.text
    assert "import" not in reply.text


def test_other_sites_may_not_post(client: TestClient) -> None:
    body = {"data": ["What are cups?", []]}
    path = "/gradio_api/call/ask"
    assert client.post(path, json=body, headers={"origin": "https://evil.example"}).status_code == 403
    assert client.post(path, json=body, headers={"origin": "null"}).status_code == 403
    assert client.post(path, json=body, headers={"origin": "http://testserver"}).status_code == 200
    assert client.post(path, json=body).status_code == 200


def test_other_sites_may_not_read(client: TestClient) -> None:
    headers = client.get("/gradio_api/info", headers={"origin": "https://evil.example"}).headers
    assert "access-control-allow-origin" not in headers


def test_a_large_request_is_refused(client: TestClient) -> None:
    reply = client.post("/gradio_api/call/ask", json={"data": ["x" * 300_000, []]})
    assert reply.status_code == 413


def test_a_large_request_of_unknown_length_is_cut_off(client: TestClient, pipeline: ScriptedPipeline) -> None:
    def parts() -> object:
        yield b'{"data": ["'
        for _ in range(40):
            yield b"x" * 10_000
        yield b'", []]}'

    try:
        status = client.post("/gradio_api/call/ask", content=parts()).status_code  # type: ignore[arg-type]
    except Exception:
        status = 400  # the connection was closed
    assert status >= 400
    assert pipeline.asked == []


def test_too_many_questions_are_held_back_kindly(pipeline: ScriptedPipeline, settings: Settings) -> None:
    with TestClient(create_app(pipeline, settings, Limits(questions_per_minute=1, burst=2))) as client:
        body = {"data": ["What are cups?", []]}
        codes = [client.post("/gradio_api/call/ask", json=body).status_code for _ in range(3)]
        assert codes == [200, 200, 429]
        reply = client.post("/gradio_api/call/ask", json=body)
        assert "Please wait" in reply.json()["detail"]
        assert int(reply.headers["retry-after"]) > 0
        assert client.get("/library").status_code == 200


def test_pages_are_not_kept_by_caches(client: TestClient) -> None:
    assert client.get("/library/cups").headers["cache-control"] == "no-store"
    assert client.get("/").headers["cache-control"] == "no-store"


def test_the_rate_is_a_setting(pipeline: ScriptedPipeline, settings: Settings) -> None:
    slow = settings.model_copy(update={"questions_per_minute": 3})
    with TestClient(create_app(pipeline, slow)) as client:
        body = {"data": ["What are cups?", []]}
        codes = [client.post("/gradio_api/call/ask", json=body).status_code for _ in range(3)]
    assert codes == [200, 200, 429]


@pytest.mark.parametrize("wrong", ["0", "-3", "many", ""])
def test_a_rate_that_makes_no_sense_is_refused_by_name(monkeypatch: pytest.MonkeyPatch, wrong: str) -> None:
    monkeypatch.setenv("CUPWISE_QUESTIONS_PER_MINUTE", wrong)
    with pytest.raises(BotError, match="CUPWISE_QUESTIONS_PER_MINUTE is wrong"):
        settings_from()


def test_no_question_gets_around_the_queue(client: TestClient, pipeline: ScriptedPipeline) -> None:
    for path in ("/gradio_api/run/ask", "/gradio_api/run/predict", "/gradio_api/api/ask"):
        body = {"data": ["What are cups?", []], "fn_index": 0}
        assert client.post(path, json=body).status_code in (404, 405)
    assert pipeline.asked == []
