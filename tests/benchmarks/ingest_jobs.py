"""The jobs that the ingest benchmark times, each run in a process of its own: `python -m ... JOB FOLDER INDEX`."""

from __future__ import annotations

import json
import resource
import sys
import time
from collections.abc import Callable
from pathlib import Path


def cupwise(corpus: Path, index: Path) -> dict[str, float]:
    """`cupwise ingest`: build and publish, or find that nothing changed."""
    from ingest.building import build
    from ingest.embedder import Embedder
    from ingest.publishing import publish
    from ingest.settings import Settings
    from ingest.versions import Versions

    settings = Settings(data=index, corpus=corpus)
    versions = Versions(settings.data)
    with versions.writing():
        built = build(settings, Embedder(), versions=versions)
        if built.version:
            publish(versions, built.version, keep=2)
    return {"passages": built.passages_added + built.passages_unchanged, "embedded": built.embedded}


def quickstart(corpus: Path, index: Path) -> dict[str, float]:
    """The LangChain quickstart."""
    from tests.benchmarks import langchain_rival

    _, count = langchain_rival.index(corpus, index)
    return {"passages": count, "embedded": count}


def langchain_index(corpus: Path, index: Path) -> dict[str, float]:
    """LangChain's index() with a record manager, incremental: first, unchanged, and with one document changed."""
    from langchain_chroma import Chroma
    from langchain_core.indexing import InMemoryRecordManager
    from langchain_core.indexing import index as index_documents

    from tests.benchmarks import langchain_rival

    store = Chroma(persist_directory=str(index), embedding_function=langchain_rival.embeddings())
    records = InMemoryRecordManager(namespace="benchmark")
    records.create_schema()

    def run() -> tuple[int, float]:
        started = time.perf_counter()
        chunks = langchain_rival.chunks(corpus)
        done = index_documents(
            chunks, records, store, cleanup="incremental", source_id_key="source", key_encoder="sha256"
        )
        return done["num_added"], time.perf_counter() - started

    added, _ = run()
    _, unchanged = run()
    change_one(corpus)
    _, changed = run()
    return {"passages": added, "embedded": added, "unchanged_seconds": unchanged, "changed_seconds": changed}


def change_one(corpus: Path) -> None:
    """Add a paragraph to the first document."""
    file = min(corpus.glob("*.md"))
    text = file.read_text(encoding="utf-8")
    file.write_text(text + "\nOne more paragraph was written later. It says little.\n", encoding="utf-8")


JOBS: dict[str, Callable[[Path, Path], dict[str, float]]] = {
    "cupwise": cupwise,
    "quickstart": quickstart,
    "index": langchain_index,
}


def main() -> None:
    """Run one job and print what it took as one line of JSON."""
    name, corpus, index = sys.argv[1], Path(sys.argv[2]), Path(sys.argv[3])
    started = time.perf_counter()
    counts = JOBS[name](corpus, index)
    usage = resource.getrusage(resource.RUSAGE_SELF)
    took = {"seconds": time.perf_counter() - started, "cpu": usage.ru_utime + usage.ru_stime}
    print(json.dumps({**counts, **took, "peak_mb": usage.ru_maxrss / 1024}))


if __name__ == "__main__":
    main()
