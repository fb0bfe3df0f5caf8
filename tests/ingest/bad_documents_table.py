"""Writes docs/bad-documents.md: every bad document that ingest is tried on, and what is printed.

python -m tests.ingest.bad_documents_table
"""

from __future__ import annotations

import re
import tempfile
from pathlib import Path

from ingest.changes import find_changes
from ingest.scanning import Failure, scan_corpus
from tests.ingest.bad_documents import BAD, TAKEN_IN, write_all

PAGE = Path(__file__).parents[2] / "docs" / "bad-documents.md"
_INTRODUCTION = """# Bad documents, and what is printed

Ingest is tried on all of these at once, beside good documents. Each bad one is reported by name, with the reason and
what mends it; the others go through ({taken} in this try), and a file taken in before keeps its last good state.
The page is made by `python -m tests.ingest.bad_documents_table`; `tests/ingest/test_bad_documents.py` holds it.

The largest sizes are settings: `CUPWISE_MAX_DOCUMENT_MB`, `CUPWISE_MAX_UNPACKED_MB`, `CUPWISE_MAX_DOCUMENT_CHARS`,
`CUPWISE_MAX_DOCUMENT_PAGES`.

| File | Reason | Mend |
|---|---|---|
"""


def failures() -> list[Failure]:
    """What is reported of a folder that holds all bad documents."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name) / "corpus"
        write_all(folder)
        scan = scan_corpus(folder)
        return list(find_changes(scan.files, {}, {}, whole=True, refused=scan.failures).failures)


def page(found: list[Failure]) -> str:
    """The page as Markdown."""
    rows = [f"| `{_cell(f.path)}` | {_cell(f.reason)} | {_cell(f.mend)} |" for f in sorted(found, key=lambda f: f.path)]
    return _INTRODUCTION.format(taken=len(TAKEN_IN)) + "\n".join(rows) + "\n"


def _cell(text: str) -> str:
    return re.sub(r"([|<>])", r"\\\1", " ".join(text.split()))


if __name__ == "__main__":
    reported = failures()
    assert len(reported) == len(BAD)
    PAGE.write_text(page(reported), encoding="utf-8")
