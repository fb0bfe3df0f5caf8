"""Web pages: the main content only, found by trafilatura; menus, banners and comments stay out."""

from __future__ import annotations

import re

import trafilatura
from charset_normalizer import from_bytes
from lxml import etree, html

from ingest.composer import Composer
from ingest.errors import DocumentError
from ingest.limits import Limits
from ingest.readers.markup import compose_markup, is_note, parse_markup

_DECLARED = re.compile(rb"""<meta[^>]+charset\s*=\s*["']?([\w-]+)|<\?xml[^>]+encoding\s*=\s*["']([\w-]+)""", re.I)
_LEAST_SHARE = 0.25
"""Where less of the page's words is kept than this, the page had no furniture to speak of: all of it is read."""


def compose_html(data: bytes, name: str, composer: Composer, limits: Limits) -> str | None:
    """Feed a page's main content to the composer. Returns its title. Raises DocumentError."""
    tree = parse_markup(_decoded(data, name), name, limits)
    title = (tree.findtext(".//title") or "").strip() or None
    for note in [element for element in tree.iter(etree.Element) if is_note(element)]:
        note.drop_tree()
    main = _main_content(tree)
    first = compose_markup(main if main is not None else tree, composer)
    return first or title


def _decoded(data: bytes, name: str) -> str:
    declared = _DECLARED.search(data[:4096])
    tried = ["utf-8-sig"] if not data.startswith((b"\xff\xfe", b"\xfe\xff")) else ["utf-16"]
    if declared:
        tried.append((declared[1] or declared[2]).decode("ascii"))
    for encoding in tried:
        try:
            return _without_declaration(data.decode(encoding))
        except (UnicodeDecodeError, LookupError):
            continue
    best = from_bytes(data).best()
    if best is None or b"\0" in data:
        raise DocumentError(name, "its text encoding could not be recognised.", "Save the page as UTF-8.")
    return _without_declaration(str(best))


def _without_declaration(text: str) -> str:
    return re.sub(r"^\s*<\?xml[^>]*\?>", "", text)


def _main_content(tree: html.HtmlElement) -> html.HtmlElement | None:
    """What trafilatura takes for the main content, as HTML; None where it leaves (almost) nothing."""
    source = html.tostring(tree, encoding="unicode")
    found = trafilatura.extract(
        source, output_format="html", include_comments=False, include_tables=True, include_links=False
    )
    if not found:
        return None
    main = html.document_fromstring(found)
    kept, whole = len(main.text_content().split()), len(tree.text_content().split())
    return main if kept >= _LEAST_SHARE * min(whole, 400) else None
