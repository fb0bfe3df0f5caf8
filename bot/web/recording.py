"""Feedback and unanswered questions, kept only where the setting says so, with personal data masked."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from threading import Lock
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field

from bot.domain import Action, Answer
from bot.guardrail.personal_data import mask_personal_data
from ingest.durable import write_atomically

_MOST_BYTES = 5_000_000
_LONGEST = 300
_LISTED = 200


class Feedback(BaseModel):
    """What a person thinks of an answer. `question` is the one that was answered."""

    model_config = ConfigDict(extra="forbid")

    verdict: Literal["helpful", "not helpful"]
    reason: str = Field("", max_length=1000)
    question: str = Field("", max_length=4000)


@dataclass(frozen=True)
class Unanswered:
    """A question that the library did not answer. last: the day when it was last asked, ISO 8601."""

    words: str
    times: int
    last: str


class Recorder:
    """Appends lines to two files in the data folder; each stops growing at five megabytes."""

    def __init__(self, folder: Path) -> None:
        self._feedback, self._unanswered = folder / "feedback.jsonl", folder / "unanswered.jsonl"
        self._lock = Lock()

    def feedback(self, given: Feedback) -> None:
        """Keep what a person thinks of an answer."""
        self._append(
            self._feedback,
            {"verdict": given.verdict, "reason": _masked(given.reason), "question": _masked(given.question)},
        )

    def answered(self, answer: Answer) -> None:
        """Keep the question where the library did not answer it. Calls for help are never kept."""
        if answer.action is Action.SAY_UNKNOWN and answer.question.strip():
            self._append(self._unanswered, {"question": _masked(answer.question)})

    def unanswered(self) -> list[Unanswered]:
        """Questions that the library did not answer, most asked first."""
        found: dict[str, Unanswered] = {}
        for entry in self._entries():
            words, day = str(entry["question"]), str(entry.get("at", ""))
            times = found[words].times if words in found else 0
            found[words] = Unanswered(words, times + 1, day)
        return sorted(found.values(), key=lambda question: (-question.times, question.words))[:_LISTED]

    def strike_off(self, words: str) -> None:
        """Forget a question that was dealt with, each time that it was asked."""
        with self._lock:
            left = [entry for entry in self._entries() if entry["question"] != words]
            text = "".join(json.dumps(entry, ensure_ascii=False) + "\n" for entry in left)
            write_atomically(self._unanswered, text)

    def _entries(self) -> list[dict[str, Any]]:
        """The lines of the unanswered questions that can be read; one that a crash cut off is left out."""
        try:
            lines = self._unanswered.read_text(encoding="utf-8").splitlines()
        except FileNotFoundError:
            return []
        entries = []
        for line in lines:
            try:
                entry = json.loads(line)
            except ValueError:
                continue
            if isinstance(entry, dict) and "question" in entry:
                entries.append(entry)
        return entries

    def _append(self, file: Path, entry: dict[str, Any]) -> None:
        line = json.dumps({"at": datetime.now(UTC).date().isoformat(), **entry}, ensure_ascii=False)
        with self._lock:
            file.parent.mkdir(parents=True, exist_ok=True)
            if file.exists() and file.stat().st_size > _MOST_BYTES:
                return
            with file.open("a", encoding="utf-8") as out:
                out.write(line + "\n")


def _masked(text: str) -> str:
    return mask_personal_data(" ".join(text.split()))[:_LONGEST]
