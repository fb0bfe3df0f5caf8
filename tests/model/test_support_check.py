"""The support check on pairs that were written after its rules and coefficients, and on single slips."""

from __future__ import annotations

import json
from collections import Counter
from pathlib import Path

import numpy as np
import pytest

from bot.model.support.check import SupportCheck
from bot.model.support.features import NAMES
from bot.model.support.pairs import DISTORTIONS, PAIRS, read_pairs
from bot.model.support.training import FOR_SUPPORT, choose_threshold, fit, measure_pairs
from bot.model.support.vocabulary import vocabulary
from ingest.embedder import Embedder

PREMISE = [
    "In a 2015 trial of 80 adults, wet cupping may have eased neck pain for 3 weeks compared with no treatment.",
    "Dry cupping was not better than sham cupping in 2 small trials.",
    "A clinic's website claims that cupping boosts immunity.",
]


@pytest.fixture(scope="module")
def check(embedder: Embedder) -> SupportCheck:
    return SupportCheck.load(embedder.embed_queries)


def test_held_back_distortions_are_caught_and_faithful_claims_kept(check: SupportCheck, embedder: Embedder) -> None:
    unseen = [pair for pair in read_pairs() if pair.split == "test"]
    measured = measure_pairs(unseen, embedder.embed_queries)
    judged = np.where(measured.open, check.scale.probabilities(measured.rows), 0.0) >= check.scale.threshold
    true = measured.supported
    assert np.mean(~judged[~true]) >= 0.95
    assert np.mean(~judged[true]) <= 0.10


@pytest.mark.parametrize(
    "claim",
    [
        "In a 2015 trial of 80 adults, wet cupping may have eased neck pain for 3 weeks compared with no treatment.",
        "Wet cupping may have eased neck pain for 3 weeks in a trial of 80 adults.",
        "Dry cupping did not beat sham cupping in two small trials.",
        "No, dry cupping was not better than sham cupping in two small trials.",
        "According to a clinic's website, cupping boosts immunity.",
    ],
)
def test_faithful_claims_pass(check: SupportCheck, claim: str) -> None:
    assert check.judge(claim, PREMISE, "Neck pain. Does cupping help?").supported


@pytest.mark.parametrize(
    ("claim", "reason"),
    [
        ("In a 2015 trial of 90 adults, wet cupping may have eased neck pain for 3 weeks.", "number"),
        ("In a 2015 trial of 80 adults, wet cupping may have eased neck pain for 3 months.", "number"),
        ("In a 2015 trial of 80 adults, dry cupping may have eased neck pain for 3 weeks.", "word"),
        ("In a 2015 trial of 80 children, wet cupping may have eased neck pain for 3 weeks.", "number"),
        ("In a 2015 trial in Tromso, wet cupping may have eased neck pain for 3 weeks.", "name"),
        ("In a 2015 trial of 80 adults, wet cupping eased neck pain for 3 weeks.", "hedge"),
        ("Dry cupping was better than sham cupping in 2 small trials.", "negation"),
        ("Cupping boosts immunity.", "hedge"),
        ("Dry cupping was better in 2 small trials.", "negation"),
        ("Cupping cures asthma.", "word"),
        ("Yes, dry cupping was not better than sham cupping in 2 small trials.", "word"),
        ("No, wet cupping may have eased neck pain for 3 weeks in a trial of 80 adults.", "negation"),
        ("See https://example.org for more.", "link"),
    ],
)
def test_one_slip_is_enough(check: SupportCheck, claim: str, reason: str) -> None:
    judged = check.judge(claim, PREMISE, "Neck pain. Does cupping help?")
    assert not judged.supported
    assert judged.reason == reason


def test_what_was_done_is_not_what_should_be(check: SupportCheck) -> None:
    told = ["A review of 27 studies found suction from about 60 to 600 mmHg in Korean studies of cupping."]
    order = "Suction strength should be between 60 and 600 mmHg in Korean studies of cupping."
    assert check.judge(order, told, "Suction strength and time. How strong should suction be?").reason == "duty"
    asked = ["Cups should stay on for no more than 15 minutes, according to one guideline."]
    assert check.judge("Cups should stay on for no more than 15 minutes, says one guideline.", asked, "").supported


@pytest.mark.parametrize(
    ("claim", "supported"),
    [
        ("Cupping eases chronic pain for a short time compared with no treatment.", True),
        ("Cupping did not clearly beat sham cupping in pooled trials.", True),
        ("Cupping eases chronic pain compared with sham cupping.", False),
        ("Cupping eases chronic pain.", False),
        ("Cupping has clearly beaten sham cupping in pooled trials.", False),
        ("Cupping eases chronic pain for years compared with no treatment.", False),
    ],
)
def test_a_benefit_keeps_its_limits(check: SupportCheck, claim: str, supported: bool) -> None:
    told = "Cupping eases chronic pain for a short time compared with no treatment, but it has not clearly beaten sham"
    assert check.judge(claim, [f"{told} cupping in pooled trials."], "Chronic pain").supported is supported


def test_a_second_model_may_only_reject(embedder: Embedder) -> None:
    class Never:
        def entails(self, premise: str, claim: str) -> bool:  # noqa: ARG002
            return False

    class Always:
        def entails(self, premise: str, claim: str) -> bool:  # noqa: ARG002
            return True

    def judged(second: Never | Always, claim: str) -> str:
        return SupportCheck.load(embedder.embed_queries, second).judge(claim, PREMISE, "Neck pain").reason

    assert judged(Never(), PREMISE[1]) == "entailment"
    assert judged(Always(), PREMISE[1]) == ""
    assert judged(Always(), "Dry cupping was better than sham cupping in 2 small trials.") == "negation"


def test_the_pairs_are_many_and_half_of_them_distorted() -> None:
    pairs = read_pairs()
    kinds = Counter(pair.distortion for pair in pairs if not pair.supported)
    assert len(pairs) >= 400
    assert 0.45 <= sum(kinds.values()) / len(pairs) <= 0.55
    assert set(kinds) == set(DISTORTIONS)
    assert len({(pair.group, pair.claim) for pair in pairs}) == len(pairs)
    assert not {p.group for p in pairs if p.split == "fit"} & {p.group for p in pairs if p.split == "test"}


def test_a_bad_line_is_named(tmp_path: Path) -> None:
    line = json.loads(PAIRS.read_text(encoding="utf-8").splitlines()[0])
    file = tmp_path / "pairs.jsonl"
    file.write_text(json.dumps({**line, "label": "distorted", "distortion": "none"}), encoding="utf-8")
    with pytest.raises(ValueError, match="line 1"):
        read_pairs(file)


def test_weights_point_the_way_that_reason_gives(embedder: Embedder) -> None:
    measured = measure_pairs(read_pairs()[:150], embedder.embed_queries)
    for name, weight in zip(NAMES, fit(measured).weights, strict=True):
        assert weight >= 0 if name in FOR_SUPPORT else weight <= 0


def test_the_threshold_drops_no_more_faithful_claims_than_allowed() -> None:
    probabilities = np.array([*np.linspace(0, 1, 100), 0.2, 0.9])
    supported = np.array([True] * 100 + [False, False])
    assert np.mean(probabilities[:100] < choose_threshold(probabilities, supported)) <= 0.08


def test_the_word_lists_compile_and_no_free_word_takes_a_side() -> None:
    words = vocabulary()
    assert words.free
    strict = ("wet", "dry", "women", "children", "sham", "insulin", "heart", "germany", "cures")
    assert not {stem for stem in strict if stem in words.free}
