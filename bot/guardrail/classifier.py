"""What the guardrail asks of the networks that read the layers of the embedding model (`bot/guardrail/network.py`).

The emergency classifier may only escalate, and only English text may be shown to it: the embedding
model does not understand other languages, and half of harmless foreign questions look alarming to it.
Labels, heads and thresholds are data (`data/classifier.json`), written by `python -m bot.guardrail.training`.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from bot.domain import Action
from bot.guardrail.network import Model, Networks, Probabilities, Vectors

COEFFICIENTS = Path(__file__).parent / "data" / "classifier.json"


@dataclass(frozen=True)
class Head:
    """One yes/no question: do the labels in `yes` outweigh those in `no`? Other labels are left out.

    threshold: the probability from which on the answer counts as yes, set on lines held out of the fit.
    """

    model: Model
    yes: frozenset[str]
    no: frozenset[str]
    threshold: float

    def probabilities(self, vectors: Vectors) -> Probabilities:
        """(n, dimensions) vectors -> (n,) probabilities of yes, given that it is yes or no."""
        return odds_on(self.model.labels, self.model.probabilities(vectors), self.yes, self.no)


def odds_on(
    labels: tuple[str, ...], probabilities: Probabilities, yes: frozenset[str], no: frozenset[str]
) -> Probabilities:
    """(n, labels) probabilities -> (n,) share of `yes` within `yes` and `no`."""
    for_it = probabilities[:, [label in yes for label in labels]].sum(axis=1)
    against = probabilities[:, [label in no for label in labels]].sum(axis=1)
    return np.asarray(for_it / (for_it + against), dtype=np.float64)


@lru_cache(maxsize=1)
def packaged_heads() -> Mapping[str, Head]:
    """The heads that come with the package, over one set of networks."""
    return load_heads()


def load_heads(path: Path | None = None) -> dict[str, Head]:
    """Read every head of a coefficient file by name. Raises ValueError if the file is not one."""
    source = path or COEFFICIENTS
    document: dict[str, Any] = json.loads(source.read_text(encoding="utf-8"))
    if not isinstance(document, dict) or "heads" not in document:
        raise ValueError(f"{source} holds no classifier: write it with `python -m bot.guardrail.training`")
    model = Networks.load(source.with_suffix(".npz"), tuple(document["labels"]), document["weights_sha256"])
    return {
        name: Head(model, frozenset(head["yes"]), frozenset(head["no"]), float(head["threshold"]))
        for name, head in document["heads"].items()
    }


def _heads(path: Path | None) -> Mapping[str, Head]:
    return load_heads(path) if path else packaged_heads()


@dataclass(frozen=True)
class EmergencyClassifier:
    """Whether a sentence calls for urgent help or tells of a crisis, whatever words it uses."""

    urgent: Head
    crisis: Head

    @classmethod
    def load(cls, path: Path | None = None) -> EmergencyClassifier:
        """Read the coefficients; without a path, those that come with the package."""
        heads = _heads(path)
        return cls(heads["urgent"], heads["crisis"])

    def judge(self, vectors: Vectors) -> list[tuple[Action | None, float]]:
        """For each of n vectors, the action to escalate to (URGENT, CRISIS or None) and its probability.

        Where both heads say yes, the more probable wins; where none does, the probability is the higher one.
        """
        pairs = zip(self.urgent.probabilities(vectors), self.crisis.probabilities(vectors), strict=True)
        return [self._escalation(float(urgent), float(crisis)) for urgent, crisis in pairs]

    def _escalation(self, urgent: float, crisis: float) -> tuple[Action | None, float]:
        is_urgent, is_crisis = urgent >= self.urgent.threshold, crisis >= self.crisis.threshold
        if is_urgent and not (is_crisis and crisis > urgent):
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
        return cls(_heads(path)["scope"])

    @property
    def threshold(self) -> float:
        """Below this, hardly any question about the subject was found in training."""
        return self.head.threshold

    def judge(self, vectors: Vectors) -> Probabilities:
        """(n, dimensions) vectors -> (n,) probabilities of being in the subject."""
        return self.head.probabilities(vectors)


@dataclass(frozen=True)
class AdviceClassifier:
    """Whether a question asks advice for a particular person."""

    head: Head

    @classmethod
    def load(cls, path: Path | None = None) -> AdviceClassifier:
        """Read the coefficients; without a path, those that come with the package."""
        return cls(_heads(path)["advice"])

    @property
    def threshold(self) -> float:
        """From this on, hardly any general question was found in training."""
        return self.head.threshold

    def judge(self, vectors: Vectors) -> Probabilities:
        """(n, dimensions) vectors -> (n,) probabilities of asking advice for a particular person."""
        return self.head.probabilities(vectors)


@dataclass(frozen=True)
class RefusalClassifier:
    """Whether a text asks for help to do harm, or tries to give the machine instructions."""

    harmful: Head
    injection: Head

    @classmethod
    def load(cls, path: Path | None = None) -> RefusalClassifier:
        """Read the coefficients; without a path, those that come with the package."""
        heads = _heads(path)
        return cls(heads["harmful"], heads["injection"])

    def plans_harm(self, vectors: Vectors) -> NDArray[np.bool_]:
        """(n, dimensions) vectors -> (n,)."""
        return np.asarray(self.harmful.probabilities(vectors) >= self.harmful.threshold)

    def instructs(self, vectors: Vectors) -> NDArray[np.bool_]:
        """(n, dimensions) vectors -> (n,)."""
        return np.asarray(self.injection.probabilities(vectors) >= self.injection.threshold)
