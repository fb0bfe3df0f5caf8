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
_NOTE_START = re.compile(r"^\s*(?:\[?\d{1,3}\]?[.)]?|[*†‡§])\s*\S")
_RAISED = re.compile(r"^\s*[\d,*†‡§–\s-]{1,8}\s*$")


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
    height = float(page.mediabox.height)
    drafts = [_Draft()]

    def visit(text: str, cm: Any, tm: Any, font: Any, size: Any) -> None:
        y = float(tm[4]) * float(cm[1]) + float(tm[5]) * float(cm[3]) + float(cm[5]) - float(page.mediabox.bottom)
        scale = abs(float(tm[3]) * float(cm[3])) or abs(float(tm[1]) * float(cm[2])) or 1.0
        points = float(size or 0) * scale
        bold = "bold" in str((font or {}).get("/BaseFont", "")).lower()
        for number, part in enumerate(text.split("\n")):
            if number:
                drafts.append(_Draft())
            if part.strip():
                _place(drafts, part, y, points, bold)
            elif part and drafts[-1].pieces:
                drafts[-1].pieces.append((part, points, bold))

    page.extract_text(visitor_text=visit)
    return [line for line in (draft.line(height) for draft in drafts) if line is not None]


def _place(drafts: list[_Draft], text: str, y: float, size: float, bold: bool) -> None:
    """Add a piece to the line it stands on; a jump by more than a raised mark's height begins another line."""
    if drafts[-1].pieces and abs(drafts[-1].y - y) > 0.6 * max(size, drafts[-1].pieces[0][1], 1.0):
        drafts.append(_Draft())
    if not drafts[-1].pieces:
        drafts[-1].y = y
    drafts[-1].pieces.append((text, size, bold))


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
    """A page without the small print at its foot that begins with a note's mark."""
    for number, line in enumerate(lines):
        rest = lines[number:]
        small = all(other.size <= _NOTE_SIZE * size for other in rest)
        if small and line.place < 0.4 and _NOTE_START.match(line.text):
            return lines[:number]
    return lines


def _at_edge(line: Line) -> bool:
    return line.place > 1 - _EDGE or line.place < _EDGE


def _pattern(line: Line) -> str:
    return re.sub(r"\d+", "#", line.text).lower()
