"""A sheet of source notes is set against a corpus: what no document carries, and what stands in it word for word."""

from __future__ import annotations

from pathlib import Path

import pytest

from ingest.coverage import Synonyms, match_facts, read_sheet, shared_runs
from ingest.coverage.__main__ import main
from ingest.coverage.words import terms, words
from ingest.domain import Document
from ingest.embedder import Embedder
from ingest.reading import read_document

SHEET = """\
# Notes on tea

## 1. Steeping

**Scope.** How tea is made.

1. Green tea is steeped for 3 minutes at 80 degrees [Tanaka2011]. Longer steeping makes it bitter (memory).
2. In a trial of 64 drinkers, jasmine tea was liked no better than plain tea (section 2) [Okoro2019].

## 2. Myths

| # | Myth | Answer | See |
|---|---|---|---|
| 1 | Tea removes iron from the kettle | No study measured it | 7 |
"""
DOCUMENT = """\
---
id: tea
title: Making tea
summary: How tea is made, in short.
kind: reference
---
# Making tea

## How long does green tea steep?

Green tea takes three minutes in water of 80 degrees. When it steeps longer, it turns bitter.
"""


@pytest.fixture
def corpus(tmp_path: Path) -> Path:
    folder = tmp_path / "documents"
    folder.mkdir()
    (folder / "tea.md").write_text(DOCUMENT, encoding="utf-8")
    return folder


@pytest.fixture
def tea(corpus: Path) -> Document:
    return read_document(corpus / "tea.md", "tea.md", {})


def test_each_sentence_of_an_item_and_each_row_is_a_fact_of_its_section() -> None:
    facts = read_sheet(SHEET, without=["Scope."])
    assert [(fact.section, fact.line) for fact in facts] == [
        ("1. Steeping", 7),
        ("1. Steeping", 7),
        ("1. Steeping", 8),
        ("2. Myths", 14),
    ]
    assert facts[1].text == "Longer steeping makes it bitter ."
    assert facts[3].text == "Tea removes iron from the kettle – No study measured it"


def test_a_section_can_be_left_out() -> None:
    assert {fact.section for fact in read_sheet(SHEET, without=["1."])} == {"2. Myths"}


def test_a_short_sentence_belongs_to_the_fact_before_it() -> None:
    facts = read_sheet("- Black tea was taxed in Boston harbour in 1773. It sank.\n")
    assert [fact.text for fact in facts] == ["Black tea was taxed in Boston harbour in 1773. It sank."]


def test_facts_told_in_other_words_are_carried_and_others_are_not(tea: Document, embedder: Embedder) -> None:
    matches = match_facts(read_sheet(SHEET, without=["Scope."]), [tea], embedder)
    assert [match.carried for match in matches] == [True, True, False, False]
    assert {"64", "jasmin"} <= set(matches[2].missing)


def test_a_fact_whose_numbers_differ_is_not_carried(tea: Document, embedder: Embedder) -> None:
    facts = read_sheet("- Green tea takes 12 minutes in water of 45 degrees.\n")
    assert not match_facts(facts, [tea], embedder)[0].carried


def test_a_curators_note_tells_a_fact_of_the_section_that_it_stands_by(corpus: Path, embedder: Embedder) -> None:
    facts = read_sheet("- In a trial of 64 drinkers, jasmine tea was liked no better than plain tea.\n")
    note = "Of 64 drinkers in a trial, none liked jasmine tea better than plain tea."
    quote = "When it steeps longer, it turns bitter."
    noted = DOCUMENT.replace("kind:", f'notes:\n  - quote: "{quote}"\n    note: "{note}"\nkind:')
    (corpus / "tea.md").write_text(noted, encoding="utf-8")
    (match,) = match_facts(facts, [read_document(corpus / "tea.md", "tea.md", {})], embedder)
    assert match.carried
    other = noted.replace("jasmine", "roasted").replace("64", "12")
    (corpus / "tea.md").write_text(other, encoding="utf-8")
    (match,) = match_facts(facts, [read_document(corpus / "tea.md", "tea.md", {})], embedder)
    assert not match.carried


