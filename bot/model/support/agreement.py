"""What of a claim must agree exactly with the sentences that it speaks of, and whether it does."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence

from bot.model.support.matching import covers, pair_clauses, strange_sides
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


def disagreement(claim: Wording, window: Wording, context: Wording) -> str:
    """What must agree exactly and does not: number, name, word, side, negation, duty or hedge; "" where all agrees."""
    if _wrong_numbers(claim, window):
        return "number"
    if any(not _named(name, window, context) for name in claim.names):
        return "name"
    if foreign_words(claim, window, context):
        return "word"
    if strange_sides(claim.sides, window.sides, context.sides) or _swapped(claim, window):
        return "side"
    if unmatched_negations(claim, window) or lost_negations(claim, window) or _side_denied(claim, window):
        return "negation"
    if claim.plain.startswith("no,") and "no," not in window.plain:
        return "negation"  # a "No" that nothing after it bears out
    if claim.cues["duty"] and not window.cues["advice"]:
        return "duty"
    return "hedge" if lost_hedge(claim, window) else ""


def unmatched_negations(claim: Wording, window: Wording) -> int:
    """Negations of the claim more than the window has, and those that deny what the window states."""
    denied = frozenset().union(*window.denials) | window.heads
    strangers = 0
    for reach in claim.denials:
        words = reach - COMMON
        stated = words & window.held
        if words and not any(covers(stem, denied) for stem in words):
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
        and not covers(stem, held)
        and not any(_kin(stem, other) for other in held)
    ]


def _kin(stem: str, other: str) -> bool:
    """Two forms of one word: they part only in the last letter or two."""
    least = max(5, min(len(stem), len(other)) - 1)
    return stem[:least] == other[:least]
