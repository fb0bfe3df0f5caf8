"""Read rule files into compiled patterns. The syntax is described at the head of rules/alarms-en.yaml."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from functools import lru_cache
from pathlib import Path
from typing import Any

from ingest.data_files import read_yaml
from ingest.folding import fold

RULES = Path(__file__).parent / "rules"
_WORD_GAP = r"(?:[^\w.!?\n]+[\w']+){{0,{most}}}[^\w.!?\n]{end}"
_MACRO = re.compile(r"<([a-z]+)>")
_NEVER = re.compile(r"(?!)")


def read(name: str) -> dict[str, Any]:
    """The rule file `name` (without suffix) as plain data."""
    data: dict[str, Any] = read_yaml((RULES / f"{name}.yaml").read_text(encoding="utf-8"))
    return data


def compile_patterns(
    sources: Sequence[str], macros: Mapping[str, str] | None = None, *, words: bool = True
) -> re.Pattern[str]:
    """One pattern that matches any of `sources`; `words`: only at word boundaries."""
    if not sources:
        return _NEVER
    joined = "|".join(_expand(source, macros or {}) for source in sources)
    return re.compile(rf"(?<!\w)(?:{joined})(?!\w)" if words else f"(?:{joined})")


class Patterns(dict[str, re.Pattern[str]]):
    """Patterns by name, each compiled when it is first asked for."""

    def __init__(self, sources: Mapping[str, Sequence[str]], macros: Mapping[str, str], *, words: bool = True) -> None:
        super().__init__()
        self._sources, self._macros, self._words = sources, macros, words

    @property
    def names(self) -> Sequence[str]:
        """Every name, in the order of the rule file."""
        return list(self._sources)

    def __missing__(self, name: str) -> re.Pattern[str]:
        self[name] = compile_patterns(self._sources[name], self._macros, words=self._words)
        return self[name]


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
