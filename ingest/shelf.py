"""The documents and passages of one version of the index, in one SQLite file."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import asdict
from datetime import date
from pathlib import Path
from threading import Lock
from typing import Any

from ingest.domain import Document, Note, Passage, Reference, Section, Sentence
from ingest.errors import VersionError

_SCHEMA = """
CREATE TABLE documents (id TEXT PRIMARY KEY, path TEXT NOT NULL, hash TEXT NOT NULL, title TEXT NOT NULL,
                        text TEXT NOT NULL, data TEXT NOT NULL);
CREATE TABLE passages (id TEXT PRIMARY KEY, document TEXT NOT NULL REFERENCES documents(id), position INTEGER NOT NULL,
                       section TEXT NOT NULL, start INTEGER NOT NULL, stop INTEGER NOT NULL, sentences TEXT NOT NULL);
CREATE INDEX passages_by_document ON passages(document, position);
"""


class Shelf:
    """Documents and passages by id. One writer while a version is built; any number of readers after."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection
        self._lock = Lock()

    @classmethod
    def create(cls, file: Path) -> Shelf:
        """A new, empty shelf."""
        connection = sqlite3.connect(file, check_same_thread=False)
        connection.execute("PRAGMA secure_delete = ON")
        connection.executescript(_SCHEMA)
        return cls(connection)

    @classmethod
    def open(cls, file: Path, writable: bool = False) -> Shelf:
        """An existing shelf. Raises VersionError where it is missing or damaged."""
        if not file.is_file():
            raise VersionError(f"The documents are missing at {file}. Run `cupwise ingest` to build them anew.")
        mode = "mode=rw" if writable else "mode=ro&immutable=1"
        try:
            connection = sqlite3.connect(f"{file.absolute().as_uri()}?{mode}", uri=True, check_same_thread=False)
            connection.execute("PRAGMA secure_delete = ON")
            connection.execute("SELECT count(*) FROM documents").fetchone()
        except sqlite3.DatabaseError as error:
            raise VersionError(f"The documents at {file} can't be read ({error}).") from error
        return cls(connection)

    def put(self, document: Document, passages: Sequence[Passage]) -> None:
        """Add a document and its passages, in place of any earlier one with its id."""
        self.remove([document.id])
        self._connection.execute(
            "INSERT INTO documents VALUES (?, ?, ?, ?, ?, ?)",
            (
                document.id,
                document.path,
                document.content_hash,
                document.title,
                document.text,
                _pack(document),
            ),
        )
        self._connection.executemany(
            "INSERT INTO passages VALUES (?, ?, ?, ?, ?, ?, ?)",
            (
                (p.id, p.document, position, p.section, p.start, p.end, _pack_sentences(p.sentences))
                for position, p in enumerate(passages)
            ),
        )

    def remove(self, identifiers: Iterable[str]) -> None:
        """Remove documents and their passages."""
        for identifier in identifiers:
            self._connection.execute("DELETE FROM passages WHERE document = ?", (identifier,))
            self._connection.execute("DELETE FROM documents WHERE id = ?", (identifier,))

    def commit(self) -> None:
        """Make what was put and removed durable."""
        self._connection.commit()

    def compact(self) -> None:
        """Write the file anew, so that nothing of what was removed stays in it."""
        self._connection.execute("VACUUM")

    def hashes(self) -> dict[str, tuple[str, str]]:
        """Path to (document id, hash of the file's bytes), for all documents."""
        return {
            path: (identifier, digest)
            for identifier, path, digest in self._rows("SELECT id, path, hash FROM documents")
        }

    def document_ids(self) -> list[str]:
        """Ids of all documents, sorted."""
        return [row[0] for row in self._rows("SELECT id FROM documents ORDER BY id")]

    def titles(self) -> dict[str, str]:
        """Title of each document by id."""
        return dict(self._rows("SELECT id, title FROM documents ORDER BY id"))

    def document(self, identifier: str) -> Document:
        """One document. Raises VersionError where there is none of that id."""
        rows = self._rows("SELECT text, data FROM documents WHERE id = ?", (identifier,))
        if not rows:
            raise VersionError(f"There is no document '{identifier}'. `cupwise status` lists them.")
        return _unpack(*rows[0])

    def documents(self) -> Iterator[Document]:
        """All documents, sorted by id."""
        for identifier in self.document_ids():
            yield self.document(identifier)

    def passage_ids(self, document: str | None = None) -> list[str]:
        """Ids of a document's passages in order; of all passages where none is named."""
        if document is None:
            return [row[0] for row in self._rows("SELECT id FROM passages ORDER BY document, position")]
        return [
            row[0] for row in self._rows("SELECT id FROM passages WHERE document = ? ORDER BY position", (document,))
        ]

    def also_asked(self) -> list[tuple[str, str, str]]:
        """(document id, heading, wording) for each other wording of what a section answers."""
        return [(document, heading, wording) for document, heading, wording in self._rows(_SELECT_ASKED)]

    def sections(self) -> list[tuple[str, str]]:
        """(document id, heading) of every section that has passages, sorted."""
        find = "SELECT DISTINCT document, section FROM passages ORDER BY document, section"
        return [(document, heading) for document, heading in self._rows(find)]

    def passages_by_section(self, sections: Iterable[tuple[str, str]]) -> dict[tuple[str, str], tuple[str, ...]]:
        """Ids of the passages of each section, a section being (document id, heading)."""
        find = "SELECT id FROM passages WHERE document = ? AND section = ? ORDER BY position"
        return {section: tuple(row[0] for row in self._rows(find, section)) for section in sections}

    def passages(self, identifiers: Sequence[str]) -> list[Passage]:
        """Passages in the order of their ids; unknown ids are left out."""
        found = {}
        for first in range(0, len(identifiers), 500):
            page = identifiers[first : first + 500]
            marks = ",".join("?" * len(page))
            rows = self._rows(f"{_SELECT_PASSAGE} WHERE p.id IN ({marks})", page)
            found.update({row[0]: _unpack_passage(row) for row in rows})
        return [found[i] for i in identifiers if i in found]

    def all_passages(self) -> Iterator[Passage]:
        """Every passage, in the order of `passage_ids()`."""
        identifiers = self.passage_ids()
        for first in range(0, len(identifiers), 500):
            yield from self.passages(identifiers[first : first + 500])

    def counts(self) -> tuple[int, int]:
        """Number of documents and of passages."""
        (documents,) = self._rows("SELECT count(*) FROM documents")[0]
        (passages,) = self._rows("SELECT count(*) FROM passages")[0]
        return documents, passages

    def close(self) -> None:
        """Close the file."""
        self._connection.close()

    def _rows(self, query: str, parameters: Sequence[Any] = ()) -> list[Any]:
        with self._lock:
            return self._connection.execute(query, parameters).fetchall()


