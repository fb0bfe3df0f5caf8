"""The lines of a PDF's pages, with where they stand and how large they are set."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from pypdf import PageObject

_EDGE = 0.12
"""Share of a page's height, at top and bottom, where running heads and page numbers stand."""
_PAGE_NUMBER = re.compile(r"^\W*(?:page\s*)?\d{1,4}(?:\s*(?:/|of)\s*\d{1,4})?\W*$", re.I)
_NOTE_SIZE = 0.93
_NOTES_BELOW = 0.4
"""Notes are set smaller than this share of the body's size, and below this share of the page's height."""
_NOTE_START = re.compile(r"^\s*(?:\[?\d{1,3}\]?[.)]?|[*†‡§])\s*\S")
_RAISED = re.compile(r"^\s*[\d,*†‡§–\s-]{1,8}\s*$")


Matrix = Sequence[Any]
"""Six numbers a b c d e f, by which PDF takes (x, y) to (ax + cy + e, bx + dy + f)."""


@dataclass(frozen=True)
class Line:
    """One line of text. y: points from the page's foot; place: y as a share of the page's height."""

    text: str
    y: float
    size: float
    bold: bool
    place: float

    def with_text(self, text: str) -> Line:
        """The same line with other words."""
        return replace(self, text=text)


@dataclass
class _Draft:
    pieces: list[tuple[str, float, bool]] = field(default_factory=list)
    y: float = 0.0

    def line(self, height: float) -> Line | None:
        """The finished line; raised footnote marks (small figures after larger words) are left out."""
        words = [(text, size) for text, size, _ in self.pieces if text.strip()]
        if not words:
            return None
        size = max(words, key=lambda word: len(word[0]))[1]
        kept = [t for t, s, _ in self.pieces if not (s <= 0.85 * size and _RAISED.match(t) and t.strip())]
        text = " ".join("".join(kept).split())
        if not text:
            return None
        bold = sum(len(t) for t, _, b in self.pieces if b) > 0.8 * sum(len(t) for t, _, _ in self.pieces)
        return Line(text, self.y, size, bold, self.y / height if height else 0.5)


def page_lines(page: PageObject) -> list[Line]:
    """The lines of a page in the order in which the file draws them."""
    drawn = _Drawn(foot=float(page.mediabox.bottom))
    page.extract_text(visitor_text=drawn.take)
    height = float(page.mediabox.height)
    return [line for line in (draft.line(height) for draft in drawn.drafts) if line is not None]


class _Drawn:
    """Collects pieces of text as pypdf comes upon them, line by line."""

    def __init__(self, foot: float) -> None:
        """foot: y of the page's lower edge, in points."""
        self.drafts = [_Draft()]
        self._foot = foot

    def take(self, text: str, page_matrix: Matrix, text_matrix: Matrix, font: dict[str, Any] | None, size: Any) -> None:
        """One piece, maybe with line breaks in it, in the form of pypdf's `visitor_text`."""
        y = _height(page_matrix, text_matrix) - self._foot
        points = float(size or 0) * _scale(page_matrix, text_matrix)
        bold = "bold" in str((font or {}).get("/BaseFont", "")).lower()
        first, *others = text.split("\n")
        self._add(first, y, points, bold)
        for part in others:
            self.drafts.append(_Draft())
            self._add(part, y, points, bold)

    def _add(self, text: str, y: float, size: float, bold: bool) -> None:
        """Add to the line that the piece stands on; a jump by more than a raised mark's height begins another."""
        draft = self.drafts[-1]
        if not text.strip():
            if text and draft.pieces:
                draft.pieces.append((text, size, bold))
            return
        if draft.pieces and abs(draft.y - y) > 0.6 * max(size, draft.pieces[0][1], 1.0):
            draft = _Draft()
            self.drafts.append(draft)
        if not draft.pieces:
            draft.y = y
        draft.pieces.append((text, size, bold))


def _height(page: Matrix, text: Matrix) -> float:
    """Where text is set, y in points: the text matrix's offset, carried through the page's matrix."""
    x, y = float(text[4]), float(text[5])
    return x * float(page[1]) + y * float(page[3]) + float(page[5])


def _scale(page: Matrix, text: Matrix) -> float:
    """By how much the matrices enlarge letters; text that is turned by 90 degrees has it off the diagonal."""
    upright, turned = abs(float(text[3]) * float(page[3])), abs(float(text[1]) * float(page[2]))
    return upright or turned or 1.0


def body_size(pages: Sequence[Sequence[Line]]) -> float:
    """The size in which most characters are set, in points."""
    sizes: Counter[float] = Counter()
    for lines in pages:
        for line in lines:
            sizes[round(line.size, 1)] += len(line.text)
    return sizes.most_common(1)[0][0] if sizes else 0.0


def without_furniture(pages: Sequence[list[Line]]) -> list[list[Line]]:
    """Pages without running heads (the same words near an edge, page after page) and page numbers."""
    seen: Counter[str] = Counter()
    for lines in pages:
        seen.update({_pattern(line) for line in lines if _at_edge(line)})
    often = max(2, len(pages) // 4)

    def is_furniture(line: Line) -> bool:
        repeated = len(pages) > 1 and seen[_pattern(line)] >= often
        return _at_edge(line) and (repeated or bool(_PAGE_NUMBER.match(line.text)))

    return [[line for line in lines if not is_furniture(line)] for lines in pages]


def without_footnotes(lines: list[Line], size: float) -> list[Line]:
    """A page without the small print, at the foot of it or of a column, that begins with a note's mark."""
    kept: list[Line] = []
    rest = list(lines)
    while rest:
        notes = _notes_length(rest, size)
        if not notes:
            kept.append(rest[0])
        del rest[: notes or 1]
    return kept


def _notes_length(lines: Sequence[Line], size: float) -> int:
    """How many lines from the first on are notes: small print down to the end, or to a line that stands higher."""
    if lines[0].place >= _NOTES_BELOW or not _NOTE_START.match(lines[0].text):
        return 0
    for number, line in enumerate(lines):
        if number and line.y > lines[number - 1].y:
            return number
        if line.size > _NOTE_SIZE * size:
            return 0
    return len(lines)


def _at_edge(line: Line) -> bool:
    return line.place > 1 - _EDGE or line.place < _EDGE


def _pattern(line: Line) -> str:
    return re.sub(r"\d+", "#", line.text).lower()
