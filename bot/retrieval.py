"""Finds passages: dense vectors and BM25, each normalised, and likeness to other wordings, in a weighted sum."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from bot.library import Library
from bot.wording import Reader, Wording
from ingest.domain import Passage
from ingest.embedder import Embedder

DENSE_WEIGHT = 0.6
"""Share of the dense score in the sum; chosen on the dev questions and on PubMedQA."""

ASKED_WEIGHT = 2.0
"""What likeness to a section's nearest wording counts beside that sum; chosen on the dev questions."""

_UNASKED = 0.7
"""A passage without wordings is taken to be this share as near as its vector would let it be."""

_CONSIDERED = 0.6
"""A passage of neither pool is considered where its wordings are this share as near as the nearest."""

_TOP_LIKENESS = 0.8
"""Likeness that a question reaches at best, for the scale of the sum."""

_POOL = 60
"""Passages taken from each side before they are fused."""


@dataclass(frozen=True)
class Hit:
    """A passage found.

    score: fused, 0 to 1; dense: cosine similarity; lexical: BM25; asked: cosine of the nearest of its section's other
    wordings, 0 where there is none.
    """

    passage: Passage
    score: float
    dense: float
    lexical: float
    asked: float = 0.0


Rerank = Callable[[str, list[Hit]], list[Hit]]


@dataclass(frozen=True)
class Search:
    """Hybrid search over an open library."""

    embedder: Embedder
    reader: Reader
    rerank: Rerank | None = None

    def passages(self, library: Library, query: str, k: int = 10) -> list[Hit]:
        """The k best passages for a question, best first."""
        wording = self.reader.read(query, library)
        return self.passages_for(library, wording, self.embedder.embed_query(wording.dense), k)

    def passages_for(self, library: Library, wording: Wording, vector: np.ndarray, k: int) -> list[Hit]:
        """As `passages`, with the question read and its unit vector at hand, shape (dimension,)."""
        pool = max(_POOL, 2 * k)
        dense = dict(library.vectors.nearest(vector, min(pool, library.manifest.passages)))
        lexical = _lexical(library, wording, pool)
        likeness = library.also_asked.likeness(vector)
        asked = {i: cosine for section, cosine in likeness.items() for i in library.also_asked.passages[section]}
        fused = _fuse(dense, lexical, asked)
        best = sorted(fused, key=lambda identifier: (-fused[identifier], identifier))[: pool if self.rerank else k]
        floor = min(dense.values(), default=0.0)
        hits = [
            Hit(
                passage,
                fused[passage.id],
                dense.get(passage.id, floor),
                lexical.get(passage.id, 0.0),
                asked.get(passage.id, 0.0),
            )
            for passage in library.shelf.passages(best)
        ]
        return self.rerank(wording.text, hits)[:k] if self.rerank else hits

    def documents(self, library: Library, query: str, k: int) -> list[tuple[str, float]]:
        """The k best distinct documents, each with the score of its best passage."""
        wanted = k * 5
        best: dict[str, float] = {}
        for hit in self.passages(library, query, wanted):
            best.setdefault(hit.passage.document, hit.score)
        return list(best.items())[:k]


def _lexical(library: Library, wording: Wording, pool: int) -> dict[str, float]:
    """BM25 of the best passages, each word by its weight."""
    scores = np.zeros(len(library.lexicon.ids), dtype=np.float32)
    for weight in sorted(set(wording.weights.values())):
        scores += weight * library.lexicon.scores([s for s, w in wording.weights.items() if w == weight])
    order = np.argsort(-scores, kind="stable")[:pool]
    return {library.lexicon.ids[i]: float(scores[i]) for i in order if scores[i] > 0}


def _fuse(dense: dict[str, float], lexical: dict[str, float], asked: dict[str, float]) -> dict[str, float]:
    """Weighted sum of scores, 0 to 1: those of a pool scaled so that it runs from 0 to 1, likeness as it is.

    Absent counts as 0, but for likeness: a passage whose section has no wordings is judged by its vector.
    """
    scaled_dense, scaled_lexical = _scale(dense), _scale(lexical, floor=0.0)
    nearest = max(0.0, max(asked.values(), default=0.0))
    weight = ASKED_WEIGHT if nearest > 0 else 0.0
    near = {i for i, likeness in asked.items() if likeness >= _CONSIDERED * nearest > 0}
    fused = {}
    for identifier in {*dense, *lexical, *near}:
        by_vector, by_words = scaled_dense.get(identifier, 0.0), scaled_lexical.get(identifier, 0.0)
        likeness = max(0.0, asked.get(identifier, _UNASKED * nearest * by_vector))
        found = DENSE_WEIGHT * by_vector + (1 - DENSE_WEIGHT) * by_words
        fused[identifier] = min(1.0, (found + weight * likeness) / (1 + _TOP_LIKENESS * weight))
    return fused


def _scale(scores: dict[str, float], floor: float | None = None) -> dict[str, float]:
    low = min(scores.values(), default=0.0) if floor is None else floor
    high = max(scores.values(), default=0.0)
    width = high - low
    return {identifier: (score - low) / width if width > 0 else 1.0 for identifier, score in scores.items()}


def keys_of(hits: Sequence[Hit]) -> list[str]:
    """Ids of the documents that hits lie in, each once, best first."""
    return list(dict.fromkeys(hit.passage.document for hit in hits))
