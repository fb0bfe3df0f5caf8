"""The words of a text, as sheet and documents are compared: lower case, numbers whole, references taken out."""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import cache

import Stemmer

from ingest.lexicon import STOPWORDS

_LINK = re.compile(r"\[([^\[\]]*)\]\([^()]*\)")
_KEYS = re.compile(r"\[[^\[\]]*\]")
_WORD = re.compile(r"\d+(?:[.,]\d+)*|[^\W\d_]+(?:['’][^\W\d_]+)*")
_VOWEL = re.compile(r"[aeiouyà-ÿ]")
_GROUPED = re.compile(r"(?<=\d),(?=\d{3}\b)")
_SPELT = (
    *("zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve"),
    *("thirteen", "fourteen", "fifteen", "sixteen", "seventeen", "eighteen", "nineteen", "twenty"),
)
_GLUE = STOPWORDS | {"vs", "versus", "both", "each"}


def plain(text: str) -> str:
    """A text without reference keys; of a link, its words."""
    return _KEYS.sub(" ", _LINK.sub(r"\1", text))


def words(text: str) -> list[str]:
    """The words and numbers of a text in order, in lower case."""
    return [word.replace("’", "'") for word in _WORD.findall(_GROUPED.sub("", plain(text)).lower())]


def terms(own: Iterable[str]) -> frozenset[str]:
    """What words are about: numbers in digits, and stems of those that are not mere glue."""
    return frozenset(_term(word) for word in own if word not in _GLUE and (len(word) > 1 or word.isdigit()))


def is_number(term: str) -> bool:
    """Whether a term is a number."""
    return term[0].isdigit()


@cache
def _term(word: str) -> str:
    if word in _SPELT:
        return str(_SPELT.index(word))
    return word if is_number(word) else stem(word)


def stem(word: str) -> str:
    """The part of a word that its forms share; of several RCTs, one."""
    word = word.removesuffix("'s")
    return str(_stemmer().stemWord(word)) if _VOWEL.search(word) else word.removesuffix("s")


@cache
def _stemmer() -> Stemmer.Stemmer:
    return Stemmer.Stemmer("english")
