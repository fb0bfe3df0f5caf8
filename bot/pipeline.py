"""The way of a question: triage, rewrite, retrieve, answer, verify, notice."""

from __future__ import annotations

import logging
from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Any

import numpy as np
from langchain_core.runnables import Runnable

from bot import abstention, quotes, selection
from bot.chain import AskRunnable
from bot.clock import Clock
from bot.domain import Action, Answer, Triage
from bot.draft import Draft, draft_of_quotes, verify_quotes
from bot.guardrail.triage import Guardrail
from bot.layout import lay_out
from bot.library import Bookcase, Library
from bot.question import clean_question
from bot.retrieval import Hit, HybridRetriever, Search
from bot.rewriting import standalone
from bot.synonyms import Synonyms
from bot.wording import Reader, Wording
from ingest.embedder import Embedder
from ingest.settings import Settings
from ingest.versions import Versions

_log = logging.getLogger(__name__)
PASSAGES = 10
"""Passages that an answer is chosen from."""


class Pipeline:
    """Answers questions. Safe to share between threads: it holds no conversation."""

    def __init__(self, bookcase: Bookcase, guardrail: Guardrail, search: Search, settings: Settings) -> None:
        self._bookcase, self._guardrail, self._search, self._settings = bookcase, guardrail, search, settings

    @classmethod
    def open(cls, settings: Settings) -> Pipeline:
        """Put the parts together as the settings say. Models are loaded when first needed."""
        embedder = Embedder(settings.embedding_model)
        synonyms = Synonyms.load(settings.corpus.parent / "synonyms.yaml")
        guardrail = Guardrail.load(embedder.embed_queries, settings.country or None)
        bookcase = Bookcase(Versions(settings.data), embedder, settings.chroma_url)
        return cls(bookcase, guardrail, Search(embedder, Reader(synonyms)), settings)

    def ask(self, question: str, history: Sequence[str] = ()) -> Answer:
        """Answer one question. `history`: earlier user turns, oldest first.

        Raises NoIndexError before the first ingest; every other fault ends in a reply.
        """
        clock, library = Clock(), self._bookcase.current()
        asked = clean_question(question, self._settings.max_question_chars)
        if not asked.text:
            return _empty(question, library)
        triage = self._triage(asked.whole, history)
        clock.lap("triage")
        blank = _blank(question, triage, library)
        if not triage.action.answers:
            return replace(blank, text=self._guardrail.reply(triage), latency_ms=clock.laps())
        text = asked.cut(triage.question)
        alone = standalone(text, history)
        wording = self._search.reader.read(alone, library)
        vector = self._search.embedder.embed_query(wording.dense)
        hits = self._search.passages_for(library, wording, vector, PASSAGES)
        clock.lap("retrieve")
        draft = self._draft(library, wording, vector, hits)
        clock.lap("answer")
        blank = replace(blank, standalone_question=alone, confidence=draft.confidence)
        if not draft.statements:
            return self._unknown(blank, hits, clock)
        notice = self._notice(triage, draft)
        return replace(
            blank,
            statements=draft.statements,
            citations=draft.citations,
            notice=notice,
            text=lay_out(triage.action, draft.statements, draft.citations, notice),
            related=_related(hits, draft),
            answered_by=draft.answered_by,
            dropped=draft.dropped,
            latency_ms=clock.laps(),
        )

    def stream(self, question: str, history: Sequence[str] = ()) -> Iterator[Answer]:
        """The answer as it grows, sentence by sentence; the last one is whole."""
        whole = self.ask(question, history)
        for count in range(1, len(whole.statements)):
            yield replace(whole, statements=whole.statements[:count], text="")
        yield whole

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
        return Pipeline(_Fixed(self._bookcase.at(version)), self._guardrail, self._search, self._settings)

    def as_runnable(self) -> Runnable[Any, Answer]:
        """The pipeline as a LangChain Runnable: a question, or {"question", "history"}, in; an Answer out."""
        return AskRunnable(self)

    def as_retriever(self, k: int = 6) -> HybridRetriever:
        """The search as a LangChain retriever."""
        return HybridRetriever(search=self._search, library=self._bookcase.current, k=k)

    def _triage(self, question: str, history: Sequence[str]) -> Triage:
        try:
            return self._guardrail.triage(question, history)
        except Exception:  # fails closed: the strictest notice, whatever went wrong
            _log.exception("The guardrail failed; the strictest notice is shown.")
            return Triage(Action.ANSWER_WITH_ADVICE_DISCLAIMER, "the guardrail failed", question)

    def _draft(self, library: Library, wording: Wording, vector: np.ndarray, hits: list[Hit]) -> Draft:
        ranked = quotes.candidates(library, hits, wording, vector)
        chosen = selection.choose(ranked, wording)
        embed = self._search.embedder.embed_queries
        judgement = abstention.judge(wording, library, hits, ranked, chosen, embed, vector)
        if not judgement.enough:
            return Draft((), (), confidence=judgement.confidence)
        draft = replace(draft_of_quotes(chosen), confidence=judgement.confidence)
        return verify_quotes(draft, library)

    def _notice(self, triage: Triage, draft: Draft) -> str:
        first = draft.citations[0]
        return self._guardrail.notice(triage, evidence=first.evidence, topic_title=first.title)

    def _unknown(self, blank: Answer, hits: list[Hit], clock: Clock) -> Answer:
        topics = list(dict.fromkeys(hit.passage.title for hit in hits))[:3]
        text = self._guardrail.unknown_reply(topics)
        reason = "the library does not say"
        return replace(blank, action=Action.SAY_UNKNOWN, reason=reason, text=text, latency_ms=clock.laps())


class _Fixed(Bookcase):
    """A bookcase of one version."""

    def __init__(self, library: Library) -> None:
        self._only = library

    def current(self) -> Library:
        """Always the same version."""
        return self._only


def _blank(question: str, triage: Triage, library: Library) -> Answer:
    return Answer(
        question=question,
        standalone_question=triage.question,
        action=triage.action,
        reason=triage.reason,
        text="",
        language=triage.language,
        answered_by="rules" if not triage.action.answers else "quotes",
        corpus_version=library.version,
    )


def _empty(question: str, library: Library) -> Answer:
    return Answer(
        question=question,
        standalone_question="",
        action=Action.SAY_UNKNOWN,
        reason="the question is empty",
        text="Please type a question about cupping.",
        answered_by="rules",
        corpus_version=library.version,
    )


def _related(hits: list[Hit], draft: Draft) -> tuple[str, ...]:
    """Headings near the answer that are questions of their own."""
    used = {(citation.document, citation.section) for citation in draft.citations}
    near = [h.passage.section for h in hits if (h.passage.document, h.passage.section) not in used]
    return tuple(dict.fromkeys(section for section in near if section.endswith("?")))[:3]
