"""The way of a question: triage, rewrite, retrieve, answer, verify, notice."""

from __future__ import annotations

import logging
from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from bot import notices, replies
from bot.clock import Clock
from bot.domain import Action, Answer, Triage
from bot.draft import Draft, led_by
from bot.guardrail.triage import Guardrail
from bot.library import Bookcase, FixedBookcase, Library
from bot.question import clean_question
from bot.retrieval import Hit, Search
from bot.rewriting import standalone
from bot.synonyms import Synonyms
from bot.wording import Reader
from bot.writing import Evidence, Writer, open_writer
from ingest.embedder import Embedder
from ingest.settings import Settings
from ingest.versions import Versions

if TYPE_CHECKING:
    from langchain_core.runnables import Runnable

    from bot.chain import HybridRetriever

_log = logging.getLogger(__name__)
PASSAGES = 10
"""Passages that an answer is made from."""


class Pipeline:
    """Answers questions. Safe to share between threads: it holds no conversation."""

    def __init__(
        self, bookcase: Bookcase, guardrail: Guardrail, search: Search, writer: Writer, settings: Settings
    ) -> None:
        self._bookcase, self._guardrail, self._search = bookcase, guardrail, search
        self._writer, self._settings = writer, settings

    @classmethod
    def open(cls, settings: Settings) -> Pipeline:
        """Put the parts together as the settings say. Models are loaded when first needed."""
        embedder = Embedder(settings.embedding_model)
        synonyms = Synonyms.load(settings.corpus.parent / "synonyms.yaml")
        judged = embedder if embedder.packaged else Embedder()
        guardrail = Guardrail.load(judged.query_layers, settings.country or None)
        bookcase = Bookcase(Versions(settings.data), embedder, settings.chroma_url)
        writer = open_writer(settings, embedder)
        return cls(bookcase, guardrail, Search(embedder, Reader(synonyms)), writer, settings)

    def ask(self, question: str, history: Sequence[str] = ()) -> Answer:
        """Answer one question. `history`: earlier user turns, oldest first.

        Raises NoIndexError before the first ingest; every other fault ends in a reply with the strictest notice.
        """
        *_, whole = self.stream(question, history)
        return whole

    def stream(self, question: str, history: Sequence[str] = ()) -> Iterator[Answer]:
        """The answer as it grows, by sentences that are verified; the last one is whole. Raises as `ask` does."""
        clock, library = Clock(), self._bookcase.current()
        asked = clean_question(question, self._settings.max_question_chars)
        if not asked.whole:
            yield replies.empty(question, library)
            return
        triage = self._triage(asked.whole, history)
        clock.lap("triage")
        blank = replies.blank(question, triage, library)
        if not triage.action.answers:
            yield replies.fixed(blank, triage, self._guardrail, clock)
            return
        try:
            yield from self._answers(blank, triage, asked.cut(triage.question), history, library, clock)
        except Exception:  # fails closed: whatever went wrong, the strictest notice is shown
            _log.exception("Answering failed; the strictest notice is shown instead of an answer.")
            yield replies.failed(blank, triage, self._guardrail, clock)

    def _answers(
        self, blank: Answer, triage: Triage, text: str, history: Sequence[str], library: Library, clock: Clock
    ) -> Iterator[Answer]:
        alone = standalone(text, history)
        blank = replace(blank, standalone_question=alone)
        evidence = self._retrieve(library, alone)
        clock.lap("retrieve")
        draft = Draft((), ())
        for draft in self._writer.drafts(evidence):
            if draft.growing:
                yield self._reply(blank, triage, draft, evidence, clock)
        if notices.concerns_a_condition(triage):
            draft = self._with_condition(library, triage, draft)
        clock.lap("answer")
        yield self._reply(blank, triage, draft, evidence, clock)

    def _reply(self, blank: Answer, triage: Triage, draft: Draft, evidence: Evidence, clock: Clock) -> Answer:
        triage, draft = notices.checked(notices.raised(triage, draft), draft, self._guardrail)
        blank = replace(blank, confidence=draft.confidence)
        if not draft.statements:
            return replies.unknown(blank, triage, evidence.hits, self._guardrail, clock)
        return replies.answered(blank, triage, draft, evidence.hits, self._guardrail, clock)

    def _triage(self, question: str, history: Sequence[str]) -> Triage:
        try:
            return self._guardrail.triage(question, history)
        except Exception:  # fails closed
            _log.exception("The guardrail failed; the strictest notice is shown.")
            return Triage(Action.ANSWER_WITH_ADVICE_DISCLAIMER, "the guardrail failed", question)

    def _retrieve(self, library: Library, question: str) -> Evidence:
        wording = self._search.reader.read(question, library)
        vector = self._search.embedder.embed_query(wording.dense)
        hits = self._search.passages_for(library, wording, vector, PASSAGES)
        return Evidence(library, wording, vector, tuple(hits))

    def _with_condition(self, library: Library, triage: Triage, draft: Draft) -> Draft:
        """Where a person's own case is not spoken of, what the library says of it in general; or such as must lead."""
        if draft.statements and not replies.must_be_spoken_of(triage.topic, triage.question):
            return draft
        general = self._writer.write(self._retrieve(library, replies.general_question(triage.topic)))
        if not draft.statements:
            return replace(general, confidence=draft.confidence)
        return led_by(general, draft)

    def search(self, query: str, k: int = 10) -> list[Hit]:
        """Retrieval alone: the k best passages."""
        return self._search.passages(self.library, query, k)

    def search_documents(self, query: str, k: int = 10) -> list[tuple[str, float]]:
        """Retrieval alone: the k best distinct documents, each with its score."""
        return self._search.documents(self.library, query, k)

    @property
    def searcher(self) -> Search:
        """The search, with its embedder and its reader of questions."""
        return self._search

    @property
    def library(self) -> Library:
        """The version that the next question would be answered from."""
        return self._bookcase.current()

    def at(self, version: str) -> Pipeline:
        """The same models on one fixed version of the index, published or not."""
        fixed = FixedBookcase(self._bookcase.at(version))
        return Pipeline(fixed, self._guardrail, self._search, self._writer, self._settings)

    def as_runnable(self) -> Runnable[Any, Answer]:
        """The pipeline as a LangChain Runnable: a question, or {"question", "history"}, in; an Answer out."""
        from bot.chain import AskRunnable

        return AskRunnable(self)

    def as_retriever(self, k: int = 6) -> HybridRetriever:
        """The search as a LangChain retriever."""
        from bot.chain import HybridRetriever

        return HybridRetriever(search=self._search, library=self._bookcase.current, k=k)
