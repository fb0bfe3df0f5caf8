"""Word documents (DOCX). Headers, footers and footnotes lie in parts of their own, which are not read."""

from __future__ import annotations

import io
import re

import docx
from docx.document import Document as WordDocument
from docx.oxml.ns import qn
from docx.table import Table
from docx.text.paragraph import Paragraph

from ingest.composer import Composer
from ingest.errors import DocumentError
from ingest.limits import Limits
from ingest.readers.archive import open_archive
from ingest.readers.markup import compose_rows

_HEADING = re.compile(r"heading (\d)", re.I)
_SKIPPED = frozenset((qn("w:moveFrom"), qn("w:del"), qn("w:txbxContent")))


def compose_docx(data: bytes, name: str, composer: Composer, limits: Limits) -> str | None:
    """Feed a Word document to the composer. Returns its title. Raises DocumentError."""
    entries = {entry.filename for entry in open_archive(data, name, limits).infolist()}
    if "word/document.xml" not in entries:
        raise DocumentError(name, "it is not a Word document (its main part is missing).", "Save it anew as DOCX.")
    document = docx.Document(io.BytesIO(data))
    first: str | None = None
    for block in document.iter_inner_content():
        if isinstance(block, Table):
            compose_rows(_rows(block), composer)
            continue
        text, level = _text(block), _level(block)
        if text and level:
            first = first or text
            composer.heading(text, level)
        elif text:
            (composer.item if _is_item(block) else composer.paragraph)(text)
    return first or _property_title(document)


def _text(paragraph: Paragraph) -> str:
    """All words of a paragraph, in links and accepted insertions too; what was deleted or moved away is left out."""
    words = []
    for node in paragraph._p.iter(qn("w:t"), qn("w:tab"), qn("w:br")):
        if any(parent.tag in _SKIPPED for parent in node.iterancestors()):
            continue
        words.append(node.text or "" if node.tag == qn("w:t") else " ")
    return " ".join("".join(words).split())


def _level(paragraph: Paragraph) -> int:
    """Level of a heading, 1 to 6; 0 for anything else."""
    style = (paragraph.style.name or "") if paragraph.style is not None else ""
    if style == "Title":
        return 1
    match = _HEADING.match(style)
    return min(int(match[1]), 6) if match else 0


def _is_item(paragraph: Paragraph) -> bool:
    style = (paragraph.style.name or "") if paragraph.style is not None else ""
    properties = paragraph._p.pPr
    return style.startswith("List") or (properties is not None and properties.numPr is not None)


def _rows(table: Table) -> list[tuple[bool, list[str]]]:
    """A table's rows; the first is taken for headers. A merged cell is told once."""
    rows = []
    for number, row in enumerate(table.rows):
        cells: list[str] = []
        before = None
        for cell in row.cells:
            if cell._tc is not before:
                cells.append(" ".join(filter(None, (_text(paragraph) for paragraph in cell.paragraphs))))
            before = cell._tc
        rows.append((number == 0 and len(table.rows) > 1, cells))
    return rows


def _property_title(document: WordDocument) -> str | None:
    return document.core_properties.title.strip() or None
