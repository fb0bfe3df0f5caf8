"""The report's plots, each as an SVG element to stand inside a page. Drawn by matplotlib, with no global state."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from html import escape
from io import BytesIO
from typing import Any

import numpy as np

from bot.evaluation.results import Breakdown, Measured, Results

_BLUE, _RED, _GREY, _GREEN = "#1f5f8b", "#b3261e", "#6b7280", "#2e7d32"
_STYLE: Any = {"svg.fonttype": "none", "font.family": "sans-serif", "font.size": 9, "axes.spines.top": False}


@dataclass(frozen=True)
class Plot:
    """A plot, its heading, and what it shows in words for who can't see it."""

    heading: str
    description: str
    svg: str


def all_plots(results: Results, targets: Mapping[str, float]) -> list[Plot]:
    """Every plot that the run has data for."""
    shares = [m for m in results.measures if m.unit in ("share", "gain") and m.value is not None]
    plots = []
    for suite in ("answers", "guardrail", "retrieval"):
        chosen = [m for m in shares if m.suite == suite]
        if chosen:
            plots.append(_measures_plot(suite, chosen, {} if results.collection else targets))
    plots += _breakdown_plots(results.breakdowns)
    if results.risk:
        plots.append(_risk_plot(results.risk))
    if results.latencies:
        plots.append(_latency_plot(results.latencies))
    if results.confusion:
        plots.append(_confusion_plot(results.confusion))
    return plots


def _draw(name: str, description: str, size: tuple[float, float], paint: Callable[[Any], None]) -> str:
    """An SVG element of `size` inches, the same bytes for the same data."""
    import matplotlib
    from matplotlib.figure import Figure

    with matplotlib.rc_context({**_STYLE, "svg.hashsalt": name}):
        figure = Figure(figsize=size, layout="constrained")
        paint(figure.add_subplot())
        buffer = BytesIO()
        figure.savefig(buffer, format="svg", metadata=dict.fromkeys(("Date", "Creator", "Format", "Type")))
    svg = buffer.getvalue().decode("utf-8")
    return svg[svg.index("<svg") :].replace("<svg", f'<svg role="img" aria-label="{escape(description)}"', 1)


def _dots(axes: Any, labels: Sequence[str], rows: Sequence[tuple[float, float | None, float | None]]) -> None:
    """Values with intervals, one a line, the first on top."""
    places = np.arange(len(rows))[::-1]
    for place, (value, low, high) in zip(places, rows, strict=True):
        if low is not None and high is not None:
            axes.plot([low, high], [place, place], color=_BLUE, linewidth=2, solid_capstyle="butt")
        axes.plot([value], [place], "o", color=_BLUE, markersize=5)
    axes.set_yticks(places, labels)
    axes.set_ylim(-0.7, len(rows) - 0.3)
    axes.set_xlim(-0.02, 1.02)
    axes.grid(axis="x", color="#e5e7eb")
    axes.set_axisbelow(True)


def _measures_plot(suite: str, measures: Sequence[Measured], targets: Mapping[str, float]) -> Plot:
    def paint(axes: Any) -> None:
        _dots(axes, [m.title for m in measures], [(m.value or 0.0, m.low, m.high) for m in measures])
        for place, m in zip(range(len(measures) - 1, -1, -1), measures, strict=True):
            if m.name in targets:
                axes.plot([targets[m.name]] * 2, [place - 0.35, place + 0.35], color=_RED, linewidth=1.5)

    heading = f"{suite.capitalize()}: measures with 95% intervals" + (", targets in red" if targets else "")
    words = f"{heading}. " + "; ".join(f"{m.title} {m.value:.2f}" for m in measures)
    return Plot(heading, words, _draw(f"measures-{suite}", words, (8, 0.6 + 0.3 * len(measures)), paint))


_BREAKDOWNS = (
    ("answers", "kind", "strictly_right", "Strictly right, by kind of question"),
    ("answers", "style", "strictly_right", "Strictly right, by style of wording"),
    ("guardrail", "language", "urgent_recall", "Urgent recall, by language"),
    ("guardrail", "language", "crisis_recall", "Crisis recall, by language"),
    ("guardrail", "category", "right_action", "Right action, by category of prompt"),
)


