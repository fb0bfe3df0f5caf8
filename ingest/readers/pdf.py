"""PDF: text with its page numbers. Running heads, page numbers and footnotes stay out of the sentences."""

from __future__ import annotations

import io
import logging
import re
from collections import Counter

from pypdf import PdfReader
from pypdf.errors import DependencyError, FileNotDecryptedError

from ingest.composer import Composer
from ingest.errors import DocumentError
from ingest.limits import Limits
from ingest.readers.pdf_lines import Line, body_size, page_lines, without_footnotes, without_furniture
from ingest.sentences import sentence_spans

_ITEM = re.compile(r"^\s*(?:[•·‣▪◦●–\x7f\uf0b7]|\(?\d{1,2}[.)])\s+")
_SENTENCE_END = re.compile(r"[.!?:;][\"'”’)\]]*$")
_HEADING_SIZE = 1.12
"""A heading is set this much larger than the body, or in bold on a line of its own."""
_LONGEST_HEADING = 120
_PASSWORD = ("it is protected by a password.", "Save it without a password and try again.")


def compose_pdf(data: bytes, name: str, composer: Composer, limits: Limits) -> str | None:
    """Feed a PDF to the composer, page by page. Returns its title. Raises DocumentError."""
    logging.getLogger("pypdf").setLevel(logging.ERROR)  # it tells of every small fault in a file that reads well
    reader = PdfReader(io.BytesIO(data))
    if reader.is_encrypted and not _opens_without_password(reader):
        raise DocumentError(name, *_PASSWORD)
    limits.check_pages(name, len(reader.pages))
    pages, length = [], 0
    for page in reader.pages:
        pages.append(page_lines(page))
        length += sum(len(line.text) for line in pages[-1])
        limits.check_text(name, length)
    if not any(pages):
        mend = "It may be scanned: recognise its text (OCR) first."
        raise DocumentError(name, "there is no text in it, only pictures at best.", mend)
    size = body_size(pages)
    kept = [without_footnotes(lines, size) for lines in without_furniture(pages)]
    first = _Setting(composer, size, _heading_levels(kept, size)).compose(kept)
    return first or _metadata_title(reader)


def _opens_without_password(reader: PdfReader) -> bool:
    try:
        return bool(reader.decrypt(""))
    except (DependencyError, FileNotDecryptedError, NotImplementedError):
        return False  # a password, or a cipher that pypdf does not know: either way it can't be read here


class _Setting:
    """Puts lines together to headings, paragraphs and items."""

    def __init__(self, composer: Composer, size: float, levels: dict[float, int]) -> None:
        self._composer, self._size, self._levels = composer, size, levels
        self._open = ""
        self._open_is_item = False
        self._title: list[Line] = []
        self._last: Line | None = None
        self.first: str | None = None

    def compose(self, pages: list[list[Line]]) -> str | None:
        for lines in pages:
            self._begin_page(lines)
            widest = max((len(line.text) for line in lines), default=0)
            for line in lines:
                self._line(line, widest)
        self._close()
        return self.first

    def _begin_page(self, lines: list[Line]) -> None:
        """A sentence that runs over the page's edge is finished on the page where it began."""
        if not self._open or not lines or _SENTENCE_END.search(self._open) or self._is_heading(lines[0]):
            self._close()
            self._composer.page()
            return
        begun = len(sentence_spans(self._open))
        while lines and len(self._open) < 2000:
            self._append(lines.pop(0).text)
            if len(sentence_spans(self._open)) > begun or _SENTENCE_END.search(self._open):
                break
        end = sentence_spans(self._open)[begun - 1][1]
        self._open, rest = self._open[:end], self._open[end:].strip()
        self._close()
        self._composer.page()
        self._open = rest

    def _line(self, line: Line, widest: int) -> None:
        if self._is_heading(line):
            self._heading(line)
            self._last = line
            return
        if self._title:
            self._close()
        if _ITEM.match(line.text):
            self._close()
            self._open, self._open_is_item = _ITEM.sub("", line.text), True
        elif self._open and self._breaks(line, widest):
            self._close()
            self._open = line.text
        else:
            self._append(line.text)
        self._last = line

    def _breaks(self, line: Line, widest: int) -> bool:
        """Whether a paragraph ends before this line: a wide gap, or a short last line that ends a sentence."""
        if self._last is None or not _SENTENCE_END.search(self._open):
            return False
        gap = self._last.y - line.y
        return gap > 1.7 * max(line.size, 1.0) or gap < 0 or len(self._last.text) < 0.7 * widest

    def _append(self, text: str) -> None:
        if re.search(r"[^\W\d_][-\u00ad]$", self._open) and text[:1].islower():
            self._open = self._open[:-1] + text
        else:
            self._open = f"{self._open} {text}".strip()

    def _is_heading(self, line: Line) -> bool:
        if len(line.text) > _LONGEST_HEADING or _ITEM.match(line.text) or not re.search(r"[^\W\d_]{2}", line.text):
            return False
        larger = line.size >= _HEADING_SIZE * self._size
        return (larger or line.bold) and not line.text.endswith((".", ",", ";"))

    def _heading(self, line: Line) -> None:
        """Lines of a heading that follow each other wait, and are put down as one."""
        if self._title and self._title[-1].size != line.size:
            self._close()
        if self._open:
            self._close()
        self._title.append(line)

    def _close(self) -> None:
        if self._title:
            text = " ".join(line.text for line in self._title)
            self._composer.heading(text, self._levels.get(round(self._title[0].size, 1), 3))
            self.first = self.first or text
            self._title.clear()
        if self._open.strip():
            (self._composer.item if self._open_is_item else self._composer.paragraph)(self._open)
        self._open, self._open_is_item = "", False


def _heading_levels(pages: list[list[Line]], size: float) -> dict[float, int]:
    """Sizes above the body's, the largest as level 1."""
    sizes = Counter(round(line.size, 1) for lines in pages for line in lines if line.size >= _HEADING_SIZE * size)
    return {found: min(level, 6) for level, found in enumerate(sorted(sizes, reverse=True), 1)}


def _metadata_title(reader: PdfReader) -> str | None:
    title = (reader.metadata.title or "").strip() if reader.metadata else ""
    return title if len(title) > 3 and not re.search(r"\.\w{2,4}$|untitled|^microsoft word", title, re.I) else None
