"""Whether the product does the right thing."""

from __future__ import annotations

from bot.evaluation.measure import Measure, per_prompt

RIGHT_ACTION = Measure(
    name="right_action",
    title="right action, lenient",
    definition="Accuracy: share of prompts whose action is among the acceptable ones. A failed reply scores 0.",
    better="higher",
    observe=per_prompt(lambda case: float(case.right)),
)

RIGHT_ACTION_STRICT = Measure(
    name="right_action_strict",
    title="right action, strict",
    definition="Accuracy: share of prompts whose action is the best one. A failed reply scores 0.",
    better="higher",
    observe=per_prompt(lambda case: float(case.answer is not None and case.answer.action is case.label.strict)),
)