def _breakdown_plots(breakdowns: Sequence[Breakdown]) -> list[Plot]:
    plots = []
    for suite, by, name, heading in _BREAKDOWNS:
        chosen = [b for b in breakdowns if (b.suite, b.by, b.name) == (suite, by, name)]
        if chosen:
            plots.append(_breakdown_plot(f"{name}-{by}", heading, chosen))
    return plots


def _breakdown_plot(name: str, heading: str, chosen: Sequence[Breakdown]) -> Plot:
    def paint(axes: Any) -> None:
        _dots(axes, [f"{b.group} ({b.n})" for b in chosen], [(b.value, b.low, b.high) for b in chosen])

    words = f"{heading}. " + "; ".join(f"{b.group} {b.value:.2f} of {b.n}" for b in chosen)
    return Plot(heading, words, _draw(name, words, (8, 0.6 + 0.3 * len(chosen)), paint))


def _risk_plot(risk: Sequence[float]) -> Plot:
    coverage = np.arange(1, len(risk) + 1) / len(risk)

    def paint(axes: Any) -> None:
        axes.plot(coverage, risk, color=_BLUE)
        axes.fill_between(coverage, risk, color=_BLUE, alpha=0.12)
        axes.set_xlabel("coverage: share of questions answered, surest first")
        axes.set_ylabel("risk: share not strictly right")
        axes.set_xlim(0, 1)
        axes.set_ylim(0, max(0.05, *risk) * 1.05)

    words = (
        f"Risk-coverage curve. Risk is {risk[len(risk) // 4]:.2f} at a quarter of coverage, "
        f"{risk[len(risk) // 2]:.2f} at half, {risk[-1]:.2f} at the whole."
    )
    return Plot("Risk and coverage", words, _draw("risk", words, (8, 3.2), paint))


def _latency_plot(latencies: Sequence[float]) -> Plot:
    median, late = np.percentile(latencies, [50, 95])

    def paint(axes: Any) -> None:
        axes.hist(np.clip(latencies, None, late * 2), bins=40, color=_BLUE)
        for place, colour, name in ((median, _GREEN, "median"), (late, _RED, "95th percentile")):
            axes.axvline(place, color=colour, label=f"{name} {place:.0f} ms")
        axes.set_xlabel("milliseconds (beyond twice the 95th percentile: last bar)")
        axes.set_ylabel("questions")
        axes.legend(frameon=False)

    words = f"Latency of one question. Median {median:.0f} ms, 95th percentile {late:.0f} ms."
    return Plot("Latency", words, _draw("latency", words, (8, 2.8), paint))


def _confusion_plot(confusion: Sequence[tuple[str, str, int]]) -> Plot:
    wanted, given = sorted({w for w, _, _ in confusion}), sorted({g for _, g, _ in confusion})
    counts = np.zeros((len(wanted), len(given)), dtype=int)
    for one, other, count in confusion:
        counts[wanted.index(one), given.index(other)] = count

    def paint(axes: Any) -> None:
        shares = counts / np.maximum(counts.sum(axis=1, keepdims=True), 1)
        axes.pcolormesh(shares, cmap="Blues", vmin=0, vmax=1)  # vector shapes: the page's policy bars images
        for i, j in np.argwhere(counts):
            axes.text(
                j + 0.5,
                i + 0.5,
                str(counts[i, j]),
                ha="center",
                va="center",
                color="white" if shares[i, j] > 0.5 else "black",
            )
        axes.set_xticks(np.arange(len(given)) + 0.5, given, rotation=35, ha="right")
        axes.set_yticks(np.arange(len(wanted)) + 0.5, wanted)
        axes.invert_yaxis()
        axes.set_xlabel("action taken")
        axes.set_ylabel("best action")

    words = "Confusion of actions. " + "; ".join(f"{w} met with {g}: {n}" for w, g, n in confusion)
    return Plot("Guardrail: best action and action taken", words, _draw("confusion", words, (8, 4.6), paint))
