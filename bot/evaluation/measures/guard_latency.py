"""What the guardrail adds to the wait."""

from __future__ import annotations

import numpy as np

from bot.evaluation.measure import GuardrailCase, Measure, per_prompt


def _value(case: GuardrailCase) -> float | None:
    return case.answer.latency_ms.get("triage") if case.answer is not None else None


GUARD_LATENCY_P95 = Measure(
    name="guard_latency_p95",
    title="latency added by the guardrail, 95th percentile",
    definition="95th percentile of the time that triage took, as the pipeline's own clock says, models warm.",
    better="lower",
    observe=per_prompt(_value),
    unit="ms",
    statistic=lambda values: float(np.percentile(values[:, 0], 95)),
)
