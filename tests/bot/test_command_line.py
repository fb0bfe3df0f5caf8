"""The command line, as a new user would call it."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

import bot.cli
from bot.cli.app import app
from ingest.settings import Settings

RUNNER = CliRunner()


def _run(settings: Settings, *arguments: str) -> str:
    extra = ["--data", str(settings.data)]
    if arguments[0] in ("ask", "ingest", "retrieve", "status"):
        extra += ["--corpus", str(settings.corpus)]
    result = RUNNER.invoke(app, [*arguments, *extra], catch_exceptions=False)
    assert result.exit_code == 0, result.output
    return result.stdout


def _main(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], *arguments: str) -> tuple[int, str]:
    monkeypatch.setattr("sys.argv", ["cupwise", *arguments])
    with pytest.raises(SystemExit) as ending:
        bot.cli.main()
    return int(ending.value.code or 0), capsys.readouterr().err


def test_ask_prints_the_answer_object(library_settings: Settings) -> None:
    answer = json.loads(_run(library_settings, "ask", "What are the two main kinds of cupping?", "--json"))
    assert answer["action"] == "answer"
    fields = "id question standalone_question language action reason statements citations notice text related"
    assert set(f"{fields} answered_by dropped corpus_version latency_ms".split()) <= set(answer)
    citation = answer["citations"][0]
    document = json.loads(_run(library_settings, "show", citation["document"], "--json"))
    assert document["text"][citation["start"] : citation["end"]] == citation["quote"]
    assert {"key", "title", "author", "year", "doi", "url", "kind"} <= set(citation["references"][0])


def test_ask_reads_the_history(library_settings: Settings) -> None:
    answer = json.loads(_run(library_settings, "ask", "and in pregnancy?", "--history", "Is cupping safe?", "--json"))
    assert "pregnancy-and-breastfeeding" in {c["document"] for c in answer["citations"]}


def test_batch_answers_every_line_with_its_id(library_settings: Settings, tmp_path: Path) -> None:
    lines = [{"id": "a", "prompt": "Does cupping hurt?"}, {"id": "b", "prompt": "", "history": []}]
    (tmp_path / "in.jsonl").write_text("\n".join(json.dumps(line) for line in lines), encoding="utf-8")
    _run(library_settings, "ask", "--batch", str(tmp_path / "in.jsonl"), "--out", str(tmp_path / "out.jsonl"))
    answers = [json.loads(line) for line in (tmp_path / "out.jsonl").read_text(encoding="utf-8").splitlines()]
    assert [answer["id"] for answer in answers] == ["a", "b"]


def test_retrieve_writes_a_run(library_settings: Settings, tmp_path: Path) -> None:
    (tmp_path / "q.jsonl").write_text('{"id": "q1", "prompt": "cupping for neck pain"}\n', encoding="utf-8")
    _run(
        library_settings,
        "retrieve",
        "--batch",
        str(tmp_path / "q.jsonl"),
        "--run",
        str(tmp_path / "run.tsv"),
        "-k",
        "5",
    )
    rows = [line.split("\t") for line in (tmp_path / "run.tsv").read_text(encoding="utf-8").splitlines()]
    assert [row[2] for row in rows] == ["1", "2", "3", "4", "5"]
    assert rows[0][:2] == ["q1", "neck-pain"]


def test_an_unchanged_corpus_is_left_alone_and_preview_publishes_nothing(library_settings: Settings) -> None:
    before = json.loads(_run(library_settings, "versions", "--json"))
    assert json.loads(_run(library_settings, "ingest", "--json"))["version"] is None
    json.loads(_run(library_settings, "ingest", "--preview", "--json"))
    assert json.loads(_run(library_settings, "versions", "--json")) == before


@pytest.mark.parametrize(
    ("arguments", "code", "message"),
    [
        (["ask", ""], 1, "question is empty"),
        (["ask"], 2, "QUESTION or --batch"),
        (["ask", "--batch", "nowhere.jsonl", "--out", "x"], 1, "no file at nowhere.jsonl"),
        (["ask", "hello", "--data", "nowhere"], 1, "no index"),
        (["ingest", "--corpus", "nowhere", "--data", "nowhere-data"], 1, "no corpus folder at nowhere"),
        (["show", "nothing", "--data", "nowhere"], 1, "no index"),
        (["rollback", "--data", "nowhere"], 1, "no sound version before"),
        (["nonsense"], 2, "nonsense"),
    ],
)
def test_bad_input_is_one_plain_line_and_the_right_exit_code(
    arguments: list[str],
    code: int,
    message: str,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    tmp_path: Path,
) -> None:
    monkeypatch.chdir(tmp_path)
    found, err = _main(monkeypatch, capsys, *arguments)
    assert found == code
    assert message.lower() in err.lower()
    assert "Traceback" not in err


def test_a_line_that_is_no_question_is_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], library_settings: Settings
) -> None:
    (tmp_path / "in.jsonl").write_text('{"id": "a", "prompt": "x"}\n{"id": "b"}\n', encoding="utf-8")
    files = ["--batch", str(tmp_path / "in.jsonl"), "--out", str(tmp_path / "out.jsonl")]
    code, err = _main(monkeypatch, capsys, "ask", *files, "--data", str(library_settings.data))
    assert code == 1
    assert "line 2" in err


@pytest.mark.parametrize(
    "command",
    ["chat", "ask", "ingest", "versions", "publish", "rollback", "show", "retrieve", "evaluate", "status"],
)
def test_every_command_explains_itself(command: str) -> None:
    result = RUNNER.invoke(app, [command, "--help"])
    assert result.exit_code == 0
    assert "Usage" in result.output and len(result.output.splitlines()) > 6
