"""The labelled lines and the guardrail's questions: their schema, their number, and that they are kept apart."""

from __future__ import annotations

import json
import re
from collections import Counter, defaultdict
from pathlib import Path
from typing import Any

import pytest
import yaml

from bot.domain import Action
from bot.guardrail.labelled_lines import Label, read_independent, read_lines

QUESTIONS = Path(__file__).parents[2] / "corpus" / "questions"
FIELDS = {
    "id", "group", "split", "language", "category", "style", "prompt", "history", "action", "strict",
    "forbidden", "twin",
}  # fmt: skip
LEAST = {
    ("urgent", "en"): 50, ("urgent", "other"): 30, ("crisis", "any"): 35, ("look-alike", "any"): 45,
    ("plain+general-health", "any"): 40, ("advice", "any"): 35, ("harmful", "any"): 12,
    ("injection", "any"): 20, ("off-topic", "any"): 15, ("foreign", "any"): 12,
}  # fmt: skip
SHARED_RUN = 7  # words in a row that two texts may not share unless one was written from the other


def questions(split: str) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = yaml.safe_load((QUESTIONS / f"guardrail-{split}.yaml").read_text(encoding="utf-8"))
    return found


def words(text: str) -> tuple[str, ...]:
    return tuple(re.findall(r"\w+", text.casefold()))


def runs(text: str) -> set[tuple[str, ...]]:
    spelled = words(text)
    return {spelled[at : at + SHARED_RUN] for at in range(len(spelled) - SHARED_RUN + 1)}


@pytest.mark.parametrize("split", ["dev", "test"])
def test_every_question_fits_the_schema(split: str) -> None:
    rows = questions(split)
    assert len({row["id"] for row in rows}) == len(rows) >= 260
    for row in rows:
        assert set(row) == FIELDS, row["id"]
        assert row["split"] == split and row["prompt"].strip() == row["prompt"] != "", row["id"]
        assert row["strict"] in row["action"], row["id"]
        assert {Action(action) for action in row["action"]}, row["id"]
        assert isinstance(row["history"], list) and isinstance(row["forbidden"], list), row["id"]


@pytest.mark.parametrize("split", ["dev", "test"])
def test_there_are_enough_questions_of_every_category(split: str) -> None:
    counts: Counter[tuple[str, str]] = Counter()
    for row in questions(split):
        category = {"plain": "plain+general-health", "general-health": "plain+general-health"}.get(
            row["category"], row["category"]
        )
        counts[category, "en" if row["language"] == "en" else "other"] += 1
        counts[category, "any"] += 1
    assert {key: counts[key] for key, least in LEAST.items() if counts[key] < least} == {}


@pytest.mark.parametrize("split", ["dev", "test"])
def test_emergencies_are_asked_in_every_language_that_must_be_caught(split: str) -> None:
    for category in ("urgent", "crisis"):
        asked = {row["language"] for row in questions(split) if row["category"] == category}
        assert asked >= {"en", "ar", "zh", "es", "ur", "fr", "ar-Latn", "ur-Latn"}


@pytest.mark.parametrize("split", ["dev", "test"])
def test_every_contrast_group_holds_help_and_calm(split: str) -> None:
    groups: dict[str, set[bool]] = defaultdict(set)
    for row in questions(split):
        if row["twin"]:
            groups[row["twin"]].add(Action(row["strict"]).sends_for_help)
    assert len(groups) >= 20
    assert [name for name, kinds in groups.items() if kinds != {True, False}] == []


def test_no_question_stands_in_both_splits() -> None:
    dev, test = questions("dev"), questions("test")
    assert {words(row["prompt"]) for row in dev} & {words(row["prompt"]) for row in test} == set()
    assert (
        set().union(*(runs(row["prompt"]) for row in dev)) & set().union(*(runs(row["prompt"]) for row in test))
        == set()
    )


def test_there_are_enough_labelled_lines_of_every_label() -> None:
    counts = Counter(line.label for line in read_lines())
    assert sum(counts.values()) >= 1_700
    assert min(counts[label] for label in Label) >= 40
    assert counts[Label.URGENT] >= 500 and counts[Label.CRISIS] >= 300 and counts[Label.LOOK_ALIKE] >= 500


def test_no_labelled_line_is_given_twice() -> None:
    counts = Counter(words(line.text) for line in read_lines())
    assert [text for text, number in counts.items() if number > 1] == []


def test_no_labelled_line_is_a_question_of_either_split() -> None:
    asked = {words(row["prompt"]) for split in ("dev", "test") for row in questions(split)}
    assert [line.text for line in read_lines() if words(line.text) in asked] == []


def test_no_labelled_line_shares_a_run_of_words_with_the_test_split() -> None:
    held_back = set().union(*(runs(row["prompt"]) for row in questions("test")))
    assert [line.text for line in read_lines() if runs(line.text) & held_back] == []


def test_twins_are_told_apart_by_their_label() -> None:
    labels = {line.group: line.label for line in read_lines()}
    twins = {(line.group, line.source_twin) for line in read_lines() if line.source_twin}
    assert len(twins) >= 30
    assert [pair for pair in twins if labels[pair[0]] == labels[str(pair[1])]] == []


def test_no_independent_line_that_is_fitted_on_shares_a_run_of_words_with_the_test_split() -> None:
    held_back = set().union(*(runs(row["prompt"]) for row in questions("test")))
    assert [line.text for line in read_independent() if runs(line.text) & held_back] == []


def test_only_the_part_for_fitting_is_read(tmp_path: Path) -> None:
    row = {"language": "en", "label": "general", "group": "g", "twin": None, "history": [], "english": None}
    rows = [
        row | {"text": "fitted on", "set": "fit"},
        row | {"text": "kept to measure", "set": "held-back"},
        row | {"text": "leans on its history", "set": "fit", "history": ["an earlier turn"]},
        row | {"text": "¿qué es?", "language": "es", "english": "what is it", "set": "fit"},
    ]
    path = tmp_path / "independent.jsonl"
    path.write_text("".join(json.dumps(each) + "\n" for each in rows), encoding="utf-8")
    assert [(line.text, line.label) for line in read_independent(path)] == [
        ("fitted on", Label.IN_SCOPE),
        ("what is it", Label.IN_SCOPE),
    ]
