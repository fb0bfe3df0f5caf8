"""Cuts documents into passages: whole sentences of one section, short enough for the embedding model."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Iterator

from ingest.domain import Document, Passage, Section, Sentence


def split_document(document: Document, most_words: int) -> list[Passage]:
    """The passages of a document in order, each of at most `most_words` words.

    A longer sentence is cut between words into pieces that are passages of their own; its offsets stay exact.
    """
    seen: Counter[str] = Counter()
    passages = []
    for section in document.sections:
        for group in _groups(document.text, section, most_words):
            passage = _passage(document, section, group)
            digest = hashlib.sha256(passage.indexed_text.encode()).hexdigest()[:16]
            seen[digest] += 1
            suffix = f".{seen[digest]}" if seen[digest] > 1 else ""
            passages.append(_with_id(passage, f"{document.id}:{digest}{suffix}"))
    return passages


def _groups(text: str, section: Section, most_words: int) -> Iterator[list[Sentence]]:
    """Runs of sentences within the limit, evened out so that no section ends in a stump."""
    pieces = [piece for sentence in section.sentences for piece in _cut(text, sentence, most_words)]
    counts = [len(text[piece.start : piece.end].split()) for piece in pieces]
    total = sum(counts)
    goal = total / max(1, -(-total // most_words))
    group: list[Sentence] = []
    words = 0
    for piece, count in zip(pieces, counts, strict=True):
        if group and (words + count > most_words or words >= goal):
            yield group
            group, words = [], 0
        group.append(piece)
        words += count
    if group:
        yield group


def _cut(text: str, sentence: Sentence, most_words: int) -> Iterator[Sentence]:
    words = text[sentence.start : sentence.end].split()
    if len(words) <= most_words:
        yield sentence
        return
    position = sentence.start
    for first in range(0, len(words), most_words):
        chunk = words[first : first + most_words]
        start = text.index(chunk[0], position)
        for word in chunk:
            position = text.index(word, position) + len(word)
        yield Sentence(start, position, sentence.keys)


def _passage(document: Document, section: Section, group: list[Sentence]) -> Passage:
    start, end = group[0].start, group[-1].end
    text = document.text[start:end]
    return Passage("", document.id, document.title, section.heading, start, end, text, tuple(group))


def _with_id(passage: Passage, identifier: str) -> Passage:
    return Passage(
        identifier,
        passage.document,
        passage.title,
        passage.section,
        passage.start,
        passage.end,
        passage.text,
        passage.sentences,
    )
