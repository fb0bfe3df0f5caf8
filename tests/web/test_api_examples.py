"""Every example of docs/api.md is run as it stands there, against a real server."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
import sys
import threading
import time
from collections.abc import Iterator, Sequence
from pathlib import Path

import pytest
import uvicorn
from scripted_pipeline import ScriptedPipeline, quoted

from bot.domain import Answer
from bot.retrieval import Hit
from bot.web.app import create_app
from bot.web.limits import Limits
from bot.web.listening import bind
from ingest.domain import Document
from ingest.settings import Settings
from ingest.splitter import split_document

_PAGE = (Path(__file__).parents[2] / "docs" / "api.md").read_text(encoding="utf-8")
EXAMPLES = re.findall(r"^```(python|sh)\n(.*?)^```", _PAGE, re.MULTILINE | re.DOTALL)
_THERE = "http://127.0.0.1:7860"


class Finding(ScriptedPipeline):
    """A scripted pipeline that finds the first document's passages too."""

    def __init__(self, documents: Sequence[Document]) -> None:
        super().__init__(self._answer)
        self._documents = documents

    def search(self, query: str, k: int = 10) -> list[Hit]:  # noqa: ARG002
        return [Hit(passage, 0.5, 0.5, 0.5) for passage in split_document(self._documents[0], 150)][:k]

    def _answer(self, question: str, history: Sequence[str]) -> Answer:  # noqa: ARG002
        return quoted(question, self._documents[:1], "v1")


@pytest.fixture
def address(pipeline: ScriptedPipeline, documents: list[Document], settings: Settings) -> Iterator[str]:  # noqa: ARG001
    """Where a chat with its MCP server listens."""
    taken = bind("127.0.0.1", 0)
    app = create_app(Finding(documents), settings, Limits(questions_per_minute=6000, burst=1000), mcp=True)
    server = uvicorn.Server(uvicorn.Config(app, log_level="error"))
    thread = threading.Thread(target=server.run, kwargs={"sockets": [taken]}, daemon=True)
    thread.start()
    while not server.started:
        time.sleep(0.02)
    yield f"http://127.0.0.1:{taken.getsockname()[1]}"
    server.should_exit = True
    thread.join(timeout=10)


def run(language: str, code: str) -> str:
    command = [sys.executable, "-c", code] if language == "python" else ["bash", "-euo", "pipefail", "-c", code]
    done = subprocess.run(command, capture_output=True, text=True, timeout=120)
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_the_page_has_examples_for_both_ways_and_for_mcp() -> None:
    assert [language for language, _ in EXAMPLES] == ["python", "sh", "sh", "python", "sh"]


@pytest.mark.parametrize(("language", "code"), EXAMPLES, ids=["client", "curl ask", "curl search", "mcp", "mcp curl"])
def test_an_example_works_as_it_stands(address: str, language: str, code: str) -> None:
    assert _THERE in code
    if language == "sh" and not shutil.which("curl"):
        pytest.skip("no curl on this machine")
    said = run(language, code.replace(_THERE, address))
    if "call/search" in code:
        data = json.loads(said.strip().splitlines()[-1].removeprefix("data: "))
        assert data[0][0]["document"] == "cups"
    elif "call/ask" in code:
        data = json.loads(said.strip().splitlines()[-1].removeprefix("data: "))
        assert data[0]["statements"][0]["text"] == "Cups are made of glass."
    else:
        assert "answer" in said
        assert "Cups are made of glass." in said
