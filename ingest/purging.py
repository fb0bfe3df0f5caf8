"""Removes a withdrawn document from every version, and shows that no file under the data folder holds its words."""

from __future__ import annotations

import json
import mmap
import shutil
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path

from ingest.building import storage_told
from ingest.domain import Document
from ingest.durable import folder_size
from ingest.errors import CorpusError, VersionError
from ingest.hnsw_files import clear_unused
from ingest.lexicon import Lexicon
from ingest.manifest import Manifest
from ingest.progress import Progress, Silent
from ingest.sentence_vectors import carry_vectors
from ingest.settings import Settings
from ingest.shelf import Shelf
from ingest.vectors import copy_store, take_name
from ingest.versions import Versions, checksums

_PIECE, _STEP = 32, 16
"""Characters of the pieces that are searched for, and from one piece to the next: what is left of a sentence in some
file may be cut anywhere, such as at the edge of a database's page."""


@dataclass(frozen=True)
class Purge:
    """What was done. `found` names the files that still hold words of the document: none, if all went well."""

    document: str
    versions: tuple[str, ...]
    sentences: int
    files_searched: int
    found: tuple[str, ...]


def purge(settings: Settings, document: str, progress: Progress | None = None) -> Purge:
    """Rewrite, from stored vectors, every version that holds the document; names and the current version stay.

    Call it with the writer's lock held. Raises CorpusError where the document's file still lies in the corpus folder
    (the next ingest would bring it back), VersionError where no version holds it, StorageError.
    """
    versions, progress = Versions(settings.data), progress or Silent()
    versions.sweep()
    versions.drop_waiting()
    held = [(manifest, kept) for manifest in versions.all() if (kept := _document(versions, manifest, document))]
    if not held:
        raise VersionError(f"No version holds a document '{document}'. `cupwise status` lists them.")
    _refuse_present(settings.corpus, [kept for _, kept in held])
    progress.stage("Purging", len(held), "versions")
    with storage_told(settings.data):
        for manifest, _ in held:
            _rewrite(settings, versions, manifest, document)
            progress.advance()
        shutil.rmtree(settings.data / "embedded", ignore_errors=True)
        clear_unused(versions.root)
    current = versions.current()
    if current:
        versions.publish(current)  # readers open it anew
    pieces = _pieces(versions, [kept for _, kept in held])
    files = [path for path in sorted(settings.data.rglob("*")) if path.is_file()]
    progress.stage("Searching", len(files), "files")
    found = [str(path.relative_to(settings.data)) for path in files if _holds(path, pieces, progress)]
    progress.done()
    sentences = len({text for _, kept in held for text in _sentences(kept)})
    return Purge(document, tuple(m.version for m, _ in held), sentences, len(files), tuple(found))


def _document(versions: Versions, manifest: Manifest, identifier: str) -> Document | None:
    shelf = Shelf.open(versions.folder(manifest.version) / "shelf.sqlite")
    try:
        return shelf.document(identifier) if identifier in manifest.document_hashes else None
    finally:
        shelf.close()


def _refuse_present(corpus: Path, held: Iterable[Document]) -> None:
    for document in held:
        file = corpus / document.path
        if file.is_file():
            raise CorpusError(f"{file} still lies in the corpus folder. Remove it first, then purge '{document.id}'.")


def _rewrite(settings: Settings, versions: Versions, manifest: Manifest, document: str) -> None:
    old = versions.folder(manifest.version)
    folder = versions.begin(f"purge-{manifest.version}")
    shutil.copyfile(old / "shelf.sqlite", folder / "shelf.sqlite")
    shelf = Shelf.open(folder / "shelf.sqlite", writable=True)
    gone = set(shelf.passage_ids(document))
    shelf.remove([document])
    shelf.commit()
    shelf.compact()
    revision, url = manifest.revision + 1, settings.chroma_url
    names = (manifest.version, f"{manifest.version}-purged")
    copy_store(old, folder / f"chroma-{revision}", gone, url, names).close()
    Lexicon.of(shelf.all_passages()).save(folder / "lexical")
    carry_vectors(shelf.documents, folder, old)
    documents, passages = shelf.counts()
    hashes = dict(shelf.hashes().values())
    shelf.close()
    clear_unused(folder)
    replace(
        manifest,
        documents=documents,
        passages=passages,
        document_hashes=hashes,
        size=folder_size(folder),
        deleted_since_rebuild=0,
        checksums=checksums(folder),
        revision=revision,
    ).save(folder)
    versions.replace(manifest.version, folder)
    if url:
        take_name(url, *names)


def _sentences(document: Document) -> Iterator[str]:
    """Everything the document says, sentence by sentence, headings and their other wordings too."""
    yield from filter(None, (document.title, document.summary))
    for section in document.sections:
        yield from (section.heading, *section.also_asked)
        yield from (document.text[sentence.start : sentence.end] for sentence in section.sentences)


def _pieces(versions: Versions, held: Iterable[Document]) -> set[bytes]:
    """Pieces of the document's sentences that no remaining document holds, as files may spell them."""
    pieces: set[str] = set()
    for document in held:
        for text in _sentences(document):
            pieces.update(text[first : first + _PIECE] for first in range(0, max(1, len(text) - _PIECE + 1), _STEP))
    for manifest in versions.all():
        shelf = Shelf.open(versions.folder(manifest.version) / "shelf.sqlite")
        for other in shelf.documents():
            asked = (wording for section in other.sections for wording in section.also_asked)
            whole = "\n".join((other.title, other.summary, other.text, *asked))
            pieces = {piece for piece in pieces if piece not in whole}
        shelf.close()
    return {form for piece in pieces for form in (piece.encode(), json.dumps(piece)[1:-1].encode())}


def _holds(path: Path, pieces: set[bytes], progress: Progress) -> bool:
    progress.advance()
    if path.stat().st_size == 0:
        return False
    with path.open("rb") as file, mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as data:
        return any(data.find(piece) >= 0 for piece in pieces)
