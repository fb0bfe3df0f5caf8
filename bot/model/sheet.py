"""The passages that a model may use for one question, under keys that nobody can guess."""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from bot.library import Library
from bot.model.prompts import as_data, load_prompt
from bot.retrieval import Hit
from ingest.domain import Document, Passage, Sentence
from ingest.instructions import find_instructions

_ALPHABET = "ABCDEFGHJKLMNPQRSTUVWXYZ23456789"
_KEY_LENGTH = 4


@dataclass(frozen=True)
class Source:
    """A passage on the sheet: its document, the sentences that may be used, and their texts."""

    passage: Passage
    document: Document
    sentences: tuple[Sentence, ...]
    texts: tuple[str, ...]

    @property
    def heading(self) -> str:
        """Title and section, where a name may stand too."""
        return f"{self.passage.title}. {self.passage.section}"


@dataclass(frozen=True)
class Sheet:
    """Sources by key. Keys are drawn anew for each question, so no passage can cite another one."""

    sources: Mapping[str, Source]

    @classmethod
    def of(cls, hits: Sequence[Hit], library: Library, salt: str = "") -> Sheet:
        """The sheet for some hits. Sentences that give orders to a model are left out."""
        salt = salt or secrets.token_hex(8)
        sources: dict[str, Source] = {}
        for hit in hits:
            source = _source(hit.passage, library.document(hit.passage.document))
            if source.sentences:
                sources[_key(f"{salt}:{hit.passage.id}", sources)] = source
        return cls(sources)

    @property
    def example(self) -> str:
        """The first key, to show a model what keys look like."""
        return next(iter(self.sources), "")

    def render(self) -> str:
        """The passages as delimited data, each with its key, kind and evidence grade in view."""
        return "\n\n".join(
            f'<passage key="{key}" kind="{source.document.kind}" evidence="{source.document.evidence}">\n'
            f"{as_data(source.heading)}\n{as_data(' '.join(source.texts))}\n</passage>"
            for key, source in self.sources.items()
        )


def _source(passage: Passage, document: Document) -> Source:
    kept = [
        (sentence, text)
        for sentence in passage.sentences
        if not _gives_orders(text := document.text[sentence.start : sentence.end])
    ]
    return Source(passage, document, tuple(s for s, _ in kept), tuple(text for _, text in kept))


def _gives_orders(text: str) -> bool:
    return bool(find_instructions(text) or load_prompt().addresses.search(text.lower()))


def _key(seed: str, taken: Mapping[str, Source]) -> str:
    for attempt in range(1000):
        digest = hashlib.sha256(f"{seed}:{attempt}".encode()).digest()
        key = "".join(_ALPHABET[byte % len(_ALPHABET)] for byte in digest[:_KEY_LENGTH])
        if key not in taken and any(c.isdigit() for c in key):
            return key
    raise AssertionError("more passages than keys")
