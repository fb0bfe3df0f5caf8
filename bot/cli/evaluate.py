"""`cupwise evaluate`: measure answers, the guardrail and retrieval on labelled questions."""

from __future__ import annotations

import sys
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.console import Console

from bot.cli.options import CorpusOption, DataOption, settings_from
from bot.cli.terminal import TerminalProgress
from ingest.settings import Settings

if TYPE_CHECKING:
    from bot.evaluation.comparison import Comparison
    from bot.evaluation.gates import MissedGate
    from bot.evaluation.results import Results

GATE_MISSED = 3
"""Exit code where a gate of pyproject.toml is missed."""

_WIDTH_OF_A_FILE = 140


class SuiteChoice(StrEnum):
    """Which suites to run."""

    ANSWERS = "answers"
    GUARDRAIL = "guardrail"
    RETRIEVAL = "retrieval"
    ALL = "all"


class SplitChoice(StrEnum):
    """Which questions to use."""

    DEV = "dev"
    TEST = "test"
    ALL = "all"


def evaluate(
    suite: Annotated[SuiteChoice, typer.Option(help="What to measure.")] = SuiteChoice.ALL,
    split: Annotated[
        SplitChoice, typer.Option(help="Which questions: dev is for choosing settings, test for reporting.")
    ] = SplitChoice.TEST,
    baseline: Annotated[
        Path | None, typer.Option(help="Results of an earlier run (--json) to compare with, question by question.")
    ] = None,
    json_: Annotated[Path | None, typer.Option("--json", help="Where to write the results as JSON.")] = None,
    report: Annotated[Path | None, typer.Option(help="Where to write a report as one HTML file.")] = None,
    collection: Annotated[
        Path | None,
        typer.Option(help="Folder of a collection in BEIR form: measure retrieval on it, not on our own questions."),
    ] = None,
    model: Annotated[
        str, typer.Option(help="A chat model, such as openai:NAME: compare its answers with quotations.")
    ] = "",
    dropped: Annotated[
        Path | None, typer.Option(help="With --model: where to write the sentences that were dropped, and why.")
    ] = None,
    kept: Annotated[
        Path | None, typer.Option(help="With --model: where to write the sentences that were shown, and what of.")
    ] = None,
    limit: Annotated[
        int | None,
        typer.Option(min=1, help="With --model: ask at most so many questions, spread evenly over the set."),
    ] = None,
    data: DataOption = None,
    corpus: CorpusOption = None,
) -> None:
    """Measure quality. Exit code 3 where a gate of pyproject.toml is missed. The Curator page shows the last run."""
    if collection is not None and suite not in (SuiteChoice.ALL, SuiteChoice.RETRIEVAL):
        raise typer.BadParameter("--collection measures retrieval; it has no labels for other suites.")
    from bot.evaluation import comparison, gates, last_run, results

    settings = settings_from(data, corpus)
    if model:
        _compare_modes(settings.model_copy(update={"model": model}), split, limit, _Files(json_, dropped, kept))
        return
    if limit:
        raise typer.BadParameter("--limit goes with --model: the other measures are taken on whole sets.")
    before = results.load_results(baseline) if baseline else None
    bounds = {} if collection else gates.load_gates(Path.cwd())
    found = _measure(settings, suite, split, collection)
    compared = comparison.compare(before, found) if before else None
    missed = gates.missed_gates(found, bounds)
    if collection is None:
        last_run.keep_last_run(found, settings.data)
    if json_:
        results.save_results(found, json_)
    if report:
        _report(found, missed, compared, report)
    _show(found, compared, missed)
    if missed:
        raise typer.Exit(GATE_MISSED)


def _report(found: Results, missed: list[MissedGate], compared: Comparison | None, file: Path) -> None:
    from bot.evaluation import gates
    from bot.evaluation.report import write_report

    write_report(found, gates.load_targets(), missed, compared, file)


def _measure(settings: Settings, suite: SuiteChoice, split: SplitChoice, collection: Path | None) -> Results:
    from bot.evaluation import suites

    if collection is not None:
        return suites.evaluate_collection(collection, split, settings, TerminalProgress())
    from bot.pipeline import Pipeline

    chosen = tuple(name for name in suites.SUITES if suite in (SuiteChoice.ALL, name))
    return suites.evaluate(Pipeline.open(settings), settings.questions, chosen, split, TerminalProgress())


@dataclass(frozen=True)
class _Files:
    """Where to write what a comparison of modes found."""

    results: Path | None
    dropped: Path | None
    kept: Path | None


def _compare_modes(settings: Settings, split: SplitChoice, limit: int | None, files: _Files) -> None:
    from bot.evaluation import model_comparison, results, table

    found = model_comparison.compare_modes(settings, split, TerminalProgress(), limit)
    if files.results:
        results.save_results(found.model, files.results)
    if files.dropped:
        model_comparison.save_dropped(found.answers, files.dropped)
    if files.kept:
        model_comparison.save_kept(found.answers, files.kept)
    console = Console() if sys.stdout.isatty() else Console(width=_WIDTH_OF_A_FILE)
    console.print(table.comparison_table(found.compared, ("quotations", "model")))
    if limit:
        typer.echo(f"A sample: {len(found.model.cases)} questions of the {split} split, spread evenly.")
    typer.echo("\n".join(model_comparison.figure_lines(found.figures)))


def _show(found: Results, compared: Comparison | None, missed: list[MissedGate]) -> None:
    from bot.evaluation import gates, table

    console = Console() if sys.stdout.isatty() else Console(width=_WIDTH_OF_A_FILE)
    console.print(table.results_table(found, gates.load_targets()))
    if compared:
        console.print(table.comparison_table(compared))
        for line in table.flip_lines(compared):
            typer.echo(line)
    for line in table.gate_lines(missed):
        typer.echo(line)
