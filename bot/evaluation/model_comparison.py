"""Model mode against quote mode on the same labelled questions: rightness, faithfulness, time and tokens."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import cast

import numpy as np

from bot.domain import Answer
from bot.evaluation import comparison, running, suites
from bot.evaluation.comparison import Comparison
from bot.evaluation.results import Results
from bot.library import Library
from bot.pipeline import Pipeline
from ingest.progress import Progress
from ingest.settings import Settings


@dataclass(frozen=True)
class ModelFigures:
    """What a model did with the questions that it was asked.

    written, kept: sentences that it wrote, and that were verified; fallbacks: answers that are of quotations after all,
    by reason; seconds: 50th and 95th percentile of an answer; tokens as the provider counts them.
    """

    model: str
    asked: int
    written: int
    kept: int
    fallbacks: dict[str, int]
    dropped: dict[str, int]
    seconds: tuple[float, float]
    tokens_sent: int
    tokens_received: int

    @property
    def faithfulness(self) -> float | None:
        """Share of the written sentences that a cited passage supports; None where none was written."""
        return self.kept / self.written if self.written else None


@dataclass(frozen=True)
class ModelComparison:
    """Both runs, their comparison (quotes before, model after), and the model's own figures."""

    quotes: Results
    model: Results
    compared: Comparison
    figures: ModelFigures
    answers: tuple[Answer, ...]


class _Recorder:
    """The pipeline, keeping the answers that it gives."""

    def __init__(self, pipeline: Pipeline) -> None:
        self._pipeline = pipeline
        self.answers: list[Answer] = []

    @property
    def library(self) -> Library:
        """The version that is asked."""
        return self._pipeline.library

    def ask(self, question: str, history: Sequence[str] = ()) -> Answer:
        """Ask, and keep the answer."""
        answer = self._pipeline.ask(question, history)
        self.answers.append(answer)
        return answer

    def search_documents(self, query: str, k: int = 10) -> list[tuple[str, float]]:
        """As the pipeline does."""
        return self._pipeline.search_documents(query, k)


def compare_modes(
    settings: Settings, split: str, progress: Progress | None = None, most: int | None = None
) -> ModelComparison:
    """Run the answers suite in both modes, on at most so many questions.

    Raises ModelSettingError, QuestionFileError, NoIndexError.
    """
    recorder = _Recorder(Pipeline.open(settings))
    plain = Pipeline.open(settings.model_copy(update={"model": ""}))
    quotes = suites.evaluate(plain, settings.questions, ("answers",), split, progress, most)
    model = suites.evaluate(cast(Pipeline, recorder), settings.questions, ("answers",), split, progress, most)
    answers = tuple(recorder.answers[len(running.WARM_UP) :])
    return ModelComparison(quotes, model, comparison.compare(quotes, model), figures(settings.model, answers), answers)


def figures(model: str, answers: Sequence[Answer]) -> ModelFigures:
    """Sum up what the model did. Answers for which it was not asked are left out."""
    asked = [(answer, answer.writing) for answer in answers if answer.writing is not None]
    kept = sum(len(answer.statements) for answer, writing in asked if not writing.fallback)
    dropped = [sentence.reason for _, writing in asked for sentence in writing.dropped]
    seconds = [answer.latency_ms.get("total", 0.0) / 1000 for answer, _ in asked]
    return ModelFigures(
        model=model,
        asked=len(asked),
        written=kept + len(dropped),
        kept=kept,
        fallbacks=_counted([writing.fallback for _, writing in asked if writing.fallback]),
        dropped=_counted(dropped),
        seconds=(_percentile(seconds, 50), _percentile(seconds, 95)),
        tokens_sent=sum(writing.tokens_sent for _, writing in asked),
        tokens_received=sum(writing.tokens_received for _, writing in asked),
    )


def figure_lines(found: ModelFigures) -> list[str]:
    """The figures in words."""
    share = "none was written" if found.faithfulness is None else f"{found.faithfulness:.0%}"
    lines = [
        f"{found.model} was asked {found.asked} questions and wrote {found.written} sentences.",
        f"Faithfulness (sentences that a cited passage supports): {share}; the others were dropped.",
        f"Answers that fell back to quotations: {sum(found.fallbacks.values())}.",
        f"Seconds an answer: {found.seconds[0]:.1f} (median), {found.seconds[1]:.1f} (95th percentile).",
        f"Tokens: {found.tokens_sent} sent, {found.tokens_received} received."
        if found.tokens_sent
        else "Tokens: the provider counts none.",
    ]
    lines += [f"  dropped: {reason}: {count}" for reason, count in found.dropped.items()]
    return lines + [f"  fell back: {reason}: {count}" for reason, count in found.fallbacks.items()]


def save_dropped(answers: Sequence[Answer], file: Path) -> None:
    """Write every dropped sentence with its question and reason, one JSON object a line: for curators only."""
    lines = [
        json.dumps({"question": answer.question, "sentence": each.text, "reason": each.reason}, ensure_ascii=False)
        for answer in answers
        if answer.writing is not None
        for each in answer.writing.dropped
    ]
    file.write_text("".join(f"{line}\n" for line in lines), encoding="utf-8")


def save_kept(answers: Sequence[Answer], file: Path) -> None:
    """Write every sentence that was shown beside the quotations that it rests on, one JSON object a line."""
    lines = [
        json.dumps({"question": answer.question, "sentence": each.text, "rests_on": quoted}, ensure_ascii=False)
        for answer in answers
        if answer.writing is not None and not answer.writing.fallback
        for each in answer.statements
        if (quoted := [c.quote for c in answer.citations if c.number in each.citations])
    ]
    file.write_text("".join(f"{line}\n" for line in lines), encoding="utf-8")


def _counted(values: Sequence[str]) -> dict[str, int]:
    return {value: values.count(value) for value in sorted(set(values), key=lambda v: -values.count(v))}


def _percentile(values: Sequence[float], share: float) -> float:
    return round(float(np.percentile(values, share)), 2) if values else 0.0
