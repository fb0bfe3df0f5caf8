"""`cupwise ingest`: make the index equal to the corpus, look first, only check, or purge a document."""

from __future__ import annotations

from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import typer

from bot.cli.options import CorpusOption, DataOption, JsonOption, print_json, settings_from
from bot.cli.terminal import TerminalProgress
from ingest.importing import uncollected
from ingest.limits import Limits
from ingest.settings import Settings
from ingest.versions import Versions


def ingest(
    paths: Annotated[
        list[Path] | None, typer.Argument(help="Files to add. Without any, the whole corpus folder is taken in.")
    ] = None,
    check: Annotated[bool, typer.Option("--check", help="Check the corpus for mistakes; build nothing.")] = False,
    preview: Annotated[
        bool, typer.Option("--preview", help="Build and compare, show what would change; publish nothing.")
    ] = False,
    purge: Annotated[
        str | None,
        typer.Option(metavar="DOCUMENT", help="Remove a withdrawn document's words from every version, for good."),
    ] = None,
    json_: JsonOption = False,
    data: DataOption = None,
    corpus: CorpusOption = None,
) -> None:
    """Make the index equal to the corpus folder, at the cost of what changed.

    Files given by name are added to the index; a later run without names makes it equal to the folder again.
    """
    settings = settings_from(data, corpus)
    if sum((check, preview, purge is not None)) > 1 or (paths and (check or purge is not None)):
        raise typer.BadParameter("give --check, --preview or --purge alone; files go with --preview only.")
    if check:
        _check(settings, json_)
        return
    if purge is not None:
        _purge(settings, purge, json_)
        return
    with uncollected():
        from bot.preview import run_build

    progress = TerminalProgress(quiet=json_)
    report = run_build(settings, paths or (), progress, preview=preview)
    if json_:
        print_json(report.as_json())
    else:
        typer.echo(report.as_text())
    if report.failures:
        raise typer.Exit(1)


def _purge(settings: Settings, document: str, json_: bool) -> None:
    from ingest.purging import purge

    versions = Versions(settings.data)
    with versions.writing():
        report = purge(settings, document, TerminalProgress(quiet=json_))
    if json_:
        print_json(asdict(report))
    else:
        typer.echo(f"'{document}' was removed from {len(report.versions)} versions: {', '.join(report.versions)}.")
        searched = (
            f"{report.files_searched} files under {settings.data} were searched for its {report.sentences} sentences"
        )
        typer.echo(f"{searched}: {'these hold some still:' if report.found else 'none holds any of their words.'}")
        for file in report.found:
            typer.echo(f"  {file}")
    if report.found:
        raise typer.Exit(1)


def _check(settings: Settings, json_: bool) -> None:
    from ingest.check import check_corpus

    findings = check_corpus(settings.corpus, datetime.now(UTC).date(), Limits.of(settings))
    errors = [finding for finding in findings if finding.severity == "error"]
    if json_:
        print_json({"errors": len(errors), "findings": [asdict(finding) for finding in findings]})
    else:
        for f in findings:
            typer.echo(f"{f.path}:{f.line}: {f.severity}: {f.what} {f.mend}".rstrip())
        typer.echo(f"{len(errors)} errors, {len(findings) - len(errors)} warnings in {settings.corpus}.")
    if errors:
        raise typer.Exit(1)
