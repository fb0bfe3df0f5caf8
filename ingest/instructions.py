"""Find text that gives orders to a language model: a document that holds some is quarantined and reported."""

from __future__ import annotations

import re
from functools import lru_cache
from pathlib import Path

from ingest.data_files import read_yaml
from ingest.folding import Folded, fold

_DATA = Path(__file__).parent / "data" / "instructions.yaml"
_GAP = r"(?:[^\w.!?\n]+[\w']+){0,3}[^\w.!?\n]+"
_LONG_GAP = r"(?:[^\w.!?\n]+[\w']+){0,7}[^\w.!?\n]+"


def find_instructions(text: str, *, asked: bool = False) -> list[tuple[int, int, str]]:
    """Spans of instruction-like wordings in `text`, in order: (start, end, kind), offsets in characters.

    asked: `text` is a question put to the chat, where role-play and orders of format count too.
    """
    return [(*span, kind) for span, kind in _spans(fold(text), asked)]


def find_in_folded(folded: Folded, *, asked: bool = False) -> list[tuple[int, int, str]]:
    """As `find_instructions`, for text already folded; offsets still in the original."""
    return [(*span, kind) for span, kind in _spans(folded, asked)]


def _spans(folded: Folded, asked: bool) -> list[tuple[tuple[int, int], str]]:
    found = [
        (folded.source_span(*match.span()), kind)
        for kind, pattern in _patterns(asked).items()
        for match in pattern.finditer(folded.text)
        if match.end() > match.start()
    ]
    return sorted(found)


@lru_cache(maxsize=2)
def _patterns(asked: bool) -> dict[str, re.Pattern[str]]:
    data = read_yaml(_DATA.read_text(encoding="utf-8"))
    groups = {**data["anywhere"], **data["asked" if asked else "written"], "another language": data["languages"]}
    patterns = {kind: _compile(sources, data["macros"]) for kind, sources in groups.items()}
    patterns["chat markup"] = re.compile("|".join(data["markup"]))
    patterns["another script"] = re.compile("|".join(f"(?:{_folded_source(s)})" for s in data["scripts"]))
    return patterns


def _compile(sources: list[str], macros: dict[str, str]) -> re.Pattern[str]:
    joined = "|".join(sources)
    for name, macro in macros.items():
        joined = joined.replace(f"<{name}>", macro)
    joined = joined.replace(" ... ", _LONG_GAP).replace(" .. ", _GAP)
    return re.compile(rf"(?<!\w)(?:{joined})(?!\w)")


def _folded_source(source: str) -> str:
    return re.sub(r"[^\x00-\x7f]+", lambda m: fold(m[0]).text, source)
