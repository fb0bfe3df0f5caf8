"""Nothing is recorded unless it is switched on; then with personal data masked."""

from __future__ import annotations

from pathlib import Path

import pytest
from fastapi.testclient import TestClient
from scripted_pipeline import ScriptedPipeline, simple

from bot.domain import Action
from bot.web.app import create_app
from bot.web.recording import Feedback, Recorder
from bot.web.session import Conversations
from ingest.settings import Settings

GIVEN = {"verdict": "not helpful", "reason": "Mail me at jo@example.org or 07700 900123", "question": "What are cups?"}


def written(folder: Path) -> str:
    return "".join(path.read_text(encoding="utf-8") for path in folder.rglob("*.jsonl"))


def test_without_the_setting_nothing_is_taken(client: TestClient, settings: Settings) -> None:
    assert client.post("/feedback", json=GIVEN).status_code == 404
    assert written(settings.data) == ""


def test_with_the_setting_feedback_is_kept_masked(pipeline: ScriptedPipeline, settings: Settings) -> None:
    recording = settings.model_copy(update={"record_feedback": True})
    with TestClient(create_app(pipeline, recording)) as client:
        assert client.post("/feedback", json=GIVEN).status_code == 204
        assert client.post("/feedback", json={**GIVEN, "verdict": "<script>"}).status_code == 422
        assert client.post("/feedback", json={**GIVEN, "more": 1}).status_code == 422
    kept = written(settings.data)
    assert "not helpful" in kept
    assert "example.org" not in kept
    assert "900123" not in kept


@pytest.mark.parametrize("action", list(Action))
def test_only_what_the_library_does_not_say_is_kept(tmp_path: Path, action: Action) -> None:
    recorder = Recorder(tmp_path)
    pipeline = ScriptedPipeline(lambda question, _: simple(question, action, "Text."))
    list(Conversations(pipeline, lambda *_: None, 100, recorder=recorder).ask("Is it blue?", ()))  # type: ignore[arg-type,return-value]
    expected = ["Is it blue?"] if action is Action.SAY_UNKNOWN else []
    assert [question.words for question in recorder.unanswered()] == expected


def test_unanswered_questions_are_a_list_to_work_off(tmp_path: Path) -> None:
    recorder = Recorder(tmp_path)
    asked = ["Is it blue?", "Is it red? I am at jo@example.org", "Is it red? I am at al@example.org", "Is it blue?"]
    for question in [*asked, "Is it blue?"]:
        recorder.answered(simple(question, Action.SAY_UNKNOWN, "The library does not say."))
    with (tmp_path / "unanswered.jsonl").open("a", encoding="utf-8") as file:
        file.write('{"at": "2026-01-01", "ques')
    blue, red = recorder.unanswered()
    assert (blue.words, blue.times) == ("Is it blue?", 3)
    assert red.times == 2
    assert "example.org" not in red.words
    recorder.strike_off(blue.words)
    assert [question.words for question in recorder.unanswered()] == [red.words]


def test_the_files_stop_growing(tmp_path: Path) -> None:
    recorder = Recorder(tmp_path)
    (tmp_path / "feedback.jsonl").write_text("x" * 5_000_001, encoding="utf-8")
    recorder.feedback(Feedback(verdict="helpful"))
    assert (tmp_path / "feedback.jsonl").stat().st_size == 5_000_001
