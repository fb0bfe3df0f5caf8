"""Add up the signs of a message, in the languages that have no classifier.

A wording of rules/alarms-*.yaml stands for itself. Here lay words for single signs are weighed together: each
family counts once, a calming family takes points back, and what is denied, long past or only told does not count.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from bot.domain import Action
from bot.guardrail import lexicon
from bot.guardrail.frames import is_live
from bot.guardrail.scope import Cues, Sentence, is_settled, split_sentences
from bot.guardrail.spelling import Steps, compile_steps, level, level_pattern
from ingest.folding import Folded

LANGUAGES = frozenset({"ar", "ar-latn", "es", "fr", "ur", "ur-latn", "zh"})
_ENOUGH, _FAINT = 6, 4
_ORDER = ((Action.CRISIS, _ENOUGH), (Action.URGENT, _ENOUGH), (Action.CRISIS, _FAINT))
_POINTS = {"danger": 8, "sign": 4, "trace": 3, "hint": 2, "slight": 1, "calm": -4}
_SENTENCES = 6
"""Signs are added up over so many sentences on end."""
_JUST_BEFORE = {True: re.compile(r"(?:[\w']+[^\w,،:;]+){0,3}$"), False: re.compile(r"[^，,]{0,4}$")}


@dataclass(frozen=True)
class Sum:
    """Signs that together send for help; start and end of the weightiest in the folded text.

    faint: a crisis by a single strand, which an emergency goes before.
    """

    action: Action
    reason: str
    start: int
    end: int
    faint: bool = False


@dataclass(frozen=True)
class _Family:
    name: str
    points: int
    pattern: re.Pattern[str]


@dataclass(frozen=True)
class _Sign:
    family: _Family
    sentence: int
    start: int
    end: int


@dataclass(frozen=True)
class _Lexicon:
    families: dict[Action, tuple[_Family, ...]]
    spelling: Steps


@lru_cache(maxsize=16)
def _lexicon(language: str) -> _Lexicon:
    data = lexicon.read(f"signs-{language}")
    steps = compile_steps(data.get("spelling", ()))
    families = {action: tuple(_compile(data, data[action.value], steps)) for action in (Action.CRISIS, Action.URGENT)}
    return _Lexicon(families, steps)


def _compile(data: dict[str, Any], weighed: dict[str, dict[str, list[str]]], steps: Steps) -> Iterator[_Family]:
    """Patterns with the language's affixes around each; "~" stands for any ending (Chinese: a few characters)."""
    before, after, any_ending = data.get("before", ""), data.get("after", ""), data.get("any", r"\w*")
    macros = {name: level_pattern(source, steps) for name, source in data.get("macros", {}).items()}
    for weight, families in weighed.items():
        for name, sources in families.items():
            whole = [f"{before}(?:{source.replace('~', any_ending)}){after}" for source in sources]
            leveled = [_level(source, steps) for source in whole]
            pattern = lexicon.compile_patterns(leveled, macros, words=data.get("words", True))
            yield _Family(name, _POINTS[weight], pattern)


def _level(source: str, steps: Steps) -> str:
    """`source` in the one spelling, the names of its macros untouched."""
    parts = re.split(r"(<[a-z]+>)", source)
    return "".join(part if part.startswith("<") else level_pattern(part, steps) for part in parts)


def add_up(language: str, text: str) -> Sum | None:
    """The crisis, else the emergency, that the signs of folded `text` amount to, else None."""
    if language not in LANGUAGES:
        return None
    lex, sentences, cues = _lexicon(language), split_sentences(text), Cues.load(language)
    leveled = level(text, lex.spelling)
    found = {
        action: [
            sign
            for sign in _find(families, leveled, sentences)
            if _counts(sign, cues, sentences, crisis=action is Action.CRISIS)
        ]
        for action, families in lex.families.items()
    }
    for action, enough in _ORDER:
        sign = _enough(found[action], text, enough)
        if sign:
            reason = sign.family.name.partition(":")[0]
            return Sum(action, reason, sign.start, sign.end, faint=enough == _FAINT)
    return None


def _find(families: tuple[_Family, ...], leveled: Folded, sentences: list[Sentence]) -> Iterator[_Sign]:
    for family in families:
        for match in family.pattern.finditer(leveled.text):
            start, end = leveled.source_span(*match.span())
            at = max((i for i, sentence in enumerate(sentences) if sentence.start <= start), default=0)
            yield _Sign(family, at, start, end)


def _sum(signs: list[_Sign], text: str) -> int:
    """Each family once; a second wording of the same sign weighs as a hint."""
    wordings: dict[_Family, set[str]] = {}
    for sign in signs:
        wordings.setdefault(sign.family, set()).add(text[sign.start : sign.end])
    twice = sum(family.points == _POINTS["sign"] and len(said) > 1 for family, said in wordings.items())
    return sum(family.points for family in wordings) + _POINTS["hint"] * twice


def _enough(signs: list[_Sign], text: str, enough: int) -> _Sign | None:
    """The weightiest of the first stretch of sentences that holds enough."""
    for first in sorted({sign.sentence for sign in signs}):
        stretch = [sign for sign in signs if 0 <= sign.sentence - first < _SENTENCES]
        if _sum(stretch, text) >= enough:
            weightiest = max(stretch, key=lambda sign: sign.family.points)
            return weightiest if weightiest.family.points > _POINTS["hint"] else None
    return None


def _counts(sign: _Sign, cues: Cues, sentences: list[Sentence], *, crisis: bool) -> bool:
    """Not denied, and not of a story, a lesson or a time long past, unless its sentence says that it is now."""
    sentence = sentences[sign.sentence]
    before, after = sentence.text[: sign.start - sentence.start], sentence.text[sign.end - sentence.start :]
    if sign.family.points < 0:
        return True
    near = _JUST_BEFORE[cues.words].search(before)
    if (near and cues.has("negation", near.group())) or cues.patterns["negation_after"].match(after):
        return False
    live = is_live(cues, sentence.text)
    if _told(cues, sentences, crisis=crisis):
        return live and cues.has("own", sentence.text)
    if not crisis and not cues.has("own", sentence.text) and _asked(cues, sentence.text, before, live=live):
        return False
    return live or not _past(cues, sentences, sign.sentence, crisis=crisis)


def _told(cues: Cues, sentences: list[Sentence], *, crisis: bool) -> bool:
    """A story; or a course or a piece of news, which does not call off a crisis in the speaker's own life."""
    whole = " ".join(sentence.text for sentence in sentences)
    if cues.has("real", whole):
        return False
    return cues.has("fiction", whole) or (cues.has("lesson", whole) and not (crisis and cues.has("own", whole)))


def _asked(cues: Cues, sentence: str, before: str, *, live: bool) -> bool:
    """Supposed, or asked in general ("what to do if somebody faints", "what are the signs of a stroke")."""
    defined = cues.has("definition", before if live else sentence)
    return defined or cues.has("hypothetical", before)


def _past(cues: Cues, sentences: list[Sentence], at: int, *, crisis: bool) -> bool:
    """Long past or said to be over; for a crisis only where its own sentence says so."""
    sentence, whole = sentences[at].text, " ".join(sentence.text for sentence in sentences)
    if crisis and not cues.has("own", sentence) and cues.has("definition", sentence):
        return True
    if crisis:
        return cues.has("history", sentence) or cues.has("over", sentence)
    until = " ".join(sentence.text for sentence in sentences[: at + 1])
    return cues.has("history", until) or cues.has("over", whole) or is_settled(cues, whole)
