"""`cupwise ask`: one question, or many from a file."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Annotated, Any

import typer

from bot.answer_json import answer_json
from bot.cli.options import CorpusOption, DataOption, JsonOption, print_json, settings_from
from bot.domain import Answer
from bot.errors import QuestionError, QuestionFileError
from ingest.importing import uncollected


def ask(
    question: Annotated[str | None, typer.Argument(help="The question, in quotation marks.")] = None,
    history: Annotated[
        list[str] | None,
        typer.Option("--history", help="An earlier question of the same conversation; repeat, oldest first."),
    ] = None,
    batch: Annotated[
        Path | None, typer.Option(help="JSON Lines file of questions: id, prompt, optional history.")
    ] = None,
    out: Annotated[Path | None, typer.Option(help="Where --batch writes its answers, one JSON object a line.")] = None,
    json_: JsonOption = False,
    data: DataOption = None,
    corpus: CorpusOption = None,
) -> None:
    """Answer a question from the library, with citations.

    In bulk: cupwise ask --batch questions.jsonl --out answers.jsonl
    """
    if (question is None) == (batch is None):
        raise typer.BadParameter("give either a QUESTION or --batch FILE.")
    if (batch is None) != (out is None):
        raise typer.BadParameter("--batch FILE and --out FILE go together.")
    if question is not None and not question.strip():
        raise QuestionError('The question is empty. Write it in quotation marks: cupwise ask "What is cupping?"')
    if batch is not None:
        batch = _readable(batch)
    with uncollected():
        from bot.pipeline import Pipeline

    pipeline = Pipeline.open(settings_from(data, corpus))
    if batch is not None and out is not None:
        _ask_all(pipeline, batch, out)
        return
    answer = pipeline.ask(question or "", tuple(history or ()))
    if json_:
        print_json(answer_json(answer))
    else:
        typer.echo(as_terminal_text(answer))


def as_terminal_text(answer: Answer) -> str:
    """The reply and, below it, the sources that its numbers name."""
    lines = [answer.text]
    if answer.citations:
        lines += ["", "Sources"]
        for c in answer.citations:
            page = f", page {c.page}" if c.page else ""
            lines.append(f"[{c.number}] {c.title}: {c.section}{page} ({c.kind})")
    return "\n".join(lines)


def _ask_all(pipeline: Any, batch: Path, out: Path) -> None:
    with out.open("w", encoding="utf-8") as target:
        for identifier, prompt, history in read_batch(batch):
            answer = replace(pipeline.ask(prompt, history), id=identifier)
            target.write(json.dumps(answer_json(answer), ensure_ascii=False) + "\n")


def read_batch(file: Path) -> Iterator[tuple[str, str, tuple[str, ...]]]:
    """(id, prompt, history) of each line. Raises QuestionFileError naming file, line and what was expected."""
    for number, line in enumerate(file.read_text(encoding="utf-8").split("\n"), start=1):
        if not line.strip():
            continue
        try:
            item = json.loads(line)
            identifier, prompt = str(item["id"]), item["prompt"]
            history = tuple(item.get("history") or ())
        except (ValueError, KeyError, TypeError, AttributeError):
            expected = '{"id": "…", "prompt": "…", "history": ["…"]}'
            raise QuestionFileError(f"{file}, line {number}: expected a JSON object like {expected}.") from None
        if not isinstance(prompt, str) or not all(isinstance(turn, str) for turn in history):
            raise QuestionFileError(f"{file}, line {number}: prompt and history must be text.")
        yield identifier, prompt, history


def _readable(file: Path) -> Path:
    if not file.is_file():
        raise QuestionFileError(f"There is no file at {file}.")
    return file
