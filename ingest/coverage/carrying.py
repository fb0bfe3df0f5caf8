"""Which facts of a sheet some document carries: the same rare words and numbers in one section, or the same meaning.

A section is compared with its heading and with the curator's notes on its sentences. In meaning, a fact is set against
each sentence, against each few in a row and against the section as a whole, since a fact may be told in several.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from ingest.coverage.sheet import Fact
from ingest.coverage.synonyms import Synonyms
from ingest.coverage.words import is_number, terms
from ingest.domain import Document, Section
from ingest.embedder import Embedder

LEAST_SHARE = 0.7
"""A section that holds so much of a fact's words and numbers, by weight, tells it whatever its wording."""

LEAST_LIKENESS = 0.58
"""A section with so high a mean of that share and of closeness in meaning tells it too."""

LEAST_NUMBERS = 0.5
"""The share of a fact's numbers that its section must hold: ranges and p-values are often left out on purpose."""

IN_A_ROW = 3
"""How many sentences in a row are read as one telling."""


@dataclass(frozen=True)
class Match:
    """A fact and the section that comes nearest. share: weight of its terms found there. closeness: best cosine."""

    fact: Fact
    document: str
    section: str
    share: float
    closeness: float
    numbers: float
    missing: tuple[str, ...]

    @property
    def carried(self) -> bool:
        """Whether the section tells the fact."""
        told = self.share >= LEAST_SHARE or self.likeness >= LEAST_LIKENESS
        return told and self.numbers >= LEAST_NUMBERS

    @property
    def likeness(self) -> float:
        """What sections are ranked by: the mean of share and closeness."""
        return (self.share + self.closeness) / 2


@dataclass(frozen=True)
class _Place:
    document: str
    section: str
    terms: frozenset[str]
    tellings: tuple[str, ...]


def match_facts(
    facts: Sequence[Fact], documents: Sequence[Document], embedder: Embedder, synonyms: Synonyms | None = None
) -> list[Match]:
    """For each fact the section that carries it, else the nearest one. Without documents, nothing."""
    synonyms = synonyms or Synonyms()
    places = [_place(document, section, synonyms) for document in documents for section in document.sections]
    if not places or not facts:
        return []
    weights = _weights(places)
    return [
        _best(fact, terms(synonyms.levelled(fact.text)), places, weights, row)
        for fact, row in zip(facts, _closeness(facts, places, embedder), strict=True)
    ]


def _best(
    fact: Fact, own: frozenset[str], places: Sequence[_Place], weights: Mapping[str, float], closeness: np.ndarray
) -> Match:
    matches = (_match(fact, own, place, weights, near) for place, near in zip(places, closeness, strict=True))
    return max(matches, key=_rank)


def _rank(match: Match) -> tuple[bool, float]:
    return match.carried, match.likeness


def _place(document: Document, section: Section, synonyms: Synonyms) -> _Place:
    sentences = [document.text[sentence.start : sentence.end] for sentence in section.sentences]
    noted = [note.text for note in document.notes if section.start <= note.start < section.end]
    told = " ".join([document.title, section.heading, *sentences, *noted])
    return _Place(document.id, section.heading, terms(synonyms.levelled(told)), tuple(_tellings(sentences, noted)))


def _tellings(sentences: Sequence[str], noted: Sequence[str]) -> Iterator[str]:
    """Each sentence and note, each run of IN_A_ROW sentences, and the section as a whole."""
    yield from sentences
    yield from noted
    for first in range(len(sentences) - 1):
        yield " ".join(sentences[first : first + IN_A_ROW])
    if sentences:
        yield " ".join(sentences)


def _weights(places: Sequence[_Place]) -> Mapping[str, float]:
    """How telling each term is: the logarithm of how few sections hold it."""
    counts = Counter(term for place in places for term in place.terms)
    return {term: math.log(1 + len(places) / count) for term, count in counts.items()}


def _match(fact: Fact, own: frozenset[str], place: _Place, weights: Mapping[str, float], closeness: float) -> Match:
    unknown = max(weights.values(), default=1.0)
    total = sum(weights.get(term, unknown) for term in own)
    share = sum(weights[term] for term in own & place.terms) / total if total else 0.0
    numbers = [term for term in own if is_number(term)]
    held = sum(term in place.terms for term in numbers) / len(numbers) if numbers else 1.0
    missing = sorted(own - place.terms, key=lambda term: (-weights.get(term, unknown), term))
    return Match(fact, place.document, place.section, share, float(closeness), held, tuple(missing))


def _closeness(facts: Sequence[Fact], places: Sequence[_Place], embedder: Embedder) -> np.ndarray:
    """The best cosine between each fact (rows) and what each place tells (columns)."""
    tellings = [telling for place in places for telling in place.tellings]
    similar = embedder.embed([fact.text for fact in facts]) @ embedder.embed(tellings).T
    ends = np.cumsum([0, *(len(place.tellings) for place in places)])
    columns = [
        similar[:, first:last].max(axis=1) if last > first else np.zeros(len(facts)) for first, last in pairwise(ends)
    ]
    return np.stack(columns, axis=1)
