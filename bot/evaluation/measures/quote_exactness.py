"""Whether quotations are what they claim to be."""

from __future__ import annotations

from collections.abc import Iterable

from bot.evaluation.measure import AnswerCase, Measure, Observation


def _observe(cases: Iterable[AnswerCase]) -> list[Observation]:
    return [
        Observation(f"{case.label.id}#{number}", case.label.need, float(exact))
        for case in cases
        for number, exact in enumerate(case.scored.exact or (), start=1)
    ]


QUOTE_EXACTNESS = Measure(
    name="quote_exactness",
    title="quotations exact",
    definition="Share of all citations whose quote equals the document's text from `start` to `end`, character for "
    "character.",
    better="higher",
    observe=_observe,
)
