"""`cupwise show`, `cupwise retrieve` and `cupwise status`: look into the index."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path
from typing import Annotated

import typer

from bot.cli.asking import read_batch
from bot.cli.options import CorpusOption, DataOption, JsonOption, print_json, settings_from
from bot.document_json import document_json
from bot.errors import NoIndexError, QuestionFileError
from ingest.manifest import Manifest
from ingest.shelf import Shelf
from ingest.versions import Versions


def show(
    document: Annotated[str, typer.Argument(help="The document's id, as `cupwise status` lists it.")],
    json_: JsonOption = False,
    data: DataOption = None,
) -> None:
    """Print a document exactly as it was ingested."""
    shelf = Shelf.open(_current_folder(settings_from(data).data) / "shelf.sqlite")
    found = shelf.document(document)
    if json_:
        print_json(document_json(found))
        return
    grade = f"kind: {found.kind}, evidence: {found.evidence}"
    typer.echo(f"{found.title} ({found.id}; {grade})\n\n{found.text}")
    for note in found.notes:
        typer.echo(f'\nCurator\'s note on "{found.text[note.start : note.end]}": {note.text}')


def retrieve(
    batch: Annotated[Path, typer.Option(help="JSON Lines file of queries: id, prompt.")],
    run: Annotated[Path, typer.Option(help="Where to write the run: qid, docid, rank, score, tab-separated.")],
    k: Annotated[int, typer.Option("-k", min=1, max=1000, help="Documents a query.")] = 10,
    data: DataOption = None,
    corpus: CorpusOption = None,
) -> None:
    """Retrieval alone, for measuring: the best documents for each query, in one run file."""
    if not batch.is_file():
        raise QuestionFileError(f"There is no file at {batch}.")
    from bot.pipeline import Pipeline

    pipeline = Pipeline.open(settings_from(data, corpus))
    with run.open("w", encoding="utf-8") as out:
        for identifier, prompt, _ in read_batch(batch):
            for rank, (document, score) in enumerate(pipeline.search_documents(prompt, k), start=1):
                out.write(f"{identifier}\t{document}\t{rank}\t{score:.6f}\n")


def status(json_: JsonOption = False, data: DataOption = None, corpus: CorpusOption = None) -> None:
    """Say what is in the index and which settings are in force."""
    settings = settings_from(data, corpus)
    folder = _current_folder(settings.data)
    manifest, shelf = Manifest.load(folder), Shelf.open(folder / "shelf.sqlite")
    facts = {key: value for key, value in asdict(manifest).items() if key != "document_hashes"}
    facts |= {"data": str(settings.data), "corpus": str(settings.corpus), "answers_by": settings.model or "quotes"}
    titles = shelf.titles()
    if json_:
        print_json({**facts, "titles": titles})
        return
    for key, value in facts.items():
        typer.echo(f"{key.replace('_', ' '):>24}  {value}")
    typer.echo("\nDocuments")
    for identifier, title in titles.items():
        typer.echo(f"  {identifier:<34} {title}")


def _current_folder(data: Path) -> Path:
    versions = Versions(data)
    current = versions.current()
    if current is None:
        raise NoIndexError(f"There is no index at {data}. Run `cupwise ingest` to build it.")
    return versions.folder(current)
