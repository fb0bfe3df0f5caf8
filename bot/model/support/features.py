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
from bot.model.support.wording import COMMON, Clause, Number, Side, Wording
from ingest.lexicon import stems

_REACHED = 0.6
"""Share of the words that a negation reaches from which on a claim is taken to be about them."""
_DECISIVE = frozenset(("comparator", "cupping"))
"""Kinds of sides on which the worth of a treatment turns."""
_LIMITS = frozenset(("comparator", "horizon"))
_GOOD: Side = ("outcome", 0)
_YEAR = re.compile(r"1[5-9]\d\d|20\d\d")
_LONGEST_SWAP, _EQUAL_WORDS = 4, 3
"""Words that an exchange takes out at most; equal words that stand around it at least."""
_WORD = re.compile(r"[\w'.%]*\w%?")


@dataclass(frozen=True)
class Features:
    """What speaks for and against support; the order of the fields is that of the coefficients.

    similarity: best cosine of claim and sentence. covered: share of the claim's words that the sentences hold, near
    synonyms included; novel: how many they do not; recalled: share of the matching clauses' words that the claim holds.
    substituted: content words swapped for others where the wording is otherwise the same. booster_added: words that
    only the claim strengthens with; partial_added, partial_dropped: "some", "usually" and the like on one side only;
    loose_sides: loose sides that only the claim takes; qualifiers_dropped: what the claim leaves out of "small",
    "without control group" and the like.
    """

    similarity: float
    covered: float
    novel: float
    recalled: float
    substituted: float
    booster_added: float
    partial_dropped: float
    partial_added: float
    loose_sides: float
    qualifiers_dropped: float

    def row(self) -> NDArray[np.float64]:
        """The values in order, shape (features,)."""
        return np.asarray(astuple(self), dtype=np.float64)


NAMES = tuple(field.name for field in fields(Features))


def measure(claim: Wording, window: Wording, context: Wording, similarity: float) -> Features:
    """Features of a claim against a window of sentences; `context`: title and heading of the passage."""
    matched = pair_clauses(claim, window)
    missing = [stem for stem in dict.fromkeys(claim.stems) if not _covers(stem, window.held)]
    novel = [stem for stem in missing if stem not in context.held]
    told_stems = frozenset().union(*(theirs.stems for _, theirs in matched)) or window.held
    return Features(
        similarity=similarity,
        covered=1 - len(novel) / max(1, len(claim.held)),
        novel=min(6.0, float(len(novel))),
        recalled=len(claim.held & told_stems) / max(1, len(told_stems)),
        substituted=float(min(3, _substituted(claim, window))),
        booster_added=float(len(_added(claim, window, "booster"))),
        partial_dropped=float(bool(_cues(matched, "partial")) and not claim.cues["partial"]),
        partial_added=float(len(_added(claim, window, "partial"))),
        loose_sides=float(len(_strange_sides(claim.loose_sides, window.loose_sides, context.loose_sides))),
        qualifiers_dropped=float(len(_qualifiers(matched) - claim.qualifiers)),
    )


def disagreement(claim: Wording, window: Wording, context: Wording) -> str:
    """What must agree exactly and does not: number, name, word, side, negation or hedge; "" where all agrees."""
    if _wrong_numbers(claim, window):
        return "number"
    if any(not _named(name, window, context) for name in claim.names):
        return "name"
    if foreign_words(claim, window, context):
        return "word"
    if _strange_sides(claim.sides, window.sides, context.sides) or _swapped(claim, window):
        return "side"
    if unmatched_negations(claim, window) or lost_negations(claim, window) or _side_denied(claim, window):
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
    return float(shared / (2 + len(theirs.stems)) ** 0.5)


def unmatched_negations(claim: Wording, window: Wording) -> int:
    """Negations of the claim more than the window has, and those that deny what the window states."""
    denied = frozenset().union(*window.denials) | window.heads
    strangers = 0
    for reach in claim.denials:
        words = reach - COMMON
        stated = words & window.held
        if words and not any(_covers(stem, denied) for stem in words):
            strangers += not denied or len(stated) == len(words)
    return max(0, max(strangers, len(claim.denials) - len(window.denials)) - len(window.faint - claim.faint))


def lost_negations(claim: Wording, window: Wording) -> int:
    """Negations of the window that reach what the claim states without one."""
    if len(claim.denials) + len(claim.faint - window.faint) >= len(window.denials):
        return 0
    denied = frozenset().union(*claim.denials) | claim.heads
    lost = len(window.heads & claim.held - denied - COMMON) if not claim.denials else 0
    for reach in window.denials:
        told = reach & claim.held - COMMON
        lost += bool(told) and len(reach & claim.held) >= _REACHED * len(reach) and not reach & denied
    return lost


