"""Reads the words of a question: typing errors mended, the subject's names told apart, rare words glossed."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files
from threading import Lock

from rapidfuzz.distance import DamerauLevenshtein
from spellchecker import SpellChecker

from bot.library import Library
from bot.synonyms import Synonyms
from ingest.data_files import read_yaml
from ingest.lexicon import stems, words

_SUBJECT_WEIGHT = 0.15
_SYNONYM_WEIGHT = 0.4
_WORD = re.compile(r"[a-z][a-z']{2,}", re.IGNORECASE)
_LEAST_MENDED = 4
"""Letters from which on a word that is in no dictionary becomes the nearest English one: shorter ones have too many."""


@dataclass(frozen=True)
class Wording:
    """A question, read.

    text: typing errors mended. dense: what is embedded. weights: what each stem counts, synonyms and names of the
    subject less than 1; terms: the same by rarity, the question's own summing to 1; own: the stems that the
    question itself holds, without the names of the subject.
    """

    text: str
    dense: str
    weights: dict[str, float]
    terms: dict[str, float]
    own: tuple[str, ...]


class Reader:
    """Reads questions against one library's vocabulary. Safe to share between threads."""

    def __init__(self, synonyms: Synonyms) -> None:
        self._synonyms = synonyms
        self._lock = Lock()
        self._english: SpellChecker | None = None

    def read(self, question: str, library: Library) -> Wording:
        """Read one question."""
        rules = _rules()
        text = self._mended(question, library)
        renamed = text
        if not any(pattern.search(text) for pattern in rules.keeps_its_name):
            for pattern, name in rules.renamed:
                renamed = pattern.sub(name, renamed)
        every = list(dict.fromkeys(stems(renamed)))
        own = tuple(stem for stem in every if stem not in rules.subject) or tuple(every)
        weights = dict.fromkeys(self._synonyms.expand(every), _SYNONYM_WEIGHT)
        weights |= {stem: 1.0 if stem in own else _SUBJECT_WEIGHT for stem in every}
        rare = {stem: weight * library.lexicon.rarity(stem) for stem, weight in weights.items()}
        total = sum(rare[stem] for stem in every) or 1.0
        terms = {stem: weight / total for stem, weight in rare.items()}
        return Wording(text, self._glossed(renamed, library), weights, terms, own)

    def _glossed(self, text: str, library: Library) -> str:
        """Words that no document holds are followed by a synonym that some do."""
        held = [stem for stem in stems(text) if not library.lexicon.knows(stem)]
        glosses = list(self._synonyms.familiar(stems(text), held, library.lexicon.knows))
        return f"{text} ({', '.join(glosses)})" if glosses else text

    def _mended(self, question: str, library: Library) -> str:
        """Words that are neither English nor in the library become the nearest word of the library."""
        return _WORD.sub(lambda match: self._nearest(match[0], library), question)

    def _nearest(self, word: str, library: Library) -> str:
        lower = word.lower().replace("’", "'")
        if not words(lower) or lower in library.vocabulary or self._synonyms.holds(lower) or self._is_english(lower):
            return word
        if lower in _rules().left_alone:
            return word
        most = 1 if len(lower) < 8 else 2
        best, distance = word, most + 1
        for known in library.vocabulary_by_letter.get(lower[0], ()):
            if abs(len(known) - len(lower)) > most:
                continue
            found = DamerauLevenshtein.distance(lower, known, score_cutoff=most)
            if found < distance:
                best, distance = known, found
        return best if distance <= most else self._english_for(word, lower)

    def _english_for(self, word: str, lower: str) -> str:
        """The commonest English word that is one slip away, with the same first letter; else the word itself."""
        if len(lower) < _LEAST_MENDED:
            return word
        near = [known for known in self._dictionary().edit_distance_1(lower) if known[:1] == lower[0]]
        found = max(self._dictionary().known(near), key=lambda known: (self._dictionary()[known], known), default=word)
        return str(found)

    def _is_english(self, word: str) -> bool:
        return word in self._dictionary().word_frequency.dictionary

    def _dictionary(self) -> SpellChecker:
        with self._lock:
            if self._english is None:
                self._english = SpellChecker(language="en", distance=1)
            return self._english


@dataclass(frozen=True)
class _Rules:
    subject: frozenset[str]
    renamed: tuple[tuple[re.Pattern[str], str], ...]
    keeps_its_name: tuple[re.Pattern[str], ...]
    left_alone: frozenset[str]


@lru_cache(maxsize=1)
def _rules() -> _Rules:
    data = read_yaml(files("bot.data").joinpath("wording.yaml").read_text(encoding="utf-8"))
    return _Rules(
        subject=frozenset(stem for name in data["subject"] for stem in stems(name) if stem not in ("wet",)),
        renamed=tuple((re.compile(rf"\b(?:{p})\b", re.IGNORECASE), name) for p, name in data["renamed"].items()),
        keeps_its_name=tuple(re.compile(pattern, re.IGNORECASE) for pattern in data["keeps_its_name"]),
        left_alone=frozenset(data["left_alone"]),
    )
