"""Writes one version of the index, step by step, in a folder that nobody reads yet."""

from __future__ import annotations

import shutil
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

import numpy as np

from ingest.changes import Changes
from ingest.domain import Document
from ingest.durable import folder_size
from ingest.embedded import EmbeddedVectors
from ingest.embedder import Embedder
from ingest.errors import VersionError
from ingest.hnsw_files import clear_unused
from ingest.insertion import digest, insert_fresh, insert_known
from ingest.lexicon import Lexicon
from ingest.manifest import LAYOUT, Manifest
from ingest.plan import Plan
from ingest.progress import Progress
from ingest.reading import READER_VERSION
from ingest.sentence_vectors import write_vectors
from ingest.settings import Settings
from ingest.shelf import Shelf
from ingest.splitter import split_document
from ingest.vectors import VectorStore, copy_store
from ingest.versions import Versions, checksums

MOST_DELETED = 0.2
"""Above this share of deleted vectors the store is rebuilt from stored ones: HNSW keeps what it deletes."""


@dataclass(frozen=True)
class Build:
    """A finished build. `version` is None where nothing had changed, and nothing was built."""

    version: str | None
    changes: Changes
    passages_added: int = 0
    passages_removed: int = 0
    passages_unchanged: int = 0
    embedded: int = 0
    rebuilt_because: str = ""
    swept: tuple[str, ...] = field(default=())


