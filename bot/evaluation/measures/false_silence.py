"""Not answering what the library does say."""

from __future__ import annotations

from bot.evaluation.measure import AnswerCase, Measure, per_answer


def _value(case: AnswerCase) -> float | None:
    return float(not case.scored.answered) if case.label.answerable else None


FALSE_SILENCE = Measure(
    name="false_silence",
    title="silence on answerable questions",
    definition="Share of answerable questions that got no sourced answer, whatever was said instead: the false "
    "negatives of no-answer prediction (SQuAD 2.0: Rajpurkar et al. 2018). A failed answer is silence.",
    better="lower",
    observe=per_answer(_value),
)
