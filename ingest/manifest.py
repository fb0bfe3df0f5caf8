"""What a version of the index says of itself."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from ingest.durable import write_atomically
from ingest.errors import VersionError

LAYOUT = 2
"""Raise it when the files of a version change their form."""


@dataclass(frozen=True)
class Manifest:
    """What a version holds and how it was made.

    built_at: ISO 8601, UTC. base: the version that it started from. size: bytes. checksums: SHA-256 by path inside
    the version. revision: how often a withdrawn document was purged from it.
    """

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
    layout: int = 1
    checksums: dict[str, str] = field(default_factory=dict)
    revision: int = 0
    base: str = ""

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


def as_row(manifest: Manifest, current: str | None) -> dict[str, Any]:
    """A version as `cupwise versions --json` prints it."""
    row = {key: value for key, value in asdict(manifest).items() if key not in ("document_hashes", "checksums")}
    return {**row, "current": manifest.version == current}
