"""A small published version with documents and no vectors, and the application over it."""

from __future__ import annotations

import gc
from collections.abc import Callable, Sequence
from pathlib import Path

import pytest
from fastapi.testclient import TestClient
from known_warnings import GRADIO_LEAVES_OPEN
from scripted_pipeline import ScriptedPipeline, quoted

from bot.domain import Answer
from bot.web.app import create_app
from bot.web.limits import Limits
from ingest.domain import Document
from ingest.manifest import Manifest
from ingest.reading import read_document
from ingest.settings import Settings
from ingest.shelf import Shelf
from ingest.splitter import split_document
from ingest.versions import Versions

CUPS = """---
id: cups
title: About cups
summary: What cups are.
kind: systematic-review
evidence: C
topics: [cupping]
reviewed_on: 2020-01-01
review_due: 2021-01-01
references:
  - {key: Doe2020, title: A trial of cups, author: Doe J, where: Journal of Cups, year: 2020, doi: 10.1000/cups.1}
  - {key: Old, title: An old book, author: Roe R, where: A library, checked: memory}
notes:
  - {quote: "Cups draw out poison.", note: "No study has found that."}
---
# About cups

## What are cups?

Cups are made of glass. [Doe2020] Some are made of bamboo. [Old] People hold them to the skin. [reasoning]

## What is claimed?

Cups draw out poison. [Old]

- One claim is about sleep. [Doe2020]
- Another is about sport. [Doe2020]
"""

HOSTILE = """# <img src=x onerror=alert(1)> & friends

## <script>alert("heading")</script>

A sentence with <b>markup</b> and <script>alert("body")</script> in it. [x](javascript:alert(1)) is not a link.
"""


def pytest_configure(config: pytest.Config) -> None:
    """Third parties' leftovers, each by name."""
    for line in GRADIO_LEAVES_OPEN:
        config.addinivalue_line("filterwarnings", line)


def pytest_sessionfinish() -> None:
    """Collect what Gradio left open while the lines above still hold; at the very end they do not."""
    gc.collect()


@pytest.fixture
def documents(tmp_path: Path) -> list[Document]:
    """Two documents: a curated one, and one that tries to be markup."""
    folder = tmp_path / "corpus"
    folder.mkdir()
    (folder / "cups.md").write_text(CUPS, encoding="utf-8")
    (folder / "hostile.md").write_text(HOSTILE, encoding="utf-8")
    return [read_document(folder / name, name) for name in ("cups.md", "hostile.md")]


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    """Settings over a data folder of this test's own."""
    return Settings(data=tmp_path / "data", corpus=tmp_path / "corpus")


@pytest.fixture
def publish(settings: Settings) -> Callable[[str, Sequence[Document]], None]:
    """Publishes a version that has documents and a manifest; the web reads nothing else of it."""

    def published(version: str, held: Sequence[Document]) -> None:
        versions = Versions(settings.data)
        building = versions.begin(version)
        shelf = Shelf.create(building / "shelf.sqlite")
        for document in held:
            shelf.put(document, split_document(document, 150))
        shelf.commit()
        shelf.close()
        hashes = {document.id: document.content_hash for document in held}
        Manifest(version, "2026-01-01T00:00:00+00:00", "test", "none", 150, 1, len(held), 1, hashes).save(building)
        versions.finish(building, version)
        versions.publish(version)

    return published


@pytest.fixture
def pipeline(documents: list[Document], publish: Callable[[str, Sequence[Document]], None]) -> ScriptedPipeline:
    """A pipeline that quotes the curated document, whatever is asked."""
    publish("v1", documents)

    def script(question: str, history: Sequence[str]) -> Answer:  # noqa: ARG001
        return quoted(question, documents[:1], "v1")

    return ScriptedPipeline(script)


@pytest.fixture
def client(pipeline: ScriptedPipeline, settings: Settings) -> TestClient:
    """The application, asked in process. Limits are high enough to be out of the way."""
    limits = Limits(questions_per_minute=6000, burst=1000)
    with TestClient(create_app(pipeline, settings, limits)) as served:
        yield served
