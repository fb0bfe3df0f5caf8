"""Chooses the sentences that make an answer: each next one is good, new, and names what is not yet named."""

from __future__ import annotations

import re
from collections.abc import Sequence

import numpy as np

from bot.asked import Asked
from bot.quotes import Candidate
from bot.wording import Wording

MOST_SENTENCES = 6
MOST_WORDS = 95
_FLOOR = 0.3
"""A sentence worth less than this share of the best one is left out."""
_REDUNDANT = 0.25
"""What likeness to a chosen sentence takes off (maximal marginal relevance, Carbonell & Goldstein 1998)."""
_NEW_WORDS = 0.35
"""What the question's words that no chosen sentence has named yet add, by their rarity."""
_SAME = 0.88
"""Cosine from which two sentences count as the same."""
_NOTHING_NEW = 0.25
"""Share of its words that a sentence must add to what is chosen; a new number counts as new whatever else it says."""
_LEANS = re.compile(
    r"^(?:it|its|they|them|their|this|that|these|those|he|she|his|her|however|but|and|also|so|instead|both|another"
    r"|such|the same|by contrast|in contrast|for example|as a result)\b|^[^,;]{0,60}\b(?:therefore|hence|thus)\b",
    re.IGNORECASE,
)
_ONLY_UNKNOWN = re.compile(r"\b(?:nobody knows|not known|no one knows|unknown|nobody can say)\b", re.IGNORECASE)


def choose(ranked: Sequence[Candidate], wording: Wording) -> list[Candidate]:
    """The sentences to quote, in reading order. At least one where there is any candidate."""
    if not ranked:
        return []
    scores = np.array([candidate.score for candidate in ranked])
    likeness, terms = _likeness(ranked), _terms(ranked, wording)
    chosen: list[int] = []
    named: set[str] = set()
    left = np.ones(len(ranked), dtype=bool)
    repeated, new = np.zeros(len(ranked)), _new(terms, named)
    words = 0
    while left.any() and len(chosen) < MOST_SENTENCES:
        worth = np.where(left, scores - _REDUNDANT * repeated + _NEW_WORDS * new, -np.inf)
        best = int(worth.argmax())
        if chosen and worth[best] < _FLOOR * scores[0]:
            break
        left[best] = False
        if chosen and (repeated[best] > _SAME or _adds_nothing(ranked[best], [ranked[i] for i in chosen])):
            continue
        needed = [i for i in _with_neighbour(best, ranked) if i not in chosen]
        length = sum(len(ranked[i].text.split()) for i in needed)
        if chosen and words + length > MOST_WORDS:
            continue
        chosen += needed
        words += length
        left[needed] = False
        named |= {stem for i in needed for stem in ranked[i].stems}
        repeated, new = likeness[:, chosen].max(axis=1).astype(float), _new(terms, named)
    return _what_is_asked_first(in_reading_order([ranked[i] for i in chosen]), Asked(wording.text))


def _adds_nothing(candidate: Candidate, chosen: Sequence[Candidate]) -> bool:
    """Whether nearly all that it says was said already, in the same words; two documents often say the same."""
    said = {stem for other in chosen for stem in other.stems}
    new = candidate.stems - said
    if any(stem.isdigit() for stem in new):
        return False
    return len(new) < _NOTHING_NEW * len(candidate.stems)


def _what_is_asked_first(chosen: list[Candidate], asked: Asked) -> list[Candidate]:
    """The best sentence that has the thing asked for opens the answer, unless it leans on the one before it.

    Only within the first document: others come later because they count for less.
    """
    if not asked.kinds or asked.gives(chosen[0].text):
        return chosen
    giving = [
        candidate
        for candidate in chosen
        if candidate.document.id == chosen[0].document.id
        and not _LEANS.match(candidate.text)
        and asked.gives(candidate.text)
    ]
    if not giving:
        return chosen
    first = max(giving, key=lambda candidate: candidate.score)
    return [first, *(candidate for candidate in chosen if candidate is not first)]


def _terms(ranked: Sequence[Candidate], wording: Wording) -> list[list[tuple[str, float]]]:
    """For each sentence, the question's words that it names, with their weights."""
    terms = [(stem, wording.terms[stem]) for stem in wording.own if stem in wording.terms]
    return [[(stem, weight) for stem, weight in terms if stem in candidate.stems] for candidate in ranked]


def _new(terms: list[list[tuple[str, float]]], named: set[str]) -> np.ndarray:
    """For each sentence, the weight of those words that are not named yet, shape (n,)."""
    return np.array([float(sum(weight for stem, weight in held if stem not in named)) for held in terms])


def _likeness(ranked: Sequence[Candidate]) -> np.ndarray:
    """Cosines between sentences, shape (n, n); without stored vectors, share of words in common."""
    vectors = np.stack([candidate.vector for candidate in ranked])
    cosines = vectors @ vectors.T
    for i, j in zip(*np.nonzero(~np.isfinite(cosines)), strict=True):
        a, b = ranked[i].stems, ranked[j].stems
        cosines[i, j] = len(a & b) / max(1, len(a | b))
    return np.asarray(cosines)


def _with_neighbour(i: int, ranked: Sequence[Candidate]) -> list[int]:
    """A sentence that leans on the one before it brings that one along."""
    candidate = ranked[i]
    if candidate.position == 0 or not _LEANS.match(candidate.text):
        return [i]
    for j, other in enumerate(ranked):
        if other.passage.id == candidate.passage.id and other.position == candidate.position - 1:
            return [j, i]
    return [i]


def in_reading_order(chosen: list[Candidate]) -> list[Candidate]:
    """Best document first, its sentences as it has them; what is not known comes after what is.

    Claims of a clinic's website, of tradition and of unreviewed documents come last, whatever they score.
    """
    best_document: dict[str, float] = {}
    best_section: dict[tuple[str, str], float] = {}
    for c in chosen:
        section = (c.document.id, c.passage.section)
        best_document[c.document.id] = max(best_document.get(c.document.id, -9.0), c.score)
        best_section[section] = max(best_section.get(section, -9.0), c.score)

    def place(c: Candidate) -> tuple[bool, float, str, bool, float, int]:
        weak = c.document.kind in ("clinic-website", "tradition", "unreviewed")
        unknown = bool(_ONLY_UNKNOWN.search(c.text)) and c.position > 0
        section = best_section[(c.document.id, c.passage.section)]
        return (weak, -best_document[c.document.id], c.document.id, unknown, -section, c.sentence.start)

    return sorted(chosen, key=place)
