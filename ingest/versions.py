"""Versions of the index: immutable folders, and one small pointer file that names the current one.

DATA/current.json              {"version": "20261124-101500-3fa2c1"}
DATA/versions/<version>/       manifest.json  shelf.sqlite  lexical/  chroma/
DATA/versions/.building-<…>/   a version in the making; swept when the next ingest finds it abandoned
DATA/versions/.purged-<…>/     a finished rewriting of a version without a withdrawn document, about to take its place
DATA/versions/.waiting-<…>/    a finished version that was previewed; `cupwise publish` makes it the current one
DATA/embedded/                 vectors of a build in the making; they outlive it if it is stopped
DATA/ingest.lock               held by the one writer
"""

from __future__ import annotations

import hashlib
import json
import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

from filelock import FileLock, Timeout

from ingest.durable import sync_folder, sync_tree, write_atomically
from ingest.errors import LockedError, VersionError
from ingest.manifest import Manifest

_BUILDING = ".building-"
_PURGED = ".purged-"
_WAITING = ".waiting-"
_CHECKED = ("shelf.sqlite", "lexical/*", "sentences/*")
"""What is checksummed. Chroma may touch its own files whenever it opens them, so it is asked instead."""


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

    def verify(self, version: str) -> None:
        """Raise VersionError, saying what is wrong, where the files of a version are not those that were built."""
        folder = self.folder(version)
        manifest = Manifest.load(folder)
        found = checksums(folder)
        wrong = sorted(name for name, checksum in manifest.checksums.items() if found.get(name) != checksum)
        if wrong:
            raise VersionError(f"Version {version} is damaged: {', '.join(wrong[:3])} is not as it was built.")
        stores = sorted(folder.glob("chroma*/chroma.sqlite3"))
        for store in stores:
            _check_database(store, version)

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
        sync_tree(building)
        building.rename(final)
        sync_folder(self.root)
        return final

    def replace(self, version: str, rewritten: Path) -> None:
        """Put a finished rewriting in the place of a version. A crash in between is mended by `sweep`."""
        sync_tree(rewritten)
        ready = rewritten.rename(self.root / f"{_PURGED}{version}")
        final = self.root / version
        final.rename(self.root / f"{_BUILDING}replaced-{version}")
        ready.rename(final)
        sync_folder(self.root)
        shutil.rmtree(self.root / f"{_BUILDING}replaced-{version}", ignore_errors=True)

    def sweep(self) -> list[str]:
        """Finish or remove what a crash left half done. Call it with the writer's lock held."""
        for folder in self.root.glob(f"{_PURGED}*"):
            final = self.root / folder.name.removeprefix(_PURGED)
            if final.exists():
                shutil.rmtree(final)
            folder.rename(final)
        left = [folder for folder in self.root.glob(f"{_BUILDING}*") if folder.is_dir()]
        for folder in left:
            shutil.rmtree(folder, ignore_errors=True)
        return [folder.name for folder in left]

    def set_aside(self, version: str) -> None:
        """Let a finished version wait, unlisted, until it is published or the next build begins."""
        self.drop_waiting()
        self.folder(version).rename(self.root / f"{_WAITING}{version}")

    def waiting(self) -> Manifest | None:
        """The version that waits; None where there is none."""
        found = sorted(self.root.glob(f"{_WAITING}*"))
        return Manifest.load(found[-1]) if found else None

    def take_up(self, version: str) -> None:
        """List the version that waits among the others. Not published yet."""
        (self.root / f"{_WAITING}{version}").rename(self.root / version)
        sync_folder(self.root)

    def drop_waiting(self) -> None:
        """Remove the version that waits."""
        for folder in self.root.glob(f"{_WAITING}*"):
            shutil.rmtree(folder, ignore_errors=True)

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


def checksums(folder: Path) -> dict[str, str]:
    """SHA-256 of each file of a version that never changes once it is built, by path inside the version."""
    found = {}
    for pattern in _CHECKED:
        for file in sorted(path for path in folder.glob(pattern) if path.is_file()):
            with file.open("rb") as data:
                found[file.relative_to(folder).as_posix()] = hashlib.file_digest(data, "sha256").hexdigest()
    return found


def _check_database(file: Path, version: str) -> None:
    try:
        with closing(sqlite3.connect(f"{file.absolute().as_uri()}?mode=ro", uri=True)) as connection:
            answer = connection.execute("PRAGMA quick_check(1)").fetchone()[0]
    except sqlite3.DatabaseError as error:
        answer = str(error)
    if answer != "ok":
        raise VersionError(f"Version {version} is damaged: its vectors' database is broken ({answer}).")
