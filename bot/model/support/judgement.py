"""The values that the support check takes and gives."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Judgement:
    """Whether a claim is supported.

    probability: of support, 0 where something disagrees that must agree exactly; reason: "" where supported, else
    "number", "name", "word", "side", "negation", "hedge", "link", "weak" (below the threshold) or "entailment" (a
    second model disagrees); sentences: indices of the sentences that the claim speaks of.
    """

    supported: bool
    probability: float
    reason: str
    sentences: tuple[int, ...]
