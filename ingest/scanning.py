"""Finds the files of a corpus folder, and says which it will not read, and why."""

from __future__ import annotations

import os
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from ingest.errors import CorpusError
from ingest.reading import SUFFIXES


@dataclass(frozen=True)
class Failure:
    """A file that was not taken in: which, why, and what mends it."""

    path: str
    reason: str
    mend: str


@dataclass(frozen=True)
class Scan:
    """What a folder holds: files to read by their name inside it, those refused, and those of other formats."""

    files: dict[str, Path]
    failures: tuple[Failure, ...] = ()
    ignored: tuple[str, ...] = ()


def scan_corpus(corpus: Path) -> Scan:
    """Look through a corpus folder, hidden files left out. Raises CorpusError where there is no folder."""
    if not corpus.is_dir():
        raise CorpusError(
            f"There is no corpus folder at {corpus}. Name it with --corpus DIR, or create it and put documents in it."
        )
    files: dict[str, Path] = {}
    failures: list[Failure] = []
    ignored: list[str] = []
    root = corpus.resolve()
    for path in sorted(_walk(corpus)):
        name = path.relative_to(corpus).as_posix()
        refusal = _refusal(path, name, root)
        if path.suffix.lower() not in SUFFIXES:
            ignored.append(printable(name))
        elif refusal:
            failures.append(Failure(printable(name), *refusal))
        else:
            files[name] = path
    return Scan(files, tuple(failures), tuple(ignored))


def corpus_files(corpus: Path) -> list[Path]:
    """The files of a corpus folder that ingest reads, sorted. Raises CorpusError where there is no folder."""
    return list(scan_corpus(corpus).files.values())


def scan_named(corpus: Path, paths: Sequence[Path]) -> Scan:
    """Files given by hand, by the name they have (or would have) inside the corpus. Raises CorpusError."""
    files: dict[str, Path] = {}
    failures: list[Failure] = []
    ignored: list[str] = []
    root = corpus.resolve()
    for path in paths:
        if not path.exists():
            raise CorpusError(f"There is no file at {printable(str(path))}.")
        scan = scan_corpus(path) if path.is_dir() else _scan_one(path)
        failures += scan.failures
        ignored += scan.ignored
        for file in scan.files.values():
            real = file.resolve()
            files[real.relative_to(root).as_posix() if real.is_relative_to(root) else file.name] = file
    return Scan(files, tuple(failures), tuple(ignored))


def named_files(corpus: Path, paths: Sequence[Path]) -> dict[str, Path]:
    """As `scan_named`, only the files that can be read."""
    return scan_named(corpus, paths).files


def printable(name: str) -> str:
    """A file's name with control and undecodable characters escaped, so that a report stays one line."""
    return "".join(char if _plain(char) else char.encode("unicode_escape").decode() for char in name)


def _walk(folder: Path) -> Iterator[Path]:
    for root, folders, names in os.walk(folder):
        linked = [name for name in folders if (Path(root) / name).is_symlink()]
        folders[:] = [name for name in folders if not name.startswith(".") and name not in linked]
        yield from (Path(root) / name for name in names if not name.startswith("."))


def _scan_one(path: Path) -> Scan:
    name = printable(path.name)
    if path.suffix.lower() not in SUFFIXES:
        readable = ", ".join(sorted(SUFFIXES))
        reason = f"files of the format '{printable(path.suffix)}' are not read."
        return Scan({}, (Failure(name, reason, f"Convert it to one of {readable}."),))
    refusal = _refusal(path, path.name, None)
    return Scan({}, (Failure(name, *refusal),)) if refusal else Scan({path.name: path})


def _refusal(path: Path, name: str, root: Path | None) -> tuple[str, str] | None:
    """Why a file is not even opened, and the mend; None where nothing speaks against it."""
    if not all(_plain(char) for char in name):
        return "its name has a line break or another control character in it.", "Rename the file."
    if not path.exists():
        return "it is a link to nothing.", "Put the file itself here, or remove the link."
    if root is not None and not path.resolve().is_relative_to(root):
        return "it is a link to a file outside the corpus folder.", "Put a copy of the file here instead."
    if not path.is_file():
        return "it is not a regular file.", "Remove it from the corpus folder."
    if not os.access(path, os.R_OK):
        return "it may not be read (no permission).", "Give read permission to the account that runs ingest."
    return None


def _plain(char: str) -> bool:
    return unicodedata.category(char) not in ("Cc", "Cs", "Zl", "Zp")
