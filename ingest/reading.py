"""Reads one file into a Document, whatever its format."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from charset_normalizer import from_bytes

from ingest.composer import Composer
from ingest.domain import Document, Note, Section
from ingest.errors import DocumentError, FrontMatterError
from ingest.frontmatter import FrontMatter, parse_front_matter, split_front_matter
from ingest.readers.markdown import compose_markdown
from ingest.readers.plain import compose_plain

READER_VERSION = 1
"""Raise it when the same file would be read into another text: every document is then read anew."""

_COMPOSERS: Mapping[str, Callable[[str, Composer], str | None]] = {
    ".md": compose_markdown,
    ".markdown": compose_markdown,
    ".txt": compose_plain,
}
SUFFIXES = frozenset(_COMPOSERS)


def read_document(path: Path, name: str, register: Mapping[str, dict[str, Any]] | None = None) -> Document:
    """Read a file. `name` is its path inside the corpus; `register` holds references by key.

    A file without front matter is accepted as kind "unreviewed", evidence "ungraded", with its file
    name (without suffix) as id. Raises DocumentError with the reason and the mend.
    """
    data = path.read_bytes()
    raw = decode(data, name)
    source, body = split_front_matter(raw)
    meta = parse_front_matter(source, Path(name), dict(register or {})) if source is not None else None
    composer = Composer(keys=[entry.key for entry in meta.references] if meta else ())
    heading = _COMPOSERS[path.suffix.lower()](body, composer)
    text, sections = composer.finish()
    if not sections:
        raise DocumentError(name, "there is no text in it.", "Write at least one sentence, or remove the file.")
    return _assemble(name, data, text, sections, meta or _unreviewed(path, heading))


def decode(data: bytes, name: str) -> str:
    """Bytes as text: UTF-8, else the likeliest encoding. Raises DocumentError for binary noise."""
    if not data.strip():
        raise DocumentError(name, "the file is empty.", "Write something, or remove it.")
    if b"\0" in data and not data.startswith((b"\xff\xfe", b"\xfe\xff")):
        raise DocumentError(name, "the file has null bytes, so it is not text.", "Save it as UTF-8 text.")
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError:
        best = from_bytes(data).best()
    if best is None:
        raise DocumentError(name, "its text encoding could not be recognised.", "Save it as UTF-8 text.")
    return str(best)


def slug(name: str) -> str:
    """A document id made of a file's name."""
    return re.sub(r"[^a-z0-9]+", "-", name.lower()).strip("-")[:80] or "document"


def _unreviewed(path: Path, heading: str | None) -> FrontMatter:
    title = (heading or path.stem.replace("-", " ").replace("_", " ").strip().capitalize())[:200]
    return FrontMatter(id=slug(path.stem), title=title)


def _assemble(name: str, data: bytes, text: str, sections: tuple[Section, ...], meta: FrontMatter) -> Document:
    return Document(
        id=meta.id,
        title=meta.title,
        summary=meta.summary,
        text=text,
        kind=meta.kind,
        evidence=meta.evidence,
        topics=tuple(meta.topics),
        sections=sections,
        references=tuple(entry.as_reference() for entry in meta.references),
        notes=tuple(_located(entry, text, name) for entry in meta.notes),
        reviewed_on=meta.reviewed_on,
        review_due=meta.review_due,
        path=name,
        content_hash=hashlib.sha256(data).hexdigest(),
    )


def _located(entry: Any, text: str, name: str) -> Note:
    quote = re.sub(r"\s+", " ", entry.quote).strip()
    start = text.find(quote)
    if start < 0:
        mend = "Copy the sentence from the body word for word, without its markers."
        raise FrontMatterError(name, f"notes: this quote does not stand in the body: '{quote[:80]}'.", mend)
    return Note(start, start + len(quote), entry.note.strip(), entry.see)
