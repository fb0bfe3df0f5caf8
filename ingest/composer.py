"""Composes a document's text, its sections and its sentences, block by block.

Every reader (Markdown, plain text, HTML, PDF, ...) feeds the same three calls, so that offsets are
right by construction: what is appended is what is counted. Reference markers such as `[Teut2012]`
are taken out of the text; the sentence before a marker carries its keys.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable

from ingest.domain import Section, Sentence
from ingest.sentences import sentence_spans

RESERVED_KEYS = ("reasoning", "general-knowledge", "library")
"""Keys that name no publication: our own inference, unchecked general knowledge, what our search found."""

_MARKER = re.compile(r"\s*\[(@?[A-Za-z][\w.:-]*(?:\s*[,;]\s*@?[A-Za-z][\w.:-]*)*)\]")
_SPACE = re.compile(r"\s+")


class Composer:
    """Collects blocks; `text` and `sections` hold the result after `finish()`."""

    def __init__(self, keys: Collection[str] = ()) -> None:
        self._keys = frozenset(keys) | frozenset(RESERVED_KEYS)
        self._parts: list[str] = []
        self._length = 0
        self._heading, self._level, self._start = "", 0, 0
        self._sentences: list[Sentence] = []
        self._sections: list[Section] = []
        self._in_list = False
        self._pages: list[int] = []

    def page(self) -> None:
        """What follows stands on the next page of the source; the first page is begun the same way."""
        self._pages.append(self._length)

    def heading(self, text: str, level: int) -> None:
        """Close the section so far and begin one under this heading (level 1 to 6)."""
        text = _SPACE.sub(" ", text).strip()
        if not text:
            return
        self._close()
        self._heading, self._level = text, level
        self._gap("\n\n")
        self._start = self._length
        self._append("#" * level + " " + text)
        self._in_list = False

    def paragraph(self, text: str) -> None:
        """Append a paragraph of running text."""
        self._block(text, gap="\n\n", prefix="")
        self._in_list = False

    def item(self, text: str) -> None:
        """Append a list item."""
        self._block(text, gap="\n" if self._in_list else "\n\n", prefix="- ")
        self._in_list = True

    @property
    def pages(self) -> tuple[int, ...]:
        """Offset at which each page begins; empty where the source has none."""
        return tuple(self._pages)

    @property
    def length(self) -> int:
        """Characters composed so far."""
        return self._length

    def finish(self) -> tuple[str, tuple[Section, ...]]:
        """The text as ingested, and its sections in order; sections without a sentence are left out."""
        self._close()
        return "".join(self._parts), tuple(self._sections)

    def _block(self, text: str, gap: str, prefix: str) -> None:
        clean, markers = self._take_markers(_SPACE.sub(" ", text).strip())
        if not clean:
            return
        self._gap(gap)
        self._append(prefix)
        spans = sentence_spans(clean)
        keys: list[list[str]] = [[] for _ in spans]
        for position, found in markers:
            owner = max((i for i, (start, _) in enumerate(spans) if start < position), default=0)
            keys[owner].extend(found)
        self._sentences += [
            Sentence(self._length + start, self._length + end, tuple(dict.fromkeys(own)))
            for (start, end), own in zip(spans, keys, strict=True)
        ]
        self._append(clean)

    def _take_markers(self, text: str) -> tuple[str, list[tuple[int, list[str]]]]:
        """The text without its markers, and (position in that text, keys) for each marker."""
        pieces: list[str] = []
        markers: list[tuple[int, list[str]]] = []
        position = length = 0
        for match in _MARKER.finditer(text):
            found = [key.strip().lstrip("@") for key in re.split("[,;]", match[1])]
            if not all(key in self._keys for key in found):
                continue
            pieces.append(text[position : match.start()])
            length += len(pieces[-1])
            position = match.end()
            markers.append((length, found))
        pieces.append(text[position:])
        return "".join(pieces), markers

    def _gap(self, gap: str) -> None:
        if self._parts:
            self._append(gap)

    def _append(self, text: str) -> None:
        self._parts.append(text)
        self._length += len(text)

    def _close(self) -> None:
        if self._sentences:
            self._sections.append(
                Section(self._heading, self._level, self._start, self._length, tuple(self._sentences))
            )
        self._sentences = []
        self._start = self._length


def markers_in(text: str) -> Iterable[str]:
    """All keys named by markers in a text, reserved or not."""
    for match in _MARKER.finditer(text):
        yield from (key.strip().lstrip("@") for key in re.split("[,;]", match[1]))
