"""External collections in BEIR form: corpus.jsonl, queries.jsonl, qrels/*.tsv (Thakur et al. 2021).

The collection is ingested like any corpus, into a data folder of its own, so that what is measured is the
product's own reading, splitting, embedding and searching. Its index is kept, and brought up to date, there.
"""

from __future__ import annotations

import csv
import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from bot.errors import QuestionFileError
from bot.evaluation.ranking import Query
from bot.evaluation.running import Searching
from ingest.durable import write_atomically
from ingest.settings import Settings

_EXPECTED = "A collection has corpus.jsonl, queries.jsonl and qrels/*.tsv, in BEIR form."


@dataclass(frozen=True)
class Collection:
    """A collection ready to be ingested from `settings.corpus`. names: our document ids to the collection's."""

    settings: Settings
    queries: tuple[Query, ...]
    names: dict[str, str]

    def named(self, pipeline: Searching) -> Searching:
        """The pipeline, answering in the collection's names of documents."""
        return _Renaming(pipeline, self.names)


@dataclass(frozen=True)
class _Renaming:
    pipeline: Searching
    names: dict[str, str]

    def search_documents(self, query: str, k: int = 10) -> list[tuple[str, float]]:
        return [(self.names[document], score) for document, score in self.pipeline.search_documents(query, k)]


def open_collection(folder: Path, split: str, settings: Settings) -> Collection:
    """Lay a collection out as a corpus folder below the data folder. Raises QuestionFileError.

    split: the qrels file to use ("test" for qrels/test.tsv); the only one where there is but one, or "all".
    """
    home = settings.data / "collections" / folder.resolve().name
    own = settings.model_copy(update={"data": home / "data", "corpus": home / "documents"})
    names = _write_documents(folder, own.corpus)
    grades = _grades(folder, split)
    queries = [
        Query(identifier, identifier, text, relevant)
        for identifier, text in _texts(folder / "queries.jsonl", ("text",))
        if (relevant := {d: g for d, g in grades.get(identifier, {}).items() if g > 0})
    ]
    if not queries:
        raise QuestionFileError(f"{folder} has no query with a relevant document. {_EXPECTED}")
    return Collection(own, tuple(queries), names)


def _write_documents(folder: Path, corpus: Path) -> dict[str, str]:
    """Write each document as a file of its own; unchanged ones are left, so that they are not read anew."""
    corpus.mkdir(parents=True, exist_ok=True)
    names: dict[str, str] = {}
    for number, (identifier, text) in enumerate(_texts(folder / "corpus.jsonl", ("title", "text")), start=1):
        name = f"d{number:07}"
        file, content = corpus / f"{name}.txt", _with_front_matter(name, *text.split("\0"))
        if not file.is_file() or file.read_text(encoding="utf-8") != content:
            write_atomically(file, content)
        names[name] = identifier
    for file in corpus.glob("*.txt"):
        if file.stem not in names:
            file.unlink()
    return names


def _with_front_matter(name: str, title: str, text: str) -> str:
    title = " ".join(title.split())[:200]
    body = text if text.strip() else title
    return f"---\nid: {name}\ntitle: {json.dumps(title, ensure_ascii=False)}\n---\n{body}\n" if title else f"{body}\n"


def _texts(file: Path, fields: tuple[str, ...]) -> Iterator[tuple[str, str]]:
    """(id, fields joined by a null character) of each line."""
    if not file.is_file():
        raise QuestionFileError(f"There is no file at {file}. {_EXPECTED}")
    with file.open(encoding="utf-8") as lines:
        for number, line in enumerate(lines, start=1):
            if not line.strip():
                continue
            try:
                item: dict[str, Any] = json.loads(line)
                yield str(item["_id"]), "\0".join(str(item.get(field) or "") for field in fields)
            except (ValueError, KeyError, TypeError, AttributeError):
                expected = '{"_id": "…", "text": "…"}'
                raise QuestionFileError(f"{file}, line {number}: expected a JSON object like {expected}.") from None


def _grades(folder: Path, split: str) -> dict[str, dict[str, int]]:
    """Query id to document id to grade."""
    files = sorted((folder / "qrels").glob("*.tsv"))
    if not files:
        raise QuestionFileError(f"There is no qrels/*.tsv in {folder}. {_EXPECTED}")
    chosen = files if split == "all" or len(files) == 1 else [file for file in files if file.stem == split]
    if not chosen:
        names = ", ".join(file.stem for file in files)
        raise QuestionFileError(f"{folder / 'qrels'} has no {split}.tsv. Choose with --split; there are: {names}.")
    grades: dict[str, dict[str, int]] = {}
    for file in chosen:
        with file.open(encoding="utf-8", newline="") as lines:
            rows = csv.reader(lines, delimiter="\t")
            next(rows, None)  # the heading: query-id, corpus-id, score
            for number, row in enumerate(rows, start=2):
                try:
                    query, document, grade = row
                    grades.setdefault(query, {})[document] = int(float(grade))
                except ValueError:
                    expected = "three columns: query id, document id, grade"
                    raise QuestionFileError(f"{file}, line {number}: expected {expected}.") from None
    return grades
