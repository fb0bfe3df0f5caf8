"""The LangChain quickstart, as its tutorial puts it: split by characters, embed, Chroma.from_documents."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

from ingest.embedder import packaged_model_path
from ingest.frontmatter import split_front_matter


def chunks(corpus: Path) -> list[Any]:
    """RecursiveCharacterTextSplitter 1000/200 over each file's text; `source` is the file's name without suffix."""
    from langchain_core.documents import Document
    from langchain_text_splitters import RecursiveCharacterTextSplitter

    files = sorted(file for file in corpus.iterdir() if file.suffix in (".md", ".txt"))
    texts = [
        Document(split_front_matter(file.read_text(encoding="utf-8"))[1], metadata={"source": file.stem})
        for file in files
    ]
    return RecursiveCharacterTextSplitter(chunk_size=1000, chunk_overlap=200).split_documents(texts)


def embeddings() -> Any:
    """HuggingFaceEmbeddings of the same weights."""
    from langchain_huggingface import HuggingFaceEmbeddings

    os.environ["HF_HUB_OFFLINE"] = "1"
    return HuggingFaceEmbeddings(model_name=str(packaged_model_path()))


def index(corpus: Path, folder: Path) -> tuple[Any, int]:
    """The quickstart's store, and how many chunks it holds."""
    from langchain_chroma import Chroma

    found = chunks(corpus)
    return Chroma.from_documents(found, embeddings(), persist_directory=str(folder)), len(found)


def search_documents(store: Any, query: str, k: int) -> list[tuple[str, float]]:
    """The k best distinct documents, each with the similarity of its best chunk."""
    best: dict[str, float] = {}
    for chunk, distance in store.similarity_search_with_score(query, k=5 * k):
        best.setdefault(chunk.metadata["source"], -distance)
    return list(best.items())[:k]
