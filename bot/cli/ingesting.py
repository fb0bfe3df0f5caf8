"""`cupwise ingest`: make the index equal to the corpus, look first, or only check the corpus."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated, Any

import typer

from bot.cli.options import CorpusOption, DataOption, JsonOption, print_json, settings_from
from bot.cli.terminal import TerminalProgress


def ingest(
    paths: Annotated[
        list[Path] | None, typer.Argument(help="Files to add. Without any, the whole corpus folder is taken in.")
    ] = None,
    check: Annotated[bool, typer.Option("--check", help="Check the corpus for mistakes; build nothing.")] = False,
    preview: Annotated[
        bool, typer.Option("--preview", help="Build and compare, show what would change; publish nothing.")
    ] = False,
    json_: JsonOption = False,
    data: DataOption = None,
    corpus: CorpusOption = None,
) -> None:
    """Make the index equal to the corpus folder, at the cost of what changed.

    Files given by name are added to the index; a later run without names makes it equal to the folder again.
    """
    settings = settings_from(data, corpus)
    if check:
        _check(settings.corpus, json_)
        return
    from bot.preview import run_build

    progress = TerminalProgress(quiet=json_)
    report = run_build(settings, paths or (), progress, preview=preview)
    if json_:
        print_json(report.as_json())
    else:
        typer.echo(report.as_text())
    if report.failures:
        raise typer.Exit(1)


def _check(corpus: Path, json_: bool) -> None:
    from ingest.check import check_corpus

    findings: Sequence[Any] = check_corpus(corpus, datetime.now(UTC).date())
    errors = [finding for finding in findings if finding.severity == "error"]
    if json_:
        print_json({"errors": len(errors), "findings": [asdict(finding) for finding in findings]})
    else:
        for f in findings:
            typer.echo(f"{f.path}:{f.line}: {f.severity}: {f.what} {f.mend}".rstrip())
        typer.echo(f"{len(errors)} errors, {len(findings) - len(errors)} warnings in {corpus}.")
    if errors:
        raise typer.Exit(1)
