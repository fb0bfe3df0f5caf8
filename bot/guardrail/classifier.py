"""Logistic regressions over sentence vectors: which sentences the rules should look at again.

The emergency classifier may only escalate, and only English text may be shown to it: the embedding
model does not understand other languages, and half of harmless foreign questions look alarming to it.
Coefficients are data (`data/classifier.json`), written by `python -m bot.guardrail.training`.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from bot.domain import Action

Vectors = NDArray[np.float32]
Probabilities = NDArray[np.float64]

COEFFICIENTS = Path(__file__).parent / "data" / "classifier.json"


@dataclass(frozen=True)
class Head:
    """One yes/no question put to a sentence vector.

    weights: (dimensions,) float64. threshold: the probability from which on the answer is yes, chosen at a
    fixed false-alarm rate on lines held out of the fit.
    """

    weights: NDArray[np.float64]
    intercept: float
    threshold: float

    def probabilities(self, vectors: Vectors) -> Probabilities:
        """(n, dimensions) unit vectors -> (n,) probabilities of yes. Raises ValueError on another width."""
        if vectors.ndim != 2 or vectors.shape[1] != self.weights.size:
            raise ValueError(
                f"expected vectors of shape (n, {self.weights.size}), got {vectors.shape}: "
                "the guardrail's classifier needs the embedding model that it was trained with"
            )
        logits = np.asarray(vectors, dtype=np.float64) @ self.weights + self.intercept
        return np.asarray(1.0 / (1.0 + np.exp(-logits)), dtype=np.float64)


def load_heads(path: Path | None = None) -> dict[str, Head]:
    """Read every head of a coefficient file by name. Raises ValueError if the file is not one."""
    source = path or COEFFICIENTS
    document: dict[str, Any] = json.loads(source.read_text(encoding="utf-8"))
    if "heads" not in document:
        raise ValueError(f"{source} holds no classifier: write it with `python -m bot.guardrail.training`")
    return {name: _head(values) for name, values in document["heads"].items()}


def _head(values: dict[str, Any]) -> Head:
    weights = np.asarray(values["weights"], dtype=np.float64)
    return Head(weights, float(values["intercept"]), float(values["threshold"]))


@dataclass(frozen=True)
class EmergencyClassifier:
    """Whether a sentence calls for urgent help or tells of a crisis, whatever words it uses."""

    urgent: Head
    crisis: Head

    @classmethod
    def load(cls, path: Path | None = None) -> EmergencyClassifier:
        """Read the coefficients; without a path, those that come with the package."""
        heads = load_heads(path)
        return cls(heads["urgent"], heads["crisis"])

    def judge(self, vectors: Vectors) -> list[tuple[Action | None, float]]:
        """For each of n unit vectors, the action to escalate to (URGENT, CRISIS or None) and its probability.

        Where both heads say yes, the one further above its own threshold wins; where none does, the
        probability is the higher of the two.
        """
        pairs = zip(self.urgent.probabilities(vectors), self.crisis.probabilities(vectors), strict=True)
        return [self._escalation(float(urgent), float(crisis)) for urgent, crisis in pairs]

    def _escalation(self, urgent: float, crisis: float) -> tuple[Action | None, float]:
        is_urgent, is_crisis = urgent >= self.urgent.threshold, crisis >= self.crisis.threshold
        if is_urgent and is_crisis:
            above = _log_odds(urgent) - _log_odds(self.urgent.threshold)
            is_urgent = above > _log_odds(crisis) - _log_odds(self.crisis.threshold)
        if is_urgent:
            return Action.URGENT, urgent
        if is_crisis:
            return Action.CRISIS, crisis
        return None, max(urgent, crisis)


@dataclass(frozen=True)
class ScopeClassifier:
    """Whether a question is in the subject: cupping and its close context."""

    head: Head

    @classmethod
    def load(cls, path: Path | None = None) -> ScopeClassifier:
        """Read the coefficients; without a path, those that come with the package."""
        return cls(load_heads(path)["scope"])

    @property
    def threshold(self) -> float:
        """Below this, hardly any question about the subject was found in training."""
        return self.head.threshold

    def judge(self, vectors: Vectors) -> Probabilities:
        """(n, dimensions) unit vectors -> (n,) probabilities of being in the subject."""
        return self.head.probabilities(vectors)


@dataclass(frozen=True)
class AdviceClassifier:
    """Whether a question asks advice for a particular person."""

    head: Head

    @classmethod
    def load(cls, path: Path | None = None) -> AdviceClassifier:
        """Read the coefficients; without a path, those that come with the package."""
        return cls(load_heads(path)["advice"])

    @property
    def threshold(self) -> float:
        """From this on, hardly any general question was found in training."""
        return self.head.threshold

    def judge(self, vectors: Vectors) -> Probabilities:
        """(n, dimensions) unit vectors -> (n,) probabilities of asking advice for a particular person."""
        return self.head.probabilities(vectors)


def _log_odds(probability: float) -> float:
    bounded = min(max(probability, 1e-12), 1 - 1e-12)
    return float(np.log(bounded / (1 - bounded)))
