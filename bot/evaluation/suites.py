"""One run of the evaluation: cases through the pipeline, measures over cases, results."""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

from bot.evaluation import rows, running, summing
from bot.evaluation.collection import open_collection
from bot.evaluation.measure import RetrievalCase
from bot.evaluation.measures import ANSWER_MEASURES, GUARDRAIL_MEASURES, RETRIEVAL_MEASURES
from bot.evaluation.questions import Question, load_prompts, load_questions, spread
from bot.evaluation.results import Breakdown, CaseRow, Measured, Results, Suite
from bot.pipeline import Pipeline
from ingest.building import build
from ingest.embedder import Embedder
from ingest.progress import Progress, Silent
from ingest.settings import Settings
from ingest.versions import Versions

SUITES: tuple[Suite, ...] = ("answers", "guardrail", "retrieval")


@dataclass
class _Sheet:
    """What the suites fill in, one after the other."""

    measures: list[Measured] = field(default_factory=list)
    breakdowns: list[Breakdown] = field(default_factory=list)
    cases: list[CaseRow] = field(default_factory=list)
    group_scores: summing.Scores = field(default_factory=dict)
    confusion: tuple[tuple[str, str, int], ...] = ()
    risk: tuple[float, ...] = ()
    latencies: tuple[float, ...] = ()


def evaluate(
    pipeline: Pipeline,
    questions: Path,
    suites: Sequence[Suite] = SUITES,
    split: str = "test",
    progress: Progress | None = None,
    most: int | None = None,
) -> Results:
    """Run suites of labelled questions. `most`: a sample of the answers. Raises QuestionFileError, NoIndexError."""
    begun, listener, sheet = time.perf_counter(), progress or Silent(), _Sheet()
    running.warm_up(pipeline)
    if "answers" in suites:
        _answers(sheet, pipeline, spread(load_questions(questions, split), most), listener)
    if "guardrail" in suites:
        _guardrail(sheet, pipeline, questions, split, listener)
    if "retrieval" in suites:
        queries = running.as_queries(pipeline, load_questions(questions, split))
        _retrieval(sheet, running.run_retrieval(pipeline, queries, listener))
    listener.done()
    return _results(sheet, pipeline.library.version, split, time.perf_counter() - begun)


def evaluate_collection(folder: Path, split: str, settings: Settings, progress: Progress | None = None) -> Results:
    """Ingest an external collection into a data folder of its own, and measure retrieval on it."""
    begun, listener, sheet = time.perf_counter(), progress or Silent(), _Sheet()
    collection = open_collection(folder, split, settings)
    versions = Versions(collection.settings.data)
    with versions.writing():
        built = build(collection.settings, Embedder(settings.embedding_model), (), listener, versions)
        if built.version:
            versions.publish(built.version)
            versions.prune(1)
    pipeline = Pipeline.open(collection.settings)
    pipeline.search_documents(running.WARM_UP[0])
    _retrieval(sheet, running.run_retrieval(collection.named(pipeline), collection.queries, listener))
    listener.done()
    name = folder.resolve().name
    return _results(sheet, pipeline.library.version, split, time.perf_counter() - begun, name)


def _answers(sheet: _Sheet, pipeline: Pipeline, questions: Sequence[Question], progress: Progress) -> None:
    texts = {document.id: document.text for document in pipeline.library.shelf.documents()}
    cases = running.run_answers(pipeline, questions, texts, progress)
    measured, scores = summing.measure_all("answers", ANSWER_MEASURES, cases)
    found = summing.as_rows(rows.answer_row, lambda case: case.label.id, cases, scores)
    sheet.measures += measured
    sheet.breakdowns += summing.break_down_answers(cases)
    sheet.cases += found
    sheet.group_scores |= summing.group_scores(found, scores)
    sheet.risk = summing.risk_points(cases)
    sheet.latencies = tuple(round(case.seconds * 1000, 2) for case in cases)


def _guardrail(sheet: _Sheet, pipeline: Pipeline, questions: Path, split: str, progress: Progress) -> None:
    cases = running.run_guardrail(pipeline, load_prompts(questions, split), progress)
    measured, scores = summing.measure_all("guardrail", GUARDRAIL_MEASURES, cases)
    found = summing.as_rows(rows.guardrail_row, lambda case: case.label.id, cases, scores)
    sheet.measures += measured
    sheet.breakdowns += summing.break_down_guardrail(cases)
    sheet.cases += found
    sheet.group_scores |= summing.group_scores(found, scores)
    sheet.confusion = summing.confusion(cases)


def _retrieval(sheet: _Sheet, cases: Sequence[RetrievalCase]) -> None:
    measured, scores = summing.measure_all("retrieval", RETRIEVAL_MEASURES, cases)
    sheet.measures += measured
    sheet.cases += summing.as_rows(rows.retrieval_row, lambda case: case.id, cases, scores)


def _results(sheet: _Sheet, version: str, split: str, seconds: float, collection: str = "") -> Results:
    return Results(
        split=split,
        corpus_version=version,
        made_at=datetime.now(UTC).isoformat(timespec="seconds"),
        seconds=round(seconds, 1),
        measures=tuple(sheet.measures),
        breakdowns=tuple(sheet.breakdowns),
        cases=tuple(sheet.cases),
        confusion=sheet.confusion,
        risk=sheet.risk,
        latencies=sheet.latencies,
        collection=collection,
        group_scores=sheet.group_scores,
    )
