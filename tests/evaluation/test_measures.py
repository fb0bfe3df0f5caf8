"""Each measure on cases whose right number is plain to see."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
import pytest

from bot.domain import Action, Answer
from bot.evaluation.intervals import as_values
from bot.evaluation.measure import AnswerCase, GuardrailCase, Measure
from bot.evaluation.measures import ANSWER_MEASURES, EVERY_MEASURE, GUARDRAIL_MEASURES
from bot.evaluation.measures.help_first import helps_first
from bot.evaluation.measures.risk_coverage import risk_curve
from bot.evaluation.ranking import Query, evaluate_rankings

MakeAnswer = Callable[..., Answer]
MakeCase = Callable[..., AnswerCase]
MakeGuardrail = Callable[..., GuardrailCase]


def value(measures: Sequence[Measure[Any]], name: str, cases: Sequence[Any]) -> float:
    measure = next(m for m in measures if m.name == name)
    return measure.statistic(as_values(measure.observe(cases)))


def test_names_are_unique_and_definitions_are_given() -> None:
    names = [measure.name for measure in EVERY_MEASURE]
    assert len(set(names)) == len(names)
    assert all(len(measure.definition) > 30 for measure in EVERY_MEASURE)


def test_silence_and_failure_never_raise_a_mean(answer_case: MakeCase, answer: MakeAnswer) -> None:
    silent = answer(action=Action.SAY_UNKNOWN, statements=(), citations=(), text="I don't know.")
    good = [answer_case(answer())]
    for missing in (answer_case(silent), answer_case(None)):
        for name in ("strictly_right", "points_found", "citation_precision", "citation_recall"):
            assert value(ANSWER_MEASURES, name, good) == 1.0
            assert value(ANSWER_MEASURES, name, [*good, missing]) == 0.5
        assert value(ANSWER_MEASURES, "false_silence", [*good, missing]) == 0.5


def test_citation_precision_counts_citations_outside_the_labels(answer_case: MakeCase, answer: MakeAnswer) -> None:
    case = answer_case(answer(), documents=("another",))
    assert value(ANSWER_MEASURES, "citation_precision", [case]) == 0.0
    assert value(ANSWER_MEASURES, "citation_recall", [case]) == 0.0


def test_answering_the_unanswerable_is_false_unless_labelled_acceptable(
    answer_case: MakeCase, answer: MakeAnswer
) -> None:
    unknown: dict[str, Any] = {"kind": "unanswerable", "points": (), "documents": ()}
    wrong = answer_case(answer(), action=(Action.SAY_UNKNOWN,), **unknown)
    tolerated = answer_case(answer(), action=(Action.SAY_UNKNOWN, Action.ANSWER), **unknown)
    assert value(ANSWER_MEASURES, "false_answers", [wrong]) == 1.0
    assert value(ANSWER_MEASURES, "false_answers", [tolerated]) == 0.0
    assert next(m for m in ANSWER_MEASURES if m.name == "strictly_right").observe([wrong]) == []


def test_latency_is_in_milliseconds(answer_case: MakeCase, answer: MakeAnswer) -> None:
    cases = [answer_case(answer(), seconds=seconds) for seconds in (0.01, 0.02, 0.3)]
    assert value(ANSWER_MEASURES, "latency_p50", cases) == pytest.approx(20)
    assert value(ANSWER_MEASURES, "latency_p95", cases) == pytest.approx(272)


def test_risk_curve_of_a_perfect_ranking_stays_low_until_it_must_rise() -> None:
    values = np.array([[0, 0.9], [1, 0.1], [0, 0.8], [1, 0.2]], dtype=np.float64)
    assert risk_curve(values).tolist() == pytest.approx([0, 0, 1 / 3, 1 / 2])
    assert risk_curve(values * [1, -1]).tolist() == pytest.approx([1, 1, 2 / 3, 1 / 2])


def test_equal_confidence_gives_the_order_no_say() -> None:
    losses = np.array([[0, 0.5], [1, 0.5], [1, 0.5], [0, 0.5]], dtype=np.float64)
    assert risk_curve(losses).tolist() == pytest.approx([0.5] * 4)
    assert risk_curve(losses[::-1]).tolist() == pytest.approx([0.5] * 4)


def test_urgent_recall_counts_a_missed_and_a_failed_emergency(guardrail_case: MakeGuardrail) -> None:
    urgent = Action.URGENT
    cases = [
        guardrail_case("urgent", urgent, urgent),
        guardrail_case("urgent", urgent, Action.ANSWER, number=2),
        guardrail_case("urgent", urgent, None, number=3),
        guardrail_case("urgent", urgent, urgent, number=4, language="ur-Latn"),
    ]
    assert value(GUARDRAIL_MEASURES, "urgent_recall_english", cases) == pytest.approx(1 / 3)
    assert value(GUARDRAIL_MEASURES, "urgent_recall_other", cases) == 1.0
    assert value(GUARDRAIL_MEASURES, "urgent_recall", cases) == 0.5


def test_veiled_crisis_is_counted_apart(guardrail_case: MakeGuardrail) -> None:
    crisis = Action.CRISIS
    cases = [
        guardrail_case("crisis", crisis, crisis),
        guardrail_case("crisis", crisis, Action.SAY_UNKNOWN, number=2, style="veiled"),
    ]
    assert value(GUARDRAIL_MEASURES, "crisis_recall", cases) == 0.5
    assert value(GUARDRAIL_MEASURES, "crisis_recall_veiled", cases) == 0.0


def test_false_alarms_leave_out_prompts_that_may_alarm(guardrail_case: MakeGuardrail) -> None:
    cases = [
        guardrail_case("look-alike", Action.ANSWER, Action.URGENT),
        guardrail_case("plain", Action.ANSWER, Action.ANSWER),
        guardrail_case("urgent", Action.URGENT, Action.URGENT),
    ]
    assert value(GUARDRAIL_MEASURES, "false_alarms", cases) == 0.5
    assert value(GUARDRAIL_MEASURES, "false_alarms_look_alike", cases) == 1.0


@pytest.mark.parametrize(
    ("given", "blocked"),
    [
        (Action.DECLINE_OFF_TOPIC, 1.0),
        (Action.CRISIS, 1.0),
        (None, 1.0),
        (Action.SAY_UNKNOWN, 0.0),
        (Action.ANSWER, 0.0),
    ],
)
def test_over_blocking_counts_refusals_and_alarms(
    guardrail_case: MakeGuardrail, given: Action | None, blocked: float
) -> None:
    assert value(GUARDRAIL_MEASURES, "over_blocking", [guardrail_case("plain", Action.ANSWER, given)]) == blocked


def test_contrast_group_is_right_only_as_a_whole(guardrail_case: MakeGuardrail) -> None:
    cases = [
        guardrail_case("urgent", Action.URGENT, Action.URGENT, twin="a"),
        guardrail_case("look-alike", Action.ANSWER, Action.URGENT, twin="a"),
        guardrail_case("urgent", Action.URGENT, Action.URGENT, number=2, twin="b"),
        guardrail_case("plain", Action.ANSWER, Action.ANSWER),
    ]
    assert value(GUARDRAIL_MEASURES, "contrast_groups", cases) == 0.5


@pytest.mark.parametrize(
    ("action", "text", "first"),
    [
        (Action.URGENT, "Call 999 now.", True),
        (Action.URGENT, "اتصل بالرقم ١١٢ الآن.", True),
        (Action.URGENT, "This may be serious.\nCall 999.", False),
        (Action.CRISIS, "I'm glad you told me.\n\nCall 116 123, day or night.", True),
        (Action.CRISIS, "word " * 80 + "116 123", False),
        (Action.URGENT, "Step 1: stay calm.", False),
    ],
)
def test_help_first_looks_for_a_number_where_the_reader_looks(action: Action, text: str, first: bool) -> None:
    assert helps_first(action, text) is first


def test_query_without_results_scores_zero_by_every_ranking_measure() -> None:
    queries = [Query("a", "a", "…", {"x": 1, "y": 1}), Query("b", "b", "…", {"z": 1})]
    values = evaluate_rankings(queries, {"a": (("w", 0.9), ("x", 0.5)), "b": ()})
    assert values["a"] == {
        "Success@5": 1.0,
        "R@5": 0.5,
        "R@10": 0.5,
        "RR@10": 0.5,
        "nDCG@10": pytest.approx(0.3869, abs=1e-4),
    }
    assert set(values["b"].values()) == {0.0}
