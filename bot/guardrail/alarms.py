"""Find emergencies and crises by rule, in each language, in their scope."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from bot.domain import Action
from bot.guardrail import lexicon
from bot.guardrail.frames import Place, is_set_aside
from bot.guardrail.language import LATIN_SCRIPT, is_likeliest, languages_of, may_be
from bot.guardrail.scope import Cues, Reading, Sentence, is_settled, is_told, read_scope, split_sentences
from bot.guardrail.signs import add_up

BorneOut = Callable[[str, str], bool]
_LONG = 2_000
"""From so many characters on, a sentence is read by the rules of a language only if it may be in it."""


@dataclass(frozen=True)
class Alarm:
    """A wording that sends for help; start and end in the folded text."""

    action: Action
    reason: str
    start: int
    end: int
    language: str


@dataclass(frozen=True)
class _Rule:
    """A wording (one pattern), or ideas that must stand together (several, within so many characters)."""

    action: Action
    reason: str
    strength: str
    patterns: tuple[re.Pattern[str], ...]
    within: int = 0
    needs_now: bool = False

    def spans(self, text: str) -> Iterator[tuple[int, int]]:
        if not self.within:
            yield from (match.span() for match in self.patterns[0].finditer(text))
        elif all(pattern.search(text) for pattern in self.patterns):
            yield from _together(self.patterns, text, self.within)


def _together(patterns: tuple[re.Pattern[str], ...], text: str, within: int) -> Iterator[tuple[int, int]]:
    """The nearest standing of all patterns around each match of the first, where it is near enough."""
    for first in patterns[0].finditer(text):
        start, end = first.span()
        for pattern in patterns[1:]:
            near = min(pattern.finditer(text), key=lambda m: max(m.end(), end) - min(m.start(), start))
            start, end = min(start, near.start()), max(end, near.end())
        if end - start <= within:
            yield start, end


@dataclass(frozen=True)
class _Lexicon:
    language: str
    idioms: re.Pattern[str]
    rules: tuple[_Rule, ...]
    cues: Cues


@lru_cache(maxsize=16)
def _lexicon(language: str) -> _Lexicon:
    data = lexicon.read(f"alarms-{language}")
    words, macros = bool(data.get("words", True)), data.get("macros", {})
    wordings = [
        _Rule(action, rule["id"], strength, (lexicon.compile_patterns(rule[strength], macros, words=words),))
        for action in (Action.CRISIS, Action.URGENT)
        for rule in data[action.value]
        for strength in ("bare", "firm", "soft")
        if rule.get(strength)
    ]
    idioms = lexicon.compile_patterns(data.get("idioms", ()), macros, words=words)
    return _Lexicon(language, idioms, (*wordings, *_combinations(data, words)), Cues.load(language))


def _combinations(data: dict[str, Any], words: bool) -> Iterator[_Rule]:
    """The rules of together.yaml in the words of one language."""
    shared, macros = lexicon.read("together"), data.get("macros", {})
    ideas = {name: lexicon.compile_patterns(w, macros, words=words) for name, w in data.get("ideas", {}).items()}
    within = shared["within"]["words" if words or data["language"] != "zh" else "characters"]
    for action in (Action.CRISIS, Action.URGENT):
        for rule in shared[action.value]:
            if all(name in ideas for name in rule["ideas"]):
                patterns = tuple(ideas[name] for name in rule["ideas"])
                yield _Rule(action, rule["id"], "firm", patterns, within, bool(rule.get("now")))


def find_alarm(text: str, before: str = "", borne_out: BorneOut | None = None) -> Alarm | None:
    """The first crisis in folded `text`, else the first emergency, else None.

    before: the folded turn before, which may name the person or say that a story is told. borne_out: whether signs
    that only add up to an alarm count in this text, given its language; without it they do.
    """
    found: Alarm | None = None
    for language in languages_of(text):
        for alarm in _alarms(_lexicon(language), text, before):
            if alarm.action is Action.CRISIS:
                return alarm
            found = found or alarm
        total = is_likeliest(language, text) and add_up(language, _lexicon(language).idioms.sub(_blank, text))
        if total and (borne_out is None or borne_out(language, text)):
            alarm = Alarm(total.action, total.reason, total.start, total.end, language)
            if alarm.action is Action.CRISIS and not total.faint:
                return alarm
            found = found or alarm
    return found


def _blank(match: re.Match[str]) -> str:
    return " " * len(match.group())


def _alarms(lex: _Lexicon, text: str, before: str) -> Iterator[Alarm]:
    masked = lex.idioms.sub(_blank, text)
    told, read = is_told(lex.cues, before), set[tuple[str, str, str, bool]]()
    for around, sentence, after in _with_neighbours(before, split_sentences(masked)):
        if len(text) > _LONG and lex.language in LATIN_SCRIPT and not may_be(lex.language, sentence.text):
            continue
        told = is_told(lex.cues, sentence.text) or (told and not lex.cues.has("self", sentence.text))
        if (around, sentence.text, after, told) in read:
            continue
        read.add((around, sentence.text, after, told))
        for rule in lex.rules:
            alarm = _alarm(lex, rule, sentence, (around, after), told)
            if alarm:
                yield alarm


def _with_neighbours(before: str, sentences: list[Sentence]) -> Iterator[tuple[str, Sentence, str]]:
    """Each sentence with the texts of the one before it and the one after it."""
    texts = [before, *(sentence.text for sentence in sentences), ""]
    yield from zip(texts, sentences, texts[2:], strict=False)


def _alarm(lex: _Lexicon, rule: _Rule, sentence: Sentence, near: tuple[str, str], told: bool) -> Alarm | None:
    for start, end in rule.spans(sentence.text):
        reading = read_scope(lex.cues, sentence.text, start, end, near[0])
        if not _holds(rule, reading, told):
            continue
        place = Place(sentence.text[start:end], sentence.text, " ".join(near))
        if not is_set_aside(lex.cues, place, reading, crisis=rule.action is Action.CRISIS):
            return Alarm(rule.action, rule.reason, sentence.start + start, sentence.start + end, lex.language)
    return None


def _holds(rule: _Rule, reading: Reading, told: bool) -> bool:
    """Does the wording, so scoped, mean a living person who may need help now?"""
    if reading.negated or told or (rule.needs_now and not reading.now):
        return False
    if rule.action is Action.CRISIS and rule.strength != "soft":
        return _crisis_holds(rule, reading)
    if reading.negated_within or reading.resolved or (reading.chronic and not reading.now):
        return False
    if rule.strength == "soft":
        return _soft_holds(reading)
    if reading.now and (reading.person or not reading.definition):
        return True
    if reading.hypothetical or reading.report or ((reading.history or reading.past) and not reading.present):
        return False
    if reading.person and (reading.own or not reading.generic):
        return True
    return not (reading.definition or reading.generic)


def _soft_holds(reading: Reading) -> bool:
    """A symptom's bare name needs a living person or the present moment, and no other scope."""
    if reading.history or (reading.definition and not (reading.now and reading.own)):
        return False
    bound = reading.hypothetical or reading.past or reading.generic or reading.report
    return reading.now or (reading.person and not bound)


def _crisis_holds(rule: _Rule, reading: Reading) -> bool:
    if rule.strength == "bare":
        return not reading.report
    if reading.report and not reading.own:
        return False
    if reading.history and not (reading.now or reading.present):
        return False
    return reading.own or reading.now or not (reading.crowd and not reading.person)


_ASKS = re.compile(
    r"^\W*(?:so |and |but |ok(?:ay)? )?(?:is|are|was|will|can|could|should|do|does|did|what|how|why|when)\b|\?\s*$"
)
"""A question ("is she ok", "is it safe?") says of nothing that it is over."""


def settles(text: str, *, by_now: bool = False) -> bool:
    """Does folded `text` say clearly that an emergency is over? by_now: what was well once does not count."""
    return any(
        is_settled(Cues.load(language), sentence.text, len(sentence.text) - 1 if by_now else 0)
        for language in languages_of(text)
        for sentence in split_sentences(text)
        if not _ASKS.search(sentence.text)
    )
