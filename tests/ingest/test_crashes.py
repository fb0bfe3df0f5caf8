"""`cupwise ingest` is killed at random moments under a reader that asks all the time: no answer is ever a mixture.

CUPWISE_FAULT_KILLS sets the number of kills, CUPWISE_FAULT_SEED the moments (`make fault-test`: 50).
"""

from __future__ import annotations

import os
import random
import time
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest

from bot.library import Bookcase, Library
from ingest.building import build
from ingest.embedder import Embedder
from ingest.settings import Settings
from ingest.versions import Versions
from tests.ingest.editions import Reader, run_ingest, search, start_ingest, write_edition

KILLS = int(os.environ.get("CUPWISE_FAULT_KILLS") or 3)
SEED = int(os.environ.get("CUPWISE_FAULT_SEED") or random.randrange(10_000))

MOMENTS = (("start", 1.0), ("shelf.sqlite", 0.5), ("lexical", 0.1))
"""Moments from which the kills are counted (the start, or a file that the build writes), and up to which share of a
run's length: anywhere, while it loads and embeds, while it finishes and publishes."""


@pytest.fixture
def reader(tmp_path: Path, embedder: Embedder) -> Iterator[Reader]:
    thread = Reader(tmp_path / "data", embedder)
    yield thread
    thread.stop()


@pytest.mark.slow
def test_kills_at_random_moments_never_show_to_a_reader(tmp_path: Path, reader: Reader, embedder: Embedder) -> None:
    print(f"\nseed {SEED} (CUPWISE_FAULT_SEED={SEED} repeats it), {KILLS} kills")
    data, corpus, chance = tmp_path / "data", tmp_path / "corpus", random.Random(SEED)
    write_edition(corpus, 0)
    begun = time.monotonic()
    run_ingest(data, corpus)
    whole = time.monotonic() - begun
    reader.start()
    struck: Counter[str] = Counter()
    for kill in range(1, KILLS + 1):
        write_edition(corpus, kill)
        moment, most = MOMENTS[kill % len(MOMENTS)]
        struck[_kill(data, corpus, moment, chance.uniform(0, most * whole))] += 1
    write_edition(corpus, KILLS + 1)
    run_ingest(data, corpus)
    time.sleep(1)
    reader.stop()
    print(f"struck: {dict(struck)}; {reader.asked} questions asked, of {len(reader.seen)} versions")
    assert reader.faults == []
    assert reader.asked > KILLS
    assert Versions(data).current() in reader.seen
    _assert_equals_a_fresh_build(data, corpus, tmp_path / "fresh", embedder)


def _kill(data: Path, corpus: Path, moment: str, after: float) -> str:
    """Start an ingest and kill it `after` seconds from a moment of its run; what it was doing."""
    versions = Versions(data)
    before, left = versions.current(), _begun(versions, "")
    with start_ingest(data, corpus) as process:
        while moment != "start" and process.poll() is None and not _begun(versions, moment) - left:
            time.sleep(0.002)
        deadline = time.monotonic() + after
        while time.monotonic() < deadline and process.poll() is None:
            time.sleep(0.002)
        ended = process.poll() is not None
        process.kill()
        process.communicate()
    if ended:
        return "after the end"
    if versions.current() != before:
        return "after publishing"
    return "while building" if _begun(versions, "") - left else "before building"


def _begun(versions: Versions, part: str) -> set[str]:
    """Unfinished versions that have got as far as a part of theirs."""
    return {folder.name for folder in versions.root.glob(".building-*") if (folder / part).exists()}


def _assert_equals_a_fresh_build(data: Path, corpus: Path, fresh: Path, embedder: Embedder) -> None:
    versions, other = Versions(data), Versions(fresh)
    with other.writing():
        other.publish(build(Settings(data=fresh, corpus=corpus, passage_words=40), embedder).version or "")
    found, expected = (Bookcase(each, embedder).current() for each in (versions, other))
    assert [d.text for d in found.shelf.documents()] == [d.text for d in expected.shelf.documents()]
    assert found.shelf.passage_ids() == expected.shelf.passage_ids()
    for question in ("In which line is the harbour told of?", "Is the quarry told of?", "What is in line 3?"):
        assert _answer(found, embedder, question) == _answer(expected, embedder, question)
    assert not list(versions.root.glob(".*"))


def _answer(library: Library, embedder: Embedder, question: str) -> tuple[set[str], set[str]]:
    dense, lexical = search(library, embedder.embed_query(question), question, 5)
    return set(dense), set(lexical)
