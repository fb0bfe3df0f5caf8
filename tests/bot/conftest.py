"""The real pipeline over the real corpus, built once for the whole run."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.pipeline import Pipeline
from bot.preview import run_build
from ingest.progress import Silent
from ingest.settings import Settings

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="session")
def library_settings(tmp_path_factory: pytest.TempPathFactory) -> Settings:
    """Settings over the repo's corpus, with an index of their own."""
    settings = Settings(
        data=tmp_path_factory.mktemp("library") / "data",
        corpus=ROOT / "corpus" / "documents",
        questions=ROOT / "corpus" / "questions",
    )
    run_build(settings, (), Silent(), preview=False)
    return settings


@pytest.fixture(scope="session")
def pipeline(library_settings: Settings) -> Pipeline:
    return Pipeline.open(library_settings)
