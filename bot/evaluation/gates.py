"""What a run should reach (targets) and what it must reach (gates).

Targets come with the package (`targets.yaml`). Gates stand in pyproject.toml under [tool.cupwise.gates], as
`measure = number`: the worst value with which a release may go out.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from importlib.resources import files
from pathlib import Path

from bot.errors import BotError
from bot.evaluation.measures import EVERY_MEASURE
from bot.evaluation.results import Measured, Results
from ingest.data_files import read_yaml

_SLACK = 1e-9
"""0.1 + 0.2 must reach 0.3."""


class GateError(BotError):
    """The gates in pyproject.toml can't be read."""


@dataclass(frozen=True)
class MissedGate:
    """A gate that a run did not reach. value: None where the measure had no case to look at."""

    name: str
    gate: float
    value: float | None


def load_targets() -> dict[str, float]:
    """Measure name to target."""
    text = files("bot.evaluation").joinpath("targets.yaml").read_text(encoding="utf-8")
    return {name: float(value) for name, value in read_yaml(text).items()}


def load_gates(folder: Path) -> dict[str, float]:
    """Measure name to gate, from the nearest pyproject.toml at or above a folder; empty where there is none.

    Raises GateError for a measure that does not exist: a misspelt gate would never be missed.
    """
    file = next((d / "pyproject.toml" for d in (folder, *folder.parents) if (d / "pyproject.toml").is_file()), None)
    if file is None:
        return {}
    try:
        found = tomllib.loads(file.read_text(encoding="utf-8")).get("tool", {}).get("cupwise", {}).get("gates", {})
        gates = {str(name): float(value) for name, value in found.items()}
    except (ValueError, TypeError, AttributeError) as error:
        raise GateError(f"{file}: [tool.cupwise.gates] must hold lines of `measure = number` ({error}).") from error
    known = {measure.name for measure in EVERY_MEASURE}
    for name in gates:
        if name not in known:
            raise GateError(f"{file}: there is no measure '{name}'. Measures: {', '.join(sorted(known))}.")
    return gates


def reaches(measured: Measured, bound: float) -> bool:
    """Whether a measured number is as good as a bound. What was not measured reaches nothing."""
    if measured.value is None:
        return False
    if measured.better == "higher":
        return measured.value >= bound - _SLACK
    return measured.value <= bound + _SLACK


def missed_gates(results: Results, gates: Mapping[str, float]) -> list[MissedGate]:
    """Gates of the suites that were run and that the run did not reach."""
    return [
        MissedGate(measured.name, gates[measured.name], measured.value)
        for measured in results.measures
        if measured.name in gates and not reaches(measured, gates[measured.name])
    ]
