"""What a claim and the sentences of a passage have in common, clause by clause and word by word."""

from __future__ import annotations

from bot.model.support.vocabulary import vocabulary
from bot.model.support.wording import Clause, Side, Wording


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


def strange_sides(mine: frozenset[Side], window: frozenset[Side], context: frozenset[Side]) -> frozenset[Side]:
    """Sides that only the claim takes. One in the heading is fine where the window takes none of its kind."""
    taken = {kind for kind, _ in window}
    return frozenset(side for side in mine - window if side not in context or side[0] in taken)


def covers(stem: str, held: frozenset[str]) -> bool:
    """Whether a word, or one that means nearly the same, is among those held."""
    if stem in held:
        return True
    same = vocabulary().same
    groups = same.get(stem)
    return groups is not None and any(groups & same.get(other, frozenset()) for other in held)
