"""What an ingest would change: the files that are there now, held against the documents of a version."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ingest.domain import Document
from ingest.errors import CorpusError, DocumentError
from ingest.reading import SUFFIXES, read_document


@dataclass(frozen=True)
class Failure:
    """A file that was not taken in: which, why, and what mends it."""

    path: str
    reason: str
    mend: str


@dataclass(frozen=True)
class Changes:
    """Documents to put (read and ready), documents to remove, files that failed, and what stays."""

    added: tuple[Document, ...]
    changed: tuple[Document, ...]
    removed: tuple[str, ...]
    unchanged: tuple[str, ...]
    failures: tuple[Failure, ...]

    @property
    def empty(self) -> bool:
        """Nothing to do."""
        return not (self.added or self.changed or self.removed)


def corpus_files(corpus: Path) -> list[Path]:
    """The files of a corpus folder that ingest reads, sorted. Raises CorpusError where there is no folder."""
    if not corpus.is_dir():
        raise CorpusError(
            f"There is no corpus folder at {corpus}. Name it with --corpus DIR, or create it and put documents in it."
        )
    return sorted(
        file
        for file in corpus.rglob("*")
        if file.is_file()
        and file.suffix.lower() in SUFFIXES
        and not any(part.startswith(".") for part in file.relative_to(corpus).parts)
    )


def find_changes(
    files: Mapping[str, Path],
    known: Mapping[str, tuple[str, str]],
    register: Mapping[str, dict[str, Any]],
    whole: bool,
) -> Changes:
    """Read every file whose bytes are new.

    files: name inside the corpus -> path. known: name -> (document id, hash of bytes) in the current version.
    whole: the files are the whole corpus, so that documents without a file are removed.
    """
    added: list[Document] = []
    changed: list[Document] = []
    unchanged: list[str] = []
    failures: list[Failure] = []
    ids: dict[str, str] = {}
    old_ids = {identifier for identifier, _ in known.values()}
    for name, path in files.items():
        digest = hashlib.sha256(path.read_bytes()).hexdigest()
        if name in known and known[name][1] == digest:
            ids[known[name][0]] = name
            unchanged.append(known[name][0])
    for name, path in files.items():
        if name in known and known[name][0] in unchanged:
            continue
        try:
            document = read_document(path, name, register)
            if document.id in ids:
                mend = "Give one of the two another id."
                raise DocumentError(name, f"its id '{document.id}' is that of {ids[document.id]} too.", mend)
        except DocumentError as error:
            failures.append(Failure(error.path, error.reason, error.mend))
            if name in known:  # a file that broke keeps its last good state
                unchanged.append(known[name][0])
            continue
        ids[document.id] = name
        (changed if document.id in old_ids else added).append(document)
    kept = set(unchanged) | {document.id for document in changed}
    removed = tuple(sorted(old_ids - kept)) if whole else ()
    return Changes(tuple(added), tuple(changed), removed, tuple(unchanged), tuple(failures))


def named_files(corpus: Path, paths: Sequence[Path]) -> dict[str, Path]:
    """Files given by hand, by the name they have (or would have) inside the corpus."""
    named: dict[str, Path] = {}
    for path in paths:
        if not path.exists():
            raise CorpusError(f"There is no file at {path}.")
        for file in corpus_files(path) if path.is_dir() else [path]:
            inside = file.resolve().is_relative_to(corpus.resolve())
            named[str(file.resolve().relative_to(corpus.resolve())) if inside else file.name] = file
    return named
