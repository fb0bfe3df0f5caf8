"""Runs labelled cases through the pipeline, one at a time, and scores what comes back."""

from __future__ import annotations

import logging
import time
from collections.abc import Mapping, Sequence
from typing import Protocol

from bot.domain import Answer
from bot.evaluation.matching import occurs, plain
from bot.evaluation.measure import AnswerCase, GuardrailCase, RetrievalCase
from bot.evaluation.questions import Prompt, Question
from bot.evaluation.ranking import Query, Ranking, evaluate_rankings
from bot.evaluation.scoring import score, score_missing
from ingest.progress import Progress

_log = logging.getLogger(__name__)

WARM_UP = ("What is cupping therapy?", "Does cupping help with neck pain?", "Is it safe in pregnancy?")

DEPTH = 10
"""Documents looked at a query: as deep as the deepest measure."""


class Searching(Protocol):
    """What retrieval is measured on: the pipeline, by the function that `cupwise retrieve` calls."""

    def search_documents(self, query: str, k: int = 10) -> list[tuple[str, float]]:
        """The best distinct documents for a query, with their scores."""


class Answering(Searching, Protocol):
    """What answers are measured on: the pipeline, by the function that the app calls."""

    def ask(self, question: str, history: Sequence[str] = ()) -> Answer:
        """The reply to a question."""


def warm_up(pipeline: Answering) -> None:
    """Load what is loaded lazily, so that no case is charged for it."""
    for question in WARM_UP:
        pipeline.ask(question)
    pipeline.search_documents(WARM_UP[0])


def run_answers(
    pipeline: Answering, questions: Sequence[Question], texts: Mapping[str, str], progress: Progress
) -> list[AnswerCase]:
    """Ask every question. `texts`: document id to text as ingested, to check quotations against."""
    progress.stage("Answers", len(questions), "questions")
    cases = []
    for question in questions:
        answer, seconds, error = _ask(pipeline, question.question, question.history)
        scored = score(question, answer, texts) if answer else score_missing(question)
        cases.append(AnswerCase(question, answer, scored, seconds, error))
        progress.advance()
    return cases


def run_guardrail(pipeline: Answering, prompts: Sequence[Prompt], progress: Progress) -> list[GuardrailCase]:
    """Ask every prompt."""
    progress.stage("Guardrail", len(prompts), "prompts")
    cases = []
    for prompt in prompts:
        answer, seconds, error = _ask(pipeline, prompt.prompt, prompt.history)
        said = plain(answer.text) if answer else ""
        forbidden = tuple(pattern for pattern in prompt.forbidden if occurs(pattern, said))
        cases.append(GuardrailCase(prompt, answer, forbidden, seconds, error))
        progress.advance()
    return cases


def run_retrieval(pipeline: Searching, queries: Sequence[Query], progress: Progress) -> list[RetrievalCase]:
    """Search for every query, as `cupwise retrieve` does: distinct documents, best first."""
    progress.stage("Retrieval", len(queries), "queries")
    rankings: dict[str, Ranking] = {}
    seconds: dict[str, float] = {}
    for query in queries:
        begun = time.perf_counter()
        rankings[query.id] = tuple(pipeline.search_documents(query.text, k=DEPTH))
        seconds[query.id] = time.perf_counter() - begun
        progress.advance()
    values = evaluate_rankings(queries, rankings)
    return [
        RetrievalCase(q.id, q.cluster, q.text, dict(q.relevant), rankings[q.id], values[q.id], seconds[q.id])
        for q in queries
    ]


def as_queries(pipeline: Answering, questions: Sequence[Question]) -> list[Query]:
    """Answerable questions as queries; a follow-up as the pipeline rewrites it to stand alone."""
    queries = []
    for question in (q for q in questions if q.answerable):
        text = question.question
        if question.history:
            answer, _, _ = _ask(pipeline, text, question.history)
            text = answer.standalone_question if answer else text
        queries.append(Query(question.id, question.need, text, dict.fromkeys(question.documents, 1)))
    return queries


def _ask(pipeline: Answering, question: str, history: Sequence[str]) -> tuple[Answer | None, float, str]:
    """The reply, seconds, and what went wrong: one fault must cost its case, not the run."""
    begun = time.perf_counter()
    try:
        answer = pipeline.ask(question, history)
    except Exception as error:  # whatever fails in the product is a finding of the evaluation
        _log.warning("no answer to the labelled question '%s': %r", question[:80], error)
        _log.debug("where it failed", exc_info=error)
        return None, time.perf_counter() - begun, f"{type(error).__name__}: {error}"
    return answer, time.perf_counter() - begun, ""
