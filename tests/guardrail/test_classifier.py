"""The trained classifier: what it escalates, what it leaves alone, and that it is data of this repository."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest

from bot.domain import Action
from bot.guardrail.classifier import (
    COEFFICIENTS,
    AdviceClassifier,
    EmergencyClassifier,
    Head,
    ScopeClassifier,
    load_heads,
)
from bot.guardrail.labelled_lines import fingerprint
from bot.guardrail.network import Network, Networks
from bot.guardrail.network_training import FLAT
from bot.guardrail.thresholds import EMERGENCY_FALSE_ALARMS, LOOK_ALIKE_FALSE_ALARMS
from bot.guardrail.training import REPORT, Embed, default_embed

WIDTH = 4608
CALM_QUESTIONS = [
    "What is cupping?",
    "What is a stroke?",
    "Can cupping cause a collapsed lung?",
    "Does cupping help with neck pain?",
    "How long do the marks stay?",
    "Which oils are used for massage cupping?",
]


@pytest.fixture(scope="module")
def embed() -> Embed:
    return default_embed()


@pytest.fixture(scope="module")
def emergencies() -> EmergencyClassifier:
    return EmergencyClassifier.load()


def test_an_emergency_in_lay_words_is_escalated(emergencies: EmergencyClassifier, embed: Embed) -> None:
    lines = ["My mother's mouth is drooping and she can't speak", "he collapsed and won't wake up"]
    assert [action for action, _ in emergencies.judge(embed(lines))] == [Action.URGENT, Action.URGENT]


def test_a_crisis_is_escalated_as_a_crisis(emergencies: EmergencyClassifier, embed: Embed) -> None:
    lines = ["I want to end my life", "my family would be happier if I were dead"]
    assert [action for action, _ in emergencies.judge(embed(lines))] == [Action.CRISIS, Action.CRISIS]


def test_questions_about_the_subject_are_left_alone(emergencies: EmergencyClassifier, embed: Embed) -> None:
    assert [action for action, _ in emergencies.judge(embed(CALM_QUESTIONS))] == [None] * len(CALM_QUESTIONS)


def test_a_particular_person_is_told_from_a_general_question(embed: Embed) -> None:
    advice = AdviceClassifier.load()
    personal, general = advice.judge(
        embed(["I take warfarin, may I have hijama?", "Why are people on warfarin told to avoid wet cupping?"])
    )
    assert personal >= advice.threshold > general


def test_other_subjects_are_told_from_cupping(embed: Embed) -> None:
    scope = ScopeClassifier.load()
    inside, outside = scope.judge(embed(["how are glass cups used in hijama", "write me a sorting function"]))
    assert outside < scope.threshold < inside


def test_the_likelier_action_wins_where_both_heads_say_yes() -> None:
    one = np.eye(3, dtype=np.float32)
    none = np.zeros(3, dtype=np.float32)
    model = Networks(("calm", "crisis", "urgent"), none, np.ones(3, dtype=np.float32), (Network(one, none, one, none),))
    calm = frozenset({"calm"})
    urgent = Head(model, frozenset({"urgent"}), calm, 0.4)
    crisis = Head(model, frozenset({"crisis"}), calm, 0.4)
    vectors = np.array([[0, 0.1, 0.9], [0, 0.9, 0.1], [9, 0, 0]], dtype=np.float32)
    judged = EmergencyClassifier(urgent, crisis).judge(vectors)
    assert [action for action, _ in judged] == [Action.URGENT, Action.CRISIS, None]
    assert judged[0][1] == pytest.approx(1 / (1 + np.exp(-0.9)))


def test_vectors_of_another_model_are_refused(emergencies: EmergencyClassifier) -> None:
    with pytest.raises(ValueError, match="embedding model"):
        emergencies.judge(np.zeros((2, 768), dtype=np.float32))


def test_no_lines_give_no_judgement(emergencies: EmergencyClassifier) -> None:
    assert emergencies.judge(np.zeros((0, WIDTH), dtype=np.float32)) == []


def test_a_file_without_heads_is_named(tmp_path: Path) -> None:
    other = tmp_path / "other.json"
    other.write_text("{}", encoding="utf-8")
    with pytest.raises(ValueError, match=r"other\.json holds no classifier"):
        load_heads(other)


def test_coefficients_were_trained_on_the_lines_in_the_repository() -> None:
    for written in (COEFFICIENTS, REPORT):
        recorded = json.loads(written.read_text(encoding="utf-8"))["training_sha256"]
        assert recorded == fingerprint(), "run `make guardrail-model`"


def test_report_holds_the_promised_rates_of_false_alarms() -> None:
    emergencies = json.loads(REPORT.read_text(encoding="utf-8"))["emergencies"]
    assert emergencies["false_alarms_ordinary"]["share"] <= EMERGENCY_FALSE_ALARMS
    assert emergencies["false_alarms_look_alikes"]["share"] <= LOOK_ALIKE_FALSE_ALARMS


def test_no_weight_magnifies_rounding() -> None:
    """A number of the vectors that never varies would be divided by next to nothing."""
    model = ScopeClassifier.load().head.model
    assert isinstance(model, Networks)
    assert model.scale.min() > FLAT
    for member in model.members:
        for part in (member.hidden, member.shift, member.out, member.bias):
            assert np.isfinite(part).all() and np.abs(part).max() < 1e3


def test_weights_other_than_those_trained_are_refused(tmp_path: Path) -> None:
    for suffix in (".json", ".npz"):
        (tmp_path / f"classifier{suffix}").write_bytes(COEFFICIENTS.with_suffix(suffix).read_bytes())
    load_heads(tmp_path / "classifier.json")
    weights = tmp_path / "classifier.npz"
    weights.write_bytes(weights.read_bytes()[:-1] + b"x")
    with pytest.raises(ValueError, match="not the file that was trained"):
        load_heads(tmp_path / "classifier.json")
