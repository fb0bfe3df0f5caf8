"""Decides whether the sentences found answer the question at all.

Similarity alone cannot tell: an unanswerable question comes as close to the library's sentences as an answerable
one. A logistic regression weighs several signals, and the question's own vector, which tells what kind of thing is
asked for; its coefficients (`bot/data/abstention.json`) are fitted on the dev questions by
`python -m bot.abstention_training`.
"""

from __future__ import annotations

import json
import math
import re
from collections.abc import Callable, Sequence, Set
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files

import numpy as np

from bot.asked import Asked
from bot.library import Library
from bot.quotes import Candidate
from bot.retrieval import Hit
from bot.wording import Wording
from ingest.lexicon import Lexicon, held_stems, stems

Embed = Callable[[list[str]], np.ndarray]
_NAME = re.compile(r"(?<![.!?]\s)(?<!^)\b[A-Z][a-zA-Z]{2,}\b")
_COUNTED = re.compile(r"\b(?:how (?:many|much)|number of|(?:share|percentage|proportion) of)\s+(.*)", re.IGNORECASE)
_NUMBER = re.compile(
    r"(?:\d|\b(?:one|two|three|four|five|six|seven|eight|nine|ten|half|third|quarter|few|several)\b)", re.IGNORECASE
)
_AS_CLOSE = 0.05
"""Sentences that hold this much less of the question than another are as close."""
_UNASKED = 0.85
"""A section without wordings is taken to be this share as near as its passage; for a question that the
library answers, both are mostly between 0.5 and 0.8."""
_NEAR = 5
"""Passages that count as the evidence found."""


@dataclass(frozen=True)
class Judgement:
    """confidence: probability, 0 to 1, that the library answers; enough: whether that suffices."""

    confidence: float
    enough: bool


def judge(
    wording: Wording,
    library: Library,
    hits: Sequence[Hit],
    ranked: Sequence[Candidate],
    chosen: Sequence[Candidate],
    embed: Embed,
    vector: np.ndarray,
) -> Judgement:
    """Weigh the evidence. `vector`: the question's unit vector, shape (dimension,)."""
    if not hits or not chosen:
        return Judgement(0.0, False)
    found = signals(wording, library, hits, ranked, chosen, embed, vector)
    model = _model()
    total = model.intercept + model.leaning(vector)
    for name, weight in model.weights.items():
        total += weight * (found[name] - model.means[name]) / model.scales[name]
    confidence = 1.0 / (1.0 + math.exp(-max(-30.0, min(30.0, total))))
    return Judgement(confidence, confidence >= model.threshold)


def signals(
    wording: Wording,
    library: Library,
    hits: Sequence[Hit],
    ranked: Sequence[Candidate],
    chosen: Sequence[Candidate],
    embed: Embed,
    vector: np.ndarray,
) -> dict[str, float]:
    """What speaks for and against an answer, by name; each about 0 to 1."""
    rarity = {stem: library.lexicon.rarity(stem) for stem in wording.own}
    by_section = _words_by_section(ranked)
    first = by_section.get((hits[0].passage.document, hits[0].passage.section), set())
    near = {stem for hit in hits[:_NEAR] for stem in held_stems(hit.passage.indexed_text)}
    said = {stem for c in chosen for stem in (*c.stems, *_heading_stems(c))}
    dense = sorted((hit.dense for hit in hits), reverse=True)
    missing = [stem for stem in wording.own if stem not in near]
    text = " ".join(candidate.text for candidate in chosen)
    asked = {hit.passage.id: hit.asked or _UNASKED * hit.dense for hit in hits}
    return {
        "similarity": max(candidate.similarity for candidate in ranked),
        "heading": max(candidate.heading for candidate in ranked),
        "dense": dense[0],
        "margin": dense[0] - dense[min(4, len(dense) - 1)],
        "chosen_similarity": sum(candidate.similarity for candidate in chosen) / len(chosen),
        "covered_by_chosen": _share(rarity, said),
        "covered_by_first": _share(rarity, first),
        "covered_by_one_section": max((_share(rarity, held) for held in by_section.values()), default=0.0),
        "rarest_missing": max((rarity[stem] for stem in missing), default=0.0) / library.lexicon.rarity("\0"),
        "fused": hits[0].score,
        "wording": max(asked.values()),
        "wording_chosen": max(asked[candidate.passage.id] for candidate in chosen),
        "words": min(1.0, len(wording.own) / 10),
        "unknown_word": _central_unknown(wording, library.lexicon, embed, vector),
        "names_missing": _names_missing(wording.text, text, near),
        "count_not_given": _count_not_given(wording.text, chosen),
        **_asked_for(Asked(wording.text), chosen, ranked, rarity),
    }


