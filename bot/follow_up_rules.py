"""The wording rules of follow-ups, compiled from `bot/data/follow-ups.yaml`, where each is explained."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files
from typing import Any

from ingest.data_files import read_yaml

_COMMON = ("order", "time", "activity")
"""Categories whose words name no topic."""


@dataclass(frozen=True)
class Bare:
    """A turn that only asks for more, and what it adds to the last question."""

    pattern: re.Pattern[str]
    adds: str


@dataclass(frozen=True)
class Category:
    """Things that can take each other's place.

    name: matches anywhere; alone: a whole text; slot: a place in a question, with the groups `link` and `name`.
    link: joins one to a question that has none; also: categories whose place one may take.
    """

    name: re.Pattern[str]
    alone: re.Pattern[str]
    slot: re.Pattern[str]
    link: str
    also: tuple[str, ...]


@dataclass(frozen=True)
class Rules:
    """Compiled patterns by name, and what is not a pattern. shorthand: how a short name is written out."""

    patterns: Mapping[str, re.Pattern[str]]
    bare: tuple[Bare, ...]
    categories: Mapping[str, Category]
    shorthand: str

    def __getitem__(self, name: str) -> re.Pattern[str]:
        return self.patterns[name]


@lru_cache(maxsize=1)
def load_rules() -> Rules:
    """Read and compile the rules, once."""
    data = read_yaml(files("bot.data").joinpath("follow-ups.yaml").read_text(encoding="utf-8"))
    parts, subject = data["parts"], data["words"]["subject"]
    patterns = {name: _any_of(text) for name, text in data["patterns"].items()}
    patterns |= {name: _words(text) for name, text in data["words"].items()}
    patterns |= {
        "links": _any_of(rf"(?:{parts['links']})(?!\w)\s*"),
        "clause_links": _any_of(rf"(?:{parts['clause_links']})\b"),
        "articles": _any_of(rf"(?:(?:{parts['articles']})\b\s*)*"),
        "tails": _any_of(rf"(?:[,\s]+(?:{parts['tails']})\b)+\s*$"),
        "shorthand": _any_of(data["shorthand"]["asks"]),
        "names": _words([*subject, *_names(data["categories"])]),
    }
    bare = tuple(Bare(_any_of(rf"(?:{one['asks']})\W*"), one["adds"]) for one in data["bare"])
    categories = {name: _category(entry, parts, subject) for name, entry in data["categories"].items()}
    return Rules(patterns, bare, categories, data["shorthand"]["means"])


def _category(entry: Mapping[str, Any], parts: Mapping[str, str], subject: Sequence[str]) -> Category:
    words, also = "|".join(entry["words"]), tuple(entry.get("also", ()))
    taken = "|".join([words, *subject]) if "subject" in also else words
    link = rf"(?:{parts['links']})(?:\s+{parts['persons']})?"
    articles = rf"(?:(?:{parts['articles']})\s+){{0,3}}"
    one = rf"{articles}(?:{taken})\b"
    return Category(
        name=_words("(?!)" if entry.get("whole") else words),
        alone=_any_of(rf"(?:{link}\s+)?{articles}(?:{words})(?:[,\s]+(?:{parts['tails']}))*"),
        slot=_any_of(rf"(?<!\w)(?:(?P<link>{link})\s+)?(?P<name>{one}(?:(?:,|,? (?:and|or)) {one}){{0,5}})"),
        link=entry.get("link", ""),
        also=tuple(name for name in also if name != "subject"),
    )


def _names(categories: Mapping[str, Mapping[str, Any]]) -> list[str]:
    return [words for name, entry in categories.items() if name not in _COMMON for words in entry["words"]]


def _any_of(texts: str | Sequence[str]) -> re.Pattern[str]:
    joined = texts if isinstance(texts, str) else "|".join(f"(?:{text})" for text in texts)
    return re.compile(joined, re.IGNORECASE)


def _words(texts: str | Sequence[str]) -> re.Pattern[str]:
    return re.compile(rf"\b(?:{texts if isinstance(texts, str) else '|'.join(texts)})\b", re.IGNORECASE)
