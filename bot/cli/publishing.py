"""`cupwise versions` and `cupwise rollback`."""

from __future__ import annotations

from typing import Annotated

import typer
from rich.console import Console
from rich.table import Table

from bot.cli.options import DataOption, JsonOption, print_json, settings_from
from ingest.errors import VersionError
from ingest.versions import Versions, as_row


def versions(json_: JsonOption = False, data: DataOption = None) -> None:
    """List the versions of the index, newest first."""
    store = Versions(settings_from(data).data)
    current = store.current()
    rows = [as_row(manifest, current) for manifest in store.all()]
    if json_:
        print_json(rows)
        return
    if not rows:
        typer.echo("There is no version yet. Run `cupwise ingest`.")
        return
    table = Table("", "Version", "Built (UTC)", "Documents", "Passages", "Size", "Why", box=None)
    for row in rows:
        size = f"{row['size'] / 1e6:.1f} MB"
        mark = "*" if row["current"] else ""
        counts = (str(row["documents"]), str(row["passages"]))
        table.add_row(mark, row["version"], row["built_at"][:19], *counts, size, row["reason"])
    Console(width=None if Console().is_terminal else 160).print(table)


def rollback(
    version: Annotated[
        str | None, typer.Argument(help="The version to go back to. Without it: the one before the current.")
    ] = None,
    json_: JsonOption = False,
    data: DataOption = None,
) -> None:
    """Publish an earlier version again. Nothing is deleted."""
    store = Versions(settings_from(data).data)
    current = store.current()
    if version is None:
        earlier = [m.version for m in store.all() if current and m.version < current]
        if not earlier:
            raise VersionError("There is no earlier version to go back to. `cupwise versions` lists them.")
        version = earlier[0]
    with store.writing():
        store.publish(version)
    if json_:
        print_json({"version": version, "before": current})
    else:
        typer.echo(f"Version {version} is published (before: {current}).")