def _share(rarity: dict[str, float], held: Set[str]) -> float:
    """Share of the question's words, weighted by rarity, that are held."""
    total = sum(rarity.values())
    return sum(weight for stem, weight in rarity.items() if stem in held) / total if total else 1.0


def _words_by_section(ranked: Sequence[Candidate]) -> dict[tuple[str, str], set[str]]:
    held: dict[tuple[str, str], set[str]] = {}
    for candidate in ranked:
        key = (candidate.document.id, candidate.passage.section)
        if key not in held:
            held[key] = set(_heading_stems(candidate))
        held[key].update(candidate.stems)
    return held


def _heading_stems(candidate: Candidate) -> frozenset[str]:
    return held_stems(f"{candidate.passage.section} {candidate.document.title}")


def _central_unknown(wording: Wording, lexicon: Lexicon, embed: Embed, vector: np.ndarray) -> float:
    """How much of the question's meaning lies in words that no document holds: highest cosine of one to it."""
    unknown = [
        word
        for word in dict.fromkeys(re.findall(r"[^\W\d_]{3,}", wording.text))
        if any(stem in wording.own and not lexicon.knows(stem) for stem in stems(word))
    ]
    if not unknown:
        return 0.0
    return float(np.max(embed(unknown[:6]) @ vector))


def _names_missing(question: str, text: str, near: set[str]) -> float:
    """Proper names in the question that neither the chosen sentences nor the nearest passages hold."""
    names = [name for name in _NAME.findall(question) if name.lower() not in text.lower()]
    return min(1.0, sum(1 for name in names if not set(stems(name)) & near) / 2)


def _asked_for(
    asked: Asked, chosen: Sequence[Candidate], ranked: Sequence[Candidate], rarity: dict[str, float]
) -> dict[str, float]:
    """Whether what is asked for stands in the sentences chosen, and in those that hold most of the question."""
    held = [_share(rarity, candidate.stems) for candidate in chosen]
    closest = [c for c, share in zip(chosen, held, strict=True) if share >= max(held) - _AS_CLOSE]
    noun = set(stems(asked.noun))
    return {
        "asked": len(asked.kinds) / 2,
        "not_given": float(not asked.gives(" ".join(candidate.text for candidate in chosen))),
        "not_given_closest": float(not any(asked.gives(candidate.text) for candidate in closest)),
        "not_given_first": float(not asked.gives(chosen[0].text)),
        "not_given_best": float(not any(asked.gives(candidate.text) for candidate in ranked[:2])),
        "covered_by_closest": max(held),
        "noun_missing": float(bool(noun) and not any(noun & candidate.stems for candidate in chosen)),
        "noun_not_closest": float(bool(noun) and not any(noun & candidate.stems for candidate in closest)),
    }


def _count_not_given(question: str, chosen: Sequence[Candidate]) -> float:
    """1 where the question asks how many there are of something and no chosen sentence names it beside a number."""
    asked = _COUNTED.search(question)
    if not asked:
        return 0.0
    things = set(stems(asked[1])[:2])
    return float(not any(things & candidate.stems and _NUMBER.search(candidate.text) for candidate in chosen))


@dataclass(frozen=True)
class _Model:
    intercept: float
    threshold: float
    weights: dict[str, float]
    means: dict[str, float]
    scales: dict[str, float]
    question: np.ndarray
    """Weights of the question's unit vector, shape (dimension,)."""

    def leaning(self, vector: np.ndarray) -> float:
        """What the question itself adds; nothing with another embedding model than the one fitted."""
        return float(self.question @ vector) if self.question.shape == vector.shape else 0.0


@lru_cache(maxsize=1)
def _model() -> _Model:
    data = json.loads(files("bot.data").joinpath("abstention.json").read_text(encoding="utf-8"))
    question = np.array(data["question"])
    return _Model(data["intercept"], data["threshold"], data["weights"], data["means"], data["scales"], question)
