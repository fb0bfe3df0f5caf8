"""A small corpus, one embedding model for the whole run, and one call that builds and publishes."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

import pytest

from ingest.building import Build, build
from ingest.embedder import Embedder
from ingest.publishing import publish
from ingest.settings import Settings
from ingest.versions import Versions

MARKS = """\
---
id: marks
title: Marks on the skin
kind: reference
evidence: not-applicable
---
# Marks on the skin

A cup leaves a round mark. The mark is a bruise, and it fades in about two weeks.

## Colours

Dark marks are not a sign of toxins. They show where small vessels were broken.
"""
BREATH = "# Slow breath\n\nThe pine forest was silent at noon.\n\nA heron stood in the reeds, and nobody moved.\n"
HONEY = "Honey keeps for years\n\nBees dry the nectar with their wings. The lid of the comb is wax.\n"


@pytest.fixture(scope="session")
def embedder() -> Embedder:
    return Embedder()


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    """Settings with a corpus of three documents: curated Markdown, plain Markdown, plain text."""
    corpus = tmp_path / "corpus"
    corpus.mkdir()
    (corpus / "marks.md").write_text(MARKS, encoding="utf-8")
    (corpus / "breath.md").write_text(BREATH, encoding="utf-8")
    (corpus / "honey.txt").write_text(HONEY, encoding="utf-8")
    return Settings(data=tmp_path / "data", corpus=corpus, passage_words=40)


@pytest.fixture
def ingest(settings: Settings, embedder: Embedder) -> Callable[..., Build]:
    """Build from the corpus (or from named files) and publish."""

    def run(paths: Sequence[Path] = ()) -> Build:
        versions = Versions(settings.data)
        with versions.writing():
            built = build(settings, embedder, paths)
            if built.version:
                publish(versions, built.version, settings.keep_versions)
        return built

    return run
