"""Which language a question is in: script first, then common words. Unsure means English."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache

from bot.guardrail import lexicon

LATIN_SCRIPT = ("es", "fr", "ar-latn", "ur-latn")
"""Rule languages in Latin letters, besides English."""
_WORD = re.compile(r"[\w']+")
_LATIN = re.compile(r"[a-z]")
_ARABIC = re.compile(r"[\u0600-\u06ff]")
_HAN = re.compile(r"[\u4e00-\u9fff]")
_CERTAIN_LEAD = 1
_LEAST_ENGLISH = 0.2
"""Share of common words below which a text is hardly English; in English sentences it is about a half."""
_RIVALS = {"es": "fr", "fr": "es"}


@lru_cache(maxsize=1)
def _rules() -> tuple[dict[str, re.Pattern[str]], dict[str, re.Pattern[str]], dict[str, frozenset[str]]]:
    data = lexicon.read("language")
    scripts = {language: re.compile(source) for language, source in data["scripts"].items()}
    arabic = {language: re.compile(source) for language, source in data["arabic_script"].items()}
    return scripts, arabic, {language: frozenset(str(words).split()) for language, words in data["words"].items()}


def detect_language(original: str, folded: str) -> str:
    """ISO 639-1 code of the language that most of the text is in.

    original, folded: the same text before and after folding (Urdu's letters are lost by folding).
    """
    scripts, arabic, words = _rules()
    sample = original[:2000]
    counts = {language: len(pattern.findall(sample)) for language, pattern in scripts.items()}
    latin = len(re.findall(r"[a-z]", folded[:2000]))
    script = max(counts, key=lambda language: counts[language])
    weight = 3 if script in ("zh", "ja", "ko") else 1
    if counts[script] * weight > latin or (counts["ja"] and counts["zh"] > latin):
        if script == "zh" and counts["ja"] >= 2:
            return "ja"
        if script == "ar":
            return next((other for other, pattern in arabic.items() if pattern.search(sample)), "ar")
        return script
    return _by_words(set(_WORD.findall(folded[:2000])), words)


def _by_words(tokens: set[str], words: dict[str, frozenset[str]]) -> str:
    scores = {language: sum(token in known for token in tokens) for language, known in words.items()}
    scores["ar"] += sum(token not in words["ar"] and is_arabic_with_digits(token) for token in tokens)
    best = max(scores, key=lambda language: (scores[language], language == "en"))
    if scores[best] < 2 or scores[best] - scores["en"] < _CERTAIN_LEAD:
        return "en"
    return best


def is_arabic_with_digits(word: str) -> bool:
    """Is this word in Latin letters one of romanised Arabic, whose digits stand for letters ("l7ijama")?"""
    within, other = _digits()
    return within.fullmatch(word) is not None and other.fullmatch(word) is None


@lru_cache(maxsize=1)
def _digits() -> tuple[re.Pattern[str], re.Pattern[str]]:
    data = lexicon.read("language")
    return re.compile(data["arabic_digits"]), re.compile(data["not_arabic_digits"])


def may_be(rules: str, text: str) -> bool:
    """Could folded Latin `text` hold a sentence for the rules ("es", "ur-latn", ...)?

    Yes where two of the language's own words stand in it, or where hardly any English does; Spanish and French,
    which share many words, not where the other is by far the likelier.
    """
    words = _rules()[2]
    tokens = set(_WORD.findall(text))
    rival = _RIVALS.get(rules)
    if rival and len(tokens & words[rival]) > 2 * len(tokens & words[rules]) + 1:
        return False
    own = tokens & (words[rules.partition("-")[0]] - words["en"])
    return len(own) >= 2 or len(tokens & words["en"]) <= 1


def is_likeliest(rules: str, text: str) -> bool:
    """Do as many words of this rule language stand in folded `text` as of any other in Latin letters?"""
    words, tokens = _rules()[2], set(_WORD.findall(text))
    counts = {language: len(tokens & words[language.partition("-")[0]]) for language in LATIN_SCRIPT}
    return rules not in counts or counts[rules] >= max(counts.values())


def languages_of(text: str) -> Iterator[str]:
    """The rule languages that folded `text` may hold a sentence of."""
    if _LATIN.search(text):
        yield "en"
        yield from (language for language in LATIN_SCRIPT if may_be(language, text))
    if _ARABIC.search(text):
        yield "ur" if is_urdu(text) else "ar"
    if _HAN.search(text):
        yield "zh"


def hardly_english(text: str) -> bool:
    """Does none of English's common words stand in folded `text`?"""
    return not set(_WORD.findall(text)) & _rules()[2]["en"]


def is_mostly_other(text: str) -> bool:
    """Do so few of English's common words stand in folded `text` that a model of English should not judge it?"""
    tokens = _WORD.findall(text)
    return sum(token in _rules()[2]["en"] for token in tokens) < _LEAST_ENGLISH * len(tokens)


def is_urdu(text: str) -> bool:
    """Is folded text in Arabic script Urdu? Told by letters that folding keeps and by Urdu's common words."""
    return _urdu().search(text) is not None


@lru_cache(maxsize=1)
def _urdu() -> re.Pattern[str]:
    return lexicon.compile_patterns([lexicon.read("language")["urdu_folded"]], words=False)
