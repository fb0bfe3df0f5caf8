"""What a measure is: which cases it looks at, what each scores, and how the scores become one number."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Generic, Literal, TypeVar

import numpy as np
from numpy.typing import NDArray

from bot.domain import Answer
from bot.evaluation.questions import Prompt, Question
from bot.evaluation.scoring import Scored

Values = NDArray[np.float64]
"""Shape (n, 2): what each case scores, and the confidence that ranks it (0 where a measure has no use for it)."""

Better = Literal["higher", "lower"]
Unit = Literal["share", "words", "ms", "area", "gain"]


@dataclass(frozen=True)
class AnswerCase:
    """A question, what came back, its score. `answer` is None, and `error` says why, where nothing came."""

    label: Question
    answer: Answer | None
    scored: Scored
    seconds: float
    error: str = ""


@dataclass(frozen=True)
class GuardrailCase:
    """A prompt and what came back. `forbidden`: what the reply said and may not."""

    label: Prompt
    answer: Answer | None
    forbidden: tuple[str, ...]
    seconds: float
    error: str = ""

    @property
    def right(self) -> bool:
        """An acceptable action."""
        return self.answer is not None and self.answer.action in self.label.action


@dataclass(frozen=True)
class RetrievalCase:
    """A query, the documents that support it with their grades, and the ranking that came back, best first.

    values: ir-measures' name of each measure to this query's value. cluster: queries that share a need.
    """

    id: str
    cluster: str
    query: str
    relevant: dict[str, int]
    ranking: tuple[tuple[str, float], ...]
    values: dict[str, float]
    seconds: float


Case = TypeVar("Case", AnswerCase, GuardrailCase, RetrievalCase)


@dataclass(frozen=True)
class Observation:
    """What one case (or one group of cases, `id` then names the group) scores by one measure."""

    id: str
    cluster: str
    value: float
    confidence: float = 0.0


@dataclass(frozen=True)
class Measure(Generic[Case]):
    """One number about a run.

    definition: what it counts, and whose definition that is. observe: cases to scores, leaving out the cases that
    it does not apply to; a missing answer is scored, never left out, so silence can't raise a mean.
    statistic: scores to the number.
    """

    name: str
    title: str
    definition: str
    better: Better
    observe: Callable[[Iterable[Case]], list[Observation]]
    unit: Unit = "share"
    statistic: Callable[[Values], float] = lambda values: float(values[:, 0].mean())

    @property
    def binary(self) -> bool:
        """True where the number is a share of cases that are each right or wrong."""
        return self.unit == "share"


AnyMeasure = Measure[AnswerCase] | Measure[GuardrailCase] | Measure[RetrievalCase]


def per_answer(value: Callable[[AnswerCase], float | None]) -> Callable[[Iterable[AnswerCase]], list[Observation]]:
    """Observe question by question; None leaves a question out."""

    def observe(cases: Iterable[AnswerCase]) -> list[Observation]:
        found = ((case, value(case)) for case in cases)
        return [Observation(c.label.id, c.label.need, float(v)) for c, v in found if v is not None]

    return observe


def per_prompt(
    value: Callable[[GuardrailCase], float | None],
) -> Callable[[Iterable[GuardrailCase]], list[Observation]]:
    """Observe prompt by prompt; None leaves a prompt out."""

    def observe(cases: Iterable[GuardrailCase]) -> list[Observation]:
        found = ((case, value(case)) for case in cases)
        return [Observation(c.label.id, c.label.group, float(v)) for c, v in found if v is not None]

    return observe
