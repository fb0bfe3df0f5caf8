"""Builds the next version of the index beside the current one. Publishing it is a separate step."""

from __future__ import annotations

import errno
import shutil
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from ingest.embedder import Embedder
from ingest.errors import StorageError, VersionError
from ingest.plan import make_plan
from ingest.progress import Progress, Silent
from ingest.settings import Settings
from ingest.vectors import drop_unknown
from ingest.versions import Versions
from ingest.writer import Build, Writer

__all__ = ["Build", "build", "discard", "storage_told"]

LEAST_ROOM = 10_000_000
"""Bytes free below which a write of Chroma's that failed is taken to have failed for want of room."""


def build(
    settings: Settings,
    embedder: Embedder,
    paths: Sequence[Path] = (),
    progress: Progress | None = None,
    versions: Versions | None = None,
) -> Build:
    """Build what the corpus folder (or, with `paths`, the current version plus those files) asks for.

    Call it with the writer's lock held. Raises CorpusError, ModelError, VersionError or StorageError; a document that
    can't be read is reported in `changes.failures` and the rest goes on. Whatever stops it, the current version stays.
    """
    versions, progress = versions or Versions(settings.data), progress or Silent()
    swept = tuple(versions.sweep())
    versions.drop_waiting()
    if settings.chroma_url:
        drop_unknown(settings.chroma_url, versions.root, [manifest.version for manifest in versions.all()])
    plan = make_plan(settings, embedder.fingerprint, versions, paths, progress)
    if plan.nothing_to_do and plan.base:
        progress.done()
        return Build(None, plan.changes, passages_unchanged=plan.base.passages, swept=swept)
    writer = Writer(settings, embedder, versions, plan, progress)
    with storage_told(settings.data):
        try:
            return writer.write(swept)
        except BaseException:
            writer.abandon()
            raise


def discard(versions: Versions, version: str) -> None:
    """Remove a version that was built but is not wanted. The current one can't be removed."""
    if version == versions.current():
        raise VersionError(f"Version '{version}' is the current one; publish another first.")
    shutil.rmtree(versions.folder(version))


@contextmanager
def storage_told(data: Path) -> Iterator[None]:
    """Turn what a full or read-only disk makes libraries raise into a StorageError."""
    try:
        yield
    except Exception as error:  # SQLite, Chroma and the system each have an error of their own for it
        told = str(error).lower()
        full = getattr(error, "errno", None) in (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)
        # Chroma does not say why it could not write down ("failed to apply logs"), so the room that is left is asked
        full = full or ("failed to apply logs" in told and shutil.disk_usage(data).free < LEAST_ROOM)
        if full or "full" in told or "no space" in told or "file too large" in told or "disk i/o" in told:
            raise StorageError(
                f"There is no room left for the index at {data}. Free some space and run `cupwise ingest` again; "
                "the current version is untouched, and what was embedded is not lost."
            ) from error
        if isinstance(error, PermissionError) or "readonly" in told:
            raise StorageError(f"The folder {data} can't be written ({error}). Check its permissions.") from error
        raise
