"""A corpus whose every document names its edition, `cupwise ingest` on it, and a reader that would see a mixture."""

from __future__ import annotations

import os
import re
import subprocess
import sys
import threading
from pathlib import Path

import numpy as np

from bot.library import Bookcase, Library
from ingest.building import build
from ingest.embedder import Embedder
from ingest.lexicon import stems
from ingest.publishing import publish
from ingest.settings import Settings
from ingest.versions import Versions

ROOT = Path(__file__).parents[2]
TOPICS = ("river", "lantern", "orchard", "harbour", "meadow", "quarry")
PASSAGE_WORDS, KEPT = 40, 3
_INGEST = "from bot.cli import main; main()"


def write_edition(corpus: Path, edition: int) -> None:
    """Write the whole corpus anew."""
    corpus.mkdir(parents=True, exist_ok=True)
    for topic in TOPICS:
        lines = [f"The {topic} is told of in edition {edition}, in line {line} of its page." for line in range(12)]
        (corpus / f"{topic}.md").write_text(f"# The {topic}\n\n" + "\n\n".join(lines) + "\n", encoding="utf-8")


def start_ingest(data: Path, corpus: Path, before: str = "") -> subprocess.Popen[str]:
    """`cupwise ingest` in a process of its own; `before`: Python statements that it runs first."""
    environment = {
        **os.environ,
        "PYTHONPATH": os.pathsep.join(filter(None, (str(ROOT), os.environ.get("PYTHONPATH")))),
        "CUPWISE_PASSAGE_WORDS": str(PASSAGE_WORDS),
        "CUPWISE_KEEP_VERSIONS": str(KEPT),
        "OMP_NUM_THREADS": "1",
    }
    command = [sys.executable, "-c", f"{before}\n{_INGEST}", "ingest", "--data", str(data), "--corpus", str(corpus)]
    return subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env=environment)


def run_ingest(data: Path, corpus: Path) -> None:
    """`cupwise ingest`, which must succeed."""
    with start_ingest(data, corpus) as process:
        told = process.communicate()
    assert process.returncode == 0, told


def ingest_here(data: Path, corpus: Path, embedder: Embedder) -> None:
    """What `cupwise ingest` does, in this process: seconds sooner, where the process is not what is tried."""
    settings = Settings(data=data, corpus=corpus, passage_words=PASSAGE_WORDS, keep_versions=KEPT)
    versions = Versions(data)
    with versions.writing():
        publish(versions, build(settings, embedder, versions=versions).version or "", settings.keep_versions)


class Reader(threading.Thread):
    """Asks without pause through bot.library, as the chat does. `faults`: what must not happen."""

    def __init__(self, data: Path, embedder: Embedder) -> None:
        super().__init__()
        self._bookcase = Bookcase(Versions(data), embedder)
        self._vector = embedder.embed_query("Where is the river told of?")
        self._stopping = threading.Event()
        self.asked = 0
        self.seen: set[str] = set()
        self.faults: list[str] = []

    def run(self) -> None:
        while not self._stopping.is_set():
            try:
                library = self._bookcase.current()
                self.seen.add(library.version)
                self._ask(library)
            except Exception as error:  # whatever it is, it is a fault that the test reports
                self.faults.append(repr(error))
            self.asked += 1

    def stop(self) -> None:
        """Let the question in flight end."""
        self._stopping.set()
        if self.is_alive():
            self.join()

    def _ask(self, library: Library) -> None:
        dense, lexical = search(library, self._vector, "the river in edition", 20)
        texts = [passage.text for passage in library.shelf.passages([*dense, *lexical])]
        texts += [library.shelf.document(topic).text for topic in TOPICS]
        editions = {found for text in texts for found in re.findall(r"edition (\d+)", text)}
        if len(texts) != len(dense) + len(lexical) + len(TOPICS) or len(editions) != 1:
            self.faults.append(f"{library.version}: {len(texts)} texts of editions {sorted(editions)}")


def search(library: Library, vector: np.ndarray, words: str, k: int) -> tuple[list[str], list[str]]:
    """The k best passages by vector and by words."""
    scores = library.lexicon.scores(stems(words))
    best = np.argsort(-scores, kind="stable")[:k]
    return [identifier for identifier, _ in library.vectors.nearest(vector, k)], [library.lexicon.ids[i] for i in best]
