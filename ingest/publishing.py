"""Makes a built version the current one, and goes back to an earlier one."""

from __future__ import annotations

from ingest.errors import VersionError
from ingest.versions import Versions

LEAST_KEPT = 2
"""A question in flight finishes on the version before, so that one always stays."""


def publish(versions: Versions, version: str, keep: int) -> list[str]:
    """Point to a version once its files are verified, and remove the oldest beyond `keep`; their names.

    Call it with the writer's lock held. Raises VersionError where the version is damaged; the pointer then stays.
    """
    versions.verify(version)
    versions.publish(version)
    return versions.prune(max(keep, LEAST_KEPT))


def publish_waiting(versions: Versions, keep: int) -> str:
    """Publish the version that was previewed; its name.

    Call it with the writer's lock held. Raises VersionError where none waits, where another version was published
    since the preview, so that it would undo what nobody has looked at, or where it is damaged.
    """
    manifest, current = versions.waiting(), versions.current() or ""
    if manifest is None:
        raise VersionError(
            "No previewed version waits. `cupwise ingest --preview` makes one; `cupwise versions` lists."
        )
    if manifest.base != current:
        raise VersionError(
            f"Version {manifest.version} was previewed against {manifest.base or 'an empty index'}, but {current} is "
            "current now. Run `cupwise ingest --preview` again."
        )
    versions.take_up(manifest.version)
    publish(versions, manifest.version, keep)
    return manifest.version


def rollback(versions: Versions, version: str = "") -> str:
    """Point to an earlier version (by default the newest sound one before the current); its name.

    Call it with the writer's lock held. Raises VersionError where there is none, or where it is damaged.
    """
    target = version or _sound_before(versions)
    versions.verify(target)
    versions.publish(target)
    return target


def _sound_before(versions: Versions) -> str:
    current = versions.current() or ""
    for manifest in versions.all():
        if manifest.version >= current:
            continue
        try:
            versions.verify(manifest.version)
        except VersionError:
            continue  # damaged; the one before it may be sound
        return manifest.version
    raise VersionError("There is no sound version before the current one. `cupwise versions` lists them.")
