"""Add up the signs of a message, in the languages that have no classifier.

A wording of rules/alarms-*.yaml stands for itself. Here lay words for single signs are weighed together: each
family counts once, a calming family takes points back, and what is denied, long past or only told does not count.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property, lru_cache
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
_AROUND = 400
"""Characters before and after a sign in which its sentence may take it back."""
_NEAR = 120
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
    lex, message = _lexicon(language), _Message(Cues.load(language), split_sentences(text))
    leveled = level(text, lex.spelling)
    found = {
        action: [
            sign
            for sign in _find(families, leveled, message.sentences)
            if _counts(sign, message, crisis=action is Action.CRISIS)
        ]
        for action, families in lex.families.items()
    }
    for action, enough in _ORDER:
        sign = _enough(found[action], text, enough)
        if sign:
            reason = sign.family.name.partition(":")[0]
            return Sum(action, reason, sign.start, sign.end, faint=enough == _FAINT)
    return None


class _Message:
    """The sentences of one message, and what their cues say; each is read once, however many signs stand in it."""

    def __init__(self, cues: Cues, sentences: list[Sentence]) -> None:
        self.cues, self.sentences = cues, sentences
        self._whole = " ".join(sentence.text for sentence in sentences)
        self._said: dict[tuple[str, int], bool] = {}
        self._lives: dict[int, bool] = {}

    def has(self, cue: str, at: int = -1) -> bool:
        """Whether a cue stands in one sentence; in the whole message without one."""
        key = (cue, at)
        if key not in self._said:
            self._said[key] = self.cues.has(cue, self._whole if at < 0 else self.sentences[at].text)
        return self._said[key]

    def live(self, at: int) -> bool:
        """Whether a sentence says that it is now."""
        if at not in self._lives:
            self._lives[at] = is_live(self.cues, self.sentences[at].text)
        return self._lives[at]

    def told(self, *, crisis: bool) -> bool:
        """A story; or a course or a piece of news, which does not call off a crisis in the speaker's own life."""
        if self.has("real"):
            return False
        return self.has("fiction") or (self.has("lesson") and not (crisis and self.has("own")))

    def past(self, at: int, *, crisis: bool) -> bool:
        """Long past or said to be over; for a crisis only where its own sentence says so."""
        if crisis and not self.has("own", at) and self.has("definition", at):
            return True
        if crisis:
            return self.has("history", at) or self.has("over", at)
        return at >= self._first_past or self.has("over") or self._settled

    @cached_property
    def _first_past(self) -> int:
        found = (i for i in range(len(self.sentences)) if self.has("history", i))
        return next(found, len(self.sentences))

    @cached_property
    def _settled(self) -> bool:
        return is_settled(self.cues, self._whole)


def _find(families: tuple[_Family, ...], leveled: Folded, sentences: list[Sentence]) -> Iterator[_Sign]:
    starts = [sentence.start for sentence in sentences]
    for family in families:
        for match in family.pattern.finditer(leveled.text):
            start, end = leveled.source_span(*match.span())
            yield _Sign(family, max(0, bisect_right(starts, start) - 1), start, end)


def _sum(signs: list[_Sign], text: str) -> int:
    """Each family once; a second wording of the same sign weighs as a hint."""
    wordings: dict[_Family, set[str]] = {}
    for sign in signs:
        wordings.setdefault(sign.family, set()).add(text[sign.start : sign.end])
    twice = sum(family.points == _POINTS["sign"] and len(said) > 1 for family, said in wordings.items())
    return sum(family.points for family in wordings) + _POINTS["hint"] * twice


def _enough(signs: list[_Sign], text: str, enough: int) -> _Sign | None:
    """The weightiest of the first stretch of sentences that holds enough."""
    by_sentence: dict[int, list[_Sign]] = {}
    for sign in signs:
        by_sentence.setdefault(sign.sentence, []).append(sign)
    for first in sorted(by_sentence):
        stretch = [sign for at in range(first, first + _SENTENCES) for sign in by_sentence.get(at, ())]
        if _sum(stretch, text) >= enough:
            weightiest = max(stretch, key=lambda sign: sign.family.points)
            return weightiest if weightiest.family.points > _POINTS["hint"] else None
    return None


def _counts(sign: _Sign, message: _Message, *, crisis: bool) -> bool:
    """Not denied, and not of a story, a lesson or a time long past, unless its sentence says that it is now."""
    if sign.family.points < 0:
        return True
    cues, at, sentence = message.cues, sign.sentence, message.sentences[sign.sentence]
    here, there = sign.start - sentence.start, sign.end - sentence.start
    before, after = sentence.text[max(0, here - _AROUND) : here], sentence.text[there : there + _AROUND]
    near = _JUST_BEFORE[cues.words].search(before[-_NEAR:])
    if (near and cues.has("negation", near.group())) or cues.patterns["negation_after"].match(after):
        return False
    live = message.live(at)
    if message.told(crisis=crisis):
        return live and message.has("own", at)
    if not crisis and not message.has("own", at) and _asked(message, at, before, live=live):
        return False
    return live or not message.past(at, crisis=crisis)


def _asked(message: _Message, at: int, before: str, *, live: bool) -> bool:
    """Supposed, or asked in general ("what to do if somebody faints", "what are the signs of a stroke")."""
    defined = message.cues.has("definition", before) if live else message.has("definition", at)
    return defined or message.cues.has("hypothetical", before)
