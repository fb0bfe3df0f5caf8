"""The plainest words of an emergency, in languages that have no rules of their own (rules/alarms-other.yaml)."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache

from bot.domain import Action
from bot.guardrail import lexicon


@dataclass(frozen=True)
class Plain:
    """A plain word of need; start and end in the folded text."""

    action: Action
    start: int
    end: int
    language: str


@dataclass(frozen=True)
class _Words:
    wordings: tuple[tuple[Action, re.Pattern[str]], ...]
    calm: re.Pattern[str]


@lru_cache(maxsize=32)
def _words(language: str) -> _Words | None:
    data = _languages().get(language)
    if data is None:
        return None
    compiled = {
        key: lexicon.compile_patterns(data[key], words=bool(data["words"])) for key in ("crisis", "urgent", "calm")
    }
    return _Words(((Action.CRISIS, compiled["crisis"]), (Action.URGENT, compiled["urgent"])), compiled["calm"])


@lru_cache(maxsize=1)
def _languages() -> dict[str, dict[str, list[str]]]:
    return lexicon.read("alarms-other")


def find_plain(language: str, text: str) -> Plain | None:
    """A crisis, else an emergency, in folded `text` of `language`, unless it asks or tells of something past."""
    words = _words(language)
    if words is None or words.calm.search(text):
        return None
    found = ((action, pattern.search(text)) for action, pattern in words.wordings)
    return next((Plain(action, *match.span(), language) for action, match in found if match), None)


def find_plain_of_any(text: str) -> Plain | None:
    """As `find_plain`, for a message too short to tell its language by: the first language that knows it."""
    found = (find_plain(language, text) for language in _languages())
    return next((plain for plain in found if plain), None)
