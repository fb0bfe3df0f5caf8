"""A full disk, two ingests at once, a damaged current version, a publication by another process."""

from __future__ import annotations

import logging
import os
import shutil
import subprocess
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from bot.library import Bookcase
from ingest.embedder import Embedder
from ingest.errors import VersionError
from ingest.versions import Versions
from tests.ingest.editions import Reader, ingest_here, run_ingest, start_ingest, write_edition

_SMALL_FILES = (
    "import resource, signal; signal.signal(signal.SIGXFSZ, signal.SIG_IGN); "
    "resource.setrlimit(resource.RLIMIT_FSIZE, (60_000, 60_000))"
)
"""A limit on the size of files stands in for a full disk: real writes fail, wherever they happen."""


@pytest.fixture
def home(tmp_path: Path, once: Callable[..., Path], embedder: Embedder) -> tuple[Path, Path]:
    """Data and corpus folder, the first edition published."""

    def publish_first(folder: Path) -> None:
        write_edition(folder / "corpus", 0)
        ingest_here(folder / "data", folder / "corpus", embedder)

    shutil.copytree(once("edition", publish_first), tmp_path, dirs_exist_ok=True)
    return tmp_path / "data", tmp_path / "corpus"


def _damage(file: Path) -> None:
    """Overwrite the middle of a file; a database loses its second half, as bytes of text in it harm no search."""
    data = bytearray(file.read_bytes())
    if file.name == "chroma.sqlite3":
        file.write_bytes(data[: len(data) // 2])
        return
    data[len(data) // 2 : len(data) // 2 + 8] = b"\xff\x00damage"
    file.write_bytes(bytes(data))


def _assert_fails_for_want_of_room(process: subprocess.Popen[str]) -> None:
    with process:
        errors = process.communicate()[1]
    assert process.returncode == 1
    assert "cupwise: There is no room left for the index" in errors
    assert "Traceback" not in errors


def test_ingest_on_a_full_disk_fails_plainly_and_loses_nothing(home: tuple[Path, Path], embedder: Embedder) -> None:
    data, corpus = home
    before = Versions(data).current()
    write_edition(corpus, 1)
    _assert_fails_for_want_of_room(start_ingest(data, corpus, _SMALL_FILES))
    versions = Versions(data)
    assert versions.current() == before
    versions.verify(before or "")
    assert [folder.name for folder in versions.root.iterdir()] == [before]
    ingest_here(data, corpus, embedder)
    assert versions.current() != before


@pytest.mark.skipif(os.geteuid() != 0, reason="only root may mount")
def test_ingest_on_a_small_file_system_fails_plainly(tmp_path: Path) -> None:
    data, corpus = tmp_path / "data", tmp_path / "corpus"
    data.mkdir()
    write_edition(corpus, 0)
    command = ["mount", "-t", "tmpfs", "-o", "size=400k", "tmpfs", str(data)]
    if subprocess.run(command, capture_output=True, check=False).returncode:
        pytest.skip("mounting is not allowed here")
    try:
        _assert_fails_for_want_of_room(start_ingest(data, corpus))
        assert Versions(data).current() is None
        assert not list(Versions(data).root.iterdir())
    finally:
        subprocess.run(["umount", str(data)], check=True)


def test_of_two_ingests_at_once_one_is_turned_away(home: tuple[Path, Path], embedder: Embedder) -> None:
    data, corpus = home
    write_edition(corpus, 1)
    with Versions(data).writing(), start_ingest(data, corpus) as second:
        errors = second.communicate()[1]
    assert second.returncode == 1
    assert "cupwise: Another ingest is at work" in errors
    ingest_here(data, corpus, embedder)


def test_two_ingests_started_together_leave_one_whole_version(home: tuple[Path, Path], embedder: Embedder) -> None:
    data, corpus = home
    write_edition(corpus, 1)
    with start_ingest(data, corpus) as one, start_ingest(data, corpus) as two:
        told = [process.communicate()[1] for process in (one, two)]
    assert 0 in (one.returncode, two.returncode)
    for process, errors in zip((one, two), told, strict=True):
        assert process.returncode == 0 or "Another ingest is at work" in errors
    library = Bookcase(Versions(data), embedder).current()
    assert "edition 1" in library.document("river").text
    assert len(Versions(data).all()) == 2


@pytest.mark.parametrize("part", ["shelf.sqlite", "chroma/chroma.sqlite3", "lexical/ids.json", "manifest.json"])
def test_a_damaged_current_version_is_told_and_the_one_before_is_served(
    home: tuple[Path, Path], embedder: Embedder, caplog: pytest.LogCaptureFixture, part: str
) -> None:
    data, corpus = home
    versions = Versions(data)
    before = versions.current()
    write_edition(corpus, 1)
    ingest_here(data, corpus, embedder)
    current = versions.current() or ""
    _damage(versions.folder(current) / part)
    with caplog.at_level(logging.ERROR):
        library = Bookcase(versions, embedder).current()
    assert library.version == before
    assert "edition 0" in library.document("river").text
    assert current in caplog.text
    assert f"Serving version {before} meanwhile" in caplog.text
    ingest_here(data, corpus, embedder)
    assert "edition 1" in Bookcase(versions, embedder).current().document("river").text


def test_a_reader_with_no_sound_version_says_what_is_wrong(home: tuple[Path, Path], embedder: Embedder) -> None:
    versions = Versions(home[0])
    _damage(versions.folder(versions.current() or "") / "shelf.sqlite")
    with pytest.raises(VersionError, match="is damaged"):
        Bookcase(versions, embedder).current()


def test_a_reader_follows_what_another_process_publishes(home: tuple[Path, Path], embedder: Embedder) -> None:
    data, corpus = home
    reader = Reader(data, embedder)
    reader.start()
    try:
        for edition in (1, 2):
            write_edition(corpus, edition)
            run_ingest(data, corpus)
            deadline = time.monotonic() + 30
            while Versions(data).current() not in reader.seen and time.monotonic() < deadline:
                time.sleep(0.05)
    finally:
        reader.stop()
    assert reader.faults == []
    assert len(reader.seen) == 3