def test_a_fact_told_in_two_sentences_is_read_across_them(corpus: Path, embedder: Embedder) -> None:
    (fact,) = read_sheet("- Green tea has an infusion lasting three minutes, and a longer one spoils the taste.\n")
    together = read_document(corpus / "tea.md", "tea.md", {})
    apart = DOCUMENT.replace("When it steeps", "## What else?\n\nWhen it steeps")
    (corpus / "tea.md").write_text(apart, encoding="utf-8")
    (whole,) = match_facts([fact], [together], embedder)
    (parted,) = match_facts([fact], [read_document(corpus / "tea.md", "tea.md", {})], embedder)
    assert whole.closeness > parted.closeness


def test_synonyms_count_as_the_same_word_in_any_form() -> None:
    synonyms = Synonyms([["infusion time", "steeping"], ["green tea", "sencha"]])
    assert synonyms.levelled("Sencha: steeping") == ["green", "tea", "infusion", "time"]
    assert synonyms.levelled("Senchas, steeped") == ["green", "tea", "infusion", "time"]


def test_numbers_are_compared_in_digits_and_words_by_their_stems() -> None:
    assert terms(words("Three cups, 1,172 drinkers [Key2020]")) == {"3", "cup", "1172", "drinker"}
    assert terms(words("sixteen RCTs vs one")) == {"16", "rct", "1"}


@pytest.mark.parametrize("place", ["text", "summary", "note"])
def test_eight_words_in_a_row_are_a_shared_run_wherever_they_stand(corpus: Path, place: str) -> None:
    taken = "the leaves are rolled by hand before they dry"
    note = f'notes:\n  - quote: "Green tea takes three minutes in water of 80 degrees."\n    note: "Here {taken}."\n'
    changed = {
        "text": DOCUMENT.replace("When it", f"Here {taken}. When it"),
        "summary": DOCUMENT.replace("How tea is made", f"Here {taken}"),
        "note": DOCUMENT.replace("kind:", f"{note}kind:"),
    }
    (corpus / "tea.md").write_text(changed[place], encoding="utf-8")
    document = read_document(corpus / "tea.md", "tea.md", {})
    (run,) = shared_runs(f"- In May {taken} [Tanaka2011].\n", [document])
    assert (run.document, run.text, run.length, run.excused) == ("tea", taken, 9, False)


def test_seven_words_in_a_row_are_not_a_shared_run(tea: Document) -> None:
    assert shared_runs("Tea: minutes in water of 80 degrees when cold.\n", [tea]) == []


def test_a_run_of_the_sheet_ends_with_its_line(tea: Document) -> None:
    assert shared_runs("- takes three minutes in water\n- of 80 degrees when it steeps\n", [tea]) == []


def test_a_fixed_term_counts_as_one_word(tea: Document) -> None:
    sheet = "Green tea takes three minutes in water of 80 degrees.\n"
    (run,) = shared_runs(sheet, [tea], ["three minutes in water"])
    assert run.excused
    (run,) = shared_runs(sheet, [tea], ["three minutes"])
    assert not run.excused


def test_the_command_fails_on_a_run_until_it_is_a_fixed_term(corpus: Path, capsys: pytest.CaptureFixture[str]) -> None:
    sheet = corpus.parent / "sheet.md"
    sheet.write_text(SHEET + "\nGreen tea takes three minutes in water of 80 degrees.\n", encoding="utf-8")
    assert main([str(sheet), "--corpus", str(corpus), "--without", "Scope."]) == 1
    told = capsys.readouterr().out
    assert told.startswith("3 of 5 facts are carried, 2 are not.")
    assert "line 8: In a trial of 64 drinkers" in told
    assert "10  tea: green tea takes three minutes in water of 80 degrees" in told
    (corpus.parent / "fixed-terms.yaml").write_text("- three minutes in water\n", encoding="utf-8")
    assert main([str(sheet), "--corpus", str(corpus)]) == 0


def test_a_sheet_that_is_not_there_is_told_without_a_traceback(
    corpus: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main([str(corpus / "none.md"), "--corpus", str(corpus)]) == 1
    assert "none.md" in capsys.readouterr().err
