"""Emergencies and crises in languages that the embedding model does not understand, told by words and parts of words.

One softmax regression a language over hashed character n-grams (Weinberger et al. 2009). Like the English classifier
it may only escalate. Coefficients are data (`data/ngrams.json`), written by `python -m bot.guardrail.ngram_training`.
"""

from __future__ import annotations

import json
import re
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from bot.domain import Action

COEFFICIENTS = Path(__file__).parent / "data" / "ngrams.json"
BUCKETS = 8192
SPANS = {"zh": (1, 3)}
"""Shortest and longest run of characters by language; Chinese has no spaces, and a character says more."""
_SPAN = (2, 4)
_WORD = re.compile(r"\w+")
_LATIN = re.compile(r"[a-z]")
_ARABIC = re.compile(r"[\u0600-\u06ff]")
_WORDS_AT_ONCE = 60
_STEP = 40
CALM = 0.3
"""Below this probability, single signs that rules add up are taken for chance. What a rule knows as a whole stands."""
_MOST_WINDOWS = 8
"""Of very many windows one would be flagged by chance; a longer text is left to the rules."""
_CHARACTERS_A_WORD = 2
"""Chinese is read in windows of so many times more characters than others of words."""


@dataclass(frozen=True)
class Ngrams:
    """The model of one language. weights: (2, BUCKETS), urgent and crisis against neither; intercepts: (2,)."""

    weights: NDArray[np.float64]
    intercepts: NDArray[np.float64]
    threshold: float

    def judge(self, counted: NDArray[np.float64]) -> NDArray[np.float64]:
        """(n, BUCKETS) counts -> (n, 2) probabilities of urgent and of crisis."""
        logits = counted @ self.weights.T + self.intercepts
        raised = np.exp(logits - np.maximum(logits.max(axis=1, keepdims=True), 0.0))
        calm = np.exp(-np.maximum(logits.max(axis=1, keepdims=True), 0.0))
        return np.asarray(raised / (raised.sum(axis=1, keepdims=True) + calm), dtype=np.float64)


@dataclass(frozen=True)
class NgramJudge:
    """The models by language, "ar-latn" and "ur-latn" among them."""

    models: dict[str, Ngrams]

    @classmethod
    def load(cls, path: Path = COEFFICIENTS) -> NgramJudge:
        """Read the coefficients; a file that is not there makes a judge that never escalates."""
        if not path.exists():
            return cls({})
        found = json.loads(path.read_text(encoding="utf-8"))["languages"]
        return cls(
            {
                language: Ngrams(np.array(own["weights"]), np.array(own["intercepts"]), float(own["threshold"]))
                for language, own in found.items()
            }
        )

    def escalate(self, language: str, text: str) -> Action | None:
        """URGENT or CRISIS where some window of the folded text calls for it. language: as detected."""
        key = spelling(language, text)
        best = self._most(key, text)
        if best is None or best.sum() < self.models[key].threshold:
            return None
        return Action.CRISIS if best[1] > best[0] else Action.URGENT

    def bears_out(self, rules: str, text: str) -> bool:
        """Whether signs that rules have added up ("ar-latn", ...) may count: not where all else is calm."""
        best = self._most(rules, text)
        return best is None or bool(best.sum() >= CALM)

    def _most(self, key: str, text: str) -> NDArray[np.float64] | None:
        """(2,) probabilities of urgent and crisis in the most alarming window; None where nothing judges it."""
        model, language = self.models.get(key), key.partition("-")[0]
        windows = list(_windows(text, language)) if model else []
        if model is None or not windows or len(windows) > _MOST_WINDOWS:
            return None
        judged = model.judge(np.stack([counts(window, language) for window in windows]))
        return np.asarray(judged[judged.sum(axis=1).argmax()])


def spelling(language: str, text: str) -> str:
    """ "ar" and "ur" in Latin letters have models of their own."""
    if language not in ("ar", "ur") or len(_LATIN.findall(text)) <= len(_ARABIC.findall(text)):
        return language
    return f"{language}-latn"


def counts(text: str, language: str) -> NDArray[np.float64]:
    """(BUCKETS,) of unit length: which words and runs of characters stand in a folded text."""
    shortest, longest = SPANS.get(language, _SPAN)
    found: set[str] = set()
    for word in _WORD.findall(text):
        padded = f" {word} "
        found.update(padded[i : i + n] for n in range(shortest, longest + 1) for i in range(len(padded) - n + 1))
        found.add(f"\0{word}")
    row = np.zeros(BUCKETS)
    for run in found:
        row[zlib.crc32(run.encode()) % BUCKETS] += 1.0
    return np.asarray(row / max(1.0, float(np.linalg.norm(row))))


def _windows(text: str, language: str) -> Iterator[str]:
    if language == "zh":
        size, step = _WORDS_AT_ONCE * _CHARACTERS_A_WORD, _STEP * _CHARACTERS_A_WORD
        for first in range(0, max(1, len(text) - size + step), step):
            yield text[first : first + size]
        return
    words = _WORD.findall(text)
    for first in range(0, max(1, len(words) - _WORDS_AT_ONCE + _STEP), _STEP):
        yield " ".join(words[first : first + _WORDS_AT_ONCE])
