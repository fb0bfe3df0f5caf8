"""Dense vectors in Chroma. The only module that knows chromadb."""

from __future__ import annotations

import hashlib
import platform
import shutil
from collections.abc import Collection, Iterator, Sequence
from pathlib import Path
from typing import Any, cast
from urllib.parse import urlsplit

import chromadb
import numpy as np
from chromadb.config import Settings as ChromaSettings
from chromadb.errors import ChromaError

from ingest.domain import Passage
from ingest.errors import VersionError
from ingest.shelf import Shelf

_COLLECTION = "passages"
_PAGE = 5000
"""Rows a call: batches of 100 halve the insertion rate, and 100,000 at once fail in SQLite."""

_MEND = "Run `cupwise ingest`, or `cupwise rollback` to an earlier version."

HNSW = {"space": "cosine", "ef_construction": 200, "ef_search": 200, "max_neighbors": 32}
"""Set so that approximate search loses under 1% of exact recall@10; see docs/decisions."""


class VectorStore:
    """The passages' vectors of one version of the index."""

    def __init__(self, client: Any, collection: Any) -> None:
        self._client, self._collection = client, collection

    @classmethod
    def create(cls, folder: Path, url: str = "", version: str = "") -> VectorStore:
        """A new, empty store: in `folder`, or as a collection of its own on the server at `url`."""
        client = _client(folder, url)
        name = _name(url, version)
        collection = client.get_or_create_collection(
            name,
            configuration=cast(Any, {"hnsw": HNSW}),
            embedding_function=None,
            metadata={"owner": _owner(folder.parents[1])},
        )
        return cls(client, collection)

    @classmethod
    def open(cls, folder: Path, url: str = "", version: str = "") -> VectorStore:
        """The store of a published version. Raises VersionError where it can't be read.

        Where documents were purged from the version since, `folder` has given way to its successor, `folder-N`.
        """
        folder = max(folder.parent.glob(f"{folder.name}-*"), key=_revision, default=folder)
        if not url and not (folder / "chroma.sqlite3").is_file():
            raise VersionError(f"The vectors are missing at {folder}. Run `cupwise ingest` to build them anew.")
        try:
            client = _client(folder, url)
            return cls(client, client.get_collection(_name(url, version), embedding_function=None))
        except (ChromaError, ValueError) as error:
            raise VersionError(f"The vectors at {url or folder} can't be read ({error}).") from error

    @classmethod
    def copy(cls, source: Path, folder: Path) -> VectorStore:
        """An independent store with what the one at `source` holds."""
        shutil.copytree(max(source.parent.glob(f"{source.name}-*"), key=_revision, default=source), folder)
        return cls.open(folder)

    def add(self, passages: Sequence[Passage], vectors: np.ndarray) -> None:
        """Insert passages with their vectors, shape (n, dimension)."""
        for first in range(0, len(passages), _PAGE):
            page = passages[first : first + _PAGE]
            self._collection.add(
                ids=[passage.id for passage in page],
                embeddings=vectors[first : first + _PAGE],
                documents=[passage.indexed_text for passage in page],
                metadatas=[{"document": passage.document, "section": passage.section} for passage in page],
            )

    def delete(self, ids: Sequence[str]) -> None:
        """Remove passages by id."""
        for first in range(0, len(ids), _PAGE):
            self._collection.delete(ids=list(ids[first : first + _PAGE]))

    def nearest(self, vector: np.ndarray, k: int) -> list[tuple[str, float]]:
        """The k passages nearest to a unit vector: (id, cosine similarity), best first."""
        found = self._collection.query(query_embeddings=[vector], n_results=k, include=["distances"])
        return [
            (identifier, 1.0 - distance)
            for identifier, distance in zip(found["ids"][0], found["distances"][0], strict=True)
        ]

    def pages(self) -> Iterator[tuple[list[str], np.ndarray]]:
        """All ids with their vectors, page by page."""
        for offset in range(0, self.count(), _PAGE):
            page = self._collection.get(limit=_PAGE, offset=offset, include=["embeddings"])
            yield page["ids"], np.asarray(page["embeddings"], dtype=np.float32)

    def vectors_of(self, ids: Sequence[str]) -> dict[str, np.ndarray]:
        """The stored vectors of some passages, by id."""
        found: dict[str, np.ndarray] = {}
        for first in range(0, len(ids), _PAGE):
            page = self._collection.get(ids=list(ids[first : first + _PAGE]), include=["embeddings"])
            found.update(zip(page["ids"], np.asarray(page["embeddings"], dtype=np.float32), strict=True))
        return found

    def check(self, passages: int) -> None:
        """Raise VersionError unless the store holds so many passages and finds one of them by its own vector."""
        try:
            found = self.count()
            first = self._collection.get(limit=1, include=["embeddings"])
            if found == passages and first["ids"]:
                found = passages if self.nearest(np.asarray(first["embeddings"][0]), 1)[0][1] > 0.99 else -1
        except (ChromaError, ValueError, IndexError, RuntimeError) as error:
            raise VersionError(f"The vectors can't be searched ({error}). {_MEND}") from error
        if found != passages:
            raise VersionError(f"The vectors are damaged: they do not hold the version's {passages} passages. {_MEND}")

    def count(self) -> int:
        """Passages in the store."""
        return int(self._collection.count())

    def drop(self) -> None:
        """Remove the whole collection (server mode: the version was withdrawn)."""
        self._client.delete_collection(self._collection.name)

    def close(self) -> None:
        """Release files, so that the folder can be copied, moved or removed."""
        close = getattr(self._client, "close", None)
        if close:
            close()


