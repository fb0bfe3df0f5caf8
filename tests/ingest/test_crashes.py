"""Ingest is killed at random moments under a reader that asks all the time: no answer is ever a mixture.

CUPWISE_FAULT_KILLS sets the number of kills (`make fault-test`: 50).
"""

from __future__ import annotations

import os
import random
import re
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

from ingest.building import build
from ingest.embedder import Embedder
from ingest.lexicon import Lexicon, stems
from ingest.settings import Settings
from ingest.shelf import Shelf
from ingest.vectors import VectorStore
from ingest.versions import Manifest, Versions

KILLS = int(os.environ.get("CUPWISE_FAULT_KILLS", "8"))
JOB = Path(__file__).with_name("fault_job.py")
TOPICS = ("river", "lantern", "orchard", "harbour", "meadow", "quarry")


def _write(corpus: Path, edition: int) -> None:
    """The whole corpus in one edition: every document names it, so that a mixture of two shows."""
    for topic in TOPICS:
        lines = [f"The {topic} is told of in edition {edition}, in line {line} of its page." for line in range(12)]
        (corpus / f"{topic}.md").write_text(f"# The {topic}\n\n" + "\n\n".join(lines) + "\n", encoding="utf-8")


class Reader(threading.Thread):
    """Follows the pointer and searches, as the chat does, until told to stop."""

    def __init__(self, data: Path, vector: np.ndarray) -> None:
        super().__init__()
        self._versions, self._vector = Versions(data), vector
        self.stopping = threading.Event()
        self.asked = 0
        self.seen: set[str] = set()
        self.faults: list[str] = []

    def run(self) -> None:
        stamp = None
        parts = None
        while not self.stopping.is_set():
            if self._versions.stamp() != stamp:
                stamp = self._versions.stamp()
                parts = self._open()
            if parts:
                self._ask(*parts)

    def _open(self) -> tuple[str, Shelf, VectorStore, Lexicon] | None:
        try:
            version = self._versions.current() or ""
            self._versions.verify(version)
            folder = self._versions.folder(version)
            store = VectorStore.open(folder / "chroma")
            store.check(Manifest.load(folder).passages)
            self.seen.add(version)
            return version, Shelf.open(folder / "shelf.sqlite"), store, Lexicon.open(folder / "lexical")
        except Exception as error:  # whatever it is, it is a fault that the test reports
            self.faults.append(f"opening: {error!r}")
            return None

    def _ask(self, version: str, shelf: Shelf, store: VectorStore, lexicon: Lexicon) -> None:
        try:
            dense = [identifier for identifier, _ in store.nearest(self._vector, 20)]
            scores = lexicon.scores(stems("the river in edition"))
            lexical = [lexicon.ids[place] for place in np.argsort(-scores)[:20]]
            texts = [passage.text for passage in shelf.passages(dense + lexical)]
            editions = {found for text in texts for found in re.findall(r"edition (\d+)", text)}
            if len(texts) != len(dense) + len(lexical) or len(editions) != 1:
                self.faults.append(f"{version}: {len(texts)} texts of editions {sorted(editions)}")
        except Exception as error:  # as above
            self.faults.append(f"asking {version}: {error!r}")
        self.asked += 1


@pytest.fixture
def reader(tmp_path: Path, embedder: Embedder) -> Iterator[Reader]:
    thread = Reader(tmp_path / "data", embedder.embed_query("Where is the river told of?"))
    yield thread
    thread.stopping.set()
    if thread.is_alive():
        thread.join()


def _start(data: Path, corpus: Path) -> subprocess.Popen[str]:
    path = os.pathsep.join(filter(None, (str(Path(__file__).parents[2]), os.environ.get("PYTHONPATH"))))
    environment = {**os.environ, "PYTHONPATH": path, "OMP_NUM_THREADS": "1"}
    return subprocess.Popen(
        [sys.executable, str(JOB), str(data), str(corpus)], stdout=subprocess.PIPE, text=True, env=environment
    )


def _finish(data: Path, corpus: Path) -> None:
    with _start(data, corpus) as process:
        output = process.communicate()[0]
    assert process.returncode == 0, output


@pytest.mark.slow
def test_kills_at_random_moments_never_show_to_a_reader(tmp_path: Path, reader: Reader, embedder: Embedder) -> None:
    data, corpus = tmp_path / "data", tmp_path / "corpus"
    corpus.mkdir()
    _write(corpus, 0)
    began = time.monotonic()
    _finish(data, corpus)
    length = time.monotonic() - began
    reader.start()
    chance = random.Random(6)
    for kill in range(1, KILLS + 1):
        _write(corpus, kill)
        with _start(data, corpus) as process:
            assert process.stdout is not None
            assert process.stdout.readline() == "started\n"
            try:
                process.wait(chance.uniform(0, length))
            except subprocess.TimeoutExpired:
                process.send_signal(signal.SIGKILL)
            process.wait()
    _write(corpus, KILLS + 1)
    _finish(data, corpus)
    time.sleep(1)
    reader.stopping.set()
    reader.join()
    assert reader.faults == []
    assert reader.asked > KILLS
    assert Versions(data).current() in reader.seen
    _assert_equals_a_fresh_build(data, corpus, tmp_path / "fresh", embedder)


def _assert_equals_a_fresh_build(data: Path, corpus: Path, fresh: Path, embedder: Embedder) -> None:
    versions, other = Versions(data), Versions(fresh)
    with other.writing():
        other.publish(build(Settings(data=fresh, corpus=corpus, passage_words=40), embedder).version or "")
    question = embedder.embed_query("In which line is the harbour told of?")
    found = []
    for each in (versions, other):
        folder = each.folder(each.current() or "")
        shelf, store = Shelf.open(folder / "shelf.sqlite"), VectorStore.open(folder / "chroma")
        nearest = [identifier for identifier, score in store.nearest(question, 5)]
        found.append(([d.text for d in shelf.documents()], shelf.passage_ids(), set(nearest)))
        assert not list(each.root.glob(".*"))
    assert found[0] == found[1]


def test_ingest_on_a_full_disk_fails_plainly_and_loses_nothing(tmp_path: Path) -> None:
    """A limit on file size stands in for a full disk: real writes fail, wherever they happen."""
    data, corpus = tmp_path / "data", tmp_path / "corpus"
    corpus.mkdir()
    _write(corpus, 0)
    _finish(data, corpus)
    before = Versions(data).current()
    _write(corpus, 1)
    limited = (
        "import resource, signal, runpy, sys; signal.signal(signal.SIGXFSZ, signal.SIG_IGN); "
        "resource.setrlimit(resource.RLIMIT_FSIZE, (60_000, 60_000)); "
        f"sys.argv = ['job', {str(data)!r}, {str(corpus)!r}]; runpy.run_path({str(JOB)!r}, run_name='__main__')"
    )
    environment = {**os.environ, "PYTHONPATH": str(Path(__file__).parents[2])}
    done = subprocess.run([sys.executable, "-c", limited], capture_output=True, text=True, env=environment, check=False)
    assert done.returncode != 0
    assert "StorageError: There is no room left for the index" in done.stderr
    versions = Versions(data)
    assert versions.current() == before
    versions.verify(before or "")
    assert [folder.name for folder in versions.root.iterdir()] == [before]
    _finish(data, corpus)
    assert Versions(data).current() != before
