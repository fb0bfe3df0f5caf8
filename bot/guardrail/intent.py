"""What an English question asks for: harm, advice for a person, health in general, plain facts, or other."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache

from bot.guardrail import lexicon
from bot.guardrail.scope import Cues


@dataclass(frozen=True)
class Finding:
    """A kind ("harmful", "advice", ...), its topic, and the span in the folded text that shows it."""

    kind: str
    topic: str
    start: int
    end: int


@dataclass(frozen=True)
class _Intent:
    patterns: lexicon.Patterns
    harmful: dict[str, re.Pattern[str]]
    topics: lexicon.Patterns


@lru_cache(maxsize=1)
def _intent() -> _Intent:
    data, topics = lexicon.read("intent-en"), lexicon.read("topics-en")
    macros = data["macros"]
    plain = {key: sources for key, sources in data.items() if key not in ("macros", "harmful")}
    harmful = {topic: lexicon.compile_patterns(sources, macros) for topic, sources in data["harmful"].items()}
    return _Intent(lexicon.Patterns(plain, macros), harmful, lexicon.Patterns(topics, macros))


def find_harmful(text: str) -> Finding | None:
    """A request for help to do serious harm, in folded text."""
    excused = _intent().patterns["harmless_context"]
    told = Cues.load("en").has("fiction", text) and not _intent().patterns["method"].search(text)
    for topic, pattern in _intent().harmful.items():
        match = pattern.search(text)
        if match and not excused.search(text) and not told:
            return Finding("harmful", topic, *match.span())
    return None


def find_advice(text: str) -> Finding | None:
    """A dose, a decision on a treatment, or a question about a particular person."""
    patterns = _intent().patterns
    for kind in ("dose", "decision"):
        match = patterns[kind].search(text)
        if match:
            topic = topic_of(text)
            return Finding("advice", topic if topic != "general" else _DEFAULT_TOPIC[kind], *match.span())
    rest = patterns["impersonal"].sub(lambda m: " " * len(m.group()), text)
    match = patterns["personal"].search(rest)
    if match and not patterns["asking"].search(rest):
        return None
    return Finding("advice", topic_of(text), *match.span()) if match else None


PLAIN_FACT = "a fact of history, words, numbers or rules"
"""Reason of an action that no graded evidence behind the answer changes."""


def asks_dose(text: str) -> bool:
    """Does folded text ask how much of something a person should take? That is advice, whatever else it sounds like."""
    return _intent().patterns["dose"].search(text) is not None


_DEFAULT_TOPIC = {"dose": "amount", "decision": "medicine"}
"""Of a question for an amount that names no medicine (cups, sessions, days to wait), and of one for a decision."""


def topic_of(text: str) -> str:
    """The notice topic of a personal question: the first of topics-en.yaml whose words stand in it."""
    topics = _intent().topics
    return next((topic for topic in topics.names if topics[topic].search(text)), "general")


def is_plain_fact(text: str) -> bool:
    """Does it ask for a fact of history, words, technique, numbers or rules?"""
    return _intent().patterns["plain_fact"].search(text) is not None


def is_general_health(text: str) -> bool:
    return _intent().patterns["health"].search(text) is not None


def in_subject(text: str) -> bool:
    """Does it speak of cupping, or of health, and of no other sense of "cup"?"""
    patterns = _intent().patterns
    other = patterns["elsewhere"].search(text) is not None
    if patterns["core"].search(text):
        return not (other and patterns["task"].search(text))
    if other:
        return False
    return bool(patterns["subject"].search(text) or patterns["context"].search(text))


def is_elsewhere(text: str) -> bool:
    patterns = _intent().patterns
    return bool(patterns["small_talk"].search(text.strip()) or patterns["elsewhere"].search(text))


def is_follow_up(text: str) -> bool:
    return len(text.split()) <= 14 and _intent().patterns["followup"].search(text) is not None
