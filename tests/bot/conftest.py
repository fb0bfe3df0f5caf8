"""The real pipeline over the real corpus, built once for the whole run."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from bot.pipeline import Pipeline
from bot.preview import run_build
from ingest.progress import Silent
from ingest.settings import Settings

ROOT = Path(__file__).parents[2]


def _over_the_corpus(folder: Path) -> Settings:
    return Settings(
        data=folder / "data",
        corpus=ROOT / "corpus" / "documents",
        questions=ROOT / "corpus" / "questions",
    )


@pytest.fixture(scope="session")
def library_settings(once: Callable[..., Path]) -> Settings:
    """Settings over the repo's corpus, with an index of their own."""
    return _over_the_corpus(
        once("library", lambda folder: run_build(_over_the_corpus(folder), (), Silent(), preview=False))
    )


@pytest.fixture(scope="session")
def pipeline(library_settings: Settings) -> Pipeline:
    return Pipeline.open(library_settings)
