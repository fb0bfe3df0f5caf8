"""The labelled lines that the guardrail's classifiers learn from.

`data/training.jsonl` was written beside the rules; `data/independent-lines.jsonl` by writers who knew neither the
rules nor those lines. Of the second only the part `fit` is read here.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

TRAINING_LINES = Path(__file__).parent / "data" / "training.jsonl"
INDEPENDENT_LINES = Path(__file__).parent / "data" / "independent-lines.jsonl"


class Label(StrEnum):
    """What one line is. LOOK_ALIKE: harmless, in the words of an emergency or a crisis."""

    URGENT = "urgent"
    CRISIS = "crisis"
    LOOK_ALIKE = "look_alike"
    ADVICE = "advice"
    IN_SCOPE = "in_scope"
    OFF_TOPIC = "off_topic"
    SMALL_TALK = "small_talk"
    HARMFUL = "harmful"
    INJECTION = "injection"


_FINER = {"plain": Label.IN_SCOPE, "general": Label.IN_SCOPE}
"""Labels of the independent lines that are one here."""


@dataclass(frozen=True)
class LabelledLine:
    """One English line. Lines of a group are about one thing and stay in one fold of a cross-validation.

    source_twin: the group that says the opposite in the same words (of independent lines: the pair's name), or None.
    """

    text: str
    label: Label
    group: str
    source_twin: str | None = None


def read_lines(path: Path = TRAINING_LINES) -> tuple[LabelledLine, ...]:
    """Read and check the labelled lines. Raises ValueError naming the line that does not fit the schema."""
    lines = []
    for number, raw in enumerate(path.read_text(encoding="utf-8").splitlines(), start=1):
        try:
            fields = json.loads(raw)
            lines.append(LabelledLine(fields["text"], Label(fields["label"]), fields["group"], fields["source_twin"]))
        except (KeyError, TypeError, ValueError) as fault:
            raise ValueError(f"{path.name}, line {number}: not a labelled line ({fault})") from fault
    _check_twins(lines, path)
    return tuple(lines)


def read_independent(path: Path = INDEPENDENT_LINES) -> tuple[LabelledLine, ...]:
    """The lines that may be fitted on and make sense alone; those in other languages by their English gloss, if any."""
    rows = [json.loads(raw) for raw in path.read_text(encoding="utf-8").splitlines()]
    return tuple(
        LabelledLine(
            row["text"] if row["language"] == "en" else row["english"],
            _FINER.get(row["label"]) or Label(row["label"]),
            row["group"],
            row["twin"],
        )
        for row in rows
        if row["set"] == "fit" and not row["history"] and (row["language"] == "en" or row.get("english"))
    )


@dataclass(frozen=True)
class ForeignLine:
    """One line in another language, with the label as its writer gave it."""

    text: str
    language: str
    label: str
    group: str


def read_foreign(path: Path = INDEPENDENT_LINES) -> tuple[ForeignLine, ...]:
    """The lines in other languages that may be fitted on and make sense alone; twins share a group."""
    rows = [json.loads(raw) for raw in path.read_text(encoding="utf-8").splitlines()]
    return tuple(
        ForeignLine(row["text"], row["language"], row["label"], row["twin"] or row["group"])
        for row in rows
        if row["language"] != "en" and row["set"] == "fit" and not row["history"]
    )


def _check_twins(lines: Sequence[LabelledLine], path: Path) -> None:
    groups = {line.group for line in lines}
    missing = {line.source_twin for line in lines if line.source_twin} - groups
    if missing:
        raise ValueError(f"{path.name}: no group has the name of the twin {', '.join(sorted(map(str, missing)))}")


def fingerprint(paths: Sequence[Path] = (TRAINING_LINES, INDEPENDENT_LINES)) -> str:
    """SHA-256 of the labelled lines as they lie on disk, in hexadecimal."""
    return hashlib.sha256(b"".join(path.read_bytes() for path in paths)).hexdigest()


def contrast_groups(lines: Sequence[LabelledLine]) -> list[str]:
    """For each line, one name for its group and every group tied to it as a twin.

    Twins share their words, so one in the fit would tell of the other when that is held out.
    """
    leader = {line.group: line.group for line in lines}

    def find(group: str) -> str:
        while leader[group] != group:
            group = leader[group]
        return group

    for line in lines:
        if line.source_twin:
            leader.setdefault(line.source_twin, line.source_twin)
            leader[find(line.group)] = find(line.source_twin)
    return [find(line.group) for line in lines]