def copy_store(
    base_folder: Path, folder: Path, without: Collection[str], url: str, versions: tuple[str, str]
) -> VectorStore:
    """A new store with the vectors of a version, some passages left out; nothing of those stays in any file.

    base_folder: the version's folder. folder: of the new store. versions: names of the old and the new version.
    """
    old = VectorStore.open(base_folder / "chroma", url, versions[0])
    new = VectorStore.create(folder, url, versions[1])
    shelf = Shelf.open(base_folder / "shelf.sqlite")
    for identifiers, vectors in old.pages():
        kept = [i for i, identifier in enumerate(identifiers) if identifier not in without]
        new.add(shelf.passages([identifiers[i] for i in kept]), vectors[kept])
    shelf.close()
    old.close()
    return new


def take_name(url: str, version: str, successor: str) -> None:
    """Remove a version's collection from the Chroma server and give its name to its successor."""
    client = _client(Path(), url)
    client.delete_collection(_name(url, version))
    client.get_collection(_name(url, successor), embedding_function=None).modify(name=_name(url, version))


def drop_unknown(url: str, root: Path, versions: Collection[str]) -> list[str]:
    """Remove the collections of versions that are no more from the Chroma server; their names.

    root: the folder of the versions; what other data folders keep on the same server is left alone.
    """
    client = _client(Path(), url)
    wanted = {_name(url, version) for version in versions}
    own = [c.name for c in client.list_collections() if (c.metadata or {}).get("owner") == _owner(root)]
    gone = [name for name in own if name not in wanted]
    for name in gone:
        client.delete_collection(name)
    return gone


def _owner(root: Path) -> str:
    return hashlib.sha256(f"{platform.node()}:{root.resolve()}".encode()).hexdigest()[:16]


def _revision(folder: Path) -> int:
    number = folder.name.rpartition("-")[2]
    return int(number) if number.isdigit() else 0


def _client(folder: Path, url: str) -> Any:
    settings = ChromaSettings(anonymized_telemetry=False)
    if not url:
        folder.mkdir(parents=True, exist_ok=True)
        return chromadb.PersistentClient(path=str(folder), settings=settings)
    parts = urlsplit(url)
    if parts.scheme not in ("http", "https") or not parts.hostname:
        raise VersionError(f"CUPWISE_CHROMA_URL is '{url}'; write it like http://chroma.internal:8000.")
    try:
        return chromadb.HttpClient(
            host=parts.hostname, port=parts.port or 8000, ssl=parts.scheme == "https", settings=settings
        )
    except ValueError as error:
        raise VersionError(
            f"No Chroma server answers at {url} ({error}). Start it, or unset CUPWISE_CHROMA_URL."
        ) from error


def _name(url: str, version: str) -> str:
    return f"cupwise-{version}" if url else _COLLECTION
