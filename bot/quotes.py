"""Quote mode: chooses whole sentences, word for word, from the best passages."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from bot.library import Library
from bot.retrieval import Hit
from bot.wording import Wording
from ingest.domain import Document, Passage, Sentence
from ingest.lexicon import stems

MOST_SENTENCES = 4
MOST_WORDS = 105
_LEANS = re.compile(
    r"^(?:it|its|they|them|their|this|that|these|those|he|she|his|her|however|but|and|also|so|instead|both|another"
    r"|such|the same|by contrast|in contrast|for example|as a result)\b",
    re.IGNORECASE,
)


@dataclass(frozen=True)
class Candidate:
    """A sentence that could be quoted, with what speaks for it.

    similarity: cosine to the question; overlap: share of the question's words (weighted by rarity) it holds;
    passage: the passage's fused score; position: its place in the passage, from 0; score: all of it in one number.
    """

    passage: Passage
    sentence: Sentence
    text: str
    document: Document
    similarity: float
    overlap: float
    passage_score: float
    rank: int
    position: int
    score: float


def candidates(library: Library, hits: Sequence[Hit], wording: Wording, vector: np.ndarray) -> list[Candidate]:
    """Every sentence of the hits, best first. `vector`: the question's unit vector, shape (dimension,)."""
    found = []
    for rank, hit in enumerate(hits):
        document = library.document(hit.passage.document)
        texts = [document.text[s.start : s.end] for s in hit.passage.sentences]
        similarities = _similarities(library, texts, vector, fallback=hit.dense)
        for position, (sentence, text) in enumerate(zip(hit.passage.sentences, texts, strict=True)):
            similarity, overlap = similarities[position], _overlap(wording.terms, text)
            score = 0.5 * similarity + 0.2 * overlap + 0.25 * hit.score + (0.06 if position == 0 else 0.0)
            found.append(
                Candidate(hit.passage, sentence, text, document, similarity, overlap, hit.score, rank, position, score)
            )
    return sorted(found, key=lambda c: (-c.score, c.rank, c.position))


def choose(ranked: Sequence[Candidate]) -> list[Candidate]:
    """The sentences to quote, in reading order: strongest evidence first, then as the passages have them."""
    chosen: list[Candidate] = []
    words = 0
    if not ranked:
        return []
    floor = ranked[0].score - 0.16
    for candidate in ranked:
        if len(chosen) >= MOST_SENTENCES or candidate.score < floor:
            break
        if any(_same(candidate, other) for other in chosen):
            continue
        needed = [c for c in _with_neighbour(candidate, ranked) if c not in chosen]
        length = sum(len(c.text.split()) for c in needed)
        if chosen and words + length > MOST_WORDS:
            continue
        chosen += needed
        words += length
    return _in_reading_order(chosen)


def _with_neighbour(candidate: Candidate, ranked: Sequence[Candidate]) -> list[Candidate]:
    """A sentence that leans on the one before it brings that one along."""
    if candidate.position == 0 or not _LEANS.match(candidate.text):
        return [candidate]
    for other in ranked:
        if other.passage.id == candidate.passage.id and other.position == candidate.position - 1:
            return [other, candidate]
    return [candidate]


def _same(one: Candidate, other: Candidate) -> bool:
    """Whether two sentences say the same words."""
    if one.document.id == other.document.id and one.sentence.start == other.sentence.start:
        return True
    a, b = set(stems(one.text)), set(stems(other.text))
    return bool(a and b) and len(a & b) / len(a | b) > 0.6


_EVIDENCE_ORDER = {"A": 0, "B": 1, "C": 2, "not-applicable": 3, "D": 3, "0": 3, "ungraded": 5}


def _in_reading_order(chosen: list[Candidate]) -> list[Candidate]:
    best: dict[str, float] = {}
    for candidate in chosen:
        best[candidate.document.id] = max(best.get(candidate.document.id, 0.0), candidate.score)

    def place(candidate: Candidate) -> tuple[int, float, str, int, int]:
        weak = candidate.document.kind in ("clinic-website", "unreviewed", "tradition")
        return (int(weak), -best[candidate.document.id], candidate.document.id, candidate.rank, candidate.position)

    return sorted(chosen, key=place)


def _similarities(library: Library, texts: list[str], vector: np.ndarray, fallback: float) -> list[float]:
    """Cosine of each sentence to the question; a passage's own cosine where no sentence vector is stored."""
    rows = library.sentence_vectors(texts)
    scores = rows @ vector
    return [float(score) if np.isfinite(score) else fallback for score in scores]


def _overlap(terms: dict[str, float], text: str) -> float:
    held = set(stems(text))
    return min(1.0, sum(weight for stem, weight in terms.items() if stem in held))
