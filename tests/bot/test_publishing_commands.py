"""Ingest, preview, publish, go back and purge, as a curator does it, from an empty data folder on."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner, Result

from bot.cli.app import app
from ingest.errors import CorpusError, VersionError
from ingest.versions import Versions

HERON = "# Heron\n\nThe heron that stood in the reeds was called Archibald by everyone in the village.\n"

Cupwise = Callable[..., Result]


@pytest.fixture
def cupwise(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Cupwise:
    """Runs a command in a folder with a corpus of two documents and no index."""
    corpus = tmp_path / "corpus" / "documents"
    corpus.mkdir(parents=True)
    (corpus / "heron.md").write_text(HERON, encoding="utf-8")
    (corpus / "honey.txt").write_text(
        "Honey keeps for years. Bees dry the nectar with their wings.\n", encoding="utf-8"
    )
    monkeypatch.chdir(tmp_path)

    def run(*arguments: str) -> Result:
        result = CliRunner().invoke(app, list(arguments))
        if result.exception and not isinstance(result.exception, SystemExit):
            raise result.exception
        return result

    return run


def _json(result: Result) -> Any:
    return json.loads(result.stdout)


def _add(name: str, text: str) -> None:
    Path("corpus/documents", name).write_text(text, encoding="utf-8")


def test_a_preview_waits_until_it_is_published(cupwise: Cupwise) -> None:
    assert "There is no version yet" in cupwise("versions").stdout
    first = _json(cupwise("ingest", "--json"))["version"]
    _add("more.md", "# More\n\nMore is told here.\n")
    previewed = cupwise("ingest", "--preview")
    assert "added: more" in previewed.stdout
    assert "`cupwise publish` publishes what is shown here" in previewed.stdout
    assert [row["current"] for row in _json(cupwise("versions", "--json"))] == [False, True]
    assert "was previewed (1 added)" in cupwise("versions").stdout
    told = _json(cupwise("publish", "--json"))
    assert told["before"] == first
    assert [row["version"] for row in _json(cupwise("versions", "--json"))] == [told["version"], first]
    assert "Nothing has changed" in cupwise("ingest").stdout
    with pytest.raises(VersionError, match="No previewed version waits"):
        cupwise("publish")


def test_a_preview_that_was_overtaken_is_not_published(cupwise: Cupwise) -> None:
    first = _json(cupwise("ingest", "--json"))["version"]
    _add("more.md", "# More\n\nMore is told here.\n")
    second = _json(cupwise("ingest", "--json"))["version"]
    _add("third.md", "# Third\n\nA third thing is told here.\n")
    cupwise("ingest", "--preview")
    cupwise("rollback")
    with pytest.raises(VersionError, match=f"was previewed against {second}, but {first} is current now"):
        cupwise("publish")
    assert Versions(Path(".cupwise")).current() == first


def test_versions_tell_date_size_reason_and_how_many_are_kept(
    cupwise: Cupwise, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CUPWISE_KEEP_VERSIONS", "2")
    for turn in range(3):
        _add("turn.md", f"# Turn\n\nThe wheel turned {turn} times.\n")
        cupwise("ingest")
    rows = _json(cupwise("versions", "--json"))
    assert [row["reason"] for row in rows] == ["1 changed", "1 changed"]
    assert all(row["size"] > 10_000 and row["built_at"].startswith("20") for row in rows)
    printed = cupwise("versions").stdout
    assert f"* {rows[0]['version']}" in " ".join(printed.split())
    assert "The newest 2 are kept (CUPWISE_KEEP_VERSIONS)" in printed


def test_going_back_and_forth(cupwise: Cupwise) -> None:
    first = _json(cupwise("ingest", "--json"))["version"]
    _add("more.md", "# More\n\nMore is told here.\n")
    second = _json(cupwise("ingest", "--json"))["version"]
    assert _json(cupwise("rollback", "--json")) == {"version": first, "before": second}
    assert _json(cupwise("publish", second, "--json")) == {"version": second, "before": first}
    Path(".cupwise/versions", first, "shelf.sqlite").write_bytes(b"damaged")
    with pytest.raises(VersionError, match="is damaged"):
        cupwise("rollback", first)
    with pytest.raises(VersionError, match="no sound version before"):
        cupwise("rollback")
    assert Versions(Path(".cupwise")).current() == second


def test_a_broken_pointer_is_mended_by_rollback(cupwise: Cupwise) -> None:
    first = _json(cupwise("ingest", "--json"))["version"]
    Path(".cupwise/current.json").write_text("{", encoding="utf-8")
    assert first in cupwise("versions").stdout
    assert _json(cupwise("rollback", first, "--json"))["version"] == first
    assert "Nothing has changed" in cupwise("ingest").stdout


def test_a_withdrawn_document_is_purged(cupwise: Cupwise) -> None:
    cupwise("ingest")
    with pytest.raises(CorpusError, match="still lies in the corpus folder"):
        cupwise("ingest", "--purge", "heron")
    Path("corpus/documents/heron.md").unlink()
    cupwise("ingest")
    _add("more.md", "# More\n\nMore is told here.\n")
    cupwise("ingest", "--preview")
    told = cupwise("ingest", "--purge", "heron")
    assert told.exit_code == 0
    assert "'heron' was removed from 1 version" in told.stdout
    assert "none holds any of their words" in told.stdout
    assert not [file for file in Path(".cupwise").rglob("*") if file.is_file() and b"Archibald" in file.read_bytes()]
    with pytest.raises(VersionError, match="No version holds a document 'heron'"):
        cupwise("ingest", "--purge", "heron")


def test_a_purge_that_leaves_words_behind_fails(cupwise: Cupwise) -> None:
    cupwise("ingest")
    Path("corpus/documents/heron.md").unlink()
    Path(".cupwise/copied.txt").write_text(HERON, encoding="utf-8")
    told = cupwise("ingest", "--purge", "heron", "--json")
    assert told.exit_code == 1
    assert _json(told)["found"] == ["copied.txt"]


@pytest.mark.parametrize("arguments", [("--check", "--preview"), ("--purge", "x", "--check"), ("--check", "file.md")])
def test_options_that_do_not_go_together_are_refused(cupwise: Cupwise, arguments: tuple[str, ...]) -> None:
    assert cupwise("ingest", *arguments).exit_code == 2
