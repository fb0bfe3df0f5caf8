"""A PDF becomes sentences with their pages; running heads, feet and footnotes stay out, columns are read in turn."""

from __future__ import annotations

import io
from pathlib import Path

from pypdf import PdfWriter
from pypdf.generic import DecodedStreamObject, DictionaryObject, NameObject

from ingest.domain import Document
from ingest.reading import read_document


def _read(path: Path, data: bytes) -> Document:
    path.write_bytes(data)
    return read_document(path, path.name)


def _pdf(pages: list[list[tuple[float, float, str]]], columns: tuple[float, ...] = (72,)) -> bytes:
    """A PDF of lines: (size, height above the foot in points, text); A4, Helvetica.

    columns: left edges; an empty text moves on to the next column.
    """
    writer = PdfWriter()
    font = DictionaryObject(
        {
            NameObject("/Type"): NameObject("/Font"),
            NameObject("/Subtype"): NameObject("/Type1"),
            NameObject("/BaseFont"): NameObject("/Helvetica"),
            NameObject("/Encoding"): NameObject("/WinAnsiEncoding"),
        }
    )
    for lines in pages:
        page = writer.add_blank_page(width=595, height=842)
        page[NameObject("/Resources")] = DictionaryObject(
            {NameObject("/Font"): DictionaryObject({NameObject("/F1"): font})}
        )
        stream = DecodedStreamObject()
        edges, parts = iter(columns), []
        x = next(edges)
        for size, y, text in lines:
            x = x if text else next(edges)
            parts.append(f"BT /F1 {size} Tf 1 0 0 1 {x} {y} Tm ({text}) Tj ET")
        stream.set_data("\n".join(parts).encode("cp1252"))
        page[NameObject("/Contents")] = writer._add_object(stream)
    out = io.BytesIO()
    writer.write(out)
    return out.getvalue()


def _page(number: int, body: list[tuple[float, float, str]]) -> list[tuple[float, float, str]]:
    head = (8.0, 810.0, f"Journal of Cups 12, {30 + number}")
    return [head, *body, (7.0, 120.0, f"{number} A footnote in small print."), (8.0, 30.0, f"Page {number} of 3")]


def test_pdf_keeps_pages_and_drops_heads_footnotes_and_page_numbers(tmp_path: Path) -> None:
    first = [
        (18.0, 760.0, "What cups do"),
        (10.0, 720.0, "A cup draws up the skin, and this is the first sen-"),
        (10.0, 708.0, "tence of the page. The second one runs over to the"),
    ]
    second = [
        (10.0, 760.0, "page that follows. This one stands on page two alone."),
        (14.0, 700.0, "Marks"),
        (10.0, 680.0, "A round mark stays for about two weeks on most people."),
    ]
    third = [(10.0, 760.0, "The last page says little. It says only this.")]
    document = _read(tmp_path / "cups.pdf", _pdf([_page(n, p) for n, p in enumerate((first, second, third), 1)]))
    assert document.title == "What cups do"
    assert [section.heading for section in document.sections] == ["What cups do", "Marks"]
    pages = {document.text[s.start : s.end]: document.page_at(s.start) for x in document.sections for s in x.sentences}
    assert pages == {
        "A cup draws up the skin, and this is the first sentence of the page.": 1,
        "The second one runs over to the page that follows.": 1,
        "This one stands on page two alone.": 2,
        "A round mark stays for about two weeks on most people.": 2,
        "The last page says little.": 3,
        "It says only this.": 3,
    }


def _column(sentences: list[str], top: float = 700.0) -> list[tuple[float, float, str]]:
    """Sentences in lines of five words, 12 points apart."""
    words = " ".join(sentences).split()
    lines = [" ".join(words[first : first + 5]) for first in range(0, len(words), 5)]
    return [(10.0, top - 12 * number, line) for number, line in enumerate(lines)]


def test_two_columns_with_feet_and_footnotes_keep_sentences_and_pages(tmp_path: Path) -> None:
    said = {
        (page, side): [
            f"The {side} column of page {page} says in line {line} that cups were set down in order."
            for line in range(6)
        ]
        for page in (1, 2)
        for side in ("left", "right")
    }
    pages = []
    for page in (1, 2):
        notes = [(7.0, 110.0, f"{page} A note in small print, which runs on"), (7.0, 101.0, "to a second line of it.")]
        left = [(8.0, 812.0, "Annals of Cups"), *_column(said[page, "left"]), *notes]
        right = [*_column(said[page, "right"]), (7.0, 110.0, "* Another note."), (8.0, 28.0, f"Annals of Cups {page}")]
        pages.append([*left, (10.0, 0.0, ""), *right])
    document = _read(tmp_path / "annals.pdf", _pdf(pages, columns=(60, 310)))
    found = {document.text[s.start : s.end]: document.page_at(s.start) for x in document.sections for s in x.sentences}
    assert found == {sentence: page for (page, _), sentences in said.items() for sentence in sentences}
