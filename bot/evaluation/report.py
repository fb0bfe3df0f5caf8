"""The HTML report: one file that needs nothing else, no script, no network."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from jinja2 import Environment, PackageLoader, StrictUndefined

from bot.evaluation.comparison import Comparison
from bot.evaluation.gates import MissedGate
from bot.evaluation.plots import all_plots
from bot.evaluation.results import Breakdown, CaseRow, Results
from bot.evaluation.table import bound_text, difference_text, interval_text, number, verdict


def write_report(
    results: Results,
    targets: Mapping[str, float],
    missed: list[MissedGate],
    comparison: Comparison | None,
    file: Path,
) -> None:
    """Write the report of a run; with a comparison, what changed since the baseline too."""
    environment = Environment(
        loader=PackageLoader("bot.evaluation", "."),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.globals |= {
        "number": number,
        "interval_text": interval_text,
        "bound_text": bound_text,
        "verdict": verdict,
        "difference_text": difference_text,
    }
    page = environment.get_template("report.html").render(
        results=results,
        targets={} if results.collection else targets,
        missed=missed,
        plots=all_plots(results, targets),
        breakdowns=_tables(results.breakdowns),
        failing=_failing(results.cases),
        comparison=comparison,
    )
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(page, encoding="utf-8")


def _tables(breakdowns: tuple[Breakdown, ...]) -> dict[str, list[Breakdown]]:
    """Breakdowns by the heading of the table that they stand in."""
    tables: dict[str, list[Breakdown]] = {}
    for breakdown in breakdowns:
        tables.setdefault(f"{breakdown.suite} by {breakdown.by}", []).append(breakdown)
    return tables


def _failing(cases: tuple[CaseRow, ...]) -> dict[str, list[CaseRow]]:
    """Cases with a fault, by suite, the worst first: missed emergencies and false alarms before all else."""
    failing: dict[str, list[CaseRow]] = {}
    for row in sorted(cases, key=_gravity):
        if row.faults:
            failing.setdefault(row.suite, []).append(row)
    return failing


def _gravity(row: CaseRow) -> tuple[int, str]:
    alarms = {"urgent", "crisis"}
    wanted = row.expected.get("action", [])
    missed = bool(wanted) and alarms.issuperset(wanted) and row.action not in alarms
    false_alarm = row.action in alarms and not alarms.intersection(wanted)
    return (0 if missed else 1 if false_alarm else 2, row.id)
