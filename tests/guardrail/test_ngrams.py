"""The classifiers of other languages: what they count, what they escalate, and what they leave alone."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest

from bot.domain import Action
from bot.guardrail.labelled_lines import INDEPENDENT_LINES, fingerprint, read_foreign
from bot.guardrail.ngram_training import Lines, fit, held_out, threshold
from bot.guardrail.ngrams import BUCKETS, COEFFICIENTS, NgramJudge, Ngrams, counts, spelling
from ingest.folding import fold


@pytest.fixture(scope="module")
def judge() -> NgramJudge:
    return NgramJudge.load()


def test_every_language_with_rules_has_a_model_of_the_lines_in_the_package(judge: NgramJudge) -> None:
    assert set(judge.models) == {"ar", "ar-latn", "es", "fr", "ur", "ur-latn", "zh"}
    stored = json.loads(COEFFICIENTS.read_text(encoding="utf-8"))
    assert stored["training_sha256"] == fingerprint((INDEPENDENT_LINES,)), "run `make guardrail-model`"


@pytest.mark.parametrize(
    ("language", "alarm", "calm"),
    [
        ("es", "mi marido se puso morado y no me contesta", "mi abuelo tuvo un infarto hace veinte años y vive bien"),
        ("fr", "mon bébé est tout mou et ne tète plus", "dans le film, le bébé est sauvé par une infirmière"),
        ("zh", "我爸嘴巴歪了话也说不清", "请问中风是什么意思"),
        ("ar", "ابني ازرق وما يتنفس زين", "ما معنى كلمة الحجامة"),
        ("ur", "امی بے ہوش ہو گئی ہیں اور جواب نہیں دے رہیں", "حجامہ کی تاریخ کیا ہے"),
    ],
)
def test_an_emergency_is_escalated_and_its_calm_neighbour_is_not(
    judge: NgramJudge, language: str, alarm: str, calm: str
) -> None:
    assert judge.escalate(language, fold(alarm).text) in (Action.URGENT, Action.CRISIS)
    assert judge.escalate(language, fold(calm).text) is None


def test_a_language_without_a_model_is_left_alone(judge: NgramJudge) -> None:
    assert judge.escalate("de", "mein vater atmet nicht mehr") is None
    assert judge.bears_out("de", "mein vater atmet nicht mehr")


def test_a_very_long_text_is_left_to_the_rules(judge: NgramJudge) -> None:
    alarm = fold("mi marido se puso morado y no me contesta").text
    assert judge.escalate("es", alarm) is not None
    assert judge.escalate("es", f"{alarm} " + "las ventosas son muy antiguas " * 200) is None


def test_romanised_spellings_have_models_of_their_own() -> None:
    assert spelling("ar", "ana ta3ban") == "ar-latn"
    assert spelling("ar", fold("أنا تعبان ok").text) == "ar"
    assert spelling("fr", "je suis malade") == "fr"


def test_counts_are_of_unit_length_and_know_no_punctuation() -> None:
    row = counts("no respira", "es")
    assert row.shape == (BUCKETS,)
    assert np.linalg.norm(row) == pytest.approx(1.0)
    assert np.array_equal(row, counts("¡no, respira!", "es"))
    assert not counts("", "es").any()


def test_signs_count_only_where_the_rest_is_not_calm() -> None:
    weights = np.zeros((2, BUCKETS))
    calm = NgramJudge({"es": Ngrams(weights, np.array([-4.0, -4.0]), 0.7)})
    unsure = NgramJudge({"es": Ngrams(weights, np.array([0.0, 0.0]), 0.7)})
    assert not calm.bears_out("es", "me duele el pecho")
    assert unsure.bears_out("es", "me duele el pecho")


def test_the_threshold_keeps_to_both_allowances() -> None:
    labels = np.array(["look_alike"] * 10 + ["plain"] * 100 + ["urgent"] * 5)
    scores = np.concatenate([np.linspace(0, 0.9, 10), np.linspace(0, 0.5, 100), np.full(5, 0.99)])
    level = threshold(labels, scores)
    assert (scores[:10] > level).sum() <= 1
    assert (scores[10:110] > level).sum() <= 2
    assert (scores[110:] > level).all()


def test_held_out_scores_tell_alarms_from_calm_lines() -> None:
    words = {"urgent": "se muere no respira", "plain": "historia de las ventosas"}
    rows = [(kind, f"{text} {i}") for i in range(12) for kind, text in words.items()]
    lines = Lines(
        np.stack([counts(text, "es") for _, text in rows]),
        np.array([kind if kind == "plain" or i % 4 else "crisis" for i, (kind, _) in enumerate(rows)]),
        np.array([str(i // 2) for i in range(len(rows))]),
    )
    scores = held_out(lines)
    calm = lines.labels == "plain"
    assert scores[~calm].min() > scores[calm].max()
    assert fit(lines).weights.shape == (2, BUCKETS)


def test_foreign_lines_are_only_those_that_may_be_fitted_on(tmp_path: Path) -> None:
    row = {"text": "hola", "history": [], "language": "es", "label": "plain", "group": "g", "twin": None, "set": "fit"}
    kinds = [row, {**row, "set": "held-back"}, {**row, "language": "en"}, {**row, "history": ["antes"]}]
    file = tmp_path / "lines.jsonl"
    file.write_text("".join(json.dumps(kind) + "\n" for kind in kinds), encoding="utf-8")
    assert [line.text for line in read_foreign(file)] == ["hola"]
