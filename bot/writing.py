"""Writers: what turns the passages found into a draft. Quote mode is the default; model mode plugs in beside it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from typing import Protocol

import numpy as np

from bot import abstention, quotes, selection
from bot.draft import Draft, draft_of_quotes, verify_quotes
from bot.library import Library
from bot.retrieval import Hit
from bot.wording import Wording
from ingest.embedder import Embedder
from ingest.settings import Settings


@dataclass(frozen=True)
class Evidence:
    """What was found for one question. vector: the question's unit vector, shape (dimension,)."""

    library: Library
    wording: Wording
    vector: np.ndarray
    hits: tuple[Hit, ...]


class Writer(Protocol):
    """Turns evidence into a verified draft; one without statements means that the library does not say."""

    def write(self, evidence: Evidence) -> Draft:
        """The draft for one question."""

    def drafts(self, evidence: Evidence) -> Iterator[Draft]:
        """The draft as it grows (`growing`); the last one is what `write` gives."""


class QuoteWriter:
    """Quotes whole sentences, word for word, or none where they would not answer."""

    def __init__(self, embed: Callable[[list[str]], np.ndarray]) -> None:
        """`embed`: single words to unit vectors, shape (n, dimension)."""
        self._embed = embed

    def write(self, evidence: Evidence) -> Draft:
        """Choose, judge, and verify at the stored offsets."""
        library, wording, vector = evidence.library, evidence.wording, evidence.vector
        ranked = quotes.candidates(library, evidence.hits, wording, vector)
        chosen = selection.choose(ranked, wording)
        judgement = abstention.judge(wording, library, evidence.hits, ranked, chosen, self._embed, vector)
        if not judgement.enough:
            return Draft((), (), confidence=judgement.confidence)
        return verify_quotes(replace(draft_of_quotes(chosen), confidence=judgement.confidence), library)

    def drafts(self, evidence: Evidence) -> Iterator[Draft]:
        """The statements one by one, then the whole."""
        whole = self.write(evidence)
        for count in range(1, len(whole.statements)):
            yield replace(whole, statements=whole.statements[:count], growing=True).renumbered()
        yield whole


def open_writer(settings: Settings, embedder: Embedder) -> Writer:
    """The writer that the settings ask for. Raises ModelSettingError where its model can't be opened."""
    quotes_ = QuoteWriter(embedder.embed_words)
    if not settings.model:
        return quotes_
    from bot.model.writer import ModelWriter

    return ModelWriter.open(settings, embedder, quotes_)