_SELECT_PASSAGE = """
SELECT p.id, p.document, d.title, p.section, p.start, p.stop, substr(d.text, p.start + 1, p.stop - p.start), p.sentences
FROM passages p JOIN documents d ON d.id = p.document
"""


_SELECT_ASKED = """
SELECT d.id, json_extract(section.value, '$[0]'), wording.value
FROM documents d, json_each(d.data, '$.sections') section, json_each(section.value, '$[5]') wording
ORDER BY d.id, section.key, wording.key
"""


def _pack_sentences(sentences: Iterable[Sentence]) -> str:
    return json.dumps([[s.start, s.end, list(s.keys)] for s in sentences], separators=(",", ":"))


def _unpack_sentences(data: Iterable[Any]) -> tuple[Sentence, ...]:
    return tuple(Sentence(start, end, tuple(keys)) for start, end, keys in data)


def _unpack_passage(row: Any) -> Passage:
    identifier, document, title, section, start, stop, text, sentences = row
    found = _unpack_sentences(json.loads(sentences))
    return Passage(identifier, document, title, section, start, stop, text, found)


def _pack(document: Document) -> str:
    data = asdict(document)
    del data["text"]
    data["sections"] = [
        [s.heading, s.level, s.start, s.end, [[t.start, t.end, list(t.keys)] for t in s.sentences], list(s.also_asked)]
        for s in document.sections
    ]
    return json.dumps(data, ensure_ascii=False, default=lambda value: value.isoformat())


def _unpack(text: str, packed: str) -> Document:
    data = json.loads(packed)
    data["sections"] = tuple(
        Section(heading, level, start, end, _unpack_sentences(sentences), tuple(*asked))
        for heading, level, start, end, sentences, *asked in data["sections"]
    )
    data["references"] = tuple(Reference(**entry) for entry in data["references"])
    data["notes"] = tuple(Note(**entry) for entry in data["notes"])
    data["topics"], data["pages"] = tuple(data["topics"]), tuple(data["pages"])
    for name in ("reviewed_on", "review_due"):
        data[name] = date.fromisoformat(data[name]) if data[name] else None
    return Document(text=text, **data)
