"""What a text says, taken apart: numbers, what it negates, names, sides taken, hedges and boosters."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache

from bot.model.support.vocabulary import Vocabulary, vocabulary
from ingest.lexicon import stems

Side = tuple[str, int]
"""A kind of things that exclude each other, and which of them."""

COMMON = frozenset({"cup", "hijama"})
"""Stems that nearly every sentence here holds."""
_CLAUSE_END = re.compile(r"[,;:](?!\d)\s+|\s*[()]\s*|\.\s")
_JOINT = re.compile(
    r"\s+(?=(?:but|although|though|because|while|whereas|so|which|since|and|than|compared|against|versus)\s)"
)
_NAME = re.compile(r"(?<![\w'’])[A-Z][\w'’-]*|(?<![\w'’])\w*[A-Z0-9]\w*[A-Z]\w*")
_SCOPE_END = re.compile(r"[.,;:!?()]")
_SHARE = re.compile(r"\s(?:in|out of)\s")
_LINK = re.compile(r"https?:|www\.|\]\(|<[a-z/!]", re.IGNORECASE)
_THOUSANDS = re.compile(r"(?<=\d),(?=\d{3}(?!\d))")


@dataclass(frozen=True)
class Number:
    """A number and the unit after it where there is one. idle: it may be a mere article ("one of them").

    after: the stems of the words that follow it, up to the next number or the end of the clause.
    """

    value: str
    unit: str
    idle: bool
    after: frozenset[str] = frozenset()


@dataclass(frozen=True)
class Clause:
    """A part of a sentence that says one thing. sides: strict and loose; denied: it holds a negation."""

    stems: frozenset[str]
    numbers: frozenset[str]
    sides: frozenset[Side]
    denied: bool
    cues: dict[str, frozenset[str]]
    qualifiers: frozenset[str]


@dataclass(frozen=True)
class Wording:
    """One text taken apart.

    denials: the stems that each negation reaches; heads: the words right after a "not";
    faint: words that half deny; sides: those that must agree; loose_sides: those that only weigh;
    cues: hedges, boosters and attributions, by name.
    """

    text: str
    plain: str
    stems: tuple[str, ...]
    numbers: tuple[Number, ...]
    clauses: tuple[Clause, ...]
    denials: tuple[frozenset[str], ...]
    heads: frozenset[str]
    faint: frozenset[str]
    names: frozenset[str]
    sides: frozenset[Side]
    loose_sides: frozenset[Side]
    cues: dict[str, frozenset[str]]
    qualifiers: frozenset[str]

    @property
    def held(self) -> frozenset[str]:
        """Its stems as a set."""
        return frozenset(self.stems)


@lru_cache(maxsize=8192)
def read_wording(text: str) -> Wording:
    """Take a text apart."""
    words = vocabulary()
    plain = rewrite(text, words)
    return Wording(
        text=text,
        plain=plain,
        stems=tuple(stems(plain)),
        numbers=tuple(_numbers(plain, words)),
        clauses=tuple(_clause(part, words) for part in _clauses(plain)),
        denials=tuple(_denials(plain, words)),
        heads=frozenset(stem for m in words.headed.finditer(plain) for stem in stems(plain[m.end() :])[:1]),
        faint=frozenset(m.group() for m in words.faint.finditer(plain)),
        names=frozenset(_names(text)),
        sides=_sides(plain, words.sides),
        loose_sides=_sides(plain, words.loose_sides),
        cues=_cues(plain, words),
        qualifiers=frozenset(m.group() for m in words.qualifier.finditer(plain)),
    )


def rewrite(text: str, words: Vocabulary) -> str:
    """Lower case, one spelling for what means the same, hyphens as spaces."""
    plain = _THOUSANDS.sub("", text.lower().replace("’", "'"))
    plain = re.sub(r"(?<=[a-z])[-‐‑](?=[a-z])", " ", plain)
    plain = re.sub(r"(?<=\d)[-–](?=\d)", " to ", plain)
    for pattern, replacement in words.rewrite:
        plain = pattern.sub(replacement, plain)
    return plain


def holds_link(text: str) -> bool:
    """Whether a text holds a link or markup: a writer has no business with either."""
    return _LINK.search(text) is not None


def _clauses(plain: str) -> list[str]:
    """Parts between commas, brackets and joining words; a part of a word or two joins the one before it."""
    parts: list[str] = []
    for piece in _CLAUSE_END.split(plain):
        for part in _JOINT.split(piece):
            if parts and len(stems(part)) < 2 and not re.search(r"\d", part):
                parts[-1] += " " + part
            elif part.strip():
                parts.append(part)
    return parts


def _clause(part: str, words: Vocabulary) -> Clause:
    return Clause(
        stems=frozenset(stems(part)),
        numbers=frozenset(number.value for number in _numbers(part, words) if not number.idle),
        sides=_sides(part, words.sides) | _sides(part, words.loose_sides),
        denied=words.negation.search(part) is not None,
        cues=_cues(part, words),
        qualifiers=frozenset(m.group() for m in words.qualifier.finditer(part)),
    )


def _denials(plain: str, words: Vocabulary) -> Iterator[frozenset[str]]:
    """What each negation reaches: the stems up to the end of its clause, else those before it in the clause."""
    for match in words.negation.finditer(plain):
        stop = _SCOPE_END.search(plain, match.end())
        end = stop.start() if stop else len(plain)
        joint = words.clause_break.search(plain, match.end(), end)
        reach = frozenset(stems(plain[match.end() : joint.start() if joint else end]))
        before = frozenset(stems(_SCOPE_END.split(plain[: match.start()])[-1]))
        yield reach if reach - words.empty - COMMON else reach - words.empty | before


def _sides(plain: str, kinds: Mapping[str, tuple[re.Pattern[str], ...]]) -> frozenset[Side]:
    return frozenset(
        (kind, side)
        for kind, patterns in kinds.items()
        for side, pattern in enumerate(patterns)
        if pattern.search(plain)
    )


def _cues(plain: str, words: Vocabulary) -> dict[str, frozenset[str]]:
    return {name: frozenset(m.group() for m in pattern.finditer(plain)) for name, pattern in words.cues.items()}


def _numbers(plain: str, words: Vocabulary) -> Iterator[Number]:
    for match in words.number.finditer(plain):
        raw = match.group()
        value = words.numbers.get(raw)
        unit = words.unit.match(plain, match.end())
        shown = f"{value:g}" if value is not None else raw.replace(",", "")
        named = unit.group(1).rstrip("s") if unit else ""
        idle = raw in words.idle and named not in words.counted and not _SHARE.match(plain, match.end())
        yield Number(shown, named, idle, frozenset(stems(_following(plain, match.end()))[:4]))


def _following(plain: str, start: int) -> str:
    rest = re.split(r"[;,.()]\s|\s(?:and|but|or)\s", plain[start : start + 80])[0]
    following = vocabulary().number.search(rest)
    return rest[: following.start()] if following else rest


def _names(text: str) -> Iterator[str]:
    """Capitalised words that do not merely open a sentence, and words with capitals or digits inside."""
    for match in _NAME.finditer(text):
        word = match.group().replace("’", "'").removesuffix("'s").strip("'-")
        opens = match.start() == 0 or text[: match.start()].rstrip()[-1:] in ".!?:\"“'"
        inner = any(c.isupper() or c.isdigit() for c in word[1:])
        if word and (inner or not opens) and word != "I":
            yield word.lower()
