"""Times answers in quote mode, step by step, after warm-up: `python -m tests.benchmarks.answer_benchmark`."""

from __future__ import annotations

import argparse
import statistics
from pathlib import Path

from rich.console import Console
from rich.table import Table

from bot.evaluation.questions import load_questions
from bot.pipeline import Pipeline
from bot.preview import run_build
from ingest.progress import Silent
from ingest.settings import Settings

_STEPS = ("triage", "retrieve", "answer", "total")
_WARM_UP = 20


def measure(questions: int) -> dict[str, list[float]]:
    """Milliseconds of each step over the first dev questions, each asked once."""
    settings = Settings()
    run_build(settings, (), Silent(), preview=False)
    pipeline = Pipeline.open(settings)
    labelled = [q for q in load_questions(Path(settings.questions)) if q.split == "dev"][: questions + _WARM_UP]
    for question in labelled[:_WARM_UP]:
        pipeline.ask(question.question, question.history)
    answers = [pipeline.ask(question.question, question.history) for question in labelled[_WARM_UP:]]
    answered = [answer.latency_ms for answer in answers if answer.statements]
    return {step: [laps[step] for laps in answered] for step in _STEPS}


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--questions", type=int, default=300)
    times = measure(parser.parse_args().questions)
    table = Table("Step", "Median ms", "95th percentile ms", box=None)
    for step in _STEPS:
        table.add_row(
            step, f"{statistics.median(times[step]):.1f}", f"{statistics.quantiles(times[step], n=20)[-1]:.1f}"
        )
    console = Console(width=100)
    console.print(f"Answers in quote mode, {len(times['total'])} questions after warm-up")
    console.print(table)


if __name__ == "__main__":
    main()
