"""The commands, put together."""

from __future__ import annotations

import typer

from bot.cli import asking, chatting, evaluate, ingesting, publishing, reading

app = typer.Typer(
    name="cupwise",
    help="Ask about cupping therapy; every answer is cited to the sentence. Not medical advice.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
)
app.command("chat")(chatting.chat)
app.command("ask")(asking.ask)
app.command("ingest")(ingesting.ingest)
app.command("versions")(publishing.versions)
app.command("publish")(publishing.publish)
app.command("rollback")(publishing.rollback)
app.command("show")(reading.show)
app.command("retrieve")(reading.retrieve)
app.command("evaluate")(evaluate.evaluate)
app.command("status")(reading.status)
