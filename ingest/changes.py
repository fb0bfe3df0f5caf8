"""What an ingest would change: the files that are there now, held against the documents of a version."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ingest.domain import Document
from ingest.errors import DocumentError
from ingest.limits import Limits
from ingest.reading import read_document
from ingest.scanning import Failure, corpus_files, named_files, printable

__all__ = ["Changes", "Failure", "corpus_files", "find_changes", "named_files"]


@dataclass(frozen=True)
class Changes:
    """Documents to put (read and ready), documents to remove, files that failed, and what stays.

    ignored: names of files in formats that are not read.
    """

    added: tuple[Document, ...]
    changed: tuple[Document, ...]
    removed: tuple[str, ...]
    unchanged: tuple[str, ...]
    failures: tuple[Failure, ...]
    ignored: tuple[str, ...] = ()

    @property
    def empty(self) -> bool:
        """Nothing to do."""
        return not (self.added or self.changed or self.removed)


def find_changes(
    files: Mapping[str, Path],
    known: Mapping[str, tuple[str, str]],
    register: Mapping[str, dict[str, Any]],
    whole: bool,
    limits: Limits | None = None,
    on_file: Callable[[int], None] = lambda _: None,
    refused: Sequence[Failure] = (),
) -> Changes:
    """Read every file whose bytes are new.

    files: name inside the corpus -> path. known: name -> (document id, hash of bytes) in the current version.
    whole: the files are the whole corpus, so that documents without a file are removed. on_file: told of each file.
    refused: files that were not even to be opened; what the version knows of them stays.
    """
    search = _Search(known, register, limits or Limits())
    search.refuse(refused)
    digests = search.digest(files)
    for name in (name for name in files if search.is_unchanged(name, digests.get(name))):
        search.keep(name)
        on_file(1)
    rest = [name for name in digests if name not in search.kept_names]
    for name in sorted(rest, key=lambda name: name not in known):  # a document that is known keeps its id
        search.read(name, files[name], digests[name])
        on_file(1)
    return search.result(whole)


class _Search:
    """What has been found so far."""

    def __init__(
        self, known: Mapping[str, tuple[str, str]], register: Mapping[str, dict[str, Any]], limits: Limits
    ) -> None:
        self._known, self._register, self._limits = known, register, limits
        self._old_ids = {identifier for identifier, _ in known.values()}
        self._added: list[Document] = []
        self._changed: list[Document] = []
        self._unchanged: dict[str, None] = {}
        self._failures: list[Failure] = []
        self._names_by_id: dict[str, str] = {}
        self._names_by_digest: dict[str, str] = {}
        self.kept_names: set[str] = set()

    def digest(self, files: Mapping[str, Path]) -> dict[str, str]:
        """Hash of each file's bytes; those too large or unreadable are reported instead."""
        digests = {}
        for name, path in files.items():
            try:
                self._limits.check_file(name, path.stat().st_size)
                with path.open("rb") as file:
                    digests[name] = hashlib.file_digest(file, "sha256").hexdigest()
            except DocumentError as error:
                self._fail(name, error.reason, error.mend)
            except OSError as error:
                self._fail(name, f"it can't be read ({error.strerror}).", "Check the file and its permissions.")
        return digests

    def refuse(self, failures: Sequence[Failure]) -> None:
        """Report files that may not be opened."""
        names = {printable(name): name for name in self._known}
        for failure in failures:
            self._fail(names.get(failure.path, failure.path), failure.reason, failure.mend)

    def is_unchanged(self, name: str, digest: str | None) -> bool:
        return name in self._known and self._known[name][1] == digest

    def keep(self, name: str) -> None:
        identifier, digest = self._known[name]
        self._names_by_id[identifier] = self._names_by_digest[digest] = name
        self._unchanged[identifier] = None
        self.kept_names.add(name)

    def read(self, name: str, path: Path, digest: str) -> None:
        """Read one file; a failure is reported, and what the version knows of the file stays."""
        try:
            if digest in self._names_by_digest:
                twin = self._names_by_digest[digest]
                raise DocumentError(name, f"it has the same content as {twin}.", "Remove one of the two.")
            document = read_document(path, name, self._register, self._limits)
            if document.id in self._names_by_id:
                twin = self._names_by_id[document.id]
                reason = f"its id '{document.id}' is that of {twin} too."
                raise DocumentError(name, reason, "Give one of the two another id (without front matter: rename it).")
        except DocumentError as error:
            self._fail(name, error.reason, error.mend)
            return
        self._names_by_id[document.id] = self._names_by_digest[digest] = name
        (self._changed if document.id in self._old_ids else self._added).append(document)

    def result(self, whole: bool) -> Changes:
        changed = {document.id for document in self._changed}
        unchanged = tuple(identifier for identifier in self._unchanged if identifier not in changed)
        removed = sorted(self._old_ids - set(unchanged) - changed) if whole else []
        failures = sorted(self._failures, key=lambda failure: failure.path)
        return Changes(tuple(self._added), tuple(self._changed), tuple(removed), unchanged, tuple(failures))

    def _fail(self, name: str, reason: str, mend: str) -> None:
        self._failures.append(Failure(printable(name), reason, mend))
        if name in self._known:
            self._unchanged[self._known[name][0]] = None
            self._names_by_id.setdefault(self._known[name][0], name)
