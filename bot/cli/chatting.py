"""`cupwise chat`: serve the web chat."""

from __future__ import annotations

from threading import Thread
from typing import Annotated

import typer

from bot.cli.options import CorpusOption, DataOption, settings_from
from bot.cli.terminal import TerminalProgress
from ingest.importing import uncollected


def chat(
    host: Annotated[str, typer.Option(help="Address to listen on. 127.0.0.1 keeps it on this machine.")] = "127.0.0.1",
    port: Annotated[
        int, typer.Option(min=0, max=65535, help="Port; the next free one is taken if it is in use.")
    ] = 7860,
    mcp: Annotated[bool, typer.Option("--mcp", help="Also offer an MCP server with ask and search_library.")] = False,
    data: DataOption = None,
    corpus: CorpusOption = None,
) -> None:
    """Serve the web chat. Builds the index first where there is none, and takes in what changed."""
    settings = settings_from(data, corpus)
    from bot.preview import run_build

    report = run_build(settings, (), TerminalProgress(), preview=False)
    if report.version or report.failures:
        typer.echo(report.as_text())
    with uncollected():
        from bot.pipeline import Pipeline
        from bot.web.app import serve

    pipeline = Pipeline.open(settings)
    Thread(target=pipeline.ask, args=("What is cupping?",), daemon=True, name="warm-up").start()
    serve(pipeline, settings, host=host, port=port, mcp=mcp)
