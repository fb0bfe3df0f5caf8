"""The corpus check finds each defect, by file and line, and passes the corpus that is shipped."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from pathlib import Path
from urllib.parse import urlsplit

import pytest
import yaml

from ingest.check import Finding, check_corpus
from ingest.check.policy import load_policy
from ingest.check.wording import banned_word
from ingest.errors import CorpusError
from ingest.frontmatter import load_register
from ingest.reading import read_document
from tests.ingest import bad_documents

TODAY = date(2026, 11, 24)
CORPUS = Path(__file__).parents[2] / "corpus"

REGISTER = """\
- key: Trial2018
  title: A trial
  author: Somebody A
  where: A journal
  year: 2018
  kind: RCT
- key: Review2020
  title: A review
  kind: systematic review
"""
GOOD = """\
---
id: sore-knees
title: Sore knees and cupping
summary: Cupping may ease sore knees for a while.
kind: randomised-trial
evidence: C
topics: [knees]
reviewed_on: 2026-11-01
review_due: 2027-11-01
references: [Trial2018, Review2020]
notes:
  - quote: "A clinic says that cupping cures sore knees."
    note: "No trial shows that."
    see: sore-knees
    references: [Review2020]
---
# Sore knees and cupping

## Does cupping help sore knees?

Cupping may help sore knees for a week or two. [Trial2018] [Review2020]
A clinic says that cupping cures sore knees. [Trial2018]

- Sore knees got better with rest in one small trial. [Trial2018]

## Is cupping safe for sore knees?

