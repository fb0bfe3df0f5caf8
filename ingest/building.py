"""Builds the next version of the index beside the current one. Publishing it is a separate step."""

from __future__ import annotations

import hashlib
import shutil
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

import numpy as np

from ingest.changes import Changes, corpus_files, find_changes, named_files
from ingest.domain import Passage
from ingest.embedder import Embedder
from ingest.errors import VersionError
from ingest.frontmatter import load_register
from ingest.lexicon import Lexicon
from ingest.progress import Progress, Silent
from ingest.reading import READER_VERSION
from ingest.sentence_vectors import SentenceVectors, curated_sentences
from ingest.settings import Settings
from ingest.shelf import Shelf
from ingest.splitter import split_document
from ingest.vectors import VectorStore
from ingest.versions import Manifest, Versions, folder_size

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


def build(
    settings: Settings,
    embedder: Embedder,
    paths: Sequence[Path] = (),
    progress: Progress | None = None,
    versions: Versions | None = None,
) -> Build:
    """Build what the corpus folder (or, with `paths`, the current version plus those files) asks for.

    Call it with the writer's lock held. Raises CorpusError, ModelError or VersionError; a document that
    can't be read is reported in `changes.failures` and the rest goes on.
    """
    versions = versions or Versions(settings.data)
    swept = tuple(versions.sweep())
    base = _base(versions)
    because = _rebuild_reason(base, settings, embedder)
    files = (
        named_files(settings.corpus, paths)
        if paths
        else {str(file.relative_to(settings.corpus)): file for file in corpus_files(settings.corpus)}
    )
    known = _known(versions, base, because)
    changes = find_changes(files, known, load_register(settings.corpus), whole=not paths)
    if base and changes.empty and not because:
        return Build(None, changes, passages_unchanged=base.passages, swept=swept)
    writer = _Writer(settings, embedder, versions, base, because, changes, progress or Silent())
    return writer.write(swept)


def discard(versions: Versions, version: str) -> None:
    """Remove a version that was built but is not wanted. The current one can't be removed."""
    if version == versions.current():
        raise VersionError(f"Version '{version}' is the current one; publish another first.")
    shutil.rmtree(versions.folder(version))


