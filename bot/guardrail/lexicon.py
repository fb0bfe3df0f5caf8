"""Read rule files into compiled patterns. The syntax is described at the head of rules/alarms-en.yaml."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from functools import lru_cache
from pathlib import Path
from typing import Any

import yaml

from ingest.folding import fold

RULES = Path(__file__).parent / "rules"
_WORD_GAP = r"(?:[^\w.!?\n]+[\w']+){{0,{most}}}[^\w.!?\n]{end}"
_MACRO = re.compile(r"<([a-z]+)>")
_NEVER = re.compile(r"(?!)")


def read(name: str) -> dict[str, Any]:
    """The rule file `name` (without suffix) as plain data."""
    data: dict[str, Any] = yaml.safe_load((RULES / f"{name}.yaml").read_text(encoding="utf-8"))
    return data


def compile_patterns(
    sources: Sequence[str], macros: Mapping[str, str] | None = None, *, words: bool = True
) -> re.Pattern[str]:
    """One pattern that matches any of `sources`; `words`: only at word boundaries."""
    if not sources:
        return _NEVER
    joined = "|".join(_expand(source, macros or {}) for source in sources)
    return re.compile(rf"(?<!\w)(?:{joined})(?!\w)" if words else f"(?:{joined})")


def _expand(source: str, macros: Mapping[str, str]) -> str:
    for _ in range(4):
        source = _MACRO.sub(lambda m: macros[m[1]], source)
    source = source.replace(" ?... ", _WORD_GAP.format(most=7, end="*")).replace(
        " ?.. ", _WORD_GAP.format(most=3, end="*")
    )
    source = source.replace(" ... ", _WORD_GAP.format(most=7, end="+")).replace(
        " .. ", _WORD_GAP.format(most=3, end="+")
    )
    return _fold_letters(source)


@lru_cache(maxsize=16384)
def _fold_letters(source: str) -> str:
    """Fold what is not ASCII, so that rule files may be written in ordinary spelling."""
    return re.sub(r"[^\x00-\x7f]+", lambda m: fold(m[0]).text, source)
