"""Each format becomes headings, sentences, items and table rows; what is not the text stays out."""

from __future__ import annotations

import io
import zipfile
from pathlib import Path

import docx
import pytest
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls

from ingest.domain import Document
from ingest.errors import DocumentError
from ingest.reading import read_document


def _read(folder: Path, name: str, data: bytes | str) -> Document:
    path = folder / name
    path.write_bytes(data.encode("utf-8") if isinstance(data, str) else data)
    return read_document(path, name)


def _sentences(document: Document) -> list[str]:
    return [document.text[s.start : s.end] for section in document.sections for s in section.sentences]


PAGE = """<html><head><title>Cups | A clinic</title></head><body>
<nav><a href="/">Home</a> <a href="/shop">Buy cups now</a></nav><header>Our clinic since 1999</header>
<main><article><h1>Marks after cupping</h1>
<p>A cup leaves a round mark on the skin.<sup><a href="#n1">1</a></sup> It fades in about two weeks, as bruises do,
and it is not a sign that anything has left the body.</p>
<h2>Signs to watch</h2><ul><li>A mark is usual.</li><li>Pus is not usual.</li></ul>
<table><tr><th>Sign</th><th>What to do</th></tr><tr><td>Fever</td><td>See a doctor</td></tr></table>
<p>People who take medicines against clotting bruise more easily, so they ask whoever prescribed them first.</p>
<div class="footnotes"><p>1. A note that nobody reads.</p></div></article></main>
<div class="cookie-banner">We use cookies. Accept all</div><footer>All rights reserved by the clinic</footer>
</body></html>"""


def test_web_page_keeps_its_main_content_only(tmp_path: Path) -> None:
    document = _read(tmp_path, "marks.html", PAGE)
    assert document.title == "Marks after cupping"
    assert [section.heading for section in document.sections] == ["Marks after cupping", "Signs to watch"]
    sentences = _sentences(document)
    assert sentences[0] == "A cup leaves a round mark on the skin."
    assert {"A mark is usual.", "Pus is not usual.", "Sign: Fever; What to do: See a doctor."} <= set(sentences)
    for outside in ("Home", "Buy cups", "since 1999", "nobody reads", "cookies", "All rights"):
        assert outside not in document.text


@pytest.mark.parametrize("encoding", ["utf-8", "iso-8859-1", "windows-1252", "utf-16"])
def test_web_page_in_any_declared_encoding(tmp_path: Path, encoding: str) -> None:
    head = f"<html><head><meta charset='{encoding}'></head>"
    page = f"{head}<body><p>The café’s naïve owner was called Zoë.</p></body></html>"
    page = page.replace("’", "'") if encoding == "iso-8859-1" else page
    document = _read(tmp_path, "cafe.html", page.encode(encoding))
    assert "naïve owner was called Zoë." in document.text


@pytest.mark.parametrize(
    ("encoding", "text"),
    [
        ("utf-8-sig", "Élan vital is an old idea. Nobody measured it."),
        ("utf-16", "Élan vital is an old idea. Nobody measured it."),
        (
            "latin-1",
            "Élan vital était une idée ancienne. Personne ne l'a mesurée, bien sûr, à l'époque où elle naquit.",
        ),
    ],
)
def test_text_file_in_any_usual_encoding(tmp_path: Path, encoding: str, text: str) -> None:
    assert _read(tmp_path, "elan.txt", text.encode(encoding)).text == text


def test_word_file_keeps_headings_items_tables_links_and_accepted_changes(tmp_path: Path) -> None:
    word = docx.Document()
    word.add_heading("Cups at work", 1)
    word.add_paragraph("The first paragraph says a thing. It says another.")
    word.add_paragraph("An item of a list.", style="List Bullet")
    table = word.add_table(2, 2)
    for place, text in enumerate(("Sign", "Meaning", "Bruise", "It fades")):
        table.cell(place // 2, place % 2).text = text
    changed = word.add_paragraph("Kept words")
    changed._p.append(parse_xml(f"<w:ins {nsdecls('w')}><w:r><w:t> and added words.</w:t></w:r></w:ins>"))
    changed._p.append(parse_xml(f"<w:del {nsdecls('w')}><w:r><w:delText>Deleted words.</w:delText></w:r></w:del>"))
    word.sections[0].header.paragraphs[0].text = "RUNNING HEAD"
    word.sections[0].footer.paragraphs[0].text = "RUNNING FOOT"
    out = io.BytesIO()
    word.save(out)
    document = _read(tmp_path, "work.docx", out.getvalue())
    assert document.title == "Cups at work"
    assert _sentences(document) == [
        "The first paragraph says a thing.",
        "It says another.",
        "An item of a list.",
        "Sign: Bruise; Meaning: It fades.",
        "Kept words and added words.",
    ]
    assert "- An item of a list." in document.text


def _book(chapter: str, encryption: str = "") -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as book:
        book.writestr("mimetype", "application/epub+zip")
        rootfile = '<rootfile full-path="OEBPS/book.opf"/>'
        book.writestr("META-INF/container.xml", f"<container><rootfiles>{rootfile}</rootfiles></container>")
        items = "".join(
            f'<item id="{name}" href="{href}" properties="{properties}" media-type="application/xhtml+xml"/>'
            for name, href, properties in (("n", "nav.xhtml", "nav"), ("c1", "chapter%201.xhtml", ""))
        )
        title = '<dc:title xmlns:dc="http://purl.org/dc/elements/1.1/">A small book</dc:title>'
        spine = '<itemref idref="n"/><itemref idref="c1"/>'
        package = f"<package><metadata>{title}</metadata><manifest>{items}</manifest><spine>{spine}</spine></package>"
        book.writestr("OEBPS/book.opf", package)
        book.writestr("OEBPS/nav.xhtml", "<html><body><p>Contents of the book</p></body></html>")
        book.writestr("OEBPS/chapter 1.xhtml", chapter)
        if encryption:
            book.writestr("META-INF/encryption.xml", encryption)
    return out.getvalue()


CHAPTER = """<?xml version="1.0" encoding="utf-8"?>
<html xmlns="http://www.w3.org/1999/xhtml" xmlns:epub="http://www.idpf.org/2007/ops"><body><h1>Chapter one</h1>
<p>A cup was set down.<a epub:type="noteref" href="#n1"><sup>1</sup></a> It stayed – for long.</p>
<span epub:type="pagebreak">12</span><p>The room was 20 m<sup>2</sup> wide.</p>
<aside epub:type="footnote" id="n1"><p>1 A note.</p></aside></body></html>"""


def test_book_keeps_its_chapters_without_notes_and_navigation(tmp_path: Path) -> None:
    document = _read(tmp_path, "book.epub", _book(CHAPTER))
    assert document.title == "A small book"
    assert _sentences(document) == ["A cup was set down.", "It stayed – for long.", "The room was 20 m2 wide."]


def test_copy_protected_book_is_told_from_one_with_scrambled_fonts(tmp_path: Path) -> None:
    entry = '<encryption><EncryptionMethod Algorithm="{}"/></encryption>'
    fonts = entry.format("http://www.idpf.org/2008/embedding")
    assert _read(tmp_path, "fonts.epub", _book(CHAPTER, fonts)).id == "fonts"
    with pytest.raises(DocumentError, match="copy-protected"):
        _read(tmp_path, "drm.epub", _book(CHAPTER, entry.format("http://www.w3.org/2001/04/xmlenc#aes128-cbc")))
