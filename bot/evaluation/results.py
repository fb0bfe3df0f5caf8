"""What a run found, as values and as the JSON that another run is compared with."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any, Literal

from pydantic import TypeAdapter

from bot.errors import BotError
from bot.evaluation.measure import Better, Unit

FORMAT = 1
_MEND = "Make one with `cupwise evaluate --json FILE`."
Suite = Literal["answers", "guardrail", "retrieval"]


class ResultFileError(BotError):
    """A file of results can't be read, or was written by another version of the program."""


@dataclass(frozen=True)
class Measured:
    """One number: value and 95% interval over n cases. All None where no case applied."""

    suite: Suite
    name: str
    title: str
    definition: str
    better: Better
    unit: Unit
    value: float | None
    low: float | None
    high: float | None
    n: int


@dataclass(frozen=True)
class Breakdown:
    """A measure over the cases of one group of a label, such as the kind "safety"."""

    suite: Suite
    by: str
    group: str
    name: str
    value: float
    low: float | None
    high: float | None
    n: int


@dataclass(frozen=True)
class CaseRow:
    """One case: what was asked, expected and replied, and what it scored by each measure that applies.

    scores: measure name to value. faults: in plain words, what is wrong; empty where nothing is.
    """

    suite: Suite
    id: str
    cluster: str
    group: dict[str, str]
    question: str
    history: tuple[str, ...]
    expected: dict[str, Any]
    action: str
    reply: str
    detail: dict[str, Any]
    scores: dict[str, float]
    faults: tuple[str, ...]


@dataclass(frozen=True)
class Results:
    """A whole run.

    confusion: (wanted action, given action, count) of the guardrail suite. risk: selective risk at each coverage.
    latencies: milliseconds of each question. group_scores: measures whose cases are not questions (quotations,
    contrast groups): measure name to id to value. collection: name of an external one; empty for our own questions.
    """

    split: str
    corpus_version: str
    made_at: str
    seconds: float
    measures: tuple[Measured, ...]
    breakdowns: tuple[Breakdown, ...]
    cases: tuple[CaseRow, ...]
    confusion: tuple[tuple[str, str, int], ...] = ()
    risk: tuple[float, ...] = ()
    latencies: tuple[float, ...] = ()
    collection: str = ""
    group_scores: dict[str, dict[str, float]] = field(default_factory=dict)

    def measure(self, name: str) -> Measured | None:
        """A measure by name; None where its suite was not run."""
        return next((m for m in self.measures if m.name == name), None)


def save_results(results: Results, file: Path) -> None:
    """Write results as JSON."""
    document = {"format": FORMAT, **asdict(results)}
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(json.dumps(document, ensure_ascii=False, indent=1), encoding="utf-8")


def load_results(file: Path) -> Results:
    """Read results written by `save_results`. Raises ResultFileError."""
    try:
        document = json.loads(file.read_text(encoding="utf-8"))
        if not isinstance(document, dict) or document.pop("format", None) != FORMAT:
            raise ResultFileError(f"{file} holds no results of this format. {_MEND}")
        return TypeAdapter(Results).validate_python(document)
    except (OSError, ValueError) as error:
        reason = error.strerror if isinstance(error, OSError) else "it is not a file of results"
        raise ResultFileError(f"{file} can't be read: {reason}. {_MEND}") from error
