"""Checks a whole corpus folder."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date
from pathlib import Path
from typing import Any

import yaml

from ingest.changes import corpus_files
from ingest.check import agreement, frontmatter, wording
from ingest.check.finding import Finding
from ingest.check.manuscript import Manuscript, line_of_error
from ingest.check.policy import Policy, load_policy
from ingest.errors import DocumentError
from ingest.frontmatter import load_register


def check_corpus(corpus: Path, today: date) -> list[Finding]:
    """All defects of a corpus folder, by file and line. Nothing is built.

    The register and the synonyms are looked for in the folder and beside it. Raises CorpusError where there
    is no folder.
    """
    policy = load_policy()
    names = {str(file.relative_to(corpus)): file for file in corpus_files(corpus)}
    try:
        register = load_register(corpus)
    except (yaml.YAMLError, TypeError, KeyError) as error:
        what = f"The register can't be read ({str(error).splitlines()[0]})."
        return [Finding("references.yaml", 1, "error", what, "It is a list of entries with at least key and title.")]
    papers, findings = _read(names, register)
    ids = {paper.document.id for paper in papers} | {Path(name).stem for name in names}
    for paper in papers:
        findings += _check_one(paper, register, ids, names, today, policy)
    findings += _check_all([paper for paper in papers if paper.has_front_matter], corpus, register, policy)
    return sorted(set(findings))


def _read(names: Mapping[str, Path], register: Mapping[str, dict[str, Any]]) -> tuple[list[Manuscript], list[Finding]]:
    papers: list[Manuscript] = []
    findings: list[Finding] = []
    ids: dict[str, str] = {}
    for name, path in names.items():
        try:
            paper = Manuscript.read(path, name, register)
        except DocumentError as error:
            line = line_of_error(error, path.read_text(encoding="utf-8", errors="replace"))
            findings.append(Finding(name, line, "error", error.reason, error.mend))
            continue
        if paper.document.id in ids:
            what = f"The id '{paper.document.id}' is that of {ids[paper.document.id]} too."
            findings.append(Finding(name, paper.field_line("id"), "error", what, "Give one of the two another id."))
        ids[paper.document.id] = name
        papers.append(paper)
    return papers, findings


def _check_one(
    paper: Manuscript,
    register: Mapping[str, dict[str, Any]],
    ids: set[str],
    names: Mapping[str, Path],
    today: date,
    policy: Policy,
) -> Iterator[Finding]:
    if not paper.has_front_matter:
        mend = "Add front matter and references (see corpus/README.md), or leave it: answers say that it is unreviewed."
        yield Finding(paper.name, 1, "warning", "Nobody has reviewed this file: it has no front matter.", mend)
        return
    yield from frontmatter.check_fields(paper)
    yield from frontmatter.check_dates(paper, today, policy)
    yield from frontmatter.check_keys(paper, register)
    yield from frontmatter.check_notes(paper, ids)
    yield from wording.check_sentences(paper, policy)
    yield from wording.check_headings(paper, policy)
    yield from wording.check_links(paper, set(names))
    yield from wording.check_grade(paper, policy)


def _check_all(
    papers: list[Manuscript], corpus: Path, register: Mapping[str, dict[str, Any]], policy: Policy
) -> Iterator[Finding]:
    yield from agreement.check_register(_beside(corpus, "references.yaml"), papers)
    yield from agreement.check_descriptions(papers, register)
    yield from agreement.check_median_grade(papers, policy)
    yield from agreement.check_duplicates(papers, policy)
    yield from agreement.check_synonyms(_beside(corpus, "synonyms.yaml"))


def _beside(corpus: Path, name: str) -> Path:
    inside = corpus / name
    return inside if inside.is_file() else corpus.parent / name
