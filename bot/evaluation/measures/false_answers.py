"""Answering what the library does not say."""

from __future__ import annotations

from bot.evaluation.measure import AnswerCase, Measure, per_answer


def _value(case: AnswerCase) -> float | None:
    if case.label.answerable:
        return None
    return float(case.scored.answered and not case.scored.action_right)


FALSE_ANSWERS = Measure(
    name="false_answers",
    title="false answers on unanswerable questions",
    definition="Share of in-subject questions that the corpus can't answer and that were answered all the same: the "
    "false positives of no-answer prediction (SQuAD 2.0: Rajpurkar et al. 2018).",
    better="lower",
    observe=per_answer(_value),
)
