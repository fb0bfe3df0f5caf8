"""Quote mode: every sentence of the best passages, with what speaks for quoting it."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from bot.asked import Asked
from bot.library import Library
from bot.retrieval import Hit
from bot.wording import Wording
from ingest.domain import Document, Passage, Sentence
from ingest.lexicon import held_stems

SIMILARITY, HEADING, PASSAGE, OVERLAP, FIRST = 0.5, 0.3, 0.25, 0.1, 0.03
"""Weights of a sentence's signals. A learned ranker over 30 signals did no better in cross-validation on dev."""

_BEST_SECTION = 0.1
"""What a sentence gains by standing in the section that fits best; less for later sentences."""
_YES_OR_NO = 0.15
"""What an opening "Yes," or "No," loses where it answers another question than the one asked."""
_GLOSSARY = 0.06
"""What a glossary entry loses against a document on the matter; its words are close to everything."""
_GIVES_WHAT_IS_ASKED = 0.15
"""What a sentence gains that has the kind of thing asked for: a number, a country, an age."""
_OTHER_DOCUMENT = 1.0
"""How far a sentence falls behind because its document's best sentence does."""
_OPENS_WITH_YES_OR_NO = re.compile(r"^(?:yes|no)[,.]", re.IGNORECASE)
_ASKS_YES_OR_NO = re.compile(
    r"(?:^|[,.;:] )\W*(?:so |and |but )?(?:is|are|was|were|do|does|did|can|could|should|would|will|has|have|may"
    r"|isn't|aren't|doesn't|don't|can't|won't)\b|,? (?:right|no|isn't it|can it|true|correct)\W*$",
    re.IGNORECASE,
)


_POINTS_ELSEWHERE = re.compile(r"\b(?:described|listed|explained|told|told about) under\b|\b[Tt]he page\b")
"""A sentence that only sends the reader to another document answers nothing."""


@dataclass(frozen=True)
class Candidate:
    """A sentence that could be quoted, with what speaks for it.

    similarity, heading: cosine of the question to the sentence, and to its section's heading or the nearest other
    wording of it, both without what all sentences of the library have in common; stems: the sentence's words;
    rank: its passage's, from 0; position: place in the passage, from 0; score: all of it in one number; vector: unit
    vector of the sentence, NaN where none is stored.
    """

    passage: Passage
    sentence: Sentence
    text: str
    document: Document
    similarity: float
    heading: float
    stems: frozenset[str]
    rank: int
    position: int
    score: float
    vector: np.ndarray


def candidates(library: Library, hits: Sequence[Hit], wording: Wording, vector: np.ndarray) -> list[Candidate]:
    """Every sentence of the hits, best first. `vector`: the question's unit vector, shape (dimension,)."""
    if not hits:
        return []
    found: list[Candidate] = []
    fit: dict[tuple[str, str], float] = {}
    for rank, (hit, (texts, rows)) in enumerate(zip(hits, _read(library, hits), strict=True)):
        own = _of_passage(library, hit, rank, wording, vector, texts, rows)
        if not own:
            continue
        found += own
        key = (hit.passage.document, hit.passage.section)
        fit[key] = max(fit.get(key, -1.0), 0.5 * hit.score + 0.4 * hit.dense + 0.4 * own[0].heading)
    if not found:
        return []
    best = max(fit, key=lambda key: fit[key])
    asks_yes_or_no = bool(_ASKS_YES_OR_NO.search(wording.text))
    asked = Asked(wording.text)
    scores = [_adjusted(candidate, best, asks_yes_or_no, asked) for candidate in found]
    return sorted(_behind_their_document(found, scores), key=lambda c: (-c.score, c.rank, c.position))


def _read(library: Library, hits: Sequence[Hit]) -> list[tuple[list[str], np.ndarray]]:
    """The sentences of each hit, and the stored vectors of its heading and of those, shape (1 + n, dimension)."""
    texts = []
    for hit in hits:
        document = library.document(hit.passage.document)
        texts.append([document.text[s.start : s.end] for s in hit.passage.sentences])
    rows = library.sentence_vectors(
        [text for hit, own in zip(hits, texts, strict=True) for text in (hit.passage.section, *own)]
    )
    ends = np.cumsum([1 + len(own) for own in texts])
    return list(zip(texts, np.split(rows, ends[:-1]), strict=True))


def _of_passage(
    library: Library,
    hit: Hit,
    rank: int,
    wording: Wording,
    vector: np.ndarray,
    texts: list[str],
    rows: np.ndarray,
) -> list[Candidate]:
    passage, document = hit.passage, library.document(hit.passage.document)
    heading, *similarities = _similarities(library, rows, vector, fallback=hit.dense)
    heading = max(heading, hit.asked)
    found = []
    for position, (sentence, text) in enumerate(zip(passage.sentences, texts, strict=True)):
        if _POINTS_ELSEWHERE.search(text):
            continue
        held = held_stems(text)
        overlap = min(1.0, sum(weight for stem, weight in wording.terms.items() if stem in held))
        score = SIMILARITY * similarities[position] + HEADING * heading + PASSAGE * hit.score + OVERLAP * overlap
        found.append(
            Candidate(
                passage=passage,
                sentence=sentence,
                text=text,
                document=document,
                similarity=similarities[position],
                heading=heading,
                stems=held,
                rank=rank,
                position=position,
                score=score + (FIRST if position == 0 else 0.0),
                vector=rows[position + 1],
            )
        )
    return found


def _adjusted(candidate: Candidate, best: tuple[str, str], asks_yes_or_no: bool, asked: Asked) -> float:
    """The score with what the sentence's place, opening and matter add and take."""
    in_best = (candidate.document.id, candidate.passage.section) == best
    score = candidate.score
    if in_best:
        score += _BEST_SECTION * max(0.0, 1 - 0.15 * candidate.position)
    if _OPENS_WITH_YES_OR_NO.match(candidate.text) and not (in_best and asks_yes_or_no):
        score -= _YES_OR_NO
    if asked.kinds and asked.gives(candidate.text):
        score += _GIVES_WHAT_IS_ASKED
    if "glossary" in candidate.document.topics or candidate.document.id == "glossary":
        score -= _GLOSSARY
    return score


def _behind_their_document(found: list[Candidate], scores: list[float]) -> list[Candidate]:
    """With these scores; sentences of other documents than the best one fall back by as much as their document does."""
    best: dict[str, float] = {}
    for candidate, score in zip(found, scores, strict=True):
        best[candidate.document.id] = max(best.get(candidate.document.id, -9.0), score)
    top = max(best.values())
    return [
        replace(candidate, score=score - _OTHER_DOCUMENT * (top - best[candidate.document.id]))
        for candidate, score in zip(found, scores, strict=True)
    ]


def _similarities(library: Library, rows: np.ndarray, vector: np.ndarray, fallback: float) -> list[float]:
    """Cosine of each row to the question once the library's mean is taken off; `fallback` for rows of NaN.

    All sentences here are about one subject; what they share says nothing about the question
    (Mu & Viswanath 2018, "All-but-the-Top").
    """
    question = vector - library.centre
    moved = rows - library.centre
    lengths = np.linalg.norm(moved, axis=1) * np.linalg.norm(question)
    cosines = moved @ question / np.maximum(lengths, 1e-9)
    return [float(cosine) if np.isfinite(cosine) else fallback for cosine in cosines]
