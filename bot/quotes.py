"""Quote mode: chooses whole sentences, word for word, from the best passages."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from bot.library import Library
from bot.retrieval import Hit
from bot.wording import Wording
from ingest.domain import Document, Passage, Sentence
from ingest.lexicon import stems

MOST_SENTENCES = 6
MOST_WORDS = 95
_FLOOR = 0.3
"""A sentence that scores less than this share of the best one is left out."""
_REDUNDANT = 0.25
"""What likeness to a sentence already chosen takes off (maximal marginal relevance, Carbonell & Goldstein 1998)."""
_SAME = 0.88
"""Cosine from which two sentences count as the same."""
_OTHER_DOCUMENT = 1.0
"""How far a sentence falls behind because its document's best sentence does."""
_LEANS = re.compile(
    r"^(?:it|its|they|them|their|this|that|these|those|he|she|his|her|however|but|and|also|so|instead|both|another"
    r"|such|the same|by contrast|in contrast|for example|as a result)\b",
    re.IGNORECASE,
)


@dataclass(frozen=True)
class Candidate:
    """A sentence that could be quoted, with what speaks for it.

    similarity, heading: cosine of the question to the sentence and to its section's heading, both without what
    all sentences of the library have in common; overlap: share of the question's words (weighted by rarity)
    that it holds; passage_score: the passage's fused score; position: place in the passage, from 0;
    score: all of it in one number; vector: unit vector of the sentence (NaN where none is stored).
    """

    passage: Passage
    sentence: Sentence
    text: str
    document: Document
    similarity: float
    heading: float
    overlap: float
    passage_score: float
    rank: int
    position: int
    score: float
    vector: np.ndarray


def candidates(library: Library, hits: Sequence[Hit], wording: Wording, vector: np.ndarray) -> list[Candidate]:
    """Every sentence of the hits, best first. `vector`: the question's unit vector, shape (dimension,)."""
    found = []
    for rank, hit in enumerate(hits):
        document = library.document(hit.passage.document)
        texts = [document.text[s.start : s.end] for s in hit.passage.sentences]
        rows = library.sentence_vectors([hit.passage.section, *texts])
        heading, *similarities = _similarities(library, rows, vector, fallback=hit.dense)
        for position, (sentence, text) in enumerate(zip(hit.passage.sentences, texts, strict=True)):
            similarity, overlap = similarities[position], _overlap(wording.terms, text)
            score = 0.5 * similarity + 0.2 * overlap + 0.25 * hit.score + 0.3 * heading + 0.03 * (position == 0)
            found.append(
                Candidate(
                    hit.passage, sentence, text, document, similarity, heading, overlap,
                    hit.score, rank, position, score, rows[position + 1],
                )
            )  # fmt: skip
    return sorted(_behind_their_document(found), key=lambda c: (-c.score, c.rank, c.position))


def _behind_their_document(found: list[Candidate]) -> list[Candidate]:
    """Sentences of other documents than the best one fall back by as much as their document does."""
    best: dict[str, float] = {}
    for candidate in found:
        best[candidate.document.id] = max(best.get(candidate.document.id, -1.0), candidate.score)
    top = max(best.values(), default=0.0)
    return [replace(c, score=c.score - _OTHER_DOCUMENT * (top - best[c.document.id])) for c in found]


def choose(ranked: Sequence[Candidate]) -> list[Candidate]:
    """The sentences to quote, in reading order: each next one is good and says something that is not said yet."""
    chosen: list[Candidate] = []
    words = 0
    left = list(ranked)
    while left and len(chosen) < MOST_SENTENCES:
        best = max(left, key=lambda c: c.score - _REDUNDANT * _likeness(c, chosen))
        left.remove(best)
        if chosen and best.score - _REDUNDANT * _likeness(best, chosen) < _FLOOR * ranked[0].score:
            break
        if _likeness(best, chosen) > _SAME:
            continue
        needed = [c for c in _with_neighbour(best, ranked) if c not in chosen]
        length = sum(len(c.text.split()) for c in needed)
        if chosen and words + length > MOST_WORDS:
            continue
        chosen += needed
        words += length
    return _in_reading_order(chosen)


def _likeness(candidate: Candidate, chosen: Sequence[Candidate]) -> float:
    """Highest cosine to a sentence already chosen; without stored vectors, share of words in common."""
    return max((_alike(candidate, other) for other in chosen), default=0.0)


def _alike(one: Candidate, other: Candidate) -> float:
    cosine = float(one.vector @ other.vector)
    if np.isfinite(cosine):
        return cosine
    a, b = set(stems(one.text)), set(stems(other.text))
    return len(a & b) / max(1, len(a | b))


def _with_neighbour(candidate: Candidate, ranked: Sequence[Candidate]) -> list[Candidate]:
    """A sentence that leans on the one before it brings that one along."""
    if candidate.position == 0 or not _LEANS.match(candidate.text):
        return [candidate]
    for other in ranked:
        if other.passage.id == candidate.passage.id and other.position == candidate.position - 1:
            return [other, candidate]
    return [candidate]


def _in_reading_order(chosen: list[Candidate]) -> list[Candidate]:
    best: dict[str, float] = {}
    for candidate in chosen:
        best[candidate.document.id] = max(best.get(candidate.document.id, 0.0), candidate.score)

    def place(candidate: Candidate) -> tuple[int, float, str, int, int]:
        weak = candidate.document.kind in ("clinic-website", "unreviewed", "tradition")
        return (int(weak), -best[candidate.document.id], candidate.document.id, candidate.rank, candidate.position)

    return sorted(chosen, key=place)


def _similarities(library: Library, rows: np.ndarray, vector: np.ndarray, fallback: float) -> list[float]:
    """Cosine of each row to the question once the library's mean is taken off; `fallback` for rows of NaN.

    All sentences here are about one subject; what they share says nothing about the question
    (Mu & Viswanath 2018, "All-but-the-Top").
    """
    centre = library.centre
    question = vector - centre
    moved = rows - centre
    lengths = np.linalg.norm(moved, axis=1) * np.linalg.norm(question)
    cosines = moved @ question / np.maximum(lengths, 1e-9)
    return [float(cosine) if np.isfinite(cosine) else fallback for cosine in cosines]


def _overlap(terms: dict[str, float], text: str) -> float:
    held = set(stems(text))
    return min(1.0, sum(weight for stem, weight in terms.items() if stem in held))
