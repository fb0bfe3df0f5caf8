"""Versions are immutable, published by one pointer, verified, kept for a while, and written by one at a time."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from ingest.building import Build
from ingest.durable import write_atomically
from ingest.errors import LockedError, VersionError
from ingest.publishing import publish, rollback
from ingest.settings import Settings
from ingest.versions import Versions

Ingest = Callable[..., Build]


@pytest.fixture
def three(settings: Settings, ingest: Ingest) -> Versions:
    """Three versions, the third current."""
    for turn in range(3):
        (settings.corpus / "turn.md").write_text(f"# Turn\n\nThe wheel turned {turn} times.\n", encoding="utf-8")
        ingest()
    return Versions(settings.data)


def _damage(file: Path) -> None:
    data = bytearray(file.read_bytes())
    middle = len(data) // 2
    data[middle : middle + 8] = b"\xff\x00damage"
    file.write_bytes(bytes(data))


@pytest.mark.parametrize("part", ["shelf.sqlite", "lexical/ids.json", "sentences/vectors.npy"])
def test_damaged_part_is_named(three: Versions, part: str) -> None:
    current = three.current() or ""
    three.verify(current)
    _damage(three.folder(current) / part)
    with pytest.raises(VersionError, match=part):
        three.verify(current)


def test_missing_part_is_named(three: Versions) -> None:
    current = three.current() or ""
    (three.folder(current) / "lexical" / "ids.json").unlink()
    with pytest.raises(VersionError, match=r"lexical/ids\.json"):
        three.verify(current)


def test_broken_vector_database_is_found(three: Versions) -> None:
    current = three.current() or ""
    file = three.folder(current) / "chroma" / "chroma.sqlite3"
    file.write_bytes(file.read_bytes()[:5000])
    with pytest.raises(VersionError, match="vectors' database is broken"):
        three.verify(current)


def test_damaged_version_is_not_published(three: Versions) -> None:
    names = [manifest.version for manifest in three.all()]
    _damage(three.folder(names[1]) / "shelf.sqlite")
    with pytest.raises(VersionError, match="is damaged"):
        publish(three, names[1], keep=5)
    assert three.current() == names[0]


def test_rollback_skips_a_damaged_version(three: Versions) -> None:
    names = [manifest.version for manifest in three.all()]
    _damage(three.folder(names[1]) / "shelf.sqlite")
    assert rollback(three) == names[2] == three.current()


def test_rollback_without_an_earlier_version_is_refused(settings: Settings, ingest: Ingest) -> None:
    ingest()
    with pytest.raises(VersionError, match="no sound version before"):
        rollback(Versions(settings.data))


def test_oldest_versions_go_and_the_current_one_stays_even_when_old(three: Versions) -> None:
    names = [manifest.version for manifest in three.all()]
    three.publish(names[2])
    assert three.prune(2) == [names[1]]
    assert [manifest.version for manifest in three.all()] == [names[0], names[2]]


def test_publishing_keeps_the_version_before_for_questions_in_flight(three: Versions) -> None:
    names = [manifest.version for manifest in three.all()]
    publish(three, names[0], keep=1)
    assert [manifest.version for manifest in three.all()] == names[:2]


def test_second_writer_is_turned_away_at_once(tmp_path: Path) -> None:
    versions = Versions(tmp_path)
    with (
        versions.writing(),
        pytest.raises(LockedError, match="Another ingest is at work"),
        Versions(tmp_path).writing(),
    ):
        pass
    with versions.writing():
        pass


def test_half_built_version_is_swept_and_never_listed(three: Versions) -> None:
    left = three.begin("20990101-000000-000-abcdef")
    (left / "shelf.sqlite").write_bytes(b"half")
    assert len(three.all()) == 3
    assert three.sweep() == [left.name]
    assert not left.exists()


def test_damaged_pointer_says_what_mends_it(three: Versions) -> None:
    (three.data / "current.json").write_text("{", encoding="utf-8")
    with pytest.raises(VersionError, match="cupwise rollback"):
        three.current()


@pytest.mark.parametrize("name", ["../elsewhere", ".building-x", "no-such"])
def test_unknown_version_is_refused(three: Versions, name: str) -> None:
    with pytest.raises(VersionError, match="There is no version"):
        three.folder(name)


def test_atomic_write_keeps_the_old_text_when_it_fails(tmp_path: Path) -> None:
    file = tmp_path / "pointer.json"
    write_atomically(file, "old")
    with pytest.raises(UnicodeEncodeError):
        write_atomically(file, "new \ud800")
    assert file.read_text(encoding="utf-8") == "old"
