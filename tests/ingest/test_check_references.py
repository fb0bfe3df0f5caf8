"""Filling in references changes the list of references, and nothing else."""

from __future__ import annotations

from pathlib import Path

import pytest

from ingest.errors import CorpusError, FrontMatterError
from ingest.frontmatter import load_register
from ingest.reading import read_document
from ingest.references import fill_references, main

REGISTER = """\
- key: Trial2018
  title: 'Knees: a trial'
  author: Somebody A
  year: 2018
  pmid: '0123'
  checked: seen
- key: Review2020
  title: A review
  checked: memory
"""
DOCUMENT = """\
---
id: knees
title: "Knees"   # a comment that stays
{references}
notes: []
---
# Knees

Knees hurt. [Trial2018]   They rest. [Review2020]
---
references: [Trial2018]
"""
FORMS = {
    "flow": "references: [Trial2018, Review2020]",
    "block": "references:\n- Trial2018\n- Review2020",
    "flow over two lines": "references: [Trial2018,\n  Review2020]",
    "mixed": "references:\n  - {key: Trial2018, title: An old title}\n  - Review2020",
}


def corpus_with(folder: Path, references: str, newline: str = "\n") -> Path:
    corpus = folder / "documents"
    corpus.mkdir()
    (folder / "references.yaml").write_text(REGISTER, encoding="utf-8")
    text = DOCUMENT.replace("{references}", references).replace("\n", newline)
    (corpus / "knees.md").write_bytes(text.encode())
    return corpus


@pytest.mark.parametrize("form", FORMS.values(), ids=FORMS.keys())
@pytest.mark.parametrize("newline", ["\n", "\r\n"], ids=["unix", "windows"])
def test_every_form_of_list_is_filled_and_the_rest_stays_byte_for_byte(tmp_path: Path, form: str, newline: str) -> None:
    corpus = corpus_with(tmp_path, form, newline)
    assert fill_references(corpus) == ["knees.md"]
    before, after = DOCUMENT.replace("\n", newline).split("{references}")
    raw = (corpus / "knees.md").read_bytes().decode()
    assert raw.startswith(before + "references:")
    assert raw.endswith(after)
    document = read_document(corpus / "knees.md", "knees.md")  # without the register: the file tells all by itself
    assert [(r.key, r.title, r.pmid, r.checked) for r in document.references] == [
        ("Trial2018", "Knees: a trial", "0123", "seen"),
        ("Review2020", "A review", None, "memory"),
    ]


def test_a_second_run_changes_nothing(tmp_path: Path) -> None:
    corpus = corpus_with(tmp_path, FORMS["flow"])
    fill_references(corpus)
    assert fill_references(corpus) == []


def test_a_mended_register_reaches_the_documents(tmp_path: Path) -> None:
    corpus = corpus_with(tmp_path, FORMS["flow"])
    fill_references(corpus)
    (tmp_path / "references.yaml").write_text(REGISTER.replace("2018\n  pmid", "2019\n  pmid"), encoding="utf-8")
    fill_references(corpus)
    assert read_document(corpus / "knees.md", "knees.md").references[0].year == 2019


def test_an_entry_of_the_document_alone_stays(tmp_path: Path) -> None:
    corpus = corpus_with(tmp_path, "references: [{key: Own2001, title: Our own}, Trial2018, Review2020]")
    fill_references(corpus)
    assert read_document(corpus / "knees.md", "knees.md").references[0].title == "Our own"


def test_an_unknown_key_is_an_error_that_names_the_file(tmp_path: Path) -> None:
    corpus = corpus_with(tmp_path, "references: [Trial1999]")
    with pytest.raises(FrontMatterError, match=r"knees\.md.*Trial1999"):
        fill_references(corpus)


def test_a_corpus_without_a_register_is_an_error(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    corpus = corpus_with(tmp_path, FORMS["flow"])
    (tmp_path / "references.yaml").unlink()
    with pytest.raises(CorpusError):
        fill_references(corpus)
    assert main([str(corpus)]) == 1
    assert "references.yaml" in capsys.readouterr().err


def test_an_empty_list_and_a_plain_file_are_left_alone(tmp_path: Path) -> None:
    corpus = corpus_with(tmp_path, "references: []")
    (corpus / "plain.txt").write_text("Just text.", encoding="utf-8")
    assert fill_references(corpus) == []


def test_the_shipped_documents_are_filled() -> None:
    folder = Path(__file__).parents[2] / "corpus" / "documents"
    register = load_register(folder)
    for path in folder.glob("*.md"):
        assert read_document(path, path.name).references == read_document(path, path.name, register).references
