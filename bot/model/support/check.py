"""Judges whether a passage supports a claim: what must agree exactly, then a calibrated logistic regression.

Numbers, names, negations, sides ("wet", "in men", "fell") and hedges must agree; similarity and wording are weighed by
coefficients fitted on labelled pairs (`python -m bot.model.support.training`) and kept as JSON.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from bot.model.support.agreement import disagreement
from bot.model.support.alignment import aligned
from bot.model.support.features import NAMES, measure
from bot.model.support.judgement import Judgement
from bot.model.support.wording import holds_link, read_wording

COEFFICIENTS = Path(__file__).parent / "data" / "coefficients.json"

Embed = Callable[[list[str]], NDArray[np.float32]]


class Entailment(Protocol):
    """A second opinion: whether the premise entails the claim."""

    def entails(self, premise: str, claim: str) -> bool:
        """True where it does."""


@dataclass(frozen=True)
class Scale:
    """A fitted logistic regression over the features, and the probability from which on a claim is supported."""

    means: NDArray[np.float64]
    widths: NDArray[np.float64]
    weights: NDArray[np.float64]
    intercept: float
    threshold: float

    def probabilities(self, rows: NDArray[np.float64]) -> NDArray[np.float64]:
        """(n, features) -> (n,) probabilities of support."""
        logits = (rows - self.means) / self.widths @ self.weights + self.intercept
        return np.asarray(1.0 / (1.0 + np.exp(-logits)), dtype=np.float64)

    @classmethod
    def load(cls, path: Path = COEFFICIENTS) -> Scale:
        """Read coefficients. Raises ValueError where they were fitted on other features."""
        data: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
        if tuple(data["features"]) != NAMES:
            raise ValueError(f"{path} was fitted on other features; run `python -m bot.model.support.training`.")
        means, widths, weights = (np.asarray(data[key], dtype=np.float64) for key in ("means", "widths", "weights"))
        return cls(means, widths, weights, float(data["intercept"]), float(data["threshold"]))


@dataclass(frozen=True)
class SupportCheck:
    """Judges claims. embed: texts to unit vectors, shape (n, dimension)."""

    scale: Scale
    embed: Embed
    entailment: Entailment | None = None

    @classmethod
    def load(cls, embed: Embed, entailment: Entailment | None = None) -> SupportCheck:
        """With the coefficients of the package."""
        return cls(Scale.load(), embed, entailment)

    def judge(
        self, claim: str, sentences: Sequence[str], heading: str, vectors: NDArray[np.float32] | None = None
    ) -> Judgement:
        """Judge a claim against the sentences of one passage.

        heading: the passage's title and section, where a name may stand too. vectors: unit vectors of the sentences,
        shape (sentences, dimension), where they are at hand.
        """
        if holds_link(claim):
            return Judgement(False, 0.0, "link", ())
        known = vectors if vectors is not None else self.embed(list(sentences))
        similarities = np.asarray(known, dtype=np.float64) @ np.asarray(self.embed([claim])[0], dtype=np.float64)
        found = self._weigh(claim, sentences, heading, similarities)
        if not found.supported or self.entailment is None:
            return found
        premise = " ".join(sentences[i] for i in found.sentences)
        if self.entailment.entails(premise, claim):
            return found
        return replace(found, supported=False, reason="entailment")

    def _weigh(
        self, claim: str, sentences: Sequence[str], heading: str, similarities: NDArray[np.float64]
    ) -> Judgement:
        chosen, row, reason = compare(claim, sentences, heading, similarities)
        if reason:
            return Judgement(False, 0.0, reason, chosen)
        probability = float(self.scale.probabilities(row[None])[0])
        supported = probability >= self.scale.threshold
        return Judgement(supported, probability, "" if supported else "weak", chosen)


def compare(
    claim: str, sentences: Sequence[str], heading: str, similarities: NDArray[np.float64]
) -> tuple[tuple[int, ...], NDArray[np.float64], str]:
    """(sentences that the claim is about, its features, what disagrees or "")."""
    chosen = aligned(claim, sentences, similarities)
    mine, context = read_wording(claim), read_wording(heading)
    window = read_wording(" ".join(sentences[i] for i in chosen))
    features = measure(mine, window, context, float(max(similarities[i] for i in chosen)))
    return chosen, features.row(), disagreement(mine, window, context)
