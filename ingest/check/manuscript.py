"""One file of the corpus, read, with the line on which each of its parts stands."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from ingest.domain import Document, Sentence
from ingest.errors import DocumentError
from ingest.frontmatter import split_front_matter
from ingest.reading import decode

MARKER = re.compile(r"\[(@?[A-Za-z][\w.:-]*(?:\s*[,;]\s*@?[A-Za-z][\w.:-]*)*)\](?!\()")
"""A reference marker in running text; a link's words, which a round bracket follows, are none."""

LINK = re.compile(r"\[([^\]]*)\]\(([^)\s]+)[^)]*\)")
HEADING = re.compile(r"^(#{1,6})\s+(.+?)\s*#*$")
_LETTER = re.compile(r"\w")
_BLOCK_MARK = re.compile(r"^\s*(?:[-*+]|\d+[.)]|>|#{1,6})\s+")


@dataclass(frozen=True)
class Heading:
    """A heading of the body. `answered`: a sentence stands under it, or under one of its subheadings."""

    text: str
    level: int
    line: int
    answered: bool


@dataclass(frozen=True)
class Placed:
    """A sentence, its words and its line. `torn`: a reference stands before its last word."""

    line: int
    words: str
    sentence: Sentence
    torn: bool


class Manuscript:
    """A file and the document read from it."""

    def __init__(self, name: str, raw: str, document: Document) -> None:
        self.name, self.raw, self.document = name, raw, document
        source, body = split_front_matter(raw)
        self.has_front_matter = source is not None
        self.fields: dict[str, Any] = (yaml.safe_load(source) or {}) if source else {}
        self._lines = raw.splitlines()
        self.body_line = raw[: len(raw) - len(body)].count("\n") + 1
        self._flat, self._starts, self._cuts = self._flatten()

    @classmethod
    def of(cls, path: Path, document: Document) -> Manuscript:
        """The file that a document was read from, in a text format."""
        return cls(document.path, decode(path.read_bytes(), document.path).replace("\r\n", "\n"), document)

    @property
    def body(self) -> Iterator[tuple[int, str]]:
        """(line, words) of the body."""
        yield from enumerate(self._lines[self.body_line - 1 :], self.body_line)

    def field_line(self, field: str) -> int:
        """The line of a front matter field; 1 where it is missing."""
        pattern = re.compile(rf"^{re.escape(field)}\s*:")
        return next((i for i, words in enumerate(self._lines[: self.body_line - 1], 1) if pattern.match(words)), 1)

    def line_of(self, words: str) -> int:
        """The first line of the file that holds these words; 1 where none does."""
        return next((i for i, line in enumerate(self._lines, 1) if words in line), 1)

    def sentences(self) -> Iterator[Placed]:
        """Each sentence with its line, in order."""
        cursor = 0
        for section in self.document.sections:
            for sentence in section.sentences:
                words = self.document.text[sentence.start : sentence.end]
                found = self._flat.find(words, cursor)
                cursor = found if found >= 0 else cursor
                torn = found >= 0 and self._torn(found, found + len(words))
                yield Placed(self._line_at(cursor), words, sentence, torn)
                cursor += len(words) if found >= 0 else 0

    def _torn(self, start: int, end: int) -> bool:
        inside = self._cuts[bisect_right(self._cuts, start) : bisect_right(self._cuts, end - 1)]
        return any(_LETTER.search(self._flat[cut:end]) for cut in inside)

    def headings(self) -> list[Heading]:
        """The headings of the body, in order."""
        rows = [(line, HEADING.match(words), words) for line, words in self.body]
        found = []
        for position, (line, match, _) in enumerate(rows):
            if match:
                level = len(match[1])
                found.append(Heading(MARKER.sub("", match[2]).strip(), level, line, _answered(rows, position, level)))
        return found

    def _flatten(self) -> tuple[str, list[tuple[int, int]], list[int]]:
        """The body as one run of plain words, (offset, line) of each line's start, and the offsets of references."""
        parts, starts, cuts, length = [], [], [], 0
        for line, words in self.body:
            starts.append((length, line))
            cuts += [length + len(_plain(words[: match.start()])) for match in MARKER.finditer(words)]
            parts.append(_plain(words))
            length += len(parts[-1]) + 1
        return " ".join(parts), starts, cuts

    def _line_at(self, offset: int) -> int:
        index = bisect_right(self._starts, (offset, 10**9)) - 1
        return self._starts[index][1] if index >= 0 else self.body_line


def line_of_error(error: DocumentError, raw: str) -> int:
    """The line that a reading error is about, as near as its message tells; 1 where it does not."""
    if match := re.search(r"line (\d+):", error.reason):
        return int(match[1])
    lines = raw.splitlines()
    for quoted in re.findall(r"'([^']+)'", error.reason):
        field = quoted.split(".")[0]
        for number, words in enumerate(lines, 1):
            if words.startswith(f"{field}:") or (len(quoted) > 3 and quoted in words):
                return number
    return 1


def _plain(words: str) -> str:
    """A line without its block mark, markers and link targets."""
    bare = MARKER.sub("", LINK.sub(r"\1", _BLOCK_MARK.sub("", words)))
    return re.sub(r"\s+", " ", re.sub(r"\s+(?=[.,;:!?)]|$)", "", bare)).strip()


def _answered(rows: list[tuple[int, re.Match[str] | None, str]], position: int, level: int) -> bool:
    for _, match, words in rows[position + 1 :]:
        if match is None and words.strip():
            return True
        if match and len(match[1]) <= level:
            return False
    return False
