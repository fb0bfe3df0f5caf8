"""`cupwise versions`, `cupwise publish` and `cupwise rollback`."""

from __future__ import annotations

from typing import Annotated, Any

import typer
from rich.console import Console
from rich.table import Table

from bot.cli.options import DataOption, JsonOption, print_json, settings_from
from ingest import publishing
from ingest.errors import VersionError
from ingest.manifest import as_row
from ingest.versions import Versions


def versions(json_: JsonOption = False, data: DataOption = None) -> None:
    """List the versions of the index, newest first: when and why each was made, what it holds, its size."""
    settings = settings_from(data)
    store = Versions(settings.data)
    current = _current(store)
    rows = [as_row(manifest, current) for manifest in store.all()]
    waiting = store.waiting()
    if json_:
        print_json([as_row(waiting, current) | {"waiting": True}, *rows] if waiting else rows)
        return
    if not rows and not waiting:
        typer.echo("There is no version yet. Run `cupwise ingest`.")
        return
    _print(rows)
    if waiting:
        typer.echo(f"{waiting.version} was previewed ({waiting.reason}); `cupwise publish` publishes it.")
    typer.echo(f"* current. The newest {settings.keep_versions} are kept (CUPWISE_KEEP_VERSIONS).")


def publish(
    version: Annotated[
        str | None, typer.Argument(help="The version to publish. Without it: the one that was previewed.")
    ] = None,
    json_: JsonOption = False,
    data: DataOption = None,
) -> None:
    """Publish what `cupwise ingest --preview` built, or any version that `cupwise versions` lists."""
    settings = settings_from(data)
    store = Versions(settings.data)
    before = _current(store)
    with store.writing():
        if version is None:
            version = publishing.publish_waiting(store, settings.keep_versions)
        else:
            publishing.publish(store, version, settings.keep_versions)
    _tell(version, before, json_)


def rollback(
    version: Annotated[
        str | None,
        typer.Argument(help="The version to go back to. Without it: the newest sound one before the current."),
    ] = None,
    json_: JsonOption = False,
    data: DataOption = None,
) -> None:
    """Publish an earlier version again. Nothing is deleted."""
    store = Versions(settings_from(data).data)
    before = _current(store)
    with store.writing():
        version = publishing.rollback(store, version or "")
    _tell(version, before, json_)


def _current(store: Versions) -> str | None:
    """Name of the current version; None, with a word on standard error, where the pointer can't be read."""
    try:
        return store.current()
    except VersionError as error:
        typer.echo(f"cupwise: {error}", err=True)
        return None


def _tell(version: str, before: str | None, json_: bool) -> None:
    if json_:
        print_json({"version": version, "before": before})
    else:
        typer.echo(f"Version {version} is published (before: {before or 'none'}).")


def _print(rows: list[dict[str, Any]]) -> None:
    table = Table("", "Version", "Built (UTC)", "Documents", "Passages", "Size", "Why", box=None)
    for row in rows:
        size = f"{row['size'] / 1e6:.1f} MB"
        mark = "*" if row["current"] else ""
        counts = (str(row["documents"]), str(row["passages"]))
        table.add_row(mark, row["version"], row["built_at"][:19].replace("T", " "), *counts, size, row["reason"])
    Console(width=None if Console().is_terminal else 160).print(table)
