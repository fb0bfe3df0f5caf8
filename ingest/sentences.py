"""Sentences with exact offsets."""

from __future__ import annotations

import re

import sentencex

_LETTER = re.compile(r"\w")


def sentence_spans(text: str) -> list[tuple[int, int]]:
    """Half-open character ranges of the sentences of one paragraph, white space trimmed.

    Every character that is not white space lies in exactly one range.
    """
    spans: list[tuple[int, int]] = []
    position = 0
    for piece in sentencex.segment("en", text):
        start = text.index(piece, position)
        position = start + len(piece)
        stripped = piece.strip()
        if not stripped:
            continue
        start += piece.index(stripped)
        if spans and not _LETTER.search(stripped):  # a lone bracket or dash belongs to what it closes
            spans[-1] = (spans[-1][0], start + len(stripped))
        else:
            spans.append((start, start + len(stripped)))
    return spans
