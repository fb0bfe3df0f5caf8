"""Fills a store: vectors that are known are taken over, the rest is embedded while the block before is inserted."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor

import numpy as np

from ingest.domain import Passage
from ingest.embedded import EmbeddedVectors
from ingest.embedder import Embedder
from ingest.progress import Progress
from ingest.vectors import VectorStore

BLOCK = 1024
"""Passages embedded, written down and inserted together: large enough for Chroma, small enough to lose at a crash."""

Fetch = Callable[[Sequence[str]], list[Passage]]


def digest(passage_id: str) -> str:
    """The part of a passage's id that stands for the words that are embedded."""
    return passage_id.rsplit(":", 1)[-1].split(".")[0]


def insert_known(store: VectorStore, fetch: Fetch, vectors: dict[str, np.ndarray]) -> None:
    """Insert passages whose vector is known, by id."""
    for identifiers in _blocks(list(vectors), 5000):
        store.add(fetch(identifiers), np.stack([vectors[identifier] for identifier in identifiers]))


def insert_fresh(
    store: VectorStore,
    fetch: Fetch,
    identifiers: Sequence[str],
    embedder: Embedder,
    embedded: EmbeddedVectors,
    progress: Progress,
) -> None:
    """Embed and insert passages, given in the order of their length, the longest first."""
    progress.stage("Embedding", len(identifiers), "passages")
    with ThreadPoolExecutor(max_workers=1, thread_name_prefix="insertion") as pool:
        waiting: Future[None] | None = None
        for passages, vectors in _embedded(fetch, identifiers, embedder, progress):
            embedded.keep([digest(passage.id) for passage in passages], vectors)
            if waiting is not None:
                waiting.result()
            waiting = pool.submit(store.add, passages, vectors)
        if waiting is not None:
            waiting.result()


def _embedded(
    fetch: Fetch, identifiers: Sequence[str], embedder: Embedder, progress: Progress
) -> Iterator[tuple[list[Passage], np.ndarray]]:
    for block in _blocks(identifiers, BLOCK):
        passages = fetch(block)
        yield passages, embedder.embed([passage.indexed_text for passage in passages], progress.advance)


def _blocks(identifiers: Sequence[str], size: int) -> Iterator[Sequence[str]]:
    for first in range(0, len(identifiers), size):
        yield identifiers[first : first + size]
