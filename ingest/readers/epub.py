"""E-books (EPUB 2 and 3): the chapters in reading order. Navigation, notes and page numbers are left out."""

from __future__ import annotations

import posixpath
import zipfile
from urllib.parse import unquote

from lxml import etree

from ingest.composer import Composer
from ingest.errors import DocumentError
from ingest.limits import Limits
from ingest.readers.archive import open_archive, read_entry
from ingest.readers.markup import compose_markup, parse_markup

_FONT_SCRAMBLING = ("http://www.idpf.org/2008/embedding", "http://ns.adobe.com/pdf/enc#RC")
_CHAPTER = frozenset(("application/xhtml+xml", "text/html"))
_BROKEN = "Get the book again, or save it anew from the program that made it."


def compose_epub(data: bytes, name: str, composer: Composer, limits: Limits) -> str | None:
    """Feed a book's chapters to the composer. Returns its title. Raises DocumentError."""
    archive = open_archive(data, name, limits)
    _refuse_protection(archive, name, limits)
    container = _xml(read_entry(archive, "META-INF/container.xml", name, limits), name)
    package_path = next((node.get("full-path") for node in container.iter("{*}rootfile")), None)
    if not package_path:
        raise DocumentError(name, "it does not say where its contents are.", _BROKEN)
    package = _xml(read_entry(archive, package_path, name, limits), name)
    for chapter in _chapters(package, posixpath.dirname(package_path)):
        tree = parse_markup(read_entry(archive, chapter, name, limits), name, limits, encoding="utf-8")
        compose_markup(tree, composer)
        limits.check_text(name, composer.length)
    titles = [(node.text or "").strip() for node in package.iter("{http://purl.org/dc/elements/1.1/}title")]
    return next(filter(None, titles), None)


def _chapters(package: etree._Element, folder: str) -> list[str]:
    """Paths of the chapters inside the archive, in reading order."""
    items = {node.get("id"): node for node in package.iter("{*}item")}
    chapters = []
    for reference in package.iter("{*}itemref"):
        item = items.get(reference.get("idref"))
        if item is None or reference.get("linear") == "no" or "nav" in (item.get("properties") or "").split():
            continue
        if item.get("media-type") in _CHAPTER and item.get("href"):
            chapters.append(posixpath.normpath(posixpath.join(folder, unquote(item.get("href") or ""))))
    return chapters


def _refuse_protection(archive: zipfile.ZipFile, name: str, limits: Limits) -> None:
    if "META-INF/encryption.xml" not in archive.namelist():
        return
    tree = _xml(read_entry(archive, "META-INF/encryption.xml", name, limits), name)
    methods = [node.get("Algorithm") for node in tree.iter("{*}EncryptionMethod")]
    if any(method not in _FONT_SCRAMBLING for method in methods):
        raise DocumentError(name, "it is copy-protected (DRM).", "Use a copy without protection, or another source.")


def _xml(data: bytes, name: str) -> etree._Element:
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False)
    try:
        return etree.fromstring(data, parser)
    except etree.XMLSyntaxError as error:
        raise DocumentError(name, f"its table of contents is broken ({error}).", _BROKEN) from None
