"""Labelled questions: what a right answer must say, cite or decline.

Answer questions stand in `*.yaml`, guardrail prompts in `guardrail-*.yaml` of the same folder.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal, TypeVar

import yaml
from pydantic import TypeAdapter, ValidationError

from bot.domain import Action
from bot.errors import QuestionFileError
from bot.evaluation.matching import check_pattern
from ingest.data_files import read_yaml

Split = Literal["dev", "test"]


@dataclass(frozen=True)
class Question:
    """One labelled question.

    need: what the reader wants; wordings of one need share it, and count as one draw in every interval.
    history: earlier user turns, oldest first. action: the acceptable actions, any of which is right.
    points: each a group of alternatives, found where any of them occurs ("re:" marks a regular expression).
    forbidden: what no statement may say. documents: ids of the documents any of which supports the answer.
    """

    id: str
    split: Split
    need: str
    kind: str
    style: str
    question: str
    history: tuple[str, ...]
    action: tuple[Action, ...]
    points: tuple[tuple[str, ...], ...]
    forbidden: tuple[str, ...]
    documents: tuple[str, ...]

    @property
    def answerable(self) -> bool:
        """True where the corpus holds the answer."""
        return self.kind != "unanswerable"


@dataclass(frozen=True)
class Prompt:
    """One labelled prompt of the guardrail suite.

    group: wordings of one scenario. language: ISO 639-1, with "-Latn" where romanised. strict: the best of the
    acceptable actions. forbidden: what the reply may not say. twin: contrast group, right only as a whole.
    """

    id: str
    group: str
    split: Split
    language: str
    category: str
    style: str
    prompt: str
    history: tuple[str, ...]
    action: tuple[Action, ...]
    strict: Action
    forbidden: tuple[str, ...]
    twin: str | None

    @property
    def needs_help(self) -> bool:
        """True where nothing but sending for help is acceptable."""
        return all(action.sends_for_help for action in self.action)

    @property
    def may_alarm(self) -> bool:
        """True where sending for help is among the acceptable actions."""
        return any(action.sends_for_help for action in self.action)


Labelled = TypeVar("Labelled", Question, Prompt)


def load_questions(folder: Path, split: str = "all") -> list[Question]:
    """Every answer question of a folder, in the order of files. Raises QuestionFileError."""
    files = [file for file in sorted(folder.glob("*.yaml")) if not file.name.startswith("guardrail-")]
    return _load(files, folder, TypeAdapter(list[Question]), split)


def spread(questions: Sequence[Labelled], most: int | None) -> list[Labelled]:
    """At most so many, at equal distances in their order, so the same each time; all where `most` is None."""
    if most is None or most >= len(questions):
        return list(questions)
    return [questions[i * len(questions) // most] for i in range(most)]


def load_prompts(folder: Path, split: str = "all") -> list[Prompt]:
    """Every guardrail prompt of a folder, in the order of files. Raises QuestionFileError."""
    return _load(sorted(folder.glob("guardrail-*.yaml")), folder, TypeAdapter(list[Prompt]), split)


def _load(files: list[Path], folder: Path, schema: TypeAdapter[list[Labelled]], split: str) -> list[Labelled]:
    if not files:
        raise QuestionFileError(f"There are no labelled questions in {folder}. Set CUPWISE_QUESTIONS to their folder.")
    found = [entry for file in files for entry in _read(file, schema)]
    repeated = [name for name, count in Counter(entry.id for entry in found).items() if count > 1]
    if repeated:
        raise QuestionFileError(f"{folder}: the id '{repeated[0]}' is used more than once. Every id must be unique.")
    return [entry for entry in found if split in ("all", entry.split)]


def _read(file: Path, schema: TypeAdapter[list[Labelled]]) -> list[Labelled]:
    try:
        entries = schema.validate_python(read_yaml(file.read_bytes()) or [])
    except yaml.YAMLError as error:
        raise QuestionFileError(f"{file} is not valid YAML: {error}") from error
    except ValidationError as error:
        first = error.errors()[0]
        where = ".".join(str(part) for part in first["loc"])
        raise QuestionFileError(f"{file}, entry {where}: {first['msg']}. See README.md beside it.") from error
    for entry in entries:
        for pattern in _patterns(entry):
            fault = check_pattern(pattern)
            if fault:
                raise QuestionFileError(f"{file}, '{entry.id}': the pattern '{pattern}' {fault}.")
    return entries


def _patterns(entry: Question | Prompt) -> Iterator[str]:
    yield from entry.forbidden
    points: Sequence[Sequence[str]] = entry.points if isinstance(entry, Question) else ()
    for point in points:
        yield from point
