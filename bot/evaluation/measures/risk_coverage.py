"""Whether the answers that the product is surest of are the right ones."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np
from numpy.typing import NDArray

from bot.evaluation.measure import AnswerCase, Measure, Observation, Values

Curve = NDArray[np.float64]
"""Shape (n,): selective risk at coverage 1/n, 2/n, ..., 1."""


def risk_curve(values: Values) -> Curve:
    """Risk among the k surest cases, for k = 1..n; cases of equal confidence share their mean loss.

    values: shape (n, 2), loss and confidence.
    """
    order = np.argsort(-values[:, 1], kind="stable")
    loss, confidence = values[order, 0], values[order, 1]
    _, group = np.unique(-confidence, return_inverse=True)
    shared = np.bincount(group, weights=loss) / np.bincount(group)
    return np.asarray(np.cumsum(shared[group]) / np.arange(1, len(loss) + 1), dtype=np.float64)


def observe_risk(cases: Iterable[AnswerCase]) -> list[Observation]:
    """Loss (1 where not strictly right) and confidence of each question, unanswerable ones too.

    A question that was not answered has confidence 0 and, as no answer was seen, loss 1: it comes last.
    """
    return [
        Observation(
            case.label.id,
            case.label.need,
            float(not (case.scored.answered and case.scored.strictly_right)),
            _confidence(case),
        )
        for case in cases
    ]


def _confidence(case: AnswerCase) -> float:
    given = getattr(case.answer, "confidence", None) if case.scored.answered else None
    return float(given) if given is not None else 0.0


RISK_COVERAGE = Measure(
    name="aurc",
    title="area under the risk-coverage curve",
    definition="Mean selective risk over all coverages, questions ranked by the answer's confidence (Geifman & "
    "El-Yaniv 2017; Geifman, Uziel & El-Yaniv 2019). Loss is 1 where not strictly right; what was not answered comes "
    "last, with loss 1.",
    better="lower",
    observe=observe_risk,
    unit="area",
    statistic=lambda values: float(risk_curve(values).mean()),
)
