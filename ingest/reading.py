"""Reads one file into a Document, whatever its format."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

from charset_normalizer import CharsetMatch, from_bytes

from ingest.composer import Composer
from ingest.domain import Document, Note, Section
from ingest.errors import DocumentError, FrontMatterError
from ingest.frontmatter import FrontMatter, parse_front_matter, split_front_matter
from ingest.instructions import find_instructions
from ingest.limits import Limits
from ingest.readers.markdown import compose_markdown
from ingest.readers.plain import compose_plain

READER_VERSION = 3
"""Raise it when the same file would be read into another text: every document is then read anew."""

_TEXT: Mapping[str, Callable[[str, Composer], str | None]] = {
    ".md": compose_markdown,
    ".markdown": compose_markdown,
    ".txt": compose_plain,
}
"""Formats that may begin with front matter. Each composer returns the document's title, where it finds one."""

_PACKED = frozenset((".html", ".htm", ".xhtml", ".pdf", ".docx", ".epub"))
TEXT_SUFFIXES = frozenset(_TEXT)
SUFFIXES = TEXT_SUFFIXES | _PACKED


def read_document(
    path: Path, name: str, register: Mapping[str, dict[str, Any]] | None = None, limits: Limits | None = None
) -> Document:
    """Read a file. `name` is its path inside the corpus; `register` holds references by key.

    A file without front matter is accepted as kind "unreviewed", evidence "ungraded", with its file
    name (without suffix) as id. Raises DocumentError with the reason and the mend.
    """
    limits = limits or Limits()
    limits.check_file(name, path.stat().st_size)
    data = path.read_bytes()
    if not data.strip():
        raise DocumentError(name, "the file is empty.", "Write something, or remove it.")
    suffix = path.suffix.lower()
    if suffix in _TEXT:
        composer, meta = _compose_text(data, suffix, path, name, register or {})
    else:
        composer, meta = _compose_packed(data, suffix, path, name, limits)
    text, sections = composer.finish()
    if not sections:
        raise DocumentError(name, "there is no text in it.", "Write at least one sentence, or remove the file.")
    limits.check_text(name, len(text))
    _refuse_instructions("\n".join([text, *(wording for asked in meta.also_asked.values() for wording in asked)]), name)
    return _assemble(name, data, text, sections, meta, composer.pages)


def _compose_text(
    data: bytes, suffix: str, path: Path, name: str, register: Mapping[str, dict[str, Any]]
) -> tuple[Composer, FrontMatter]:
    source, body = split_front_matter(decode(data, name))
    meta = parse_front_matter(source, Path(name), dict(register)) if source is not None else None
    composer = Composer(keys=[entry.key for entry in meta.references] if meta else ())
    title = _TEXT[suffix](body, composer)
    return composer, meta or _unreviewed(path, title)


def _compose_packed(data: bytes, suffix: str, path: Path, name: str, limits: Limits) -> tuple[Composer, FrontMatter]:
    composer = Composer()
    try:
        title = _packed_composer(suffix)(data, name, composer, limits)
    except DocumentError:
        raise
    except Exception as error:  # parsers of these formats raise anything on broken bytes; it is reported by name
        told = " ".join(str(error).split())[:120] or type(error).__name__
        reason = f"it is broken, or no {suffix[1:].upper()} at all ({told})."
        raise DocumentError(
            name, reason, "Open it in a program for that format, save it anew, and try again."
        ) from error
    return composer, _unreviewed(path, title)


def _packed_composer(suffix: str) -> Callable[[bytes, str, Composer, Limits], str | None]:
    """The composer of a format. Its libraries are loaded only where a file needs them."""
    if suffix == ".pdf":
        from ingest.readers.pdf import compose_pdf

        return compose_pdf
    if suffix == ".docx":
        from ingest.readers.docx import compose_docx

        return compose_docx
    if suffix == ".epub":
        from ingest.readers.epub import compose_epub

        return compose_epub
    from ingest.readers.html import compose_html

    return compose_html


def _refuse_instructions(text: str, name: str) -> None:
    found = find_instructions(text)
    if found:
        start, end, _ = found[0]
        quote = " ".join(text[start:end].split())[:100]
        reason = f"it holds text that gives orders to a language model ('{quote}')."
        raise DocumentError(name, reason, "Check where it comes from; take the passage out if the rest is sound.")


def decode(data: bytes, name: str) -> str:
    """Bytes as text: UTF-8, else the likeliest encoding. Raises DocumentError for binary noise."""
    if b"\0" in data and not data.startswith((b"\xff\xfe", b"\xfe\xff")):
        raise DocumentError(name, "the file has null bytes, so it is not text.", "Save it as UTF-8 text.")
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError:
        best = likeliest_encoding(data)
    if best is None:
        raise DocumentError(name, "its text encoding could not be recognised.", "Save it as UTF-8 text.")
    return str(best)


def likeliest_encoding(data: bytes) -> CharsetMatch | None:
    """The likeliest reading of bytes that are not UTF-8; Western European where that fits as well as any other.

    An English text with a few accents fits several encodings of one byte alike, and is hardly ever Central European.
    """
    matches = from_bytes(data)
    best = matches.best()
    western = [m for m in matches if {"cp1252", "latin_1"} & {m.encoding, *m.could_be_from_charset}]
    return next((m for m in western if best is not None and m.chaos <= best.chaos + 0.02), best)


def slug(name: str) -> str:
    """A document id made of a file's name."""
    return re.sub(r"[^a-z0-9]+", "-", name.lower()).strip("-")[:80] or "document"


def _unreviewed(path: Path, heading: str | None) -> FrontMatter:
    title = (heading or path.stem.replace("-", " ").replace("_", " ").strip().capitalize())[:200]
    return FrontMatter(id=slug(path.stem), title=title)


def _assemble(
    name: str, data: bytes, text: str, sections: tuple[Section, ...], meta: FrontMatter, pages: tuple[int, ...]
) -> Document:
    return Document(
        id=meta.id,
        title=meta.title,
        summary=meta.summary,
        text=text,
        kind=meta.kind,
        evidence=meta.evidence,
        topics=tuple(meta.topics),
        sections=_with_wordings(sections, meta.also_asked, name),
        references=tuple(entry.as_reference() for entry in meta.references),
        notes=tuple(_located(entry, text, name) for entry in meta.notes),
        reviewed_on=meta.reviewed_on,
        review_due=meta.review_due,
        path=name,
        content_hash=hashlib.sha256(data).hexdigest(),
        pages=pages,
    )


def _with_wordings(sections: tuple[Section, ...], asked: Mapping[str, list[str]], name: str) -> tuple[Section, ...]:
    headings = {section.heading for section in sections}
    for heading in asked:
        if heading not in headings:
            mend = "Copy the heading from the body word for word, without its ##."
            raise FrontMatterError(name, f"also_asked: no section of the body is headed '{heading[:80]}'.", mend)
    return tuple(replace(section, also_asked=tuple(asked.get(section.heading, ()))) for section in sections)


def _located(entry: Any, text: str, name: str) -> Note:
    quote = re.sub(r"\s+", " ", entry.quote).strip()
    start = text.find(quote)
    if start < 0:
        mend = "Copy the sentence from the body word for word, without its markers."
        raise FrontMatterError(name, f"notes: this quote does not stand in the body: '{quote[:80]}'.", mend)
    return Note(start, start + len(quote), entry.note.strip(), entry.see)
