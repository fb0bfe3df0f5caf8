"""Runs of words that stand both in a sheet and in a document."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import yaml

from ingest.coverage.words import words
from ingest.domain import Document

LEAST_WORDS = 8
"""A shared run of so many words is a sentence taken over, unless a fixed term makes it."""


@dataclass(frozen=True, order=True)
class Run:
    """Words that a document shares with the sheet. `excused`: fixed terms leave fewer than LEAST_WORDS of them."""

    document: str
    text: str
    excused: bool = False

    @property
    def length(self) -> int:
        """How many words."""
        return len(self.text.split())


def shared_runs(source: str, documents: Sequence[Document], fixed: Sequence[str] = ()) -> list[Run]:
    """The longest runs of at least LEAST_WORDS words that documents share with a sheet, each once a document.

    Of a document its text, its summary and its notes are searched. A run of the sheet ends with its line, one of
    a document with its paragraph.
    """
    lines = [words(line) for line in source.splitlines()]
    places = _places(lines)
    found = {
        Run(document.id, text, _left(text, fixed) < LEAST_WORDS)
        for document in documents
        for paragraph in _paragraphs(document)
        for text in _longest(words(paragraph), lines, places)
    }
    return sorted(found)


def fixed_terms(corpus: Path) -> list[str]:
    """Names and terms that nobody can word otherwise, from `fixed-terms.yaml` in the corpus folder or beside it."""
    for folder in (corpus, corpus.parent):
        file = folder / "fixed-terms.yaml"
        if file.is_file():
            return [" ".join(words(str(term))) for term in yaml.safe_load(file.read_text(encoding="utf-8")) or []]
    return []


def _places(lines: Sequence[Sequence[str]]) -> Mapping[tuple[str, ...], list[tuple[int, int]]]:
    """Each run of LEAST_WORDS words, and (line, position) of where it begins."""
    places: defaultdict[tuple[str, ...], list[tuple[int, int]]] = defaultdict(list)
    for number, line in enumerate(lines):
        for start in range(len(line) - LEAST_WORDS + 1):
            places[tuple(line[start : start + LEAST_WORDS])].append((number, start))
    return places


def _paragraphs(document: Document) -> Iterator[str]:
    yield document.summary
    yield from (note.text for note in document.notes)
    yield from document.text.split("\n\n")


def _longest(
    own: Sequence[str], lines: Sequence[Sequence[str]], places: Mapping[tuple[str, ...], list[tuple[int, int]]]
) -> Iterator[str]:
    position = 0
    while position <= len(own) - LEAST_WORDS:
        starts = places.get(tuple(own[position : position + LEAST_WORDS]), [])
        length = max((_common(own[position:], lines[number][start:]) for number, start in starts), default=0)
        if length:
            yield " ".join(own[position : position + length])
        position += max(length, 1)


def _common(first: Sequence[str], second: Sequence[str]) -> int:
    """How many words two sequences begin with together."""
    pairs = zip(first, second, strict=False)
    return next((count for count, (a, b) in enumerate(pairs) if a != b), min(len(first), len(second)))


def _left(text: str, fixed: Sequence[str]) -> int:
    """The length of a run in which each fixed term counts as one word."""
    for term in fixed:
        text = f" {text} ".replace(f" {term} ", " • ").strip()
    return len(text.split())
