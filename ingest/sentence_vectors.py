"""Stored vectors of single sentences, so that an answer chooses among them without embedding anything."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path
from typing import Protocol

import numpy as np

from ingest.domain import Document
from ingest.errors import VersionError

_KEYS, _VECTORS = "keys.npy", "vectors.npy"
SENTENCES, WORDINGS = "sentences", "also_asked"
"""Folders of a version; the second is missing where no document has other wordings."""


class Embeds(Protocol):
    """What turns texts into unit vectors of one length (ingest.embedder.Embedder)."""

    @property
    def dimension(self) -> int:
        """Length of a vector."""

    def embed(self, texts: Sequence[str]) -> np.ndarray:
        """Vectors of shape (n, dimension), float32."""


class SentenceVectors:
    """Vectors by the words of a sentence.

    keys: uint64, sorted, the first 8 bytes of the SHA-256 of each text. vectors: float16, unit length, same order.
    """

    def __init__(self, keys: np.ndarray, vectors: np.ndarray) -> None:
        self._keys, self._vectors = keys, vectors

    @classmethod
    def build(cls, texts: Iterable[str], embedder: Embeds, base: SentenceVectors | None = None) -> SentenceVectors:
        """Vectors of all the texts; those that `base` holds are taken over, and only the rest is embedded."""
        by_key = {_key(text): text for text in texts}
        keys = np.array(sorted(by_key), dtype=np.uint64)
        places, known = base._find(keys) if base is not None else (keys, np.zeros(len(keys), dtype=bool))
        fresh = [by_key[int(key)] for key in keys[~known]]
        dimension = base.dimension if base is not None and not fresh else embedder.dimension
        vectors = np.empty((len(keys), dimension), dtype=np.float16)
        if base is not None and known.any():
            vectors[known] = base._vectors[places[known]]
        if fresh:
            vectors[~known] = embedder.embed(fresh)
        return cls(keys, vectors)

    def only(self, texts: Iterable[str]) -> SentenceVectors:
        """Those of the texts that are stored; embeds nothing."""
        keys = np.array(sorted({_key(text) for text in texts}), dtype=np.uint64)
        places, known = self._find(keys)
        return SentenceVectors(keys[known], np.asarray(self._vectors[places[known]]))

    def save(self, folder: Path) -> None:
        """Write the two arrays to a folder of their own."""
        folder.mkdir(parents=True, exist_ok=True)
        np.save(folder / _KEYS, self._keys)
        np.save(folder / _VECTORS, self._vectors)

    @classmethod
    def open(cls, folder: Path) -> SentenceVectors:
        """Map saved arrays into memory. Raises VersionError where they can't be read or do not fit each other."""
        try:
            keys = np.load(folder / _KEYS, mmap_mode="r", allow_pickle=False)
            vectors = np.load(folder / _VECTORS, mmap_mode="r", allow_pickle=False)
        except (OSError, ValueError) as error:
            raise VersionError(f"The sentence vectors at {folder} can't be read ({error}).") from error
        if keys.ndim != 1 or vectors.ndim != 2 or len(keys) != len(vectors):
            raise VersionError(f"The sentence vectors at {folder} do not fit each other.")
        return cls(keys, vectors)

    def lookup(self, texts: Sequence[str]) -> np.ndarray:
        """Vectors of sentences, shape (n, dimension), float32, renormalised; a row of NaN for one not stored."""
        found = np.full((len(texts), self.dimension), np.nan, dtype=np.float32)
        places, known = self._find(np.array([_key(text) for text in texts], dtype=np.uint64))
        rows = self._vectors[places[known]].astype(np.float32)
        found[known] = rows / np.maximum(np.linalg.norm(rows, axis=1, keepdims=True), 1e-12)
        return found

    @property
    def dimension(self) -> int:
        """Length of a vector."""
        return int(self._vectors.shape[1])

    def mean(self) -> np.ndarray:
        """Mean of all vectors, shape (dimension,), float32; zero where there are none."""
        if not len(self._keys):
            return np.zeros(self.dimension, dtype=np.float32)
        return np.asarray(self._vectors.mean(axis=0, dtype=np.float32))

    def __len__(self) -> int:
        return len(self._keys)

    def _find(self, keys: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """The place of each key, and whether it is there at all."""
        places = np.searchsorted(self._keys, keys)
        known = places < len(self._keys)
        known[known] = self._keys[places[known]] == keys[known]
        return places, known


def write_vectors(
    documents: Callable[[], Iterable[Document]], folder: Path, embedder: Embeds, base: Path | None
) -> None:
    """Write the vectors of sentences and of wordings into a version's folder; `base`: one to take vectors over from."""
    for name, texts in _KINDS.items():
        known = SentenceVectors.open(base / name) if base and (base / name).is_dir() else None
        found = list(texts(documents()))
        if found or name == SENTENCES:
            SentenceVectors.build(found, embedder, known).save(folder / name)


def carry_vectors(documents: Callable[[], Iterable[Document]], folder: Path, base: Path) -> None:
    """Take over from `base` the vectors of what these documents say; embeds nothing."""
    for name, texts in _KINDS.items():
        if (base / name).is_dir():
            SentenceVectors.open(base / name).only(texts(documents())).save(folder / name)


def curated_sentences(documents: Iterable[Document]) -> Iterable[str]:
    """Every sentence and every heading of the documents that a curator has put front matter on."""
    for document in documents:
        if document.kind == "unreviewed":
            continue
        for section in document.sections:
            yield section.heading
            for sentence in section.sentences:
                yield document.text[sentence.start : sentence.end]


def wordings(documents: Iterable[Document]) -> Iterable[str]:
    """Every other wording of what a section answers."""
    for document in documents:
        for section in document.sections:
            yield from section.also_asked


_KINDS: Mapping[str, Callable[[Iterable[Document]], Iterable[str]]] = {
    SENTENCES: curated_sentences,
    WORDINGS: wordings,
}


def _key(text: str) -> int:
    return int.from_bytes(hashlib.sha256(text.encode()).digest()[:8], "little")
