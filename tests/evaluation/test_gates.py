"""Targets and gates."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.evaluation.gates import GateError, load_gates, load_targets, missed_gates, reaches
from bot.evaluation.measure import Better
from bot.evaluation.measures import EVERY_MEASURE
from bot.evaluation.results import Measured, Results


def _measured(name: str, value: float | None, better: Better = "higher") -> Measured:
    return Measured("answers", name, name, "…", better, "share", value, None, None, 10)


@pytest.mark.parametrize(
    ("better", "value", "reached"),
    [
        ("higher", 0.9, True),
        ("higher", 0.9 - 1e-12, True),
        ("higher", 0.8999, False),
        ("lower", 0.9, True),
        ("lower", 0.9001, False),
        ("higher", None, False),
        ("lower", None, False),
    ],
)
def test_bound_is_met_from_the_better_side(better: Better, value: float | None, reached: bool) -> None:
    assert reaches(_measured("m", value, better), 0.9) is reached


def test_every_target_is_a_measure() -> None:
    assert load_targets().keys() <= {measure.name for measure in EVERY_MEASURE}


def test_gates_are_read_from_the_nearest_project_file(tmp_path: Path) -> None:
    (tmp_path / "pyproject.toml").write_text("[tool.cupwise.gates]\nstrictly_right = 0.8\n", encoding="utf-8")
    inner = tmp_path / "a" / "b"
    inner.mkdir(parents=True)
    assert load_gates(inner) == {"strictly_right": 0.8}


def test_misspelt_gate_is_an_error(tmp_path: Path) -> None:
    (tmp_path / "pyproject.toml").write_text("[tool.cupwise.gates]\nstricty_right = 0.8\n", encoding="utf-8")
    with pytest.raises(GateError, match="no measure 'stricty_right'"):
        load_gates(tmp_path)


def test_gate_of_a_suite_that_was_not_run_is_not_missed() -> None:
    measures = (_measured("strictly_right", 0.7), _measured("points_found", None))
    results = Results("test", "v", "2026-01-01", 1.0, measures, (), ())
    missed = missed_gates(results, {"strictly_right": 0.8, "points_found": 0.5, "mrr_at_10": 0.9})
    assert [(gate.name, gate.value) for gate in missed] == [("strictly_right", 0.7), ("points_found", None)]