Cupping on sore knees left marks, as the [knee page](sore-knees.md) says. [reasoning]
"""

Lint = Callable[..., list[Finding]]


@pytest.fixture
def lint(tmp_path: Path) -> Lint:
    """Lints a corpus of the given files; `sore-knees.md` is GOOD with the given replacements made."""

    def run(*swaps: tuple[str, str], register: str = REGISTER, **others: str) -> list[Finding]:
        corpus = tmp_path / "documents"
        corpus.mkdir()
        text = GOOD
        for old, new in swaps:
            assert old in text, f"nothing to replace: {old}"
            text = text.replace(old, new, 1)
        (corpus / "sore-knees.md").write_text(text, encoding="utf-8")
        for name, content in others.items():
            (corpus / f"{name.replace('_', '-')}.md").write_text(content, encoding="utf-8")
        (tmp_path / "references.yaml").write_text(register, encoding="utf-8")
        return check_corpus(corpus, TODAY)

    return run


def test_a_good_corpus_has_no_findings(lint: Lint) -> None:
    assert lint() == []


@pytest.mark.parametrize(
    ("old", "new", "line", "severity", "says"),
    [
        ("evidence: C", "evidence: E", 6, "error", "evidence"),
        ("kind: randomised-trial", "kind: hearsay", 5, "error", "kind"),
        ("topics: [knees]", "topics: [knees", 8, "error", "not valid YAML"),
        ("topics: [knees]", "topics: [knees]\nmood: glad", 8, "error", "mood"),
        ("summary: Cupping may ease sore knees for a while.\n", "", 1, "error", "'summary' is missing"),
        ("id: sore-knees", "id: tired-knees", 2, "error", "not the file's name"),
        ("review_due: 2027-11-01", "review_due: 2026-11-23", 9, "error", "was due on 2026-11-23"),
        ("review_due: 2027-11-01", "review_due: 2029-11-01", 9, "error", "more than a year"),
        ("reviewed_on: 2026-11-01", "reviewed_on: 2027-01-01", 8, "error", "lies in the future"),
        ("[Trial2018, Review2020]", "[Trial2018, Review2020, Trial1999]", 10, "error", "Trial1999"),
        ("in one small trial. [Trial2018]", "in one small trial. [Trail2018]", 24, "error", "'Trail2018' is unknown"),
        ("references: [Trial2018, Review2020]", "references: [Review2020]", 21, "error", "used but not listed"),
        ("in one small trial. [Trial2018]", "in one small trial.", 24, "error", "no reference"),
        ("or two. [Trial2018]", "or two. Rest helps sore knees too. [Trial2018]", 21, "error", "no reference"),
        ("Cupping may help sore knees for", "Germs [Review2020] may be hepatitis B for", 21, "error", "in the middle"),
        (
            "week or two. [Trial2018]",
            "week, by 3 mm. [Trial2018] Knees got well. [Trial2018]",
            21,
            "error",
            "in the middle",
        ),
        ('quote: "A clinic says', 'quote: "One clinic says', 12, "error", "does not stand in the body"),
        ("see: sore-knees", "see: sore-elbows", 14, "error", "'sore-elbows', which does not exist"),
        ("references: [Review2020]\n---", "references: [Nobody1900]\n---", 12, "error", "'Nobody1900' is unknown"),
        ("(sore-knees.md)", "(sore-elbows.md)", 28, "error", "leads nowhere"),
        ("- Sore knees got better", "- They got better", 24, "warning", "does not stand alone"),
        ("with rest in one", "with rest, as described above, in one", 24, "warning", "does not stand alone"),
        ("left marks, as", "left marks, " + "and marks " * 40 + "as", 28, "error", "words"),
        ("Cupping may help sore", "Cupping is proven to help sore", 21, "error", "banned word 'proven'"),
        ("- Sore knees got better", "- Cupping boosts sore knees", 24, "error", "banned word 'boosts'"),
        ("## Is cupping safe for sore knees?", "## Cupping cures sore knees", 26, "error", "A heading claims 'cures'"),
        ("## Is cupping safe", "## Are knees joints?\n\n## Is cupping safe", 26, "error", "Nothing stands under"),
        ("## Is cupping safe for", "## Does cupping help", 26, "error", "stands twice"),
        ("left marks, as", "left no marks. [reasoning] It is safe, as", 28, "warning", "does not stand alone"),
        ("## Is cupping safe for sore knees?", "## Who pays?", 26, "warning", "shares no word"),
    ],
)
def test_a_planted_defect_is_found_on_its_line(
    lint: Lint, old: str, new: str, line: int, severity: str, says: str
) -> None:
    found = [finding for finding in lint((old, new)) if says in finding.what]
    assert [(f.path, f.line, f.severity) for f in found] == [("sore-knees.md", line, severity)]
    assert found[0].mend


def test_a_noted_claim_needs_its_note(lint: Lint) -> None:
    start, end = GOOD.index("notes:"), GOOD.index("---\n# Sore")
    found = lint((GOOD[start:end], "notes: []\n"))
    assert ["'cures'" in finding.what for finding in found] == [True]


@pytest.mark.parametrize(
    ("words", "noted", "expected"),
    [
        ("Cupping is proven.", False, "proven"),
        ("Cupping is not proven.", False, None),
        ("No trial shows that cupping cures migraine.", False, None),
        ("Cupping cures migraine, and no trial has been done.", False, "cures"),
        ('A shop sells cups for "detox".', False, None),
        ("The clinic claims that cupping boosts immunity.", True, None),
        ("The clinic claims that cupping boosts immunity.", False, "boosts"),
        ("A benefit of cupping is unproven.", False, None),
        ("A promise to cure diabetes is a warning sign.", False, None),
    ],
)
def test_banned_words_are_allowed_in_quotes_denials_and_noted_claims(
    words: str, noted: bool, expected: str | None
) -> None:
    assert banned_word(words, noted, load_policy()) == expected


def test_hard_words_are_found_in_a_document_and_in_the_median(lint: Lint) -> None:
    hard = (
        "Immunological hypersensitivity necessitates comprehensive multidisciplinary rheumatological evaluation "
        "preceding every investigational extracorporeal intervention that physicians subsequently administer. "
        "[Trial2018] [Review2020] A clinic says that cupping cures sore knees. [Trial2018]\n\n"
    )
    findings = lint((GOOD[GOOD.index("Cupping may help sore") : GOOD.index("## Is cupping")], hard))
    what = " ".join(finding.what for finding in findings)
    assert "The reading grade is" in what
    assert "The median reading grade is" in what


def test_one_source_described_in_two_ways_is_found(lint: Lint) -> None:
    entry = "{key: Trial2018, title: A trial, author: Somebody A, where: A journal, year: 2017, kind: RCT}"
    found = lint(("[Trial2018, Review2020]", f"\n  - {entry}\n  - Review2020"))
    assert [(f.line, f.what) for f in found] == [(11, "'Trial2018' has another year here than in references.yaml.")]


def test_two_documents_that_describe_a_source_differently_are_found(lint: Lint) -> None:
    mine, other = "{key: Own2001, title: One}", "{key: Own2001, title: Two}"
    tired = GOOD.replace("sore", "tired").replace("Sore", "Tired").replace("Cupping may help", "Some people like")
    found = lint(
        ("[Trial2018, Review2020]", f"[Trial2018, Review2020, {mine}]"),
        ("[reasoning]", "[Own2001]"),
        tired_knees=tired.replace("[Trial2018, Review2020]", f"[Trial2018, Review2020, {other}]").replace(
            "[reasoning]", "[Own2001]"
        ),
    )
    assert [f.path for f in found if "another title" in f.what] == ["tired-knees.md"]


def test_near_duplicate_sections_are_found_across_documents(lint: Lint) -> None:
    body = "People rest sore knees for many days, raise them on a cushion, cool them with a wet cloth, and walk a "
    body += "little more on each of the days that follow until the knees feel well again. [Trial2018]"
    swap = ("Cupping on sore knees left marks", f"{body} Cupping on sore knees left marks")
    copy = GOOD.replace("sore-knees", "bad-knees").replace("Cupping may help sore", "Many try cupping for")
    copy = copy.replace(*swap).replace("for many days", "for a few days")
    found = [f for f in lint(swap, bad_knees=copy) if "nearly the same" in f.what]
    assert ("sore-knees.md", 26) in [(f.path, f.line) for f in found]


def test_a_register_with_a_bad_a_double_and_an_idle_entry_is_found(lint: Lint) -> None:
    extra = (
        "- key: Trial2018\n  title: Again\n- key: Idle1990\n  title: Idle\n- key: Bad1991\n  title: Bad\n  mood: x\n"
    )
    found = lint(register=REGISTER + extra)
    register = {(f.line, f.severity, f.what.split(",")[0]) for f in found if f.path == "references.yaml"}
    assert (10, "error", "The key 'Trial2018' stands twice.") in register
    assert (12, "warning", "No document cites 'Idle1990'.") in register
    assert (14, "error", "'Bad1991'") in register


def test_a_word_in_two_groups_of_synonyms_is_found(lint: Lint, tmp_path: Path) -> None:
    (tmp_path / "synonyms.yaml").write_text("- [bruise, mark]\n- [scar, Mark]\n", encoding="utf-8")
    assert [(f.path, f.line) for f in lint()] == [("synonyms.yaml", 1)]


def test_two_files_with_one_id_are_found(lint: Lint) -> None:
    found = lint(tired_knees=GOOD)
    assert "The id 'sore-knees' is that of sore-knees.md too." in [f.what for f in found]


def test_a_file_without_front_matter_is_only_pointed_out(lint: Lint) -> None:
    found = lint(leaflet="It is proven that cupping works. They said so.")
    assert [(f.path, f.severity) for f in found] == [("leaflet.md", "warning")]


def test_a_missing_folder_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(CorpusError, match="no corpus folder"):
        check_corpus(tmp_path / "nowhere", TODAY)


def test_windows_line_ends_keep_their_lines(tmp_path: Path) -> None:
    corpus = tmp_path / "documents"
    corpus.mkdir()
    (tmp_path / "references.yaml").write_text(REGISTER, encoding="utf-8")
    text = GOOD.replace("in one small trial. [Trial2018]", "in one small trial.").replace("\n", "\r\n")
    (corpus / "sore-knees.md").write_bytes(text.encode())
    assert [finding.line for finding in check_corpus(corpus, TODAY)] == [24]


def test_the_shipped_corpus_passes() -> None:
    newest = max(
        document.reviewed_on or date.min
        for path in (CORPUS / "documents").glob("*.md")
        for document in [read_document(path, path.name, load_register(CORPUS))]
    )
    assert [str(finding) for finding in check_corpus(CORPUS / "documents", newest)] == []


def test_every_address_in_the_register_leads_to_a_page_and_not_to_a_front_door() -> None:
    entries = yaml.safe_load((CORPUS / "references.yaml").read_text(encoding="utf-8"))
    paths = {entry["key"]: urlsplit(entry["url"]).path for entry in entries if "url" in entry}
    assert [key for key, path in paths.items() if path.strip("/") == ""] == []


def test_check_reports_every_bad_document_that_ingest_would_refuse(tmp_path: Path) -> None:
    folder = tmp_path / "corpus"
    bad_documents.write_all(folder)
    (folder / "table.xlsx").write_bytes(b"x")
    found = check_corpus(folder, TODAY)
    assert {f.path for f in found if f.severity == "error"} >= set(bad_documents.BAD)
    assert "table.xlsx" in {f.path for f in found if f.severity == "warning"}
    (orders,) = [f for f in found if f.path == "orders.md"]
    assert "gives orders to a language model" in orders.what
    assert orders.line == 3


def test_a_sound_packed_file_is_only_unreviewed(tmp_path: Path) -> None:
    (tmp_path / "letter.docx").write_bytes(bad_documents.word_file())
    (finding,) = check_corpus(tmp_path, TODAY)
    assert (finding.severity, finding.what[:8]) == ("warning", "Nobody h")
