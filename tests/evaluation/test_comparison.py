"""Comparing two runs question by question."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest

from bot.evaluation.comparison import compare, mcnemar
from bot.evaluation.results import CaseRow, ResultFileError, Results, load_results, save_results


def _row(name: str, **scores: float) -> CaseRow:
    faults = () if all(scores.values()) else ("wrong",)
    return CaseRow("answers", name, name, {}, "…", (), {}, "answer", "…", {}, scores, faults)


def _results(rows: list[CaseRow], **fields: Any) -> Results:
    return Results("test", "v1", "2026-01-01", 1.0, (), (), tuple(rows), **fields)


def _run(right: list[int], words: float = 50.0) -> Results:
    return _results([_row(f"q{i}", strictly_right=float(r), answer_length=words + i) for i, r in enumerate(right)])


def test_mcnemar_looks_only_at_what_flipped() -> None:
    same, gained = [(1, 1)] * 90, [(0, 1)] * 8
    assert mcnemar(np.array(same, dtype=float)) == 1.0
    assert mcnemar(np.array(same + gained, dtype=float)) == pytest.approx(2 * 0.5**8)
    assert mcnemar(np.array(gained + [(1, 0)] * 8, dtype=float)) == 1.0


def test_flips_are_listed_both_ways() -> None:
    comparison = compare(_run([1, 0, 1]), _run([0, 1, 1]))
    assert {(flip.after.id, flip.improved) for flip in comparison.flips} == {("q0", False), ("q1", True)}


def test_clear_gain_and_clear_loss_are_told_from_noise() -> None:
    before, after = _run([0] * 20 + [1] * 20), _run([1] * 40)
    verdicts = {d.name: d.verdict for d in compare(before, after).differences}
    assert verdicts["strictly_right"] == "better"
    assert {d.name: d.verdict for d in compare(after, before).differences}["strictly_right"] == "worse"
    noise = compare(_run([1, 0] * 20), _run([1, 0] * 19 + [1, 1]))
    assert {d.name: d.verdict for d in noise.differences}["strictly_right"] == "no clear difference"


def test_longer_answers_are_worse_by_their_median() -> None:
    found = {d.name: d for d in compare(_run([1] * 30), _run([1] * 30, words=70)).differences}["answer_length"]
    assert found.p is None and found.after - found.before == pytest.approx(20) and found.verdict == "worse"


def test_only_shared_questions_are_compared() -> None:
    before = _results([_row("a", strictly_right=1.0), _row("b", strictly_right=0.0)])
    after = _results([_row("b", strictly_right=1.0), _row("c", strictly_right=0.0)])
    comparison = compare(before, after)
    assert [d.n for d in comparison.differences] == [1]
    assert comparison.only_before == ("answers: a",) and comparison.only_after == ("answers: c",)


def test_false_answer_that_goes_away_is_an_improvement() -> None:
    before, after = _results([_row("a", false_answers=1.0)]), _results([_row("a", false_answers=0.0)])
    assert [flip.improved for flip in compare(before, after).flips] == [True]


def test_results_survive_their_file(tmp_path: Path) -> None:
    results = _results([_row("a", strictly_right=1.0)], group_scores={"contrast_groups": {"twin:x": 1.0}})
    save_results(results, tmp_path / "deep" / "run.json")
    assert load_results(tmp_path / "deep" / "run.json") == results


@pytest.mark.parametrize("content", [None, "not json", "[]", '{"format": 0}', '{"format": 1}'])
def test_file_that_holds_no_results_is_named(tmp_path: Path, content: str | None) -> None:
    file = tmp_path / "run.json"
    if content is not None:
        file.write_text(content, encoding="utf-8")
    with pytest.raises(ResultFileError, match=r"run\.json"):
        load_results(file)