class Writer:
    """The steps of one build; each method is one."""

    def __init__(
        self, settings: Settings, embedder: Embedder, versions: Versions, plan: Plan, progress: Progress
    ) -> None:
        self._settings, self._embedder, self._versions = settings, embedder, versions
        self._plan, self._progress = plan, progress
        self._name = plan.new_name()
        self._folder = versions.begin(self._name)
        self._embedded = EmbeddedVectors(settings.data / "embedded", embedder.fingerprint)
        self._rebuilt = not plan.copies_base
        self._open: list[Shelf | VectorStore] = []

    def write(self, swept: tuple[str, ...]) -> Build:
        """All steps, in order."""
        old = self._old_passages()
        shelf = self._open_shelf()
        put = self._put_documents(shelf)
        new = [identifier for identifier, _ in put if identifier not in old.kept]
        gone = sorted(old.replaced - {identifier for identifier, _ in put})
        store = self._open_store(gone)
        embedded = self._insert(store, shelf, new, old)
        self._check(shelf, store)
        self._write_lexicon(shelf)
        write_vectors(shelf.documents, self._folder, self._embedder, self._base_folder if self._plan.reusable else None)
        documents, count = shelf.counts()
        hashes = dict(shelf.hashes().values())
        self._close()
        clear_unused(self._folder)
        self._write_manifest(documents, count, hashes, len(gone))
        self._versions.finish(self._folder, self._name)
        self._embedded.clear()
        self._progress.done()
        because = self._plan.because
        return Build(self._name, self._plan.changes, len(new), len(gone), count - len(new), embedded, because, swept)

    def abandon(self) -> None:
        """Remove what is half done; vectors already computed stay for the next build."""
        self._close()
        shutil.rmtree(self._folder, ignore_errors=True)

    def _old_passages(self) -> _Old:
        base = self._plan.base
        if base is None:
            return _Old(frozenset(), frozenset(), {})
        shelf = Shelf.open(self._base_folder / "shelf.sqlite")
        every = frozenset(shelf.passage_ids())
        touched = [d.id for d in self._plan.changes.changed] + list(self._plan.changes.removed)
        replaced = frozenset(identifier for document in touched for identifier in shelf.passage_ids(document))
        shelf.close()
        source = {digest(identifier): identifier for identifier in every} if self._plan.reusable else {}
        return _Old(every, replaced, source) if self._plan.copies_base else _Old(frozenset(), frozenset(), source)

    def _open_shelf(self) -> Shelf:
        file = self._folder / "shelf.sqlite"
        if self._plan.copies_base:
            shutil.copyfile(self._base_folder / "shelf.sqlite", file)
            shelf = Shelf.open(file, writable=True)
        else:
            shelf = Shelf.create(file)
        self._open.append(shelf)
        return shelf

    def _put_documents(self, shelf: Shelf) -> list[tuple[str, int]]:
        """Put and remove documents; id and length of every passage of those put."""
        changes = self._plan.changes
        shelf.remove(changes.removed)
        carried = () if self._plan.copies_base else changes.unchanged
        self._progress.stage("Splitting", len(changes.added) + len(changes.changed) + len(carried), "documents")
        put = []
        for document in self._documents(carried):
            passages = split_document(document, self._settings.passage_words)
            shelf.put(document, passages)
            put += [(passage.id, len(passage.text)) for passage in passages]
            self._progress.advance()
        shelf.commit()
        return put

    def _documents(self, carried: Sequence[str]) -> Iterator[Document]:
        yield from self._plan.changes.added
        yield from self._plan.changes.changed
        if carried:  # a rebuild takes over, unread, what did not change, and what can't be read any more
            base = Shelf.open(self._base_folder / "shelf.sqlite")
            yield from (base.document(identifier) for identifier in carried)
            base.close()

    def _open_store(self, gone: list[str]) -> VectorStore:
        folder, url = self._folder / "chroma", self._settings.chroma_url
        base = self._plan.base
        if base is None or not self._plan.copies_base:
            store = VectorStore.create(folder, url, self._name)
        elif url or base.deleted_since_rebuild + len(gone) > MOST_DELETED * max(1, base.passages):
            self._rebuilt = True
            store = copy_store(self._base_folder, folder, set(gone), url, (base.version, self._name))
        else:
            store = VectorStore.copy(self._base_folder / "chroma", folder)
            store.delete(gone)
        self._open.append(store)
        return store

    def _insert(self, store: VectorStore, shelf: Shelf, new: list[str], old: _Old) -> int:
        """Insert new passages; those whose words were embedded before bring their vector along."""
        known = self._known_vectors(new, old)
        insert_known(store, shelf.passages, known)
        lengths = {passage.id: len(passage.text) for passage in shelf.passages([i for i in new if i not in known])}
        fresh = sorted(lengths, key=lambda identifier: -lengths[identifier])  # the time left is never told too short
        insert_fresh(store, shelf.passages, fresh, self._embedder, self._embedded, self._progress)
        return len(fresh)

    def _known_vectors(self, new: list[str], old: _Old) -> dict[str, np.ndarray]:
        """Vectors by passage id: of the same words in the base version, or left by a build that was stopped."""
        known = {i: self._embedded.found[digest(i)] for i in new if digest(i) in self._embedded.found}
        wanted = {i: old.sources[digest(i)] for i in new if digest(i) in old.sources and i not in known}
        if wanted and self._plan.base:
            base = VectorStore.open(self._base_folder / "chroma", self._settings.chroma_url, self._plan.base.version)
            stored = base.vectors_of(list(wanted.values()))
            base.close()
            known |= {i: stored[source] for i, source in wanted.items() if source in stored}
        return known

    def _check(self, shelf: Shelf, store: VectorStore) -> None:
        """Refuse to finish a version whose parts do not agree."""
        on_shelf, in_store = shelf.counts()[1], store.count()
        if on_shelf != in_store:
            raise VersionError(
                f"The new version does not add up ({on_shelf} passages, {in_store} vectors), so it was not "
                "published. Run `cupwise ingest` again; the current version is untouched."
            )

    def _write_lexicon(self, shelf: Shelf) -> None:
        Lexicon.of(shelf.all_passages()).save(self._folder / "lexical")

    def _write_manifest(self, documents: int, passages: int, hashes: dict[str, str], gone: int) -> None:
        base = self._plan.base
        before = base.deleted_since_rebuild if base else 0
        Manifest(
            version=self._name,
            built_at=datetime.now(UTC).isoformat(timespec="seconds"),
            reason=self._plan.reason(),
            embedding=self._embedder.fingerprint,
            passage_words=self._settings.passage_words,
            reader=READER_VERSION,
            documents=documents,
            passages=passages,
            document_hashes=hashes,
            size=folder_size(self._folder),
            deleted_since_rebuild=0 if self._rebuilt else before + gone,
            layout=LAYOUT,
            checksums=checksums(self._folder),
            base=self._versions.current() or "",
        ).save(self._folder)

    @property
    def _base_folder(self) -> Path:
        assert self._plan.base is not None
        return self._versions.folder(self._plan.base.version)

    def _close(self) -> None:
        while self._open:
            self._open.pop().close()


@dataclass(frozen=True)
class _Old:
    """Passages of the base version that may stay, those of touched documents, and passages by their words' digest."""

    kept: frozenset[str]
    replaced: frozenset[str]
    sources: dict[str, str]
