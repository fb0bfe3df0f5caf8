"""Walks a tree of HTML elements and feeds its headings, paragraphs, list items and tables to a composer."""

from __future__ import annotations

import re
from collections.abc import Iterator

from lxml import etree, html

from ingest.composer import Composer
from ingest.errors import DocumentError
from ingest.limits import Limits
from ingest.readers.markdown import table_row

_HEADING = re.compile(r"h([1-6])$")
_BLOCKS = frozenset(
    (
        "address", "article", "aside", "blockquote", "body", "center", "dd", "details", "div", "dl", "dt",
        "fieldset", "figure", "figcaption", "form", "h1", "h2", "h3", "h4", "h5", "h6", "header", "footer",
        "hr", "html", "li", "main", "nav", "ol", "p", "pre", "section", "summary", "table", "tbody", "td",
        "tfoot", "th", "thead", "tr", "ul",
    )
)  # fmt: skip
_SILENT = frozenset(
    (
        "script", "style", "noscript", "template", "head", "title", "svg", "math", "iframe", "object",
        "video", "audio", "canvas", "button", "select", "textarea", "input", "nav", "footer", "aside",
        "form",
    )
)  # fmt: skip
_NOTE_ROLES = frozenset(("doc-noteref", "doc-footnote", "doc-endnotes", "doc-backlink", "doc-pagebreak", "navigation"))
_NOTE_TYPES = frozenset(("noteref", "footnote", "footnotes", "endnotes", "rearnotes", "pagebreak", "toc", "landmarks"))
_NOTE_CLASSES = frozenset(("reference", "footnote", "footnotes", "footnote-ref", "noteref", "mw-editsection"))
_EPUB_TYPE = "{http://www.idpf.org/2007/ops}type"
_MARK = re.compile(r"^\W*(?:\d{1,3}|[a-z*†‡§])(?:\s*[,–-]\s*\d{1,3})*\W*$")
_DEEP = "it is nested too deeply ({depth} elements inside each other)."


def parse_markup(data: bytes | str, name: str, limits: Limits, encoding: str | None = None) -> html.HtmlElement:
    """An HTML tree. Raises DocumentError where there is none, or where it is nested too deeply."""
    parser = html.HTMLParser(encoding=encoding, remove_comments=True, remove_pis=True, no_network=True, huge_tree=True)
    try:
        tree = html.document_fromstring(data, parser=parser)
    except (etree.ParserError, etree.XMLSyntaxError, ValueError) as error:
        raise DocumentError(name, f"there is no HTML in it ({error}).", "Save the page anew, or remove it.") from None
    depth = _depth(tree)
    if depth > limits.nesting:
        raise DocumentError(name, _DEEP.format(depth=depth), "Save the page's text in a simpler form.")
    return tree


def compose_markup(tree: html.HtmlElement, composer: Composer) -> str | None:
    """Feed the tree to the composer, footnotes and furniture left out. Returns the first heading."""
    return _Walk(composer).walk(tree)


class _Walk:
    """One pass over a tree. Text that is not yet in a block waits in `_waiting`."""

    def __init__(self, composer: Composer) -> None:
        self._composer = composer
        self._waiting: list[str] = []
        self._items = 0
        self.first: str | None = None

    def walk(self, tree: html.HtmlElement) -> str | None:
        self._element(tree)
        self._flush()
        return self.first

    def _element(self, element: html.HtmlElement) -> None:
        tag = element.tag if isinstance(element.tag, str) else ""
        if not tag or tag in _SILENT or is_note(element):
            return
        heading = _HEADING.match(tag)
        if heading:
            self._flush()
            text = words_of(element)
            self.first = self.first or text or None
            self._composer.heading(text, int(heading[1]))
        elif tag == "table":
            self._flush()
            compose_rows(_rows(element), self._composer)
        elif tag in ("li", "dd"):
            self._flush()
            self._items += 1
            self._children(element)
            self._flush()
            self._items -= 1
        elif tag == "br":
            self._waiting.append(" ")
        elif tag in _BLOCKS:
            self._flush()
            self._children(element)
            self._flush()
        else:
            self._children(element)

    def _children(self, element: html.HtmlElement) -> None:
        self._waiting.append(element.text or "")
        for child in element:
            self._element(child)
            self._waiting.append(child.tail or "")

    def _flush(self) -> None:
        text = "".join(self._waiting).strip()
        self._waiting.clear()
        if text:
            (self._composer.item if self._items else self._composer.paragraph)(text)


def is_note(element: html.HtmlElement) -> bool:
    """Whether an element is a footnote, a mark that leads to one, a page number, or hidden."""
    if element.get("hidden") is not None or element.get("aria-hidden") == "true":
        return True
    if element.get("role") in _NOTE_ROLES:
        return True
    types = (element.get(_EPUB_TYPE) or element.get("epub:type") or "").split()
    if _NOTE_TYPES.intersection(types) or _NOTE_CLASSES.intersection((element.get("class") or "").split()):
        return True
    if element.tag == "sup":
        return bool(_MARK.match(element.text_content())) and element.find(".//a") is not None
    inside = element.tag == "a" and element.find(".//sup") is not None
    return inside and bool(_MARK.match(element.text_content()))


def words_of(element: html.HtmlElement) -> str:
    """The text inside an element, footnote marks left out, white space single."""
    return " ".join("".join(_pieces(element)).split())


def compose_rows(rows: list[tuple[bool, list[str]]], composer: Composer) -> None:
    """Each row of a table becomes one sentence, `Header: cell; Header: cell.`, so that it can be quoted alone."""
    headers: list[str] = []
    for is_header, cells in rows:
        if is_header and not headers:
            headers = cells
        elif any(cells):
            composer.item(table_row(headers, cells))


def _pieces(element: html.HtmlElement) -> Iterator[str]:
    yield element.text or ""
    for child in element:
        if isinstance(child.tag, str) and child.tag not in _SILENT and not is_note(child):
            yield " " if child.tag in _BLOCKS or child.tag == "br" else ""
            yield from _pieces(child)
        yield child.tail or ""


def _rows(table: html.HtmlElement) -> list[tuple[bool, list[str]]]:
    """For each row: whether it holds headers only, and the words of its cells."""
    rows = []
    for row in table.iter("tr"):
        cells = [cell for cell in row if cell.tag in ("td", "th")]
        if cells:
            is_header = all(cell.tag == "th" for cell in cells)
            rows.append((is_header, [words_of(cell) for cell in cells]))
    return rows


def _depth(tree: html.HtmlElement) -> int:
    depth = deepest = 0
    for event, _ in etree.iterwalk(tree, events=("start", "end")):
        depth += 1 if event == "start" else -1
        deepest = max(deepest, depth)
    return deepest
