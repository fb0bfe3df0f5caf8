"""Signs that are added up, by language and family: an alarm and its calm neighbour."""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml

from bot.domain import Action
from bot.guardrail.signs import add_up
from bot.guardrail.spelling import compile_steps, level, level_pattern
from bot.guardrail.triage import Guardrail
from ingest.folding import fold

PAIRS: dict[str, dict[str, dict[str, str]]] = yaml.safe_load(
    (Path(__file__).parent / "signs.yaml").read_text(encoding="utf-8")
)
CRISES = {"crisis", "self-harm", "child", "home"}
CASES = [(language, family) for language, families in PAIRS.items() for family in families]


@pytest.fixture(scope="module")
def guardrail() -> Guardrail:
    return Guardrail.load(None)


@pytest.mark.parametrize(("language", "family"), CASES)
def test_alarm_and_calm_neighbour_differ(guardrail: Guardrail, language: str, family: str) -> None:
    pair = PAIRS[language][family]
    expected = Action.CRISIS if family in CRISES else Action.URGENT
    assert guardrail.triage(pair["alarm"]).action is expected
    assert not guardrail.triage(pair["calm"]).action.sends_for_help


def test_one_sign_alone_is_not_enough_and_two_are() -> None:
    assert add_up("es", fold("mi madre está mareada").text) is None
    assert add_up("es", fold("mi madre está mareada y con palpitaciones").text)


def test_hints_alone_are_never_enough() -> None:
    assert add_up("fr", fold("ma grand-mère est là depuis ce matin, elle dit que c'est normal").text) is None


def test_a_lesson_sets_signs_aside_unless_it_happens_now() -> None:
    assert add_up("fr", fold("examen de secourisme : pâleur, sueurs et vertiges, quel choc ?").text) is None
    assert add_up("fr", fold("je révisais mon examen quand papa est devenu pâle, il vomit depuis une heure").text)


def test_the_span_lies_in_the_text_as_it_was_written() -> None:
    text = fold("weldi khadran w shfayfo zor9 daba").text
    found = add_up("ar-latn", text)
    assert found
    assert text[found.start : found.end].endswith("shfayfo zor9")


def test_spelling_is_levelled_alike_in_text_and_pattern() -> None:
    steps = compile_steps([["7", "h"], ["[aei]+", "a"]])
    assert level("7ijama", steps).text == level("hijema", steps).text == "hajama"
    assert level_pattern(r"(?:hij|7ej)\w{0,3}", steps) == r"(?:haj|haj)\w{0,3}"


def test_traditional_characters_read_as_simplified_ones(guardrail: Guardrail) -> None:
    assert guardrail.triage("阿媽臉色蒼白，頸部僵硬，還嘔吐").action is Action.URGENT
