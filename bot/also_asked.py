"""Other wordings of what sections answer, as curators noted them: near one of them, a question is near its answer."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from bot.metric import turned

Section = tuple[str, str]
"""Document id and heading."""


@dataclass(frozen=True)
class AlsoAsked:
    """The wordings of one version, headings among them.

    sections: those that have any. vectors: float32, shape (n, dimension), of unit length, without `centre` and through
    `matrix`; those of a section stand together. starts: row of each section's first. centre: shape (dimension,), what
    the library's sentences have in common. passages: ids of the passages of each section. matrix: the learned map of
    `bot/metric.py`, None without one.
    """

    sections: tuple[Section, ...]
    vectors: np.ndarray
    starts: np.ndarray
    centre: np.ndarray
    passages: dict[Section, tuple[str, ...]]
    matrix: np.ndarray | None = None

    @classmethod
    def of(
        cls,
        rows: Sequence[Section],
        vectors: np.ndarray,
        centre: np.ndarray,
        passages: dict[Section, tuple[str, ...]],
        matrix: np.ndarray | None = None,
    ) -> AlsoAsked:
        """From the section and the unit vector of each wording, sections together."""
        firsts = [i for i, section in enumerate(rows) if i == 0 or rows[i - 1] != section]
        sections = tuple(rows[i] for i in firsts)
        starts = np.array(firsts, dtype=np.intp)
        return cls(sections, turned(vectors, centre, matrix), starts, centre, passages, matrix)

    def likeness(self, vector: np.ndarray) -> dict[Section, float]:
        """Likeness of each section's nearest wording to a question's unit vector, -1 to 1."""
        if not self.sections:
            return {}
        alike = self.vectors @ turned(vector, self.centre, self.matrix)
        nearest = np.maximum.reduceat(alike, self.starts)
        return dict(zip(self.sections, nearest.tolist(), strict=True))
