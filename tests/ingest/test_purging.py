"""A withdrawn document is purged from every version, and no byte of its sentences stays under the data folder."""

from __future__ import annotations

import sqlite3
import zipfile
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path

import numpy as np
import pytest

from ingest.building import Build
from ingest.embedded import EmbeddedVectors
from ingest.embedder import Embedder
from ingest.errors import CorpusError, VersionError
from ingest.lexicon import Lexicon
from ingest.purging import purge
from ingest.settings import Settings
from ingest.shelf import Shelf
from ingest.vectors import VectorStore
from ingest.versions import Versions

SECRET = "The heron that stood in the reeds was called Archibald by everyone in the village."
LONG = "# Heron\n\n" + " ".join(f"{SECRET[:-1]}, and in year {year} he moved house once more." for year in range(60))


@pytest.fixture
def withdrawn(settings: Settings, ingest: Callable[..., Build]) -> Settings:
    """Three versions, of which the first two hold a document that is then withdrawn."""
    file = settings.corpus / "heron.md"
    file.write_text(LONG, encoding="utf-8")
    ingest()
    (settings.corpus / "more.md").write_text("# More\n\nMore is told here.\n", encoding="utf-8")
    ingest()
    file.unlink()
    ingest()
    return settings


def _files_with(folder: Path, words: bytes) -> list[str]:
    return [
        str(file.relative_to(folder)) for file in folder.rglob("*") if file.is_file() and words in file.read_bytes()
    ]


def test_purged_document_is_in_no_file_and_every_version_still_works(withdrawn: Settings) -> None:
    versions = Versions(withdrawn.data)
    before = [manifest.version for manifest in versions.all()]
    assert _files_with(withdrawn.data, b"called Archibald")
    with versions.writing():
        report = purge(withdrawn, "heron")
    assert report.found == ()
    assert len(report.versions) == 2
    assert report.sentences > 60
    assert _files_with(withdrawn.data, b"Archibald") == []
    assert _files_with(withdrawn.data, b"archibald") == []
    assert [manifest.version for manifest in versions.all()] == before
    assert versions.current() == before[0]
    for manifest in versions.all():
        versions.verify(manifest.version)
        folder = versions.folder(manifest.version)
        shelf = Shelf.open(folder / "shelf.sqlite")
        store = VectorStore.open(folder / "chroma")
        store.check(manifest.passages)
        assert set(shelf.passage_ids()) == {i for ids, _ in store.pages() for i in ids}
        assert set(shelf.passage_ids()) == set(Lexicon.open(folder / "lexical").ids)
        assert "heron" not in shelf.document_ids()
        shelf.close()
        store.close()


def _unpacked(file: Path) -> Iterator[str]:
    """What a file says beyond its plain bytes: every value of a database, every array, every entry of an archive."""
    if file.suffix == ".sqlite3" or file.suffix == ".sqlite":
        with closing(sqlite3.connect(file)) as connection:
            for (table,) in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'").fetchall():
                yield from (repr(row) for row in connection.execute(f'SELECT * FROM "{table}"'))
    elif file.suffix == ".npy":
        yield repr(np.load(file).tolist())
    elif zipfile.is_zipfile(file):
        with zipfile.ZipFile(file) as archive:
            yield from (repr(archive.read(name)) for name in archive.namelist())


def test_purged_document_is_in_no_table_array_or_archive_and_its_vectors_are_gone(
    withdrawn: Settings, embedder: Embedder
) -> None:
    versions = Versions(withdrawn.data)
    folder = versions.folder(versions.all()[1].version)
    shelf, store = Shelf.open(folder / "shelf.sqlite"), VectorStore.open(folder / "chroma")
    vectors = [vector.tobytes()[:64] for vector in store.vectors_of(shelf.passage_ids("heron")).values()]
    EmbeddedVectors(withdrawn.data / "embedded", embedder.fingerprint).keep(["heron"], embedder.embed([SECRET]))
    shelf.close()
    store.close()

    def holds(file: Path) -> bool:
        data = file.read_bytes()
        return "rchibald" in "".join(_unpacked(file)) or any(vector in data for vector in vectors)

    assert len([file for file in withdrawn.data.rglob("*") if file.is_file() and holds(file)]) > 3
    with versions.writing():
        purge(withdrawn, "heron")
    assert [file for file in withdrawn.data.rglob("*") if file.is_file() and holds(file)] == []
    assert not (withdrawn.data / "embedded").exists()


def test_search_after_a_purge_would_find_what_was_left(withdrawn: Settings) -> None:
    left = withdrawn.data / "notes.txt"
    left.write_text(f"Somebody copied this: {SECRET[10:70]}", encoding="utf-8")
    with Versions(withdrawn.data).writing():
        report = purge(withdrawn, "heron")
    assert report.found == ("notes.txt",)


def test_document_whose_file_is_still_there_is_not_purged(settings: Settings, ingest: Callable[..., Build]) -> None:
    ingest()
    with Versions(settings.data).writing(), pytest.raises(CorpusError, match="still lies in the corpus folder"):
        purge(settings, "marks")


def test_unknown_document_is_told(settings: Settings, ingest: Callable[..., Build]) -> None:
    ingest()
    with Versions(settings.data).writing(), pytest.raises(VersionError, match="No version holds"):
        purge(settings, "nothing-of-the-kind")


def test_purge_stopped_between_its_renames_is_finished_by_the_next_ingest(
    withdrawn: Settings, ingest: Callable[..., Build], monkeypatch: pytest.MonkeyPatch
) -> None:
    versions = Versions(withdrawn.data)
    held = versions.all()[1].version
    rename = Path.rename

    def stop(self: Path, target: Path) -> Path:
        if self.name.startswith(".purged-"):
            raise KeyboardInterrupt
        return rename(self, target)

    with monkeypatch.context() as patch:
        patch.setattr(Path, "rename", stop)
        with versions.writing(), pytest.raises(KeyboardInterrupt):
            purge(withdrawn, "heron")
    assert not (versions.root / held).exists()
    ingest()
    versions.verify(held)
    with versions.writing():
        assert purge(withdrawn, "heron").found == ()
