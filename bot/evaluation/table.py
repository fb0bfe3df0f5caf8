"""Results and comparisons on a terminal: compact tables."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from rich.box import SIMPLE_HEAD
from rich.table import Table

from bot.evaluation.comparison import Comparison, Difference
from bot.evaluation.gates import MissedGate, reaches
from bot.evaluation.results import Measured, Results

_HIGHER, _LOWER = "≥", "≤"


def number(value: float | None, unit: str) -> str:
    """A number in its unit; a dash where there is none."""
    if value is None:
        return "–"
    if unit in ("words", "ms"):
        return f"{value:.0f} {unit}" if abs(value) >= 10 or unit == "words" else f"{value:.1f} {unit}"
    return f"{value:.3f}"


def interval_text(low: float | None, high: float | None, unit: str) -> str:
    """An interval in a unit."""
    if low is None or high is None:
        return "–"
    if unit not in ("words", "ms"):
        return f"{low:.3f}–{high:.3f}"
    return f"{low:.0f}–{high:.0f}" if high >= 10 else f"{low:.1f}–{high:.1f}"


def bound_text(measured: Measured, bound: float | None) -> str:
    """A target or gate with its direction."""
    if bound is None:
        return ""
    return f"{_HIGHER if measured.better == 'higher' else _LOWER} {bound:g}"


def verdict(measured: Measured, target: float | None) -> str:
    """Whether a target is reached, in words."""
    if target is None:
        return ""
    if measured.value is None:
        return "not measured"
    return "reached" if reaches(measured, target) else "NOT REACHED"


def results_table(results: Results, targets: Mapping[str, float]) -> Table:
    """Every measure: value, interval, cases, target, reached or not."""
    where = f"collection {results.collection}" if results.collection else f"{results.split} split"
    caption = f"{where}, corpus version {results.corpus_version}, {results.seconds:.0f} s"
    table = Table(title=caption, title_justify="left", box=SIMPLE_HEAD, pad_edge=False)
    table.add_column("measure")
    for heading in ("value", "95% interval", "n", "target"):
        table.add_column(heading, justify="right", no_wrap=True)
    table.add_column("", no_wrap=True)
    suite = ""
    for m in results.measures:
        if m.suite != suite:
            table.add_section()
            suite = m.suite
        target = None if results.collection else targets.get(m.name)
        said = verdict(m, target)
        style = "bold red" if said == "NOT REACHED" else ""
        cells = (number(m.value, m.unit), interval_text(m.low, m.high, m.unit), str(m.n), bound_text(m, target), said)
        table.add_row(m.title, *cells, style=style)
    return table


def comparison_table(comparison: Comparison, runs: tuple[str, str] = ("before", "after")) -> Table:
    """Every measure that both runs hold, under their names: first, second, and whether chance explains it."""
    title = "compared with the baseline, paired by question" if runs[0] == "before" else "paired by question"
    table = Table(title=title, title_justify="left", box=SIMPLE_HEAD, pad_edge=False)
    table.add_column("measure")
    for heading in (*runs, "difference, 95%", "McNemar p", "n"):
        table.add_column(heading, justify="right", no_wrap=True)
    table.add_column("", no_wrap=True)
    for d in comparison.differences:
        cells = (number(d.before, d.unit), number(d.after, d.unit), difference_text(d))
        table.add_row(d.title, *cells, "" if d.p is None else f"{d.p:.3f}", str(d.n), d.verdict)
    return table


def difference_text(d: Difference) -> str:
    """The difference with its interval, signs shown."""
    if d.low is None or d.high is None:
        return "0" if d.after == d.before else f"{d.after - d.before:+.3g}"
    return f"{d.after - d.before:+.3g} ({d.low:+.3g} to {d.high:+.3g})"


def flip_lines(comparison: Comparison) -> list[str]:
    """What flipped, a line each, losses first."""
    lines = []
    for flip in sorted(comparison.flips, key=lambda f: (f.improved, f.measure, f.after.id)):
        mark = "now right" if flip.improved else "NOW WRONG"
        faults = "" if flip.improved else f" ({'; '.join(flip.after.faults)})"
        lines.append(f"{mark}: {flip.after.suite} {flip.after.id} [{flip.measure}] {flip.after.question[:90]}{faults}")
    for name, ids in (("only in the baseline", comparison.only_before), ("only in this run", comparison.only_after)):
        if ids:
            lines.append(f"{name}: {len(ids)} cases, not compared")
    return lines


def gate_lines(missed: Sequence[MissedGate]) -> list[str]:
    """Missed gates, a line each."""
    return [
        f"gate missed: {gate.name} is {'not measured' if gate.value is None else f'{gate.value:.4g}'}, "
        f"the gate is {gate.gate:g}"
        for gate in missed
    ]
