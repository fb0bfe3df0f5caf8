"""A withdrawn document is purged from every version, and no byte of its sentences stays under the data folder."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from ingest.building import Build
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
