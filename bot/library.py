"""The index as the reading side sees it: one open version, and a shelf that follows what is published."""

from __future__ import annotations

import logging
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from threading import Lock

import numpy as np

from bot.also_asked import AlsoAsked, Section
from bot.errors import NoIndexError
from bot.metric import learned_map
from ingest.domain import Document
from ingest.embedder import Embedder
from ingest.errors import ModelMismatchError, VersionError
from ingest.lexicon import Lexicon, words
from ingest.manifest import Manifest
from ingest.sentence_vectors import SENTENCES, WORDINGS, SentenceVectors
from ingest.shelf import Shelf
from ingest.vectors import VectorStore
from ingest.versions import Versions

_log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Library:
    """One version of the index, open for reading. It never changes under a question in flight."""

    manifest: Manifest
    shelf: Shelf
    vectors: VectorStore
    lexicon: Lexicon
    sentences: SentenceVectors
    wordings: SentenceVectors | None = None

    @property
    def version(self) -> str:
        """Name of the version."""
        return self.manifest.version

    @cached_property
    def titles(self) -> dict[str, str]:
        """Title of each document by id."""
        return self.shelf.titles()

    @cached_property
    def centre(self) -> np.ndarray:
        """Mean of all stored sentence vectors, shape (dimension,): what the library's sentences have in common."""
        return self.sentences.mean()

    @cached_property
    def also_asked(self) -> AlsoAsked:
        """Other wordings of what its sections answer, and their headings; none where no curator noted any."""
        sections, vectors = self.wording_vectors()
        passages = self.shelf.passages_by_section(sorted(set(sections)))
        return AlsoAsked.of(sections, vectors, self.centre, passages, learned_map(self.manifest.embedding))

    def wording_vectors(self) -> tuple[list[Section], np.ndarray]:
        """The section and the stored unit vector, (n, dimension), of each wording and heading; sections together."""
        asked = self.shelf.also_asked() if self.wordings is not None else []
        if self.wordings is None or not asked:
            return [], np.empty((0, self.sentences.dimension), dtype=np.float32)
        headed = self.shelf.sections()
        vectors = np.vstack([self.wordings.lookup([wording for *_, wording in asked]),
                             self.sentences.lookup([heading for _, heading in headed])])  # fmt: skip
        sections = [*((document, heading) for document, heading, _ in asked), *headed]
        stored = np.isfinite(vectors).all(axis=1).nonzero()[0].tolist()
        order = sorted(stored, key=lambda i: sections[i])
        return [sections[i] for i in order], vectors[order]

    @cached_property
    def vocabulary(self) -> frozenset[str]:
        """Every lower-case word of the documents, without stop words."""
        return frozenset(word for passage in self.shelf.all_passages() for word in words(passage.indexed_text))

    @cached_property
    def vocabulary_by_letter(self) -> dict[str, tuple[str, ...]]:
        """The vocabulary by first letter, sorted."""
        by_letter: dict[str, list[str]] = {}
        for word in sorted(self.vocabulary):
            by_letter.setdefault(word[0], []).append(word)
        return {letter: tuple(found) for letter, found in by_letter.items()}

    @cached_property
    def _documents(self) -> dict[str, Document]:
        return {}

    def document(self, identifier: str) -> Document:
        """A document by id, read once. Raises VersionError where there is none."""
        if identifier not in self._documents:
            if len(self._documents) > 500:
                self._documents.clear()
            self._documents[identifier] = self.shelf.document(identifier)
        return self._documents[identifier]

    def sentence_vectors(self, texts: list[str]) -> np.ndarray:
        """Stored unit vectors of sentences, shape (n, dimension); rows of NaN where none is stored."""
        return self.sentences.lookup(texts)


def open_library(folder: Path, embedder: Embedder, chroma_url: str = "") -> Library:
    """Open one version. Raises ModelMismatchError, or VersionError where it is damaged."""
    manifest = Manifest.load(folder)
    if manifest.embedding != embedder.fingerprint:
        raise ModelMismatchError(
            f"The index was built with the embedding model {manifest.embedding}, but {embedder.fingerprint} is set. "
            "Run `cupwise ingest` to rebuild it, or set CUPWISE_EMBEDDING_MODEL back."
        )
    vectors = VectorStore.open(folder / "chroma", chroma_url, manifest.version)
    vectors.check(manifest.passages)
    return Library(
        manifest,
        Shelf.open(folder / "shelf.sqlite"),
        vectors,
        Lexicon.open(folder / "lexical"),
        SentenceVectors.open(folder / SENTENCES),
        SentenceVectors.open(folder / WORDINGS) if (folder / WORDINGS).is_dir() else None,
    )


class Bookcase:
    """Hands out the current version, and opens a new one when another process has published it."""

    def __init__(self, versions: Versions, embedder: Embedder, chroma_url: str = "") -> None:
        self._versions, self._embedder, self._url = versions, embedder, chroma_url
        self._lock = Lock()
        self._stamp: tuple[int, int] | None = None
        self._library: Library | None = None

    def current(self) -> Library:
        """The published version. A damaged one is reported, and the newest sound one is served instead.

        Raises NoIndexError before the first ingest.
        """
        stamp = self._versions.stamp()
        if stamp is None:
            raise NoIndexError("There is no index yet. Run `cupwise ingest` to build it.")
        with self._lock:
            if self._library is None or stamp != self._stamp:
                self._library = self._open_soundest()
                self._stamp = stamp
            return self._library

    def at(self, version: str) -> Library:
        """A version by name, published or not. Raises VersionError where its files are not those that were built."""
        self._versions.verify(version)
        return open_library(self._versions.folder(version), self._embedder, self._url)

    def _open_soundest(self) -> Library:
        current = self._versions.current()
        assert current is not None
        if self._library is not None and self._library.version == current:
            return self._library
        try:
            return self.at(current)
        except ModelMismatchError:
            raise
        except VersionError as error:
            damage = error
        for manifest in self._versions.all():
            if manifest.version >= current:
                continue
            try:
                library = self.at(manifest.version)
            except VersionError:
                continue  # damaged too; try the one before
            _log.error("%s Serving version %s meanwhile.", damage, library.version)
            return library
        raise damage


class FixedBookcase(Bookcase):
    """A bookcase of one version, for a preview or an old permalink."""

    def __init__(self, library: Library) -> None:
        self._only = library

    def current(self) -> Library:
        """Always the same version."""
        return self._only
