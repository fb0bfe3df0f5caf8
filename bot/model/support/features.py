"""Measures how far a claim follows from some sentences, feature by feature."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import astuple, dataclass, fields
from difflib import SequenceMatcher

import numpy as np
from numpy.typing import NDArray

from bot.model.support.matching import covers, pair_clauses, strange_sides
from bot.model.support.wording import Clause, Wording
from ingest.lexicon import stems

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
    missing = [stem for stem in dict.fromkeys(claim.stems) if not covers(stem, window.held)]
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
        loose_sides=float(len(strange_sides(claim.loose_sides, window.loose_sides, context.loose_sides))),
        qualifiers_dropped=float(len(_qualifiers(matched) - claim.qualifiers)),
    )


def _qualifiers(matched: Sequence[tuple[Clause, Clause]]) -> frozenset[str]:
    return frozenset().union(*(theirs.qualifiers for _, theirs in matched))


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
            count += sum(not covers(stem, old) for stem in stems(" ".join(mine[c:d])))
    return count
