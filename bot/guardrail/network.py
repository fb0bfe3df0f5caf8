"""Small networks over the layers of the embedding model, their probabilities averaged.

Each has one layer of rectified units. Coefficients are data (`data/classifier.npz`), written by
`python -m bot.guardrail.training`; reading them runs no code.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

Vectors = NDArray[np.float32]
Probabilities = NDArray[np.float64]


class Model(Protocol):
    """What tells labels from vectors."""

    @property
    def labels(self) -> tuple[str, ...]:
        """The labels in the order of the columns."""

    def probabilities(self, vectors: Vectors) -> Probabilities:
        """(n, dimensions) vectors -> (n, labels), rows sum to 1."""


@dataclass(frozen=True)
class Network:
    """hidden: (units, dimensions); shift: (units,); out: (labels, units); bias: (labels,). All float32."""

    hidden: Vectors
    shift: Vectors
    out: Vectors
    bias: Vectors

    def probabilities(self, standard: Vectors) -> Probabilities:
        """(n, dimensions) standardised vectors -> (n, labels)."""
        units = np.maximum(standard @ self.hidden.T + self.shift, 0.0)
        logits = (units @ self.out.T + self.bias).astype(np.float64)
        raised = np.exp(logits - logits.max(axis=1, keepdims=True))
        return np.asarray(raised / raised.sum(axis=1, keepdims=True), dtype=np.float64)


@dataclass(frozen=True)
class Networks:
    """Several networks, fitted alike from other beginnings: the mean of them errs less than one.

    mean, scale: (dimensions,) float32, which bring each number of a vector to mean 0 and spread 1.
    """

    labels: tuple[str, ...]
    mean: Vectors
    scale: Vectors
    members: tuple[Network, ...]
    _known: dict[bytes, Probabilities] = field(default_factory=dict, compare=False, repr=False)
    """Of the last vectors read: the heads all ask about the same."""

    @property
    def width(self) -> int:
        """Dimensions of the vectors that are read."""
        return len(self.mean)

    def probabilities(self, vectors: Vectors) -> Probabilities:
        """(n, dimensions) vectors -> (n, labels), rows sum to 1. Raises ValueError on another width."""
        if vectors.ndim != 2 or vectors.shape[1] != self.width:
            raise ValueError(
                f"expected vectors of shape (n, {self.width}), got {vectors.shape}: "
                "the guardrail's classifier needs the embedding model that it was trained with"
            )
        keys = [hashlib.blake2b(row.tobytes(), digest_size=16).digest() for row in vectors]
        known = dict(self._known)
        fresh = [place for place, key in enumerate(keys) if key not in known]
        if fresh:
            known |= zip((keys[place] for place in fresh), self._computed(vectors[fresh]), strict=True)
            self._known.update((key, known[key]) for key in keys)
            for key in list(self._known)[:-_REMEMBERED]:
                self._known.pop(key, None)
        return np.stack([known[key] for key in keys]) if keys else np.empty((0, len(self.labels)))

    def _computed(self, vectors: Vectors) -> Probabilities:
        standard = (np.asarray(vectors, dtype=np.float32) - self.mean) / self.scale
        return np.asarray(np.mean([member.probabilities(standard) for member in self.members], axis=0))

    def save(self, path: Path) -> str:
        """Write the coefficients, the large matrices as whole steps; the SHA-256 of the file, in hexadecimal."""
        arrays: dict[str, Any] = {"mean": self.mean, "scale": self.scale}
        for number, member in enumerate(self.members):
            step = np.maximum(np.abs(member.hidden).max(axis=1, keepdims=True), 1e-9) / _MOST_STEPS
            arrays[f"hidden{number}"] = np.rint(member.hidden / step).astype(np.int8)
            arrays[f"step{number}"] = step
            arrays |= {f"{name}{number}": getattr(member, name) for name in _SMALL}
        np.savez_compressed(path, **arrays)
        return hashlib.sha256(path.read_bytes()).hexdigest()

    @classmethod
    def load(cls, path: Path, labels: tuple[str, ...], sha256: str) -> Networks:
        """Read what `save` wrote. Raises ValueError where the file is not the one that the digest names."""
        if hashlib.sha256(path.read_bytes()).hexdigest() != sha256:
            raise ValueError(f"{path} is not the file that was trained: write it with `make guardrail-model`")
        with np.load(path, allow_pickle=False) as arrays:
            count = sum(name.startswith("hidden") for name in arrays.files)
            members = [
                Network(
                    arrays[f"hidden{number}"] * arrays[f"step{number}"],
                    *(arrays[f"{name}{number}"] for name in _SMALL),
                )
                for number in range(count)
            ]
            return cls(labels, arrays["mean"], arrays["scale"], tuple(members))


_REMEMBERED = 64
_SMALL = ("shift", "out", "bias")
_MOST_STEPS = 127
"""A unit's weights are stored as so many whole steps up or down at most: a quarter of the room of float32."""
