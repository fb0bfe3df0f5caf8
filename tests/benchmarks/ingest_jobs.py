"""The jobs that the ingest benchmark times, each run in a process of its own: `python -m ... JOB FOLDER INDEX`."""

from __future__ import annotations

import json
import os
import resource
import sys
import time
from collections.abc import Callable
from pathlib import Path


def cupwise(corpus: Path, index: Path) -> dict[str, int]:
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


def quickstart(corpus: Path, index: Path) -> dict[str, int]:
    """The LangChain quickstart: split by characters, embed, Chroma.from_documents."""
    from langchain_chroma import Chroma

    chunks = _chunks(corpus)
    Chroma.from_documents(chunks, _embeddings(), persist_directory=str(index))
    return {"passages": len(chunks), "embedded": len(chunks)}


def langchain_index(corpus: Path, index: Path) -> dict[str, int]:
    """LangChain's index() with a record manager, incremental, twice; the second time is told apart by the caller."""
    from langchain_chroma import Chroma
    from langchain_core.indexing import InMemoryRecordManager
    from langchain_core.indexing import index as index_documents

    store = Chroma(persist_directory=str(index), embedding_function=_embeddings())
    records = InMemoryRecordManager(namespace="benchmark")
    records.create_schema()
    chunks = _chunks(corpus)
    first = index_documents(chunks, records, store, cleanup="incremental", source_id_key="source", key_encoder="sha256")
    started = time.perf_counter()
    again = index_documents(chunks, records, store, cleanup="incremental", source_id_key="source", key_encoder="sha256")
    unchanged = time.perf_counter() - started
    return {
        "passages": first["num_added"],
        "embedded": first["num_added"] + again["num_added"],
        "unchanged_ms": int(unchanged * 1000),
    }


def _chunks(corpus: Path) -> list:  # type: ignore[type-arg]
    from langchain_core.documents import Document
    from langchain_text_splitters import RecursiveCharacterTextSplitter

    texts = [
        Document(path.read_text(encoding="utf-8"), metadata={"source": path.name})
        for path in sorted(corpus.glob("*.md"))
    ]
    return RecursiveCharacterTextSplitter(chunk_size=1000, chunk_overlap=200).split_documents(texts)


def _embeddings():  # type: ignore[no-untyped-def]
    from langchain_huggingface import HuggingFaceEmbeddings

    from ingest.embedder import packaged_model_path

    os.environ["HF_HUB_OFFLINE"] = "1"
    return HuggingFaceEmbeddings(model_name=str(packaged_model_path()))


JOBS: dict[str, Callable[[Path, Path], dict[str, int]]] = {
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
