"""Fold text to one plain spelling for matching, keeping the way back to the original offsets.

Folding undoes what hides words from a pattern: width and compatibility forms, case, accents, Arabic vowel
signs, invisible characters, look-alike letters of another script, traditional Chinese forms, runs of space.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from ingest.data_files import read_yaml

_DATA = Path(__file__).parent / "data" / "folding.yaml"


@dataclass(frozen=True)
class Folded:
    """Plain text, and for each of its characters (and its end) the offset it came from."""

    text: str
    origin: tuple[int, ...]

    def source_span(self, start: int, end: int) -> tuple[int, int]:
        """The half-open range of the original that folded to `text[start:end]`."""
        if end <= start:
            return self.origin[start], self.origin[start]
        return self.origin[start], self.origin[end - 1] + 1

    def substitute(self, pattern: re.Pattern[str], replace: Callable[[re.Match[str]], str]) -> Folded:
        """Replace matches; each new character points at the start of what it replaces."""
        if not pattern.search(self.text):
            return self
        text: list[str] = []
        origin: list[int] = []
        last = 0
        for match in pattern.finditer(self.text):
            text.append(self.text[last : match.start()])
            origin.extend(self.origin[last : match.start()])
            new = replace(match)
            text.append(new)
            origin.extend(_spread(self.origin[match.start() : match.end()], len(new)))
            last = match.end()
        text.append(self.text[last:])
        origin.extend(self.origin[last:])
        return Folded("".join(text), tuple(origin))


def _spread(origin: tuple[int, ...], length: int) -> Iterable[int]:
    """Origins for `length` characters that stand in place of those of `origin`."""
    if length == len(origin):
        return origin
    return (origin[min(i * len(origin) // max(length, 1), len(origin) - 1)] for i in range(length))


@lru_cache(maxsize=1)
def _tables() -> tuple[dict[str, str], dict[str, str]]:
    data = read_yaml(_DATA.read_text(encoding="utf-8"))
    always = {char: plain for plain, chars in data["always"].items() for char in chars}
    traditional, simplified = data["traditional"].split(), data["simplified"].split()
    always |= {
        old: new
        for run, other in zip(traditional, simplified, strict=True)
        for old, new in zip(run, other, strict=True)
    }
    return always, {char: plain for plain, chars in data["look_alikes"].items() for char in chars}


@lru_cache(maxsize=8192)
def _fold_character(character: str) -> str:
    always, _ = _tables()
    if character in always:
        return always[character]
    if character in "\n\r\u2028\u2029":
        return "\n"
    plain = []
    for part in unicodedata.normalize("NFKD", character).lower():
        category = unicodedata.category(part)
        if category in ("Mn", "Cf", "Me"):
            continue
        if category == "Nd":
            plain.append(str(unicodedata.digit(part)))
        elif category in ("Zs", "Cc"):
            plain.append(" ")
        else:
            plain.append(always.get(part, part))
    return "".join(plain)


_LATIN = re.compile(r"[a-z]")
_MIXED_WORD = re.compile(r"[a-z\u0370-\u03ff\u0400-\u04ff]+")
_SPACES = re.compile(r"[ \t]*\n[ \t\n]*|[ \t]{2,}")
_HYPHEN = re.compile(r"(?<=[^\W\d_])[-‐‑_](?=[^\W\d_])")


def fold(text: str) -> Folded:
    """Fold `text`. Hyphens within words become spaces; line breaks stay as single newlines."""
    folded = _replace_look_alikes(_fold_ascii(text) if text.isascii() else _fold_each(text))
    folded = folded.substitute(_SPACES, lambda m: "\n" if "\n" in m.group() else " ")
    return folded.substitute(_HYPHEN, lambda _: " ")


def _fold_ascii(text: str) -> Folded:
    """As `_fold_each`, many times faster: every character of ASCII folds to exactly one."""
    return Folded(text.translate(_ascii_table()), tuple(range(len(text) + 1)))


@lru_cache(maxsize=1)
def _ascii_table() -> dict[int, str]:
    return {code: _fold_character(chr(code)) for code in range(128)}


def _fold_each(text: str) -> Folded:
    characters: list[str] = []
    origin: list[int] = []
    for i, character in enumerate(text):
        for plain in _fold_character(character):
            characters.append(plain)
            origin.append(i)
    origin.append(len(text))
    return Folded("".join(characters), tuple(origin))


def _replace_look_alikes(folded: Folded) -> Folded:
    """Read Cyrillic and Greek look-alikes as Latin inside a word that mixes scripts."""
    if folded.text.isascii():
        return folded
    _, table = _tables()
    text = list(folded.text)
    latin_text = len(_LATIN.findall(folded.text)) > 0.6 * sum(c.isalpha() for c in folded.text)
    for word in _MIXED_WORD.finditer(folded.text):
        if not word.group().isascii() and (latin_text or _LATIN.search(word.group())):
            for i in range(*word.span()):
                text[i] = table.get(text[i], text[i])
    return Folded("".join(text), folded.origin)
