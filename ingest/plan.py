"""Decides what a build has to do: which version it starts from, what changed, and whether all must be built anew."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path

from ingest.changes import Changes, find_changes
from ingest.errors import VersionError
from ingest.frontmatter import load_register
from ingest.limits import Limits
from ingest.manifest import LAYOUT, Manifest
from ingest.progress import Progress
from ingest.reading import READER_VERSION
from ingest.scanning import scan_corpus, scan_named
from ingest.settings import Settings
from ingest.shelf import Shelf
from ingest.versions import Versions


@dataclass(frozen=True)
class Plan:
    """What a build starts from and has to do.

    base: the version to start from (the current one, else the newest sound one), None for a first build.
    because: why nothing of the base's index can be kept ("" where it can).
    repairs: what is wrong with the current version, where that is not the base ("" where nothing is).
    reusable: whether the base's vectors are of the model that is set.
    """

    base: Manifest | None
    because: str
    repairs: str
    reusable: bool
    changes: Changes

    @property
    def nothing_to_do(self) -> bool:
        """The current version is what the corpus asks for."""
        return self.base is not None and self.changes.empty and not self.because and not self.repairs

    @property
    def copies_base(self) -> bool:
        """The new version begins as a copy of the base."""
        return self.base is not None and not self.because

    def reason(self) -> str:
        """Why the version was made, for `cupwise versions`."""
        if self.base is None:
            return "first build"
        if self.because:
            return f"rebuilt: {self.because}"
        changes = self.changes
        counts = (len(changes.added), "added"), (len(changes.changed), "changed"), (len(changes.removed), "removed")
        told = [f"{count} {name}" for count, name in counts if count]
        return ", ".join(told + [f"repaired: {self.repairs}"] * bool(self.repairs))

    def new_name(self) -> str:
        """A name that sorts by time and tells versions of the same second apart."""
        changes = self.changes
        content = "".join(d.id + d.content_hash for d in changes.added + changes.changed) + "".join(changes.removed)
        digest = hashlib.sha256(f"{self.base.version if self.base else ''}{content}".encode()).hexdigest()[:6]
        stamp = datetime.now(UTC).strftime("%Y%m%d-%H%M%S-%f")[:-3]
        return f"{stamp}-{digest}"


def make_plan(
    settings: Settings, fingerprint: str, versions: Versions, paths: Sequence[Path], progress: Progress
) -> Plan:
    """Hold the corpus folder (or, with `paths`, those files) against the current version. Raises CorpusError."""
    base, repairs = _sound_base(versions)
    because = _rebuild_reason(base, settings, fingerprint)
    scan = scan_named(settings.corpus, paths) if paths else scan_corpus(settings.corpus)
    progress.stage("Reading", len(scan.files), "files")
    changes = find_changes(
        scan.files,
        _known(versions, base) if base else {},
        load_register(settings.corpus),
        whole=not paths,
        limits=Limits.of(settings),
        on_file=progress.advance,
        refused=scan.failures,
    )
    reusable = base is not None and base.embedding == fingerprint
    return Plan(base, because, repairs, reusable, replace(changes, ignored=scan.ignored))


def _sound_base(versions: Versions) -> tuple[Manifest | None, str]:
    """The newest sound version, the current one first, and what is wrong with the current one."""
    current = versions.current()
    if current is None:
        return None, ""
    damage = ""
    for version in [current] + [m.version for m in versions.all() if m.version < current]:
        try:
            versions.verify(version)
            return Manifest.load(versions.folder(version)), damage
        except VersionError as error:
            damage = damage or str(error)
    return None, damage


def _known(versions: Versions, base: Manifest) -> dict[str, tuple[str, str]]:
    """Name -> (document id, hash); without hashes where documents are now read in another way, so that all are read."""
    shelf = Shelf.open(versions.folder(base.version) / "shelf.sqlite")
    try:
        known = shelf.hashes()
    finally:
        shelf.close()
    if base.reader == READER_VERSION:
        return known
    return {name: (identifier, "") for name, (identifier, _) in known.items()}


def _rebuild_reason(base: Manifest | None, settings: Settings, fingerprint: str) -> str:
    if base is None:
        return ""
    if base.embedding != fingerprint:
        return f"the embedding model changed from {base.embedding} to {fingerprint}"
    if base.passage_words != settings.passage_words:
        return f"the passage size changed from {base.passage_words} to {settings.passage_words} words"
    if base.reader != READER_VERSION:
        return "documents are read in a new way since the last version"
    if base.layout != LAYOUT:
        return "the index is laid out in a new way since the last version"
    return ""
