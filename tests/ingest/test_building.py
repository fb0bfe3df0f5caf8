"""Ingest makes the index equal to the corpus, at the cost of what changed."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from ingest.building import Build, build, discard
from ingest.embedder import Embedder
from ingest.errors import StorageError, VersionError
from ingest.lexicon import Lexicon
from ingest.manifest import Manifest
from ingest.sentence_vectors import SentenceVectors
from ingest.settings import Settings
from ingest.shelf import Shelf
from ingest.vectors import VectorStore
from ingest.versions import Versions

Ingest = Callable[..., Build]


class Unloadable(Embedder):
    """An embedder whose model must not be needed."""

    def _loaded(self):  # type: ignore[no-untyped-def]
        raise AssertionError("the model was loaded")


def _folder(settings: Settings) -> Path:
    versions = Versions(settings.data)
    return versions.folder(versions.current() or "")


def _contents(settings: Settings) -> tuple[dict[str, str], set[str], dict[str, np.ndarray], set[str]]:
    """Texts by document, passage ids on the shelf, vectors by passage id, passage ids of the lexical index."""
    folder = _folder(settings)
    shelf = Shelf.open(folder / "shelf.sqlite")
    texts = {document.id: document.text for document in shelf.documents()}
    identifiers = set(shelf.passage_ids())
    shelf.close()
    store = VectorStore.open(folder / "chroma")
    vectors = {i: v for ids, rows in store.pages() for i, v in zip(ids, rows, strict=True)}
    store.close()
    return texts, identifiers, vectors, set(Lexicon.open(folder / "lexical").ids)


def test_first_build_holds_every_document_in_every_part(settings: Settings, ingest: Ingest) -> None:
    built = ingest()
    texts, on_shelf, vectors, lexical = _contents(settings)
    assert set(texts) == {"marks", "breath", "honey"}
    assert on_shelf == set(vectors) == lexical
    assert built.embedded == built.passages_added == len(on_shelf)
    assert all(abs(float(np.linalg.norm(vector)) - 1) < 1e-5 for vector in vectors.values())


def test_unchanged_corpus_builds_nothing_and_loads_no_model(settings: Settings, ingest: Ingest) -> None:
    first = ingest()
    again = build(settings, Unloadable())
    assert (again.version, again.embedded, again.passages_unchanged) == (None, 0, first.passages_added)


def test_one_changed_paragraph_embeds_only_its_passages(settings: Settings, ingest: Ingest) -> None:
    ingest()
    file = settings.corpus / "marks.md"
    file.write_text(file.read_text().replace("small vessels", "tiny vessels"), encoding="utf-8")
    built = ingest()
    assert [document.id for document in built.changes.changed] == ["marks"]
    assert built.embedded == built.passages_added == built.passages_removed == 1


def test_moved_file_is_not_embedded_again(settings: Settings, ingest: Ingest) -> None:
    ingest()
    (settings.corpus / "deeper").mkdir()
    (settings.corpus / "marks.md").rename(settings.corpus / "deeper" / "skin.md")
    (settings.corpus / "breath.md").rename(settings.corpus / "renamed.md")
    built = ingest()
    assert built.embedded == 0
    texts, on_shelf, vectors, lexical = _contents(settings)
    assert set(texts) == {"marks", "renamed", "honey"}
    assert on_shelf == set(vectors) == lexical


def test_removed_document_vanishes_from_every_part(settings: Settings, ingest: Ingest) -> None:
    ingest()
    (settings.corpus / "honey.txt").unlink()
    built = ingest()
    texts, on_shelf, vectors, lexical = _contents(settings)
    assert built.changes.removed == ("honey",)
    assert set(texts) == {"marks", "breath"}
    assert on_shelf == set(vectors) == lexical
    assert not any(identifier.startswith("honey:") for identifier in on_shelf)


def test_many_small_changes_end_where_a_fresh_build_ends(
    settings: Settings, ingest: Ingest, embedder: Embedder, tmp_path: Path
) -> None:
    ingest()
    for turn in range(4):
        (settings.corpus / f"turn-{turn}.md").write_text(f"# Turn {turn}\n\nThe wheel turned {turn} times.\n")
        (settings.corpus / "breath.md").write_text(f"# Slow breath\n\nThe forest was silent {turn} times.\n")
        (settings.corpus / f"turn-{turn - 2}.md").unlink(missing_ok=True)
        ingest()
    grown = _contents(settings)
    fresh_settings = settings.model_copy(update={"data": tmp_path / "fresh"})
    versions = Versions(fresh_settings.data)
    with versions.writing():
        versions.publish(build(fresh_settings, embedder).version or "")
    fresh = _contents(fresh_settings)
    assert grown[0] == fresh[0]
    assert grown[1] == fresh[1] == set(grown[2]) == grown[3]
    assert all(float(grown[2][i] @ fresh[2][i]) > 0.999 for i in fresh[2])


def test_file_that_broke_keeps_its_last_good_state(settings: Settings, ingest: Ingest) -> None:
    ingest()
    before = _contents(settings)[0]["marks"]
    (settings.corpus / "marks.md").write_text("---\nid: [\n---\nNothing.\n", encoding="utf-8")
    built = ingest()
    assert [failure.path for failure in built.changes.failures] == ["marks.md"]
    assert _contents(settings)[0]["marks"] == before


def test_passage_size_change_rebuilds_and_says_why(settings: Settings, ingest: Ingest, embedder: Embedder) -> None:
    ingest()
    smaller = settings.model_copy(update={"passage_words": 20})
    versions = Versions(settings.data)
    with versions.writing():
        built = build(smaller, embedder)
    assert "passage size changed from 40 to 20" in built.rebuilt_because
    assert Manifest.load(versions.folder(built.version or "")).documents == 3


def test_model_change_rebuilds_and_takes_over_a_broken_file(settings: Settings, ingest: Ingest) -> None:
    class Other(Embedder):
        fingerprint = "another:0123"

    ingest()
    (settings.corpus / "honey.txt").write_bytes(b"\0\1\2 noise")
    versions = Versions(settings.data)
    with versions.writing():
        built = build(settings, Other())
        versions.publish(built.version or "")
    assert "the embedding model changed" in built.rebuilt_because
    texts, on_shelf, vectors, _ = _contents(settings)
    assert "Bees dry the nectar" in texts["honey"]
    assert built.embedded == len(on_shelf) == len(vectors)


def test_named_file_is_added_and_the_rest_stays(settings: Settings, ingest: Ingest, tmp_path: Path) -> None:
    ingest()
    extra = tmp_path / "extra.md"
    extra.write_text("# Extra\n\nOne more thing is told here.\n", encoding="utf-8")
    built = ingest([extra])
    assert [document.id for document in built.changes.added] == ["extra"]
    assert set(_contents(settings)[0]) == {"marks", "breath", "honey", "extra"}


def test_stopped_build_leaves_no_folder_and_its_vectors_for_the_next(
    settings: Settings, ingest: Ingest, embedder: Embedder, monkeypatch: pytest.MonkeyPatch
) -> None:
    def stop(*_: object) -> None:
        raise KeyboardInterrupt

    versions = Versions(settings.data)
    with monkeypatch.context() as patch:
        patch.setattr("ingest.writer.Writer._write_lexicon", stop)
        with versions.writing(), pytest.raises(KeyboardInterrupt):
            build(settings, embedder)
    assert list(versions.root.iterdir()) == []
    assert versions.current() is None
    built = ingest()
    assert (built.embedded, built.passages_added) == (0, len(_contents(settings)[1]))
    assert not (settings.data / "embedded").exists()


def test_full_disk_is_told_plainly_and_leaves_the_current_version(
    settings: Settings, ingest: Ingest, embedder: Embedder, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = ingest()
    (settings.corpus / "new.md").write_text("# New\n\nSomething new.\n", encoding="utf-8")

    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("ingest.writer.Writer._write_lexicon", full)
    versions = Versions(settings.data)
    with versions.writing(), pytest.raises(StorageError, match="no room left"):
        build(settings, embedder)
    assert versions.current() == first.version
    assert [folder.name for folder in versions.root.iterdir()] == [first.version]
    versions.verify(first.version or "")


def test_damaged_current_version_is_repaired_from_the_one_before(settings: Settings, ingest: Ingest) -> None:
    ingest()
    (settings.corpus / "new.md").write_text("# New\n\nSomething new is told.\n", encoding="utf-8")
    second = ingest()
    shelf = _folder(settings) / "shelf.sqlite"
    shelf.write_bytes(shelf.read_bytes()[:2000] + b"x" * 100 + shelf.read_bytes()[2100:])
    third = ingest()
    assert third.version not in (None, second.version)
    assert "is damaged" in Manifest.load(_folder(settings)).reason
    assert set(_contents(settings)[0]) == {"marks", "breath", "honey", "new"}


def test_current_version_can_not_be_discarded(settings: Settings, ingest: Ingest) -> None:
    built = ingest()
    with pytest.raises(VersionError, match="is the current one"):
        discard(Versions(settings.data), built.version or "")


def test_sentences_of_curated_documents_are_stored_and_reused(settings: Settings, ingest: Ingest) -> None:
    ingest()
    sentences = SentenceVectors.open(_folder(settings) / "sentences")
    rows = sentences.lookup(["A cup leaves a round mark.", "Bees dry the nectar with their wings."])
    assert abs(float(np.linalg.norm(rows[0])) - 1) < 1e-5
    assert np.isnan(rows[1]).all()  # of an unreviewed document
    assert len(sentences) == 6  # four sentences and two headings
    (settings.corpus / "honey.txt").unlink()
    with Versions(settings.data).writing():
        built = build(settings, Unloadable())
    kept = SentenceVectors.open(Versions(settings.data).folder(built.version or "") / "sentences")
    assert np.array_equal(kept.lookup(["A cup leaves a round mark."]), rows[:1])
