"""Builds the next version of the index beside the current one. Publishing it is a separate step."""

from __future__ import annotations

import errno
import shutil
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

import numpy as np

from ingest.changes import Changes
from ingest.domain import Document
from ingest.embedded import EmbeddedVectors
from ingest.embedder import Embedder
from ingest.errors import StorageError, VersionError
from ingest.hnsw_files import clear_unused
from ingest.insertion import digest, insert_fresh, insert_known
from ingest.lexicon import Lexicon
from ingest.plan import Plan, make_plan
from ingest.progress import Progress, Silent
from ingest.reading import READER_VERSION
from ingest.sentence_vectors import SentenceVectors, curated_sentences
from ingest.settings import Settings
from ingest.shelf import Shelf
from ingest.splitter import split_document
from ingest.vectors import VectorStore, copy_store, drop_unknown
from ingest.versions import LAYOUT, Manifest, Versions, checksums, folder_size

MOST_DELETED = 0.2
"""Above this share of deleted vectors the store is rebuilt from stored ones: HNSW keeps what it deletes."""

LEAST_ROOM = 10_000_000
"""Bytes free below which a write of Chroma's that failed is taken to have failed for want of room."""


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


def build(
    settings: Settings,
    embedder: Embedder,
    paths: Sequence[Path] = (),
    progress: Progress | None = None,
    versions: Versions | None = None,
) -> Build:
    """Build what the corpus folder (or, with `paths`, the current version plus those files) asks for.

    Call it with the writer's lock held. Raises CorpusError, ModelError, VersionError or StorageError; a document that
    can't be read is reported in `changes.failures` and the rest goes on. Whatever stops it, the current version stays.
    """
    versions, progress = versions or Versions(settings.data), progress or Silent()
    swept = tuple(versions.sweep())
    versions.drop_waiting()
    if settings.chroma_url:
        drop_unknown(settings.chroma_url, versions.root, [manifest.version for manifest in versions.all()])
    plan = make_plan(settings, embedder.fingerprint, versions, paths, progress)
    if plan.nothing_to_do and plan.base:
        progress.done()
        return Build(None, plan.changes, passages_unchanged=plan.base.passages, swept=swept)
    writer = _Writer(settings, embedder, versions, plan, progress)
    with storage_told(settings.data):
        try:
            return writer.write(swept)
        except BaseException:
            writer.abandon()
            raise


def discard(versions: Versions, version: str) -> None:
    """Remove a version that was built but is not wanted. The current one can't be removed."""
    if version == versions.current():
        raise VersionError(f"Version '{version}' is the current one; publish another first.")
    shutil.rmtree(versions.folder(version))


@contextmanager
def storage_told(data: Path) -> Iterator[None]:
    """Turn what a full or read-only disk makes libraries raise into a StorageError."""
    try:
        yield
    except Exception as error:  # SQLite, Chroma and the system each have an error of their own for it
        told = str(error).lower()
        full = getattr(error, "errno", None) in (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)
        # Chroma does not say why it could not write down ("failed to apply logs"), so the room that is left is asked
        full = full or ("failed to apply logs" in told and shutil.disk_usage(data).free < LEAST_ROOM)
        if full or "full" in told or "no space" in told or "file too large" in told or "disk i/o" in told:
            raise StorageError(
                f"There is no room left for the index at {data}. Free some space and run `cupwise ingest` again; "
                "the current version is untouched, and what was embedded is not lost."
            ) from error
        if isinstance(error, PermissionError) or "readonly" in told:
            raise StorageError(f"The folder {data} can't be written ({error}). Check its permissions.") from error
        raise


class _Writer:
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
        self._write_sentences(shelf)
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

    def _write_sentences(self, shelf: Shelf) -> None:
        folder = self._base_folder / "sentences" if self._plan.reusable else None
        base = SentenceVectors.open(folder) if folder and folder.is_dir() else None
        vectors = SentenceVectors.build(curated_sentences(shelf.documents()), self._embedder, base)
        vectors.save(self._folder / "sentences")

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
