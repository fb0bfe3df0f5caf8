"""A bad document is reported by name, with the reason and what mends it; the rest goes through."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from ingest.building import Build
from ingest.changes import Changes, find_changes
from ingest.limits import Limits
from ingest.scanning import scan_corpus
from ingest.settings import Settings
from tests.ingest import bad_documents, bad_documents_table


def _changes(folder: Path, limits: Limits | None = None) -> Changes:
    scan = scan_corpus(folder)
    return find_changes(scan.files, {}, {}, whole=True, limits=limits, refused=scan.failures)


@pytest.fixture(scope="module")
def tried(tmp_path_factory: pytest.TempPathFactory) -> Changes:
    folder = tmp_path_factory.mktemp("bad") / "corpus"
    bad_documents.write_all(folder)
    return _changes(folder)


@pytest.mark.parametrize("name", bad_documents.BAD)
def test_bad_document_is_reported_by_name_with_reason_and_mend(tried: Changes, name: str) -> None:
    failures = [failure for failure in tried.failures if failure.path == name]
    assert len(failures) == 1
    assert failures[0].reason.endswith(".")
    assert failures[0].mend.endswith(".")
    assert "\n" not in failures[0].path + failures[0].reason + failures[0].mend


def test_the_rest_goes_through(tried: Changes) -> None:
    assert {document.id for document in tried.added} == bad_documents.TAKEN_IN
    assert len(tried.failures) == len(bad_documents.BAD)


def test_the_page_of_bad_documents_is_what_is_printed(tried: Changes) -> None:
    assert bad_documents_table.PAGE.read_text(encoding="utf-8") == bad_documents_table.page(list(tried.failures))


READ_AND_MEASURE = """
import re, sys
from pathlib import Path
from ingest.changes import find_changes
from ingest.scanning import scan_corpus
from ingest.readers import docx, epub, html, pdf
def peak():
    return int(re.search(r"VmHWM:\\s+(\\d+)", Path("/proc/self/status").read_text())[1])
before = peak()
scan = scan_corpus(Path(sys.argv[1]))
assert find_changes(scan.files, {}, {}, whole=True, refused=scan.failures).failures
print(peak() - before)
"""
"""Prints kilobytes. `getrusage` would not do: its peak starts at that of the process that started this one."""


@pytest.mark.skipif(not Path("/proc/self/status").exists(), reason="only Linux tells a process's own peak")
def test_bad_documents_do_not_eat_the_memory(tmp_path: Path) -> None:
    """In a process of its own: the peak of this one holds what other tests needed."""
    corpus = tmp_path / "corpus"
    bad_documents.write_all(corpus)
    environment = {**os.environ, "PYTHONPATH": str(Path(__file__).parents[2])}
    command = [sys.executable, "-c", READ_AND_MEASURE, str(corpus)]
    done = subprocess.run(command, capture_output=True, text=True, env=environment, check=True)
    assert int(done.stdout) < 100_000  # kilobytes; the bomb unpacked takes 900 MB, the large file read 190 MB


@pytest.mark.parametrize(
    ("limits", "reason"),
    [
        (Limits(file_bytes=100), "the file has"),
        (Limits(text_chars=1000), "its text has"),
    ],
)
def test_limits_can_be_set(tmp_path: Path, limits: Limits, reason: str) -> None:
    (tmp_path / "long.md").write_text("One of many sentences. " * 100, encoding="utf-8")
    assert _changes(tmp_path).failures == ()
    (failure,) = _changes(tmp_path, limits).failures
    assert failure.reason.startswith(reason)
    assert "CUPWISE_MAX_DOCUMENT" in failure.mend


def test_files_of_other_formats_are_named_not_passed_over(settings: Settings, ingest: Callable[..., Build]) -> None:
    (settings.corpus / "table.xlsx").write_bytes(b"x")
    assert ingest().changes.ignored == ("table.xlsx",)


def test_document_that_turns_bad_keeps_its_id(tmp_path: Path) -> None:
    (tmp_path / "one.md").write_text("---\nid: one\ntitle: One\n---\nThe first says this.\n", encoding="utf-8")
    known = {"one.md": ("one", _changes(tmp_path).added[0].content_hash)}
    (tmp_path / "one.md").write_bytes(b"")
    (tmp_path / "other.md").write_text("---\nid: one\ntitle: Other\n---\nIt wants the id.\n", encoding="utf-8")
    changes = find_changes(scan_corpus(tmp_path).files, known, {}, whole=True)
    assert changes.unchanged == ("one",)
    assert {failure.path for failure in changes.failures} == {"one.md", "other.md"}


def test_document_that_may_not_be_opened_any_more_stays(tmp_path: Path) -> None:
    file = tmp_path / "one.md"
    file.write_text("The first says this.\n", encoding="utf-8")
    known = {"one.md": ("one", _changes(tmp_path).added[0].content_hash)}
    file.unlink()
    file.symlink_to(tmp_path.parent / "elsewhere.md")
    scan = scan_corpus(tmp_path)
    changes = find_changes(scan.files, known, {}, whole=True, refused=scan.failures)
    assert (changes.unchanged, changes.removed) == (("one",), ())
