"""Fills the documents' lists of references with the register's full entries: `python -m ingest.references [CORPUS]`.

A curator writes a bare key (`references: [Teut2012]`), or mends an entry in the register; this writes each entry
out, one a line, so that a document tells its sources by itself. Everything else in the file stays byte for byte.
"""

from __future__ import annotations

import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import yaml

from ingest.changes import corpus_files
from ingest.errors import CorpusError, FrontMatterError, IngestError
from ingest.frontmatter import load_register, split_front_matter

_FIELDS = ("key", "title", "author", "where", "year", "doi", "pmid", "url", "kind", "checked")


def fill_references(corpus: Path) -> list[str]:
    """Write full entries into every document of a corpus folder. Returns the names of the files that changed.

    Raises CorpusError without a folder or a register, FrontMatterError for a key that the register lacks; the
    files before it are already written then.
    """
    register = load_register(corpus)
    if not register:
        raise CorpusError(f"There is no references.yaml in {corpus} or beside it. Write one: see corpus/README.md.")
    changed = []
    for file in corpus_files(corpus):
        name = str(file.relative_to(corpus))
        with file.open(encoding="utf-8", newline="") as stream:
            old = stream.read()
        new = with_full_entries(old, name, register)
        if new != old:
            with file.open("w", encoding="utf-8", newline="") as stream:
                stream.write(new)
            changed.append(name)
    return changed


def with_full_entries(raw: str, name: str, register: Mapping[str, dict[str, Any]]) -> str:
    """A document's file with its `references` written out; the file as it is where there are none.

    An entry that only the document describes stays. Raises FrontMatterError for a bare key that nobody describes.
    """
    source, _ = split_front_matter(raw)
    node = _references_node(source, name) if source is not None else None
    if source is None or node is None or not node.value:
        return raw
    own = yaml.safe_load(source)["references"]
    start, end = node.start_mark.index, node.end_mark.index
    after = source[end:]
    kept = source[start:end]
    after = kept[len(kept.rstrip()) :] + after  # a block list's node runs on to the next field
    newline = "\r\n" if "\r\n" in source else "\n"
    rows = newline.join(f"  - {_row(entry, name, register)}" for entry in own)
    filled = source[:start].rstrip() + newline + rows + after
    return raw.replace(source, filled, 1)


def _references_node(source: str, name: str) -> yaml.SequenceNode | None:
    try:
        root = yaml.compose(source, Loader=yaml.SafeLoader)
    except yaml.YAMLError as error:
        raise FrontMatterError(name, f"the front matter is not valid YAML ({error}).") from None
    fields = root.value if isinstance(root, yaml.MappingNode) else []
    value = next((value for field, value in fields if field.value == "references"), None)
    return value if isinstance(value, yaml.SequenceNode) else None


def _row(entry: Any, name: str, register: Mapping[str, dict[str, Any]]) -> str:
    key = entry if isinstance(entry, str) else entry.get("key")
    if key not in register and isinstance(entry, str):
        mend = "Add it to references.yaml, or write the entry out in the document."
        raise FrontMatterError(name, f"references: no entry with the key '{key}' in the register.", mend)
    full = register.get(key, entry)
    ordered = {field: full[field] for field in _FIELDS if full.get(field) not in (None, "")}
    line = yaml.safe_dump(ordered, default_flow_style=True, sort_keys=False, allow_unicode=True, width=10**6)
    return line.strip()


def main(arguments: list[str]) -> int:
    """Run on the folder that is named, else on corpus/documents. Returns the exit code."""
    corpus = Path(arguments[0]) if arguments else Path("corpus/documents")
    try:
        changed = fill_references(corpus)
    except IngestError as error:
        print(error, file=sys.stderr)
        return 1
    print(f"{len(changed)} documents changed." if changed else "Every document has its full references already.")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
