"""Pages to read the library: all documents, and each with its references and the cited sentence marked."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime
from itertools import count
from typing import Annotated

from fastapi import APIRouter, Query
from fastapi.responses import HTMLResponse

from bot.web.paragraphs import Block, Piece, blocks_of, notes_on, pieces_of
from bot.web.shelves import Shelves
from bot.web.templating import render
from bot.web.words import load_words
from ingest.domain import Document, Note
from ingest.errors import IngestError, VersionError

_LONGEST_SEARCH = 200
Range = tuple[int, int]


@dataclass(frozen=True)
class Part:
    """A block on a page: its pieces, the notes that follow it, and the anchor of a heading."""

    block: Block
    pieces: tuple[Piece, ...]
    notes: tuple[Note, ...] = ()
    anchor: str = ""

    @property
    def text(self) -> str:
        """The block's text."""
        return "".join(piece.text for piece in self.pieces)


@dataclass(frozen=True)
class Shown:
    """The document that a link leads to, and how it stands to the current version."""

    document: Document
    version: str
    cited: Range | None
    warning: str = ""
    present_link: str = ""


def reader_routes(shelves: Shelves) -> APIRouter:
    """The routes of the reader."""
    router = APIRouter(default_response_class=HTMLResponse)

    @router.get("/library")
    def library(q: Annotated[str, Query(max_length=_LONGEST_SEARCH)] = "") -> HTMLResponse:
        """All documents by topic, or those that have the words of `q`."""
        try:
            documents = shelves.documents(shelves.current())
        except IngestError:
            return _trouble(load_words().errors["no_index"], 503)
        found = [document for document in documents if matches(document, q)]
        return HTMLResponse(render("library.html", topics=by_topic(found), query=q, count=len(found)))

    @router.get("/library/{identifier}")
    def document(identifier: str, start: int = -1, end: int = -1, version: str = "") -> HTMLResponse:
        """One document; with `start`, `end` and `version`, as it was cited."""
        try:
            shown = find(shelves, identifier, version, (start, end))
        except IngestError:
            return _trouble(load_words().reader["no_document"], 404)
        return HTMLResponse(
            render(
                "document.html",
                shown=shown,
                document=shown.document,
                parts=parts_of(shown.document, shown.cited),
                numbers={r.key: n for n, r in enumerate(shown.document.references, start=1)},
                overdue=is_overdue(shown.document, datetime.now(UTC).date()),
            )
        )

    return router


def find(shelves: Shelves, identifier: str, version: str, cited: Range) -> Shown:
    """The document as a link names it. Raises VersionError where no version has it.

    A version that is no longer kept gives the present text, with a warning; so does a range that does not fit.
    """
    current = shelves.current()
    words = load_words()
    try:
        document = shelves.document(identifier, version or current)
    except VersionError:
        return Shown(shelves.document(identifier, current), current, None, words.reader["gone"])
    fits = 0 <= cited[0] < cited[1] <= len(document.text)
    present_link = f"/library/{identifier}"
    if not version or version == current:
        return Shown(document, current, cited if fits else None)
    try:
        now = shelves.document(identifier, current)
    except VersionError:
        return Shown(document, version, cited if fits else None, words.reader["withdrawn"])
    if now.text == document.text:
        return Shown(document, version, cited if fits else None)
    return Shown(document, version, cited if fits else None, words.reader["changed"], present_link)


def parts_of(document: Document, cited: Range | None) -> list[Part]:
    """The document's blocks, ready for the page. The first heading is left out where it repeats the title."""
    parts: list[Part] = []
    number = count(1)
    noted: set[Note] = set()
    for block in blocks_of(document):
        pieces = tuple(pieces_of(document, block, cited))
        notes = tuple(note for note in notes_on(document, block.start, block.end) if note not in noted)
        noted.update(notes)
        anchor = f"part-{next(number)}" if block.kind == "heading" else ""
        part = Part(block, pieces, notes, anchor)
        if parts or part.block.kind != "heading" or part.text.strip() != document.title.strip():
            parts.append(part)
    return parts


def by_topic(documents: list[Document]) -> dict[str, list[Document]]:
    """Documents under the shelves of the library page, in the shelves' order, titles sorted."""
    words = load_words()
    shelves: dict[str, list[Document]] = {shelf: [] for shelf in (*words.shelves, words.shelf_for_others)}
    for document in sorted(documents, key=lambda d: d.title.casefold()):
        shelves[words.shelf_of(document.topics)].append(document)
    return {shelf: held for shelf, held in shelves.items() if held}


def matches(document: Document, query: str) -> bool:
    """True where each word of the query stands in the document's title, summary, topics or text."""
    everything = " ".join((document.title, document.summary, *document.topics, document.text)).casefold()
    return all(word in everything for word in query.casefold().split())


def is_overdue(document: Document, today: date) -> bool:
    """True where the document's review is due or past."""
    return document.review_due is not None and document.review_due <= today


def _trouble(message: str, status: int) -> HTMLResponse:
    return HTMLResponse(render("trouble.html", message=message), status)
