"""The facts of a Markdown sheet: each sentence of its list items, table rows and paragraphs, by section."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from markdown_it import MarkdownIt
from markdown_it.token import Token

from ingest.coverage.words import plain, terms, words
from ingest.sentences import sentence_spans

_ASIDE = re.compile(r"\((?:memory|reasoning)\b[^()]*\)|\(?\b(?:see )?sections? \d+(?:[-–]\d+)?\)?", re.IGNORECASE)
"""How sure the writer is, and pointers within the sheet: no part of a fact."""

_LETTER = re.compile(r"[^\W\d_]")
_LEAST_TERMS = 4
"""A sentence with fewer terms leans on the one before it and belongs to the same fact."""


@dataclass(frozen=True)
class Fact:
    """One fact of a sheet. `line` counts from 1."""

    section: str
    line: int
    text: str


def read_sheet(source: str, without: Sequence[str] = ()) -> list[Fact]:
    """The facts of a sheet, in order. Left out is what begins with one of `without`, itself or its section's heading.

    A section is what stands under a heading of level 1 or 2; deeper headings stay within it. Text before the first
    heading has the section "".
    """
    beginnings = tuple(without)
    return [
        Fact(section, line, text)
        for section, line, block in _blocks(MarkdownIt("commonmark").enable("table").parse(source))
        for text in _sentences(block)
        if not section.startswith(beginnings) and not text.startswith(beginnings)
    ]


def _blocks(tokens: Sequence[Token]) -> Iterator[tuple[str, int, str]]:
    """(section, line, text) of each paragraph, list item and table row; headings of a table are left out."""
    section, line, cells = "", 1, list[str]()
    in_row = False
    for before, token in pairwise(tokens):
        if token.map:
            line = token.map[0] + 1
        if token.type == "tr_open":
            in_row, cells = True, []
        elif token.type == "tr_close":
            in_row = False
            yield section, line, " – ".join(_told(cells))
        elif token.type == "inline" and before.type == "heading_open":
            section = _text(token) if before.tag in ("h1", "h2") else section
        elif token.type == "inline" and before.type == "td_open":
            cells.append(_text(token))
        elif token.type == "inline" and not in_row:
            yield section, line, _text(token)


def _told(cells: Sequence[str]) -> list[str]:
    """The cells that tell something: the row's own number and a last column of bare numbers (see 3, 25) do not."""
    inner = range(1, len(cells) - 1)
    return [cell for place, cell in enumerate(cells) if cell and (place in inner or _LETTER.search(cell))]


def _text(token: Token) -> str:
    """The words of an inline token, without emphasis, code marks and reference keys."""
    parts = [" " if child.type in ("softbreak", "hardbreak") else child.content for child in token.children or []]
    return " ".join(_ASIDE.sub(" ", plain("".join(parts))).split())


def _sentences(block: str) -> Iterator[str]:
    """The sentences of a block, short ones joined to the one before."""
    held = ""
    for start, end in sentence_spans(block):
        sentence = block[start:end]
        if held and len(terms(words(sentence))) >= _LEAST_TERMS <= len(terms(words(held))):
            yield held
            held = sentence
        else:
            held = f"{held} {sentence}".strip()
    if len(terms(words(held))) >= _LEAST_TERMS:
        yield held
