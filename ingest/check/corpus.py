"""Checks a whole corpus folder."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date
from pathlib import Path
from typing import Any

import yaml

from ingest.check import agreement, frontmatter, wording
from ingest.check.finding import Finding
from ingest.check.manuscript import Manuscript, line_of_error
from ingest.check.policy import Policy, load_policy
from ingest.errors import DocumentError
from ingest.frontmatter import load_register
from ingest.limits import Limits
from ingest.reading import TEXT_SUFFIXES, read_document
from ingest.scanning import scan_corpus

_CONVERT = "Convert it to a format that is, or take it out of the folder."
_REVIEW = "Add front matter and references (see corpus/README.md), or leave it: answers say that it is unreviewed."


def check_corpus(corpus: Path, today: date, limits: Limits | None = None) -> list[Finding]:
    """What ingest would refuse in a corpus folder, and what breaks its policy, by file and line. Builds nothing.

    The register and the synonyms are looked for in the folder and beside it. Raises CorpusError where there
    is no folder.
    """
    policy, scan = load_policy(), scan_corpus(corpus)
    names = scan.files
    try:
        register = load_register(corpus)
    except (yaml.YAMLError, TypeError, KeyError) as error:
        what = f"The register can't be read ({str(error).splitlines()[0]})."
        return [Finding("references.yaml", 1, "error", what, "It is a list of entries with at least key and title.")]
    papers, findings = _read(names, register, limits or Limits())
    findings += [Finding(failure.path, 1, "error", failure.reason, failure.mend) for failure in scan.failures]
    findings += [Finding(name, 1, "warning", "Files of this format are not read.", _CONVERT) for name in scan.ignored]
    ids = {paper.document.id for paper in papers} | {Path(name).stem for name in names}
    for paper in papers:
        findings += _check_one(paper, register, ids, names, today, policy)
    findings += _check_all(papers, corpus, register, policy)
    return sorted(set(findings))


def _read(
    names: Mapping[str, Path], register: Mapping[str, dict[str, Any]], limits: Limits
) -> tuple[list[Manuscript], list[Finding]]:
    papers: list[Manuscript] = []
    findings: list[Finding] = []
    ids: dict[str, str] = {}
    hashes: dict[str, str] = {}
    for name, path in names.items():
        try:
            document = read_document(path, name, register, limits)
        except DocumentError as error:
            findings.append(Finding(name, _line(error, path, limits), "error", error.reason, error.mend))
            continue
        paper = Manuscript.of(path, document) if path.suffix.lower() in TEXT_SUFFIXES else None
        line = paper.field_line("id") if paper else 1
        if document.content_hash in hashes:
            what = f"It has the same content as {hashes[document.content_hash]}."
            findings.append(Finding(name, 1, "error", what, "Remove one of the two."))
        if document.id in ids:
            what = f"The id '{document.id}' is that of {ids[document.id]} too."
            findings.append(Finding(name, line, "error", what, "Give one of the two another id."))
        ids[document.id] = hashes[document.content_hash] = name
        if paper and paper.has_front_matter:
            papers.append(paper)
        else:
            findings.append(
                Finding(name, 1, "warning", "Nobody has reviewed this file: it has no front matter.", _REVIEW)
            )
    return papers, findings


def _line(error: DocumentError, path: Path, limits: Limits) -> int:
    """The line that an error is about, where the file is text at all."""
    if path.suffix.lower() not in TEXT_SUFFIXES or path.stat().st_size > limits.file_bytes:
        return 1
    return line_of_error(error, path.read_text(encoding="utf-8", errors="replace"))


def _check_one(
    paper: Manuscript,
    register: Mapping[str, dict[str, Any]],
    ids: set[str],
    names: Mapping[str, Path],
    today: date,
    policy: Policy,
) -> Iterator[Finding]:
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
    yield from agreement.check_wordings(papers)
    yield from agreement.check_synonyms(_beside(corpus, "synonyms.yaml"))


def _beside(corpus: Path, name: str) -> Path:
    inside = corpus / name
    return inside if inside.is_file() else corpus.parent / name
