"""Reads a model's reply as it comes in: sentences, each with the keys that it cites."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from ingest.sentences import sentence_spans

_LONGEST_KEYS = 62
"""Characters between brackets, and they."""
_KEYS = re.compile(r"(?:\s*\[[^\[\]\n]{1,60}\])+[.!?]*")
_KEY = re.compile(r"[A-Za-z0-9]+")
_MARK = re.compile(r"^(?:[-*•#>]+|\d{1,2}[.)])\s+")
_THINKING = re.compile(r"<think>.*?(?:</think>|$)", re.DOTALL)
_LONGEST = 20_000
"""Characters of a reply that are read at most."""


@dataclass(frozen=True)
class Written:
    """A sentence that the model wrote, and the keys at its end or its line's; none where nothing is cited."""

    text: str
    keys: tuple[str, ...]


class ReplyReader:
    """Takes chunks of text and gives out sentences as soon as they are whole, keys included."""

    def __init__(self) -> None:
        self._buffer = ""
        self.text = ""

    def feed(self, chunk: str) -> Iterator[Written]:
        """Sentences that are whole now."""
        if len(self.text) > _LONGEST:
            return
        self.text += chunk
        self._buffer += chunk
        if "<think>" in self._buffer and "</think>" not in self._buffer:
            return
        self._buffer = _THINKING.sub("", self._buffer)
        yield from self._take(whole=False)

    def finish(self) -> Iterator[Written]:
        """What is left at the end."""
        self._buffer = _THINKING.sub("", self._buffer)
        yield from self._take(whole=True)

    def _take(self, whole: bool) -> Iterator[Written]:
        while (end := self._end(whole)) is not None:
            piece, self._buffer = self._buffer[:end], self._buffer[end:]
            yield from _written(piece)

    def _end(self, whole: bool) -> int | None:
        """Where the first whole piece ends: after its keys, or at the end of its line."""
        line = self._buffer.find("\n")
        keys = _KEYS.search(self._buffer)
        if keys and (line < 0 or keys.start() <= line):
            rest = self._buffer[keys.end() :].lstrip(" ")
            return keys.end() if whole or rest[:1] not in ("", "[") else None  # a second key may be on its way
        if line >= 0 and (not keys or keys.start() > line):
            rest = self._buffer[line:].lstrip()
            waits = rest[:1] in ("", "[") and len(rest) < _LONGEST_KEYS  # its keys may stand on the next line
            return None if waits and not whole else line + 1
        return len(self._buffer) if whole and self._buffer else None


def _written(piece: str) -> Iterator[Written]:
    """The sentences of a piece. The keys at its end count for each, since each is checked by itself."""
    keys: tuple[str, ...] = ()
    found = _KEYS.search(piece)
    if found:
        keys = tuple(dict.fromkeys(key.upper() for key in _KEY.findall(found.group())))
        piece = piece[: found.start()] + piece[found.end() :]
    text = _MARK.sub("", piece.strip()).replace("**", "").strip()
    spans = sentence_spans(text) if text else []
    for start, end in spans:
        yield Written(_ended(text[start:end]), keys)


def _ended(text: str) -> str:
    return text if text[-1:] in ".!?" else f"{text}."