def _side_denied(claim: Wording, window: Wording) -> bool:
    """The claim affirms something of a side of which the window only denies it."""
    if claim.denials:
        return False
    for side in claim.sides:
        naming = [clause for clause in window.clauses if side in clause.sides]
        if side[0] in _DECISIVE and naming and all(clause.denied for clause in naming):
            return True
    return False


def _bare_benefit(claim: Wording, window: Wording) -> bool:
    """The claim promises what the window says to hold only for a time, or only against something."""
    if _GOOD not in claim.loose_sides or {kind for kind, _ in claim.sides} & _LIMITS or claim.denials:
        return False
    told = [theirs for _, theirs in pair_clauses(claim, window) if _GOOD in theirs.sides]
    return any(kind in _LIMITS for clause in told or window.clauses for kind, _ in clause.sides)


def lost_hedge(claim: Wording, window: Wording) -> bool:
    """The window holds a statement back, or says whose it is; the claim states it flatly."""
    if _bare_benefit(claim, window):
        return True
    if window.cues["attribution"] and not claim.cues["telling"] and not claim.denials:
        return True
    if claim.cues["modal"] or claim.cues["partial"] or claim.cues["allowing"]:
        return False
    return any(_retells(claim, clause) for clause in window.clauses if clause.cues["modal"])


def _retells(claim: Wording, clause: Clause) -> bool:
    """Whether a claim holds at least half of what a clause says, its hedges apart."""
    hedges = frozenset(stem for word in clause.cues["modal"] for stem in stems(word))
    said = clause.stems - hedges - COMMON
    return bool(said) and len(said & claim.held) >= 0.5 * len(said)


def _swapped(claim: Wording, window: Wording) -> bool:
    """Same thing said, another side named: "wet" where the passage has "dry"; or a number that belongs elsewhere."""
    bound = vocabulary().bound
    for mine, theirs in pair_clauses(claim, window):
        kinds = {kind for kind, _ in mine.sides & theirs.sides}
        named = {kind for kind, _ in mine.sides} & {kind for kind, _ in theirs.sides} & bound
        if named - kinds and len(mine.stems & theirs.stems) >= 2:
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


def _qualifiers(matched: Sequence[tuple[Clause, Clause]]) -> frozenset[str]:
    return frozenset().union(*(theirs.qualifiers for _, theirs in matched))


def _named(name: str, window: Wording, context: Wording) -> bool:
    """Whether a name stands in the passage: as it is, by its root, or by what it abbreviates."""
    where = f"{window.text} {context.text}".lower()
    if re.search(rf"(?<!\w){re.escape(name)}(?!\w)", where):
        return True
    long = vocabulary().aliases.get(name, ())
    return any(phrase in where for phrase in long) or (len(name) > 4 and name.isalpha() and name[:5] in where)


def foreign_words(claim: Wording, window: Wording, context: Wording) -> list[str]:
    """Words of content that neither the sentences nor the heading hold, in any form or near synonym."""
    held = window.held | context.held
    return [
        stem
        for stem in dict.fromkeys(claim.stems)
        if not stem[0].isdigit()
        and stem not in vocabulary().free
        and not _covers(stem, held)
        and not any(_kin(stem, other) for other in held)
    ]


def _kin(stem: str, other: str) -> bool:
    """Two forms of one word: they part only in the last letter or two."""
    least = max(5, min(len(stem), len(other)) - 1)
    return stem[:least] == other[:least]


def _covers(stem: str, held: frozenset[str]) -> bool:
    if stem in held:
        return True
    same = vocabulary().same
    groups = same.get(stem)
    return groups is not None and any(groups & same.get(other, frozenset()) for other in held)


def _cues(matched: Sequence[tuple[Clause, Clause]], name: str) -> frozenset[str]:
    return frozenset().union(*(theirs.cues[name] for _, theirs in matched))


def _added(claim: Wording, window: Wording, cue: str) -> set[str]:
    """Cue words of the claim whose root the window lacks. What the claim negates is not added."""
    roots = {word[:4] for word in window.cues[cue]} | {stem[:4] for stem in window.held}
    denied = {stem[:4] for reach in claim.denials for stem in reach}
    return {word for word in claim.cues[cue] if word[:4] not in roots and word[:4] not in denied}


def _substituted(claim: Wording, window: Wording) -> int:
    """Content words exchanged for others that mean something else, with three or more equal words around."""
    mine, theirs = _WORD.findall(claim.plain), _WORD.findall(window.plain)
    codes = SequenceMatcher(None, theirs, mine, autojunk=False).get_opcodes()
    count = 0
    for position, (tag, a, b, c, d) in enumerate(codes):
        if tag != "replace" or b - a > _LONGEST_SWAP:
            continue
        beside = [code for code in codes[max(0, position - 1) : position + 2] if code[0] == "equal"]
        if sum(code[2] - code[1] for code in beside) >= _EQUAL_WORDS:
            old = frozenset(stems(" ".join(theirs[a:b])))
            count += sum(not _covers(stem, old) for stem in stems(" ".join(mine[c:d])))
    return count
