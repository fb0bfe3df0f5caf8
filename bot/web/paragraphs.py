"""A document's text as blocks and pieces for a page; every piece knows its place in the text as ingested."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise

from ingest.domain import Document, Note

_LINE = re.compile(r"[^\n]+")
_HEADING = re.compile(r"(#{1,6}) (?=\S)")
_ITEM = re.compile(r"- (?=\S)")


@dataclass(frozen=True)
class Piece:
    """A run of characters of one sentence, or between sentences. `last` closes its sentence."""

    text: str
    cited: bool = False
    keys: tuple[str, ...] = ()
    last: bool = False


@dataclass(frozen=True)
class Block:
    """A heading (level 1 to 6), a paragraph or a list item (level 0). Offsets leave out the prefix."""

    kind: str
    level: int
    start: int
    end: int


@dataclass(frozen=True)
class Excerpt:
    """A quotation inside its paragraph."""

    before: str
    quote: str
    after: str


def blocks_of(document: Document) -> Iterator[Block]:
    """The blocks of a document, in order. The composer writes one block a line."""
    for line in _LINE.finditer(document.text):
        heading, item = _HEADING.match(line[0]), _ITEM.match(line[0])
        if heading:
            yield Block("heading", len(heading[1]), line.start() + heading.end(), line.end())
        elif item:
            yield Block("item", 0, line.start() + item.end(), line.end())
        else:
            yield Block("paragraph", 0, line.start(), line.end())


def excerpt(document: Document, start: int, end: int) -> Excerpt:
    """The range `start:end` inside the paragraph or paragraphs that it touches."""
    touched = [block for block in blocks_of(document) if block.start < end and start < block.end]
    first = min([start, *(block.start for block in touched)])
    last = max([end, *(block.end for block in touched)])
    text = document.text
    return Excerpt(text[first:start], text[start:end], text[end:last])


def pieces_of(document: Document, block: Block, cited: tuple[int, int] | None = None) -> Iterator[Piece]:
    """A block cut where sentences and the cited range begin and end."""
    sentences = [
        sentence
        for section in document.sections
        for sentence in section.sentences
        if sentence.start < block.end and block.start < sentence.end
    ]
    inside = [edge for sentence in sentences for edge in (sentence.start, sentence.end)]
    edges = sorted({block.start, block.end, *inside, *(cited or ())})
    edges = [edge for edge in edges if block.start <= edge <= block.end]
    ends = {sentence.end: sentence.keys for sentence in sentences}
    for start, end in pairwise(edges):
        is_cited = cited is not None and cited[0] <= start and end <= cited[1]
        yield Piece(document.text[start:end], is_cited, ends.get(end, ()), end in ends)


def notes_on(document: Document, start: int, end: int) -> tuple[Note, ...]:
    """The curator's notes on any part of `start:end`."""
    return tuple(note for note in document.notes if note.start < end and start < note.end)
