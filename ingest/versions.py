"""Versions of the index: immutable folders, and one small pointer file that names the current one.

DATA/current.json              {"version": "20261124-101500-3fa2c1"}
DATA/versions/<version>/       manifest.json  shelf.sqlite  lexical/  chroma/
DATA/versions/.building-<…>/   a version in the making; swept when the next ingest finds it abandoned
DATA/ingest.lock               held by the one writer
"""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from filelock import FileLock, Timeout

from ingest.errors import LockedError, VersionError

_BUILDING = ".building-"


@dataclass(frozen=True)
class Manifest:
    """What a version holds and how it was made. `built_at` is ISO 8601, UTC; `size` is in bytes."""

    version: str
    built_at: str
    reason: str
    embedding: str
    passage_words: int
    reader: int
    documents: int
    passages: int
    document_hashes: dict[str, str]
    size: int = 0
    deleted_since_rebuild: int = 0

    def save(self, folder: Path) -> None:
        """Write it into the version's folder."""
        write_atomically(folder / "manifest.json", json.dumps(asdict(self), indent=1, sort_keys=True))

    @classmethod
    def load(cls, folder: Path) -> Manifest:
        """Read it. Raises VersionError where it is missing or damaged."""
        try:
            return cls(**json.loads((folder / "manifest.json").read_text(encoding="utf-8")))
        except (OSError, ValueError, TypeError) as error:
            raise VersionError(f"The version at {folder} has no readable manifest ({error}).") from error


class Versions:
    """The versions under one data folder."""

    def __init__(self, data: Path) -> None:
        self.data = data
        self.root = data / "versions"
        self._pointer = data / "current.json"

    def current(self) -> str | None:
        """Name of the published version; None before the first ingest."""
        try:
            return str(json.loads(self._pointer.read_text(encoding="utf-8"))["version"])
        except FileNotFoundError:
            return None
        except (ValueError, KeyError, TypeError) as error:
            mend = "Run `cupwise rollback VERSION`; `cupwise versions` lists them."
            raise VersionError(f"The pointer {self._pointer} is damaged ({error}). {mend}") from error

    def stamp(self) -> tuple[int, int] | None:
        """Changes whenever the pointer is replaced; cheap enough to ask on each question."""
        try:
            status = self._pointer.stat()
        except FileNotFoundError:
            return None
        return status.st_mtime_ns, status.st_ino

    def folder(self, version: str) -> Path:
        """The folder of a version. Raises VersionError where there is none of that name."""
        folder = self.root / version
        if version.startswith(".") or "/" in version or not folder.is_dir():
            known = ", ".join(m.version for m in self.all()) or "none yet"
            raise VersionError(f"There is no version '{version}'. Versions: {known}.")
        return folder

    def all(self) -> list[Manifest]:
        """All published versions that can be read, newest first."""
        found = []
        for folder in self.root.glob("[!.]*"):
            try:
                found.append(Manifest.load(folder))
            except VersionError:
                continue  # a folder without a manifest is no version; `cupwise ingest` builds anew
        return sorted(found, key=lambda manifest: manifest.version, reverse=True)

    def publish(self, version: str) -> None:
        """Point to a version, atomically: a reader sees the old one or the new one, never neither."""
        self.folder(version)
        write_atomically(self._pointer, json.dumps({"version": version}))

    def begin(self, version: str) -> Path:
        """An empty folder to build a version in."""
        folder = self.root / f"{_BUILDING}{version}"
        folder.mkdir(parents=True)
        return folder

    def finish(self, building: Path, version: str) -> Path:
        """Turn a finished building folder into a version. Not published yet."""
        final = self.root / version
        building.rename(final)
        _sync_folder(self.root)
        return final

    def sweep(self) -> list[str]:
        """Remove what a crash left half built. Call it with the writer's lock held."""
        left = [folder for folder in self.root.glob(f"{_BUILDING}*") if folder.is_dir()]
        for folder in left:
            shutil.rmtree(folder, ignore_errors=True)
        return [folder.name for folder in left]

    def prune(self, keep: int) -> list[str]:
        """Remove the oldest versions beyond `keep`; the current one always stays."""
        current = self.current()
        old = [m.version for m in self.all() if m.version != current][max(0, keep - 1) :]
        for version in old:
            shutil.rmtree(self.root / version, ignore_errors=True)
        return old

    @contextmanager
    def writing(self) -> Iterator[None]:
        """Hold the writer's lock. Raises LockedError at once where another ingest holds it."""
        self.root.mkdir(parents=True, exist_ok=True)
        try:
            with FileLock(self.data / "ingest.lock", timeout=0):
                yield
        except Timeout:
            raise LockedError(f"Another ingest is at work on {self.data}. Wait until it is done.") from None


def write_atomically(file: Path, text: str) -> None:
    """Replace a file's content so that no reader ever sees half of it, and a crash keeps the old one."""
    beside = file.with_name(f".{file.name}.new")
    with beside.open("w", encoding="utf-8") as out:
        out.write(text)
        out.flush()
        os.fsync(out.fileno())
    beside.replace(file)
    _sync_folder(file.parent)


def folder_size(folder: Path) -> int:
    """Bytes of all files below a folder."""
    return sum(file.stat().st_size for file in folder.rglob("*") if file.is_file())


def as_row(manifest: Manifest, current: str | None) -> dict[str, Any]:
    """A version as `cupwise versions --json` prints it."""
    row = {key: value for key, value in asdict(manifest).items() if key != "document_hashes"}
    return {**row, "current": manifest.version == current}


def _sync_folder(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
