"""Options that several commands share, and the settings they make."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Annotated, Any

import typer
from pydantic import ValidationError

from bot.errors import BotError
from ingest.settings import Settings

DataOption = Annotated[
    Path | None, typer.Option("--data", help="Folder of the index and its state.", show_default=".cupwise")
]
CorpusOption = Annotated[
    Path | None, typer.Option("--corpus", help="Folder of the documents.", show_default="corpus/documents")
]
JsonOption = Annotated[bool, typer.Option("--json", help="Print the result as JSON.")]


def settings_from(data: Path | None = None, corpus: Path | None = None, **more: Any) -> Settings:
    """Settings with what the command line says on top. Raises BotError naming the setting that is wrong."""
    given = {"data": data, "corpus": corpus, **more}
    try:
        return Settings(**{name: value for name, value in given.items() if value is not None})
    except ValidationError as error:
        item = error.errors()[0]
        name = ".".join(str(part) for part in item["loc"])
        raise BotError(
            f"The setting CUPWISE_{name.upper()} is wrong: {item['msg']} (found {item['input']!r})."
        ) from None


def print_json(value: Any) -> None:
    """One JSON value on standard output."""
    typer.echo(json.dumps(value, ensure_ascii=False, indent=1))
