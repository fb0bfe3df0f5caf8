"""`cupwise evaluate`, whole, on a small corpus with the real models."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest
import typer
from typer.testing import CliRunner, Result

from bot.cli.evaluate import evaluate
from bot.errors import QuestionFileError
from bot.evaluation.collection import open_collection
from bot.evaluation.last_run import last_run
from ingest.settings import Settings

app = typer.Typer()
app.command()(evaluate)


def _run(workplace: Path, monkeypatch: pytest.MonkeyPatch, *arguments: str) -> Result:
    monkeypatch.chdir(workplace)
    data = ("--data", str(workplace / "data"), "--corpus", str(workplace / "corpus" / "documents"))
    return CliRunner().invoke(app, [*arguments, *data])


def _gate(workplace: Path, line: str) -> None:
    (workplace / "pyproject.toml").write_text(f"[tool.cupwise.gates]\n{line}\n", encoding="utf-8")


def _load(file: Path) -> dict[str, Any]:
    loaded: dict[str, Any] = json.loads(file.read_text(encoding="utf-8"))
    return loaded


def test_every_suite_is_run_measured_and_reported(workplace: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    _gate(workplace, "quote_exactness = 1.0")
    result = _run(workplace, monkeypatch, "--json", "run.json", "--report", "run.html")
    assert result.exit_code == 0, result.output
    found = _load(workplace / "run.json")
    values = {m["name"]: m["value"] for m in found["measures"]}
    assert values["strictly_right"] == 0.5  # nobody says unobtainium
    assert values["quote_exactness"] == 1.0
    assert values["urgent_recall"] == 1.0
    assert values["success_at_5"] == 1.0
    assert [c["id"] for c in found["cases"] if c["suite"] == "answers" and c["faults"]] == ["cups-1"]
    kept = last_run(workplace / "data")
    assert kept is not None
    assert {m.name: m.value for m in kept.measures} == values
    page = (workplace / "run.html").read_text(encoding="utf-8")
    assert "point not made: unobtainium" in page and page.count("<svg") >= 6
    assert re.findall(r"""(?:src|href)=["'](?!#)[^"']*|url\((?!#)[^)]*|<script|@import""", page) == []


def test_missed_gate_is_exit_code_3(workplace: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    _gate(workplace, "strictly_right = 0.9")
    result = _run(workplace, monkeypatch, "--suite", "answers")
    assert result.exit_code == 3
    assert "gate missed: strictly_right is 0.5, the gate is 0.9" in result.output


def test_baseline_lists_what_flipped(workplace: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    _gate(workplace, "quote_exactness = 1.0")
    assert _run(workplace, monkeypatch, "--suite", "answers", "--json", "old.json").exit_code == 0
    old = _load(workplace / "old.json")
    for case in old["cases"]:
        if case["id"] == "cups-1":
            case["scores"]["strictly_right"] = 1.0
    (workplace / "old.json").write_text(json.dumps(old), encoding="utf-8")
    result = _run(workplace, monkeypatch, "--suite", "answers", "--baseline", "old.json", "--report", "new.html")
    assert "NOW WRONG: answers cups-1 [strictly_right]" in result.output
    assert "now wrong" in (workplace / "new.html").read_text(encoding="utf-8")


def test_collection_in_beir_form_is_ingested_and_measured(
    workplace: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = tmp_path / "fruit"
    (folder / "qrels").mkdir(parents=True)
    documents = [
        {"_id": "MED/1", "title": "Apples: a review", "text": "Apples grow on trees in orchards."},
        {"_id": "MED/2", "title": "", "text": "Potatoes grow under the ground."},
        {"_id": "MED/3", "title": "Whales", "text": "Whales are the largest animals of the sea."},
    ]
    queries = [{"_id": "q1", "text": "where do potatoes grow"}, {"_id": "q2", "text": "largest sea animal"}]
    for name, rows in (("corpus", documents), ("queries", queries)):
        (folder / f"{name}.jsonl").write_text("\n".join(json.dumps(row) for row in rows), encoding="utf-8")
    qrels = "query-id\tcorpus-id\tscore\nq1\tMED/2\t1\nq2\tMED/3\t2\nq2\tMED/1\t0\n"
    (folder / "qrels" / "test.tsv").write_text(qrels, encoding="utf-8")
    result = _run(workplace, monkeypatch, "--collection", str(folder), "--json", "beir.json")
    assert result.exit_code == 0, result.output
    found = _load(workplace / "beir.json")
    assert {m["name"]: m["value"] for m in found["measures"]}["mrr_at_10"] == 1.0
    assert {c["id"]: c["expected"]["documents"] for c in found["cases"]} == {"q1": ["MED/2"], "q2": ["MED/3"]}
    assert found["cases"][0]["detail"]["ranking"][0][0] == "MED/2"


def test_broken_collection_is_named(workplace: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "corpus.jsonl").write_text('{"_id": "a", "text": "x"}\n{oops\n', encoding="utf-8")
    result = _run(workplace, monkeypatch, "--collection", str(tmp_path))
    assert "corpus.jsonl, line 2" in str(result.exception)


def test_judgements_of_another_split_are_not_taken_for_the_one_asked(tmp_path: Path) -> None:
    (tmp_path / "qrels").mkdir()
    for name in ("train", "dev"):
        (tmp_path / "qrels" / f"{name}.tsv").write_text("query-id\tcorpus-id\tscore\nq\td\t1\n", encoding="utf-8")
    (tmp_path / "corpus.jsonl").write_text('{"_id": "d", "text": "A fact."}', encoding="utf-8")
    (tmp_path / "queries.jsonl").write_text('{"_id": "q", "text": "a fact?"}', encoding="utf-8")
    settings = Settings(data=tmp_path / "data")
    with pytest.raises(QuestionFileError, match=r"no test\.tsv.*dev, train"):
        open_collection(tmp_path, "test", settings)
    assert [query.relevant for query in open_collection(tmp_path, "dev", settings).queries] == [{"d": 1}]
