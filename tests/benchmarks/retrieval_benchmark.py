"""Retrieval against the LangChain quickstart's, with the same model, on the project's own questions and collections.

python -m tests.benchmarks.retrieval_benchmark [--collection DIR]... [--split dev] [--json FILE]

A collection is a folder in BEIR form (corpus.jsonl, queries.jsonl, qrels/*.tsv), such as PubMedQA-L.
"""

from __future__ import annotations

import argparse
import json
import statistics
import tempfile
from collections.abc import Callable, Sequence
from pathlib import Path

from rich.console import Console
from rich.table import Table

from bot.evaluation.collection import open_collection
from bot.evaluation.questions import load_questions
from bot.evaluation.ranking import Query, evaluate_rankings
from bot.pipeline import Pipeline
from ingest.building import build
from ingest.embedder import Embedder
from ingest.publishing import publish
from ingest.settings import Settings
from ingest.versions import Versions
from tests.benchmarks import langchain_rival

_BEST = 10

SearchDocuments = Callable[[str, int], list[tuple[str, float]]]
Means = dict[str, float]


def measure_collection(folder: Path, home: Path) -> dict[str, Means]:
    """Both systems on a collection in BEIR form."""
    collection = open_collection(folder, "test", Settings(data=home))
    return _measure(collection.settings, collection.queries, collection.names, home)


def measure_own(split: str, home: Path) -> dict[str, Means]:
    """Both systems on the labelled questions of the project; a document that supports the answer is relevant."""
    settings = Settings(data=home / "data")
    labelled = [q for q in load_questions(settings.questions, split) if q.documents and not q.history]
    queries = [Query(q.id, q.need, q.question, dict.fromkeys(q.documents, 1)) for q in labelled]
    return _measure(settings, queries, {}, home)


def _measure(settings: Settings, queries: Sequence[Query], names: dict[str, str], home: Path) -> dict[str, Means]:
    versions = Versions(settings.data)
    with versions.writing():
        built = build(settings, Embedder(), versions=versions)
        publish(versions, built.version or versions.current() or "", keep=2)
    store, _ = langchain_rival.index(settings.corpus, home / "quickstart")
    searches: dict[str, SearchDocuments] = {
        "Cupwise": Pipeline.open(settings).search_documents,
        "quickstart": lambda query, k: langchain_rival.search_documents(store, query, k),
    }
    return {system: _means(queries, search, names) for system, search in searches.items()}


def _means(queries: Sequence[Query], search: SearchDocuments, names: dict[str, str]) -> Means:
    rankings = {
        query.id: tuple((names.get(document, document), score) for document, score in search(query.text, _BEST))
        for query in queries
    }
    values = evaluate_rankings(queries, rankings)
    measures = next(iter(values.values()))
    return {measure: statistics.mean(row[measure] for row in values.values()) for measure in measures}


def report(found: dict[str, dict[str, Means]]) -> None:
    """Print one line for each set of queries and system."""
    measures = list(next(iter(next(iter(found.values())).values())))
    table = Table("Queries", "System", *measures, box=None)
    for name, systems in found.items():
        for system, means in systems.items():
            table.add_row(name, system, *(f"{means[measure]:.3f}" for measure in measures))
    Console(width=110).print(table)


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--collection", type=Path, action="append", default=[])
    parser.add_argument("--split", default="dev", help="split of the project's own questions")
    parser.add_argument("--json", type=Path)
    options = parser.parse_args()
    found: dict[str, dict[str, Means]] = {}
    with tempfile.TemporaryDirectory() as name:
        home = Path(name)
        found[f"own questions, {options.split}"] = measure_own(options.split, home / "own")
        for folder in options.collection:
            found[folder.name] = measure_collection(folder, home / folder.name)
    report(found)
    if options.json:
        options.json.write_text(json.dumps(found, indent=1), encoding="utf-8")


if __name__ == "__main__":
    main()
