"""Other wordings of what sections answer, as curators noted them: near one of them, a question is near its answer."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

Section = tuple[str, str]
"""Document id and heading."""


@dataclass(frozen=True)
class AlsoAsked:
    """The wordings of one version.

    sections: those that have any. vectors: float32, shape (n, dimension), of unit length once `centre` is taken off;
    those of a section stand together. starts: row of each section's first. centre: shape (dimension,), what the
    library's sentences have in common. passages: ids of the passages of each section.
    """

    sections: tuple[Section, ...]
    vectors: np.ndarray
    starts: np.ndarray
    centre: np.ndarray
    passages: dict[Section, tuple[str, ...]]

    @classmethod
    def of(
        cls, rows: Sequence[Section], vectors: np.ndarray, centre: np.ndarray, passages: dict[Section, tuple[str, ...]]
    ) -> AlsoAsked:
        """From the section and the unit vector of each wording, sections together."""
        firsts = [i for i, section in enumerate(rows) if i == 0 or rows[i - 1] != section]
        sections = tuple(rows[i] for i in firsts)
        return cls(sections, _unit(vectors - centre), np.array(firsts, dtype=np.intp), centre, passages)

    def likeness(self, vector: np.ndarray) -> dict[Section, float]:
        """Cosine of each section's nearest wording to a question's unit vector, both without the centre."""
        if not self.sections:
            return {}
        nearest = np.maximum.reduceat(self.vectors @ _unit(vector - self.centre), self.starts)
        return dict(zip(self.sections, nearest.tolist(), strict=True))


def _unit(vectors: np.ndarray) -> np.ndarray:
    lengths = np.linalg.norm(vectors, axis=-1, keepdims=True)
    return np.asarray(vectors / np.maximum(lengths, 1e-9), dtype=np.float32)
