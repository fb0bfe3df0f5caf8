"""Measures how far a claim follows from some sentences, feature by feature."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import astuple, dataclass, fields
from difflib import SequenceMatcher

import numpy as np
from numpy.typing import NDArray

from bot.model.support.vocabulary import vocabulary
from bot.model.support.wording import Clause, Number, Side, Wording
from ingest.lexicon import stems

_COMMON = frozenset({"cup", "hijama"})
"""Words that nearly every sentence here holds."""
_REACHED = 0.6
"""Share of the words that a negation reaches from which on a claim is taken to be about them."""
_YEAR = re.compile(r"1[5-9]\d\d|20\d\d")
_WORD = re.compile(r"[\w'.%]*\w%?")


@dataclass(frozen=True)
class Features:
    """What speaks for and against support; the order of the fields is that of the coefficients.

    similarity: best cosine of claim and sentence. covered: share of the claim's words that the sentences hold, near
    synonyms included; novel: how many they do not; recalled: share of the best clauses' words that the claim holds.
    substituted, inserted: content words swapped for others, or put in, where the wording is otherwise the same.
    unmatched_no, lost_no: negations of the claim without a counterpart, and the reverse. *_added, *_dropped: boosters,
    hedges and attributions on one side only. loose_sides: sides that only the claim takes. sides_dropped: sides that
    only the sentences name.
    """

    similarity: float
    covered: float
    novel: float
    recalled: float
    substituted: float
    inserted: float
    unmatched_no: float
    lost_no: float
    booster_added: float
    modal_dropped: float
    partial_dropped: float
    partial_added: float
    soft_dropped: float
    attribution_dropped: float
    loose_sides: float
    sides_dropped: float
    qualifiers_dropped: float

    def row(self) -> NDArray[np.float64]:
        """The values in order, shape (features,)."""
        return np.asarray(astuple(self), dtype=np.float64)


NAMES = tuple(field.name for field in fields(Features))


def measure(claim: Wording, window: Wording, context: Wording, similarity: float) -> Features:
    """Features of a claim against a window of sentences; `context`: title and heading of the passage."""
    matched = pair_clauses(claim, window)
    told = _union(theirs for _, theirs in matched)
    missing = [stem for stem in dict.fromkeys(claim.stems) if not _covers(stem, window.held)]
    novel = [stem for stem in missing if stem not in context.held]
    soft_told, soft_claim = _soft(told), _soft(claim.cues)
    substituted, inserted = _edits(claim, window)
    told_stems = frozenset().union(*(theirs.stems for _, theirs in matched)) or window.held
    return Features(
        similarity=similarity,
        covered=1 - len(novel) / max(1, len(claim.held)),
        novel=min(6.0, float(len(novel))),
        recalled=len(claim.held & told_stems) / max(1, len(told_stems)),
        substituted=float(min(3, substituted)),
        inserted=float(min(3, inserted)),
        unmatched_no=float(unmatched_negations(claim, window)),
        lost_no=float(lost_negations(claim, window)),
        booster_added=float(len(_added(claim, window, "booster"))),
        modal_dropped=float(bool(told["modal"]) and not claim.cues["modal"]),
        partial_dropped=float(bool(told["partial"]) and not claim.cues["partial"]),
        partial_added=float(len(_added(claim, window, "partial"))),
        soft_dropped=float(soft_told and not soft_claim),
        attribution_dropped=float(bool(window.cues["attribution"]) and not claim.cues["attribution"]),
        loose_sides=float(len(_strange_sides(claim.loose_sides, window.loose_sides, context.loose_sides))),
        sides_dropped=float(len(_sides_dropped(claim, matched))),
        qualifiers_dropped=float(len(window.qualifiers - claim.qualifiers)),
    )


def disagreement(claim: Wording, window: Wording, context: Wording) -> str:
    """What must agree exactly and does not: "number", "name", "side", "negation" or "hedge"; "" where all agrees."""
    if _wrong_numbers(claim, window):
        return "number"
    if any(not _named(name, window, context) for name in claim.names):
        return "name"
    if _strange_sides(claim.sides, window.sides, context.sides) or _swapped(claim, window):
        return "side"
    if unmatched_negations(claim, window) or lost_negations(claim, window):
        return "negation"
    return "hedge" if lost_hedge(claim, window) else ""


def pair_clauses(claim: Wording, window: Wording) -> list[tuple[Clause, Clause]]:
    """Each clause of the claim with the clause of the window that says most of the same, where one does."""
    pairs = []
    for mine in claim.clauses:
        best = max(window.clauses, key=lambda theirs: _alike(mine, theirs), default=None)
        if best is not None and _alike(mine, best) > 0:
            pairs.append((mine, best))
    return pairs


def _alike(mine: Clause, theirs: Clause) -> float:
    shared = len(mine.stems & theirs.stems) + 2 * len(mine.numbers & theirs.numbers)
    return shared / (2 + len(theirs.stems)) ** 0.5


def unmatched_negations(claim: Wording, window: Wording) -> int:
    """Negations of the claim more than the window has, and those that deny what the window states."""
    denied = frozenset().union(*window.denials) | window.heads
    strangers = 0
    for reach in claim.denials:
        words = reach - _COMMON
        stated = words & window.held
        if words and not any(_covers(stem, denied) for stem in words):
            strangers += not denied or len(stated) == len(words)
    return max(0, len(claim.denials) - len(window.denials)) + strangers


def lost_negations(claim: Wording, window: Wording) -> int:
    """Negations of the window that reach what the claim states without one."""
    if len(claim.denials) >= len(window.denials):
        return 0
    denied = frozenset().union(*claim.denials) | claim.heads
    lost = len(window.heads & claim.held - denied - _COMMON) if not claim.denials else 0
    for reach in window.denials:
        told = reach & claim.held - _COMMON
        lost += bool(told) and len(reach & claim.held) >= _REACHED * len(reach) and not reach & denied
    return lost


def lost_hedge(claim: Wording, window: Wording) -> bool:
    """The window holds a statement back, or says whose it is; the claim states it flatly."""
    if window.cues["attribution"] and not claim.cues["telling"] and not claim.denials:
        return True
    if claim.cues["modal"] or claim.cues["partial"] or claim.cues["allowing"]:
        return False
    return any(_retells(claim, clause) for clause in window.clauses if clause.cues["modal"])


def _retells(claim: Wording, clause: Clause) -> bool:
    """Whether a claim holds at least half of what a clause says, its hedges apart."""
    hedges = frozenset(stem for word in clause.cues["modal"] for stem in stems(word))
    said = clause.stems - hedges - _COMMON
    return bool(said) and len(said & claim.held) >= 0.5 * len(said)


def _swapped(claim: Wording, window: Wording) -> bool:
    """Same thing said, another side named: "wet" where the passage has "dry"; or a number that belongs elsewhere."""
    bound = vocabulary().bound
    for mine, theirs in pair_clauses(claim, window):
        for kind, side in mine.sides:
            others = {other for name, other in theirs.sides if name == kind}
            if kind in bound and others and side not in others and len(mine.stems & theirs.stems) >= 2:
                return True
    return any(_misplaced(number, window.numbers) for number in claim.numbers if not number.idle)


def _misplaced(number: Number, told: Sequence[Number]) -> bool:
    """Whether what follows a number follows another number in the window, and not its own."""
    own = [len(number.after & other.after) for other in told if other.value == number.value and other.after]
    away = [len(number.after & other.after) for other in told if other.value != number.value]
    return bool(own) and max(away, default=0) > max(own) and not _YEAR.fullmatch(number.value)


def _wrong_numbers(claim: Wording, window: Wording) -> bool:
    has = Counter(number.value for number in window.numbers if not number.idle)
    units = {(number.value, number.unit) for number in window.numbers}
    wanted = Counter(number.value for number in claim.numbers if not number.idle)
    if any(count > has[value] for value, count in wanted.items()):
        return True
    return any(
        number.unit and number.value in has and (number.value, number.unit) not in units
        and (number.value, "") not in units and not number.idle
        for number in claim.numbers
    )  # fmt: skip


def _strange_sides(mine: frozenset[Side], window: frozenset[Side], context: frozenset[Side]) -> frozenset[Side]:
    """Sides that only the claim takes. One in the heading is fine where the window takes none of its kind."""
    taken = {kind for kind, _ in window}
    return frozenset(side for side in mine - window if side not in context or side[0] in taken)


def _sides_dropped(claim: Wording, matched: Sequence[tuple[Clause, Clause]]) -> set[Side]:
    kinds = {kind for kind, _ in claim.sides}
    watched = {"cupping", "sex", "age", "comparator", "horizon"}
    named = {side for _, theirs in matched for side in theirs.sides}
    return {side for side in named if side[0] in watched and side[0] not in kinds}


def _named(name: str, window: Wording, context: Wording) -> bool:
    """Whether a name stands in the passage: as it is, by its root, or by what it abbreviates."""
    where = f"{window.text} {context.text}".lower()
    if re.search(rf"(?<!\w){re.escape(name)}(?!\w)", where):
        return True
    long = vocabulary().aliases.get(name, ())
    return any(phrase in where for phrase in long) or (len(name) > 4 and name.isalpha() and name[:5] in where)


def _covers(stem: str, held: frozenset[str]) -> bool:
    if stem in held:
        return True
    same = vocabulary().same
    groups = same.get(stem)
    return groups is not None and any(groups & same.get(other, frozenset()) for other in held)


def _soft(cues: dict[str, frozenset[str]]) -> bool:
    return any(cues[name] for name in ("modal", "partial", "attribution"))


def _union(parts: object) -> dict[str, frozenset[str]]:
    found: dict[str, frozenset[str]] = {name: frozenset() for name in vocabulary().cues}
    for clause in parts:  # type: ignore[attr-defined]
        for name, words in clause.cues.items():
            found[name] |= words
    return found


def _added(claim: Wording, window: Wording, cue: str) -> set[str]:
    """Cue words of the claim whose root the window lacks. What the claim negates is not added."""
    roots = {word[:4] for word in window.cues[cue]} | {stem[:4] for stem in window.held}
    denied = {stem[:4] for reach in claim.denials for stem in reach}
    return {word for word in claim.cues[cue] if word[:4] not in roots and word[:4] not in denied}


def _edits(claim: Wording, window: Wording) -> tuple[int, int]:
    """(substituted, inserted): content words changed between stretches of two or more equal words."""
    mine, theirs = _WORD.findall(claim.plain), _WORD.findall(window.plain)
    codes = SequenceMatcher(None, theirs, mine, autojunk=False).get_opcodes()
    substituted = inserted = 0
    for position, (tag, a, b, c, d) in enumerate(codes):
        if tag not in ("replace", "insert"):
            continue
        before = codes[position - 1] if position else None
        after = codes[position + 1] if position + 1 < len(codes) else None
        flanked = sum(s[2] - s[1] for s in (before, after) if s is not None and s[0] == "equal")
        old, new = frozenset(stems(" ".join(theirs[a:b]))), stems(" ".join(mine[c:d]))
        fresh = [stem for stem in new if not _covers(stem, old)]
        if flanked >= 3 and fresh:
            substituted += tag == "replace" and b - a <= 4 and len(fresh)
            inserted += tag == "insert" and len(fresh)
    return substituted, inserted
