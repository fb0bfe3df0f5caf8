"""Checks that need more than one file: the register, near-duplicates, the median grade, synonyms."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from itertools import combinations
from pathlib import Path
from statistics import median
from typing import Any

import yaml
from pydantic import ValidationError

from ingest.check.finding import Finding
from ingest.check.manuscript import Manuscript
from ingest.check.policy import Policy
from ingest.check.wording import reading_grade
from ingest.domain import Reference
from ingest.frontmatter import ReferenceEntry

_WORD = re.compile(r"\w+")


def check_register(file: Path, papers: Sequence[Manuscript]) -> Iterator[Finding]:
    """The register is well formed, has each key once, and every entry is cited somewhere."""
    cited = {reference.key for paper in papers for reference in paper.document.references}
    seen: set[str] = set()
    for line, entry in _entries(file):
        key = str(entry.get("key"))
        try:
            ReferenceEntry.model_validate(entry)
        except ValidationError as error:
            problem = error.errors()[0]
            field = ".".join(str(part) for part in problem["loc"])
            yield Finding(file.name, line, "error", f"'{key}', field '{field}': {problem['msg']}.", "Mend the entry.")
        if key in seen:
            yield Finding(file.name, line, "error", f"The key '{key}' stands twice.", "Keep one of the two.")
        seen.add(key)
        if key not in cited:
            yield Finding(file.name, line, "warning", f"No document cites '{key}'.", "Cite it, or take it out.")


def check_descriptions(papers: Sequence[Manuscript], register: Mapping[str, dict[str, Any]]) -> Iterator[Finding]:
    """A source is described in the same words everywhere."""
    known: dict[str, tuple[str, Reference]] = {}
    for key, entry in register.items():
        try:
            known[key] = ("references.yaml", ReferenceEntry.model_validate(entry).as_reference())
        except ValidationError:
            continue
    for paper in papers:
        for reference in paper.document.references:
            where, first = known.setdefault(reference.key, (paper.name, reference))
            if first != reference:
                field = next(name for name in vars(first) if getattr(first, name) != getattr(reference, name))
                line = paper.line_of(f"key: {reference.key}")
                what = f"'{reference.key}' has another {field} here than in {where}."
                mend = "Mend the register, then run `make references`."
                yield Finding(paper.name, line, "error", what, mend)


def check_median_grade(papers: Sequence[Manuscript], policy: Policy) -> Iterator[Finding]:
    """Half of the documents are at or under the policy's median grade."""
    grades = sorted((reading_grade(paper.document), paper.name) for paper in papers)
    middle = median(grade for grade, _ in grades) if grades else 0.0
    if middle > policy.limits.grade_of_corpus:
        what = f"The median reading grade is {middle:.1f}; {policy.limits.grade_of_corpus:g} is the most."
        yield Finding(grades[-1][1], 1, "error", what, "Simplify the hardest documents, this one first.")


def check_duplicates(papers: Sequence[Manuscript], policy: Policy) -> Iterator[Finding]:
    """No two sections, of one document or of two, say nearly the same in nearly the same words.

    Two sections are near-duplicates when the Jaccard index of their word shingles reaches the policy's limit.
    """
    limits = policy.limits
    places: list[tuple[Manuscript, str, int]] = []
    shingles: list[set[tuple[str, ...]]] = []
    for paper in papers:
        for section in paper.document.sections:
            first, last = section.sentences[0], section.sentences[-1]
            words = _WORD.findall(paper.document.text[first.start : last.end].lower())
            if len(words) >= limits.least_section_words:
                places.append((paper, section.heading, paper.line_of(f"# {section.heading}")))
                runs = range(len(words) - limits.shingle_words + 1)
                shingles.append({tuple(words[i : i + limits.shingle_words]) for i in runs})
    for (a, b), shared in _shared(shingles, limits.shingle_sections).items():
        overlap = shared / (len(shingles[a]) + len(shingles[b]) - shared)
        if overlap >= limits.shingle_overlap:
            (first_paper, heading, line), (paper, other, other_line) = places[a], places[b]
            what = f"'{other}' is nearly the same ({overlap:.0%}) as '{heading}' ({first_paper.name}:{line})."
            yield Finding(paper.name, other_line, "error", what, "Keep one, and link to it from the other.")


def check_wordings(papers: Sequence[Manuscript]) -> Iterator[Finding]:
    """What people also ask leads to one section only."""
    first: dict[str, str] = {}
    for paper in papers:
        for section in paper.document.sections:
            for wording in section.also_asked:
                place = f"'{section.heading}' ({paper.name})"
                known = first.setdefault(" ".join(_WORD.findall(wording.lower())), place)
                if known != place:
                    what = f"also_asked: '{wording}' stands under {known} too."
                    yield Finding(
                        paper.name, paper.line_of(wording), "error", what, "Keep it where it is answered best."
                    )


def check_synonyms(file: Path) -> Iterator[Finding]:
    """A word belongs to one group of synonyms only."""
    if not file.is_file():
        return
    groups = yaml.safe_load(file.read_text(encoding="utf-8")) or []
    counts = Counter(str(word).lower() for group in groups for word in group)
    lines = file.read_text(encoding="utf-8").splitlines()
    for word in sorted(word for word, count in counts.items() if count > 1):
        line = next((i for i, text in enumerate(lines, 1) if word in text.lower()), 1)
        yield Finding(file.name, line, "error", f"'{word}' stands in two groups.", "Keep it in one.")


def _entries(file: Path) -> Iterator[tuple[int, dict[str, Any]]]:
    """(line, entry) for each entry of the register."""
    if not file.is_file():
        return
    source = file.read_text(encoding="utf-8")
    node = yaml.compose(source, Loader=yaml.SafeLoader)
    entries = yaml.safe_load(source) or []
    for item, entry in zip(node.value if node else [], entries, strict=True):
        yield item.start_mark.line + 1, entry


def _shared(shingles: Sequence[set[tuple[str, ...]]], most: int) -> Counter[tuple[int, int]]:
    """How many shingles two sections share, by pair; shingles of more than `most` sections are left out."""
    owners: defaultdict[tuple[str, ...], list[int]] = defaultdict(list)
    for index, own in enumerate(shingles):
        for shingle in own:
            owners[shingle].append(index)
    pairs: Counter[tuple[int, int]] = Counter()
    for sections in owners.values():
        if 1 < len(sections) <= most:
            pairs.update(combinations(sections, 2))
    return pairs