class _Writer:
    """The steps of one build; each method is one."""

    def __init__(
        self,
        settings: Settings,
        embedder: Embedder,
        versions: Versions,
        base: Manifest | None,
        because: str,
        changes: Changes,
        progress: Progress,
    ) -> None:
        self._settings, self._embedder, self._versions = settings, embedder, versions
        self._base, self._because, self._changes, self._progress = base, because, changes, progress
        self._name = _new_name(changes, base)
        self._folder = versions.begin(self._name)

    def write(self, swept: tuple[str, ...]) -> Build:
        """All steps, in order."""
        passages = self._split()
        old = self._old_passages()
        shelf = self._write_shelf(passages)
        new = [p for group in passages.values() for p in group if p.id not in old.unchanged]
        gone = sorted(old.replaced - {p.id for group in passages.values() for p in group})
        store = self._open_store(gone)
        embedded = self._insert(store, new, old.vector_source)
        self._check(shelf, store)
        self._write_lexicon(shelf)
        self._write_sentences(shelf)
        documents, count = shelf.counts()
        hashes = dict(shelf.hashes().values())
        shelf.close()
        store.close()
        self._write_manifest(documents, count, hashes, len(gone))
        self._versions.finish(self._folder, self._name)
        self._progress.done()
        unchanged = count - len(new)
        return Build(self._name, self._changes, len(new), len(gone), unchanged, embedded, self._because, swept)

    def _split(self) -> dict[str, list[Passage]]:
        documents = self._changes.added + self._changes.changed
        self._progress.stage("Splitting", len(documents), "documents")
        passages = {}
        for document in documents:
            passages[document.id] = split_document(document, self._settings.passage_words)
            self._progress.advance()
        return passages

    def _old_passages(self) -> _Old:
        if self._base is None:
            return _Old(set(), set(), {})
        shelf = Shelf.open(self._versions.folder(self._base.version) / "shelf.sqlite")
        every = set(shelf.passage_ids())
        touched = [d.id for d in self._changes.changed] + list(self._changes.removed)
        replaced = {identifier for document in touched for identifier in shelf.passage_ids(document)}
        shelf.close()
        same_model = self._base.embedding == self._embedder.fingerprint
        source = {_digest(identifier): identifier for identifier in every} if same_model else {}
        if self._because:
            return _Old(set(), set(), source)
        return _Old(every, replaced, source)

    def _write_shelf(self, passages: dict[str, list[Passage]]) -> Shelf:
        file = self._folder / "shelf.sqlite"
        if self._base and not self._because:
            shutil.copyfile(self._versions.folder(self._base.version) / "shelf.sqlite", file)
            shelf = Shelf.open(file, writable=True)
        else:
            shelf = Shelf.create(file)
        shelf.remove(self._changes.removed)
        for document in self._changes.added + self._changes.changed:
            shelf.put(document, passages[document.id])
        shelf.commit()
        return shelf

    def _open_store(self, gone: list[str]) -> VectorStore:
        folder, url = self._folder / "chroma", self._settings.chroma_url
        if self._base is None or self._because:
            return VectorStore.create(folder, url, self._name)
        base_folder = self._versions.folder(self._base.version) / "chroma"
        deleted = self._base.deleted_since_rebuild + len(gone)
        if url or deleted > MOST_DELETED * max(1, self._base.passages):
            self._rebuilt = True
            return self._copy_vectors(base_folder, folder, set(gone))
        shutil.copytree(base_folder, folder)
        store = VectorStore.open(folder)
        store.delete(gone)
        return store

    def _copy_vectors(self, base_folder: Path, folder: Path, gone: set[str]) -> VectorStore:
        assert self._base is not None
        old = VectorStore.open(base_folder, self._settings.chroma_url, self._base.version)
        new = VectorStore.create(folder, self._settings.chroma_url, self._name)
        shelf = Shelf.open(self._versions.folder(self._base.version) / "shelf.sqlite")
        for identifiers, vectors in old.pages():
            kept = [i for i, identifier in enumerate(identifiers) if identifier not in gone]
            new.add(shelf.passages([identifiers[i] for i in kept]), vectors[kept])
        shelf.close()
        old.close()
        return new

    _rebuilt = False

    def _insert(self, store: VectorStore, new: list[Passage], source: dict[str, str]) -> int:
        """Insert new passages; those whose words were embedded before bring their vector along."""
        known = self._stored_vectors([source[_digest(p.id)] for p in new if _digest(p.id) in source])
        fresh = [p for p in new if source.get(_digest(p.id)) not in known]
        moved = [p for p in new if source.get(_digest(p.id)) in known]
        if moved:
            store.add(moved, np.stack([known[source[_digest(p.id)]] for p in moved]))
        self._progress.stage("Embedding", len(fresh), "passages")
        block = 2048
        ordered = sorted(fresh, key=lambda passage: len(passage.text))
        for first in range(0, len(ordered), block):
            part = ordered[first : first + block]
            store.add(part, self._embedder.embed([p.indexed_text for p in part], self._progress.advance))
        return len(fresh)

    def _stored_vectors(self, identifiers: list[str]) -> dict[str, np.ndarray]:
        if not identifiers or self._base is None:
            return {}
        folder = self._versions.folder(self._base.version) / "chroma"
        store = VectorStore.open(folder, self._settings.chroma_url, self._base.version)
        found = store.vectors_of(identifiers)
        store.close()
        return found

    def _write_lexicon(self, shelf: Shelf) -> None:
        passages = list(shelf.all_passages())
        Lexicon.build([p.id for p in passages], [p.indexed_text for p in passages]).save(self._folder / "lexical")

    def _write_sentences(self, shelf: Shelf) -> None:
        base = None
        if self._base and self._base.embedding == self._embedder.fingerprint:
            folder = self._versions.folder(self._base.version) / "sentences"
            base = SentenceVectors.open(folder) if folder.is_dir() else None
        vectors = SentenceVectors.build(curated_sentences(shelf.documents()), self._embedder, base)
        vectors.save(self._folder / "sentences")

    def _check(self, shelf: Shelf, store: VectorStore) -> None:
        """Refuse to finish a version whose parts do not agree."""
        on_shelf, in_store = shelf.counts()[1], store.count()
        if on_shelf != in_store:
            raise VersionError(
                f"The new version does not add up ({on_shelf} passages, {in_store} vectors), so it was not "
                "published. Run `cupwise ingest` again; the current version is untouched."
            )

    def _write_manifest(self, documents: int, passages: int, hashes: dict[str, str], gone: int) -> None:
        fresh = self._base is None or bool(self._because) or self._rebuilt
        before = self._base.deleted_since_rebuild if self._base else 0
        Manifest(
            version=self._name,
            built_at=datetime.now(UTC).isoformat(timespec="seconds"),
            reason=_describe(self._changes, self._because, self._base),
            embedding=self._embedder.fingerprint,
            passage_words=self._settings.passage_words,
            reader=READER_VERSION,
            documents=documents,
            passages=passages,
            document_hashes=hashes,
            size=folder_size(self._folder),
            deleted_since_rebuild=0 if fresh else before + gone,
        ).save(self._folder)


@dataclass(frozen=True)
class _Old:
    """Passages of the base version: those that may stay, those of touched documents, and vectors by words."""

    unchanged: set[str]
    replaced: set[str]
    vector_source: dict[str, str]


def _base(versions: Versions) -> Manifest | None:
    current = versions.current()
    return Manifest.load(versions.folder(current)) if current else None


def _known(versions: Versions, base: Manifest | None, because: str) -> dict[str, tuple[str, str]]:
    if base is None or because:
        return {}
    shelf = Shelf.open(versions.folder(base.version) / "shelf.sqlite")
    known = shelf.hashes()
    shelf.close()
    return known


def _rebuild_reason(base: Manifest | None, settings: Settings, embedder: Embedder) -> str:
    if base is None:
        return ""
    if base.embedding != embedder.fingerprint:
        return f"the embedding model changed from {base.embedding} to {embedder.fingerprint}"
    if base.passage_words != settings.passage_words:
        return f"the passage size changed from {base.passage_words} to {settings.passage_words} words"
    if base.reader != READER_VERSION:
        return "documents are read in a new way since the last version"
    return ""


def _describe(changes: Changes, because: str, base: Manifest | None) -> str:
    if base is None:
        return "first build"
    if because:
        return f"rebuilt: {because}"
    counts = (
        ("added", len(changes.added)),
        ("changed", len(changes.changed)),
        ("removed", len(changes.removed)),
    )
    return ", ".join(f"{count} {name}" for name, count in counts if count)


def _new_name(changes: Changes, base: Manifest | None) -> str:
    content = "".join(d.id + d.content_hash for d in changes.added + changes.changed) + "".join(changes.removed)
    digest = hashlib.sha256(f"{base.version if base else ''}{content}".encode()).hexdigest()[:6]
    stamp = datetime.now(UTC).strftime("%Y%m%d-%H%M%S-%f")[:-3]
    return f"{stamp}-{digest}"


def _digest(passage_id: str) -> str:
    return passage_id.rsplit(":", 1)[-1].split(".")[0]
