"""Cases to results: every measure with its interval, breakdowns by label, and a row for each case."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence

from bot.evaluation.intervals import as_values, interval
from bot.evaluation.measure import AnswerCase, Case, GuardrailCase, Measure, Observation
from bot.evaluation.measures import ANSWER_BREAKDOWN, CATEGORY_BREAKDOWN, LANGUAGE_BREAKDOWN
from bot.evaluation.measures.risk_coverage import observe_risk, risk_curve
from bot.evaluation.results import Breakdown, CaseRow, Measured, Suite

Scores = dict[str, dict[str, float]]
"""Measure name to case id to value."""


def measure_all(
    suite: Suite, measures: Sequence[Measure[Case]], cases: Sequence[Case]
) -> tuple[list[Measured], Scores]:
    """Every measure of a suite, and what each case scored by it."""
    measured, scores = [], {}
    for measure in measures:
        observations = measure.observe(cases)
        measured.append(_measured(suite, measure, observations))
        scores[measure.name] = {observation.id: observation.value for observation in observations}
    return measured, scores


def _measured(suite: Suite, measure: Measure[Case], observations: Sequence[Observation]) -> Measured:
    value, low, high = _number(measure, observations)
    return Measured(
        suite,
        measure.name,
        measure.title,
        measure.definition,
        measure.better,
        measure.unit,
        value,
        low,
        high,
        len(observations),
    )


def _number(
    measure: Measure[Case], observations: Sequence[Observation]
) -> tuple[float | None, float | None, float | None]:
    if not observations:
        return None, None, None
    low, high = interval(measure, observations) or (None, None)
    return measure.statistic(as_values(observations)), low, high


def break_down(
    suite: Suite,
    by: str,
    label: Callable[[Case], str],
    measures: Iterable[Measure[Case]],
    cases: Iterable[Case],
) -> list[Breakdown]:
    """Measures over the cases of each value of a label."""
    groups: dict[str, list[Case]] = defaultdict(list)
    for case in cases:
        groups[label(case)].append(case)
    found = []
    for measure in measures:
        for group, members in sorted(groups.items()):
            observations = measure.observe(members)
            value, low, high = _number(measure, observations)
            if value is not None:
                found.append(Breakdown(suite, by, group, measure.name, value, low, high, len(observations)))
    return found


def break_down_answers(cases: Sequence[AnswerCase]) -> list[Breakdown]:
    """Answers by kind of question and by style of wording."""
    by_kind = break_down("answers", "kind", lambda case: case.label.kind, ANSWER_BREAKDOWN, cases)
    return by_kind + break_down("answers", "style", lambda case: case.label.style, ANSWER_BREAKDOWN, cases)


def break_down_guardrail(cases: Sequence[GuardrailCase]) -> list[Breakdown]:
    """Alarms by language, right actions by category and style."""
    by_language = break_down("guardrail", "language", lambda case: case.label.language, LANGUAGE_BREAKDOWN, cases)
    by_category = break_down("guardrail", "category", lambda case: case.label.category, CATEGORY_BREAKDOWN, cases)
    by_style = break_down(
        "guardrail", "style", lambda case: f"{case.label.category}: {case.label.style}", CATEGORY_BREAKDOWN, cases
    )
    return by_language + by_category + by_style


def confusion(cases: Iterable[GuardrailCase]) -> tuple[tuple[str, str, int], ...]:
    """Counts of (best action, action taken)."""
    pairs = Counter((c.label.strict.value, c.answer.action.value if c.answer else "failed") for c in cases)
    return tuple((wanted, given, count) for (wanted, given), count in sorted(pairs.items()))


def risk_points(cases: Iterable[AnswerCase]) -> tuple[float, ...]:
    """Selective risk at coverage 1/n, ..., 1."""
    observations = observe_risk(cases)
    return tuple(float(risk) for risk in risk_curve(as_values(observations))) if observations else ()


def as_rows(
    row: Callable[[Case, Mapping[str, float]], CaseRow],
    identify: Callable[[Case], str],
    cases: Iterable[Case],
    scores: Scores,
) -> list[CaseRow]:
    """Each case as a row with the scores that it was given."""
    return [
        row(case, {name: values[identify(case)] for name, values in scores.items() if identify(case) in values})
        for case in cases
    ]


def group_scores(rows: Iterable[CaseRow], scores: Scores) -> Scores:
    """The scores that belong to no single case."""
    known = {row.id for row in rows}
    left = {name: {i: v for i, v in values.items() if i not in known} for name, values in scores.items()}
    return {name: values for name, values in left.items() if values}
