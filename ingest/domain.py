"""The values that travel through ingest. No framework types, no bare dicts."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True)
class Reference:
    """A published source. `checked` is "seen" where a curator has read it, "memory" where not."""

    key: str
    title: str
    author: str
    where: str
    year: int | None = None
    doi: str | None = None
    pmid: str | None = None
    url: str | None = None
    kind: str = ""
    checked: str = "seen"


@dataclass(frozen=True)
class Span:
    """A half-open range of characters in a document's text as ingested."""

    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Sentence:
    """One sentence of a document: `text[start:end]`, and the keys of the references behind it."""

    start: int
    end: int
    keys: tuple[str, ...] = ()


@dataclass(frozen=True)
class Note:
    """A curator's note on a span whose claim better evidence contradicts."""

    start: int
    end: int
    text: str
    see: str | None = None


@dataclass(frozen=True, slots=True)
class Section:
    """A heading and the sentences under it. `start:end` spans heading and body.

    also_asked: other wordings of the question that it answers. They help to find it, and are never shown.
    """

    heading: str
    level: int
    start: int
    end: int
    sentences: tuple[Sentence, ...]
    also_asked: tuple[str, ...] = ()


@dataclass(frozen=True)
class Document:
    """A document as ingested. `text` is what every offset counts in (characters, from 0)."""

    id: str
    title: str
    summary: str
    text: str
    kind: str
    evidence: str
    topics: tuple[str, ...]
    sections: tuple[Section, ...]
    references: tuple[Reference, ...] = ()
    notes: tuple[Note, ...] = ()
    reviewed_on: date | None = None
    review_due: date | None = None
    path: str = ""
    content_hash: str = ""
    pages: tuple[int, ...] = ()

    def page_at(self, offset: int) -> int | None:
        """The page (from 1) that character `offset` lies on; None where the source has no pages."""
        if not self.pages:
            return None
        return sum(1 for start in self.pages if start <= offset)


@dataclass(frozen=True, slots=True)
class Passage:
    """A run of whole sentences of one section: the unit that is embedded and retrieved.

    id: stable for the same document, words and occurrence. start, end: characters in the document's text.
    sentences: absolute offsets, in order. context: title and heading, put before the text for indexing.
    """

    id: str
    document: str
    title: str
    section: str
    start: int
    end: int
    text: str
    sentences: tuple[Sentence, ...]

    @property
    def indexed_text(self) -> str:
        """What is embedded and counted by BM25: title and heading, then the passage."""
        context = self.title if self.section in ("", self.title) else f"{self.title}: {self.section}"
        return f"{context}\n{self.text}"
