"""Decides whether the passages found answer the question at all."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from bot.quotes import Candidate
from bot.retrieval import Hit
from bot.wording import Wording
from ingest.lexicon import Lexicon, stems

_ASKS_FOR_NUMBER = re.compile(
    r"\b(how (?:much|many|long|often|old|big)|what (?:percentage|share|number))\b", re.IGNORECASE
)
_NUMBER = re.compile(
    r"\d|\b(?:one|two|three|four|five|six|seven|eight|nine|ten|half|few|several|weeks?|days?|minutes?)\b"
)
_MONEY = re.compile(r"\b(?:costs?|prices?|fees?|charges?|cheap\w*|expensive|pay|insur\w+|afford\w*)\b", re.IGNORECASE)


@dataclass(frozen=True)
class Signals:
    """What speaks for and against an answer.

    similarity: best cosine of a sentence; dense: best cosine of a passage; margin: of the first passage over
    the fifth; coverage: share of the question's words, weighted by rarity, that the best passages hold;
    missing: rarity of the rarest word of the question that they do not hold; asked_for: whether what the
    question asks for (a number, a price) occurs.
    """

    similarity: float
    dense: float
    margin: float
    coverage: float
    missing: float
    asked_for: float


def signals(wording: Wording, lexicon: Lexicon, hits: Sequence[Hit], ranked: Sequence[Candidate]) -> Signals:
    """Measure the evidence found for a question."""
    if not hits or not ranked:
        return Signals(0.0, 0.0, 0.0, 0.0, 1.0, 0.0)
    words = list(wording.own)
    held = {stem for hit in hits[:5] for stem in stems(hit.passage.indexed_text)}
    rarity = {stem: lexicon.rarity(stem) for stem in words}
    total = sum(rarity.values()) or 1.0
    highest = max((lexicon.rarity("\0"), 1.0))
    dense = sorted((hit.dense for hit in hits), reverse=True)
    return Signals(
        similarity=max(candidate.similarity for candidate in ranked),
        dense=dense[0],
        margin=dense[0] - dense[min(4, len(dense) - 1)],
        coverage=sum(rarity[stem] for stem in words if stem in held) / total,
        missing=max((rarity[stem] for stem in words if stem not in held), default=0.0) / highest,
        asked_for=_asked_for(wording.text, [candidate.text for candidate in ranked[:6]]),
    )


def _asked_for(question: str, sentences: Sequence[str]) -> float:
    text = " ".join(sentences).lower()
    if _MONEY.search(question):
        return 1.0 if _MONEY.search(text) else 0.0
    if _ASKS_FOR_NUMBER.search(question):
        return 1.0 if _NUMBER.search(text) else 0.0
    return 1.0


def confidence(found: Signals) -> float:
    """A first, plain estimate from 0 to 1 that the evidence answers the question."""
    if found.asked_for == 0.0:
        return 0.0
    return max(
        0.0, min(1.0, 0.55 * found.dense + 0.45 * found.similarity + 0.35 * found.coverage - 0.25 * found.missing)
    )


THRESHOLD = 0.5
"""Below it the library is taken not to say."""
