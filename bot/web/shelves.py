"""Opens the version that a link names, and gives the paragraph around a citation."""

from __future__ import annotations

import time
from collections import OrderedDict
from dataclasses import dataclass
from pathlib import Path
from threading import Lock

from bot.domain import Citation
from bot.web.paragraphs import Excerpt, excerpt
from ingest.domain import Document
from ingest.errors import VersionError
from ingest.manifest import Manifest
from ingest.shelf import Shelf
from ingest.versions import Versions

_OPEN_VERSIONS = 4
_DOCUMENTS = 256
_LOOK_AGAIN_S = 0.2
"""An answer has several citations; the file is not looked at for each."""


@dataclass(frozen=True)
class Edition:
    """One file of documents, as it stood when it was opened."""

    version: str
    file: Path
    inode: int
    changed_ns: int


class Shelves:
    """Documents of any kept version, by id, read from the version's own file; no model is loaded for it."""

    def __init__(self, versions: Versions) -> None:
        self.versions = versions
        self._open: OrderedDict[Edition, Shelf] = OrderedDict()
        self._documents: OrderedDict[tuple[Edition, str], Document] = OrderedDict()
        self._looked: dict[str, tuple[float, Edition]] = {}
        self._lock = Lock()

    def current(self) -> str:
        """The published version. Raises VersionError where there is none."""
        version = self.versions.current()
        if version is None:
            raise VersionError("There is no index yet. Run `cupwise ingest` to build it.")
        return version

    def manifest(self, version: str) -> Manifest:
        """How a version was made."""
        return Manifest.load(self.versions.folder(version))

    def document(self, identifier: str, version: str) -> Document:
        """A document of a version. Raises VersionError where either is unknown."""
        with self._lock:
            edition = self._edition(version)
            key = (edition, identifier)
            if key in self._documents:
                self._documents.move_to_end(key)
                return self._documents[key]
            document = self._shelf(edition).document(identifier)
            self._documents[key] = document
            while len(self._documents) > _DOCUMENTS:
                self._documents.popitem(last=False)
            return document

    def documents(self, version: str) -> list[Document]:
        """All documents of a version, sorted by id."""
        with self._lock:
            identifiers = self._shelf(self._edition(version)).document_ids()
        return [self.document(identifier, version) for identifier in identifiers]

    def excerpt(self, citation: Citation, version: str) -> Excerpt:
        """The paragraph around a citation; the quotation alone where its version is no longer kept."""
        try:
            document = self.document(citation.document, version)
        except VersionError:
            return Excerpt("", citation.quote, "")
        found = excerpt(document, citation.start, citation.end)
        return found if found.quote == citation.quote else Excerpt("", citation.quote, "")

    def _edition(self, version: str) -> Edition:
        """The version's file as it is now: a purge of a document puts another file in its place."""
        now = time.monotonic()
        seen, edition = self._looked.get(version, (-_LOOK_AGAIN_S, None))
        if edition is not None and now - seen < _LOOK_AGAIN_S:
            return edition
        file = self.versions.folder(version) / "shelf.sqlite"
        try:
            status = file.stat()
        except FileNotFoundError as error:
            raise VersionError(f"The documents of version '{version}' are missing.") from error
        edition = Edition(version, file, status.st_ino, status.st_mtime_ns)
        self._looked = {version: (now, edition)}
        return edition

    def _shelf(self, edition: Edition) -> Shelf:
        if edition in self._open:
            self._open.move_to_end(edition)
            return self._open[edition]
        self._forget_earlier(edition.version)
        shelf = Shelf.open(edition.file)
        self._open[edition] = shelf
        while len(self._open) > _OPEN_VERSIONS:
            self._open.popitem(last=False)[1].close()
        return shelf

    def _forget_earlier(self, version: str) -> None:
        for edition in [edition for edition in self._open if edition.version == version]:
            self._open.pop(edition).close()
        for key in [key for key in self._documents if key[0].version == version]:
            del self._documents[key]
