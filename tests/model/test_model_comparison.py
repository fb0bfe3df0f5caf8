"""Model mode is measured against quote mode on the same questions."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from provider import Asked, Says, provider
from typer.testing import CliRunner

from bot.cli import app
from bot.evaluation.model_comparison import ModelComparison, compare_modes, figure_lines
from ingest.settings import Settings

QUESTIONS = """
- id: osteoarthritis-1
  split: dev
  need: osteoarthritis
  kind: definition
  style: plain
  question: "Is osteoarthritis an autoimmune disease?"
  history: []
  action: [answer, answer_with_disclaimer]
  points: [["not classed as an autoimmune"]]
  forbidden: ["osteoarthritis is classed as an autoimmune"]
  documents: [knee-osteoarthritis]
"""
TRUE = "Osteoarthritis is not classed as an autoimmune disease"


@pytest.fixture
def questions(tmp_path: Path) -> Path:
    (tmp_path / "answers-few.yaml").write_text(QUESTIONS, encoding="utf-8")
    return tmp_path


def _half_true(asked: Asked) -> Says:
    if "autoimmune" not in asked.user.rpartition("<question>")[2]:
        return Says("The passages do not say.")
    key = asked.key_of("osteoarthritis (OA) is not classed as an autoimmune disease")
    return Says(f"{TRUE} [{key}].\nOsteoarthritis is classed as an autoimmune disease [{key}].")


def _compare(settings: Settings, questions: Path, url: str) -> ModelComparison:
    changed = {"model": "openai:scripted", "model_url": url, "questions": questions}
    return compare_modes(settings.model_copy(update=changed), "dev")


def test_faithfulness_tokens_and_rightness_are_measured(settings: Settings, questions: Path) -> None:
    with provider(_half_true) as server:
        found = _compare(settings, questions, server.url)
    figures = found.figures
    assert (figures.asked, figures.written, figures.kept, figures.faithfulness) == (1, 2, 1, 0.5)
    assert (figures.tokens_sent, figures.tokens_received) == (1000, 50)
    assert sum(figures.dropped.values()) == 1
    assert {d.name: d.n for d in found.compared.differences}["strictly_right"] == 1
    assert any("50%" in line for line in figure_lines(figures))


def test_answers_that_fell_back_are_counted_with_their_reason(settings: Settings, questions: Path) -> None:
    with provider([Says("The passages do not say.")]) as server:
        figures = _compare(settings, questions, server.url).figures
    assert figures.fallbacks == {"found no answer in the passages": 1}
    assert figures.faithfulness is None or figures.kept == 0


def test_the_command_compares_and_hands_dropped_sentences_to_the_curator(
    settings: Settings, questions: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with provider(_half_true) as server:
        monkeypatch.setenv("CUPWISE_MODEL_URL", server.url)
        monkeypatch.setenv("CUPWISE_QUESTIONS", str(questions))
        file, kept = tmp_path / "dropped.jsonl", tmp_path / "kept.jsonl"
        folders = ["--data", str(settings.data), "--corpus", str(settings.corpus)]
        chosen = ["--model", "openai:scripted", "--split", "dev", "--dropped", str(file), "--kept", str(kept)]
        shown = CliRunner().invoke(app.app, ["evaluate", *chosen, *folders])
    assert shown.exit_code == 0, shown.output
    assert "Faithfulness" in shown.output
    assert "quotations" in shown.output
    assert [json.loads(line)["reason"] for line in file.read_text(encoding="utf-8").splitlines()] == ["negation"]
    (shown_one,) = [json.loads(line) for line in kept.read_text(encoding="utf-8").splitlines()]
    assert shown_one["sentence"] == f"{TRUE}."
    assert "not classed as an autoimmune disease" in shown_one["rests_on"][0]


def test_a_sample_asks_no_more_than_its_limit_and_says_so(
    settings: Settings, questions: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    more = QUESTIONS.replace("osteoarthritis-1", "osteoarthritis-2")
    (questions / "answers-more.yaml").write_text(more, encoding="utf-8")
    with provider(_half_true) as server:
        monkeypatch.setenv("CUPWISE_MODEL_URL", server.url)
        monkeypatch.setenv("CUPWISE_QUESTIONS", str(questions))
        folders = ["--data", str(settings.data), "--corpus", str(settings.corpus)]
        chosen = ["--model", "openai:scripted", "--split", "dev", "--limit", "1"]
        shown = CliRunner().invoke(app.app, ["evaluate", *chosen, *folders])
    assert "A sample: 1 questions of the dev split, spread evenly." in shown.output
    assert "was asked 1 questions" in shown.output


def test_a_sample_without_a_model_is_refused(settings: Settings) -> None:
    shown = CliRunner().invoke(app.app, ["evaluate", "--limit", "5", "--data", str(settings.data)])
    assert shown.exit_code == 2
    assert "--limit goes with --model" in shown.output
