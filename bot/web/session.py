"""One conversation: what the chat shows after each step. No Gradio here; the app wires it to components."""

from __future__ import annotations

import logging
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any, Protocol

from pydantic import TypeAdapter, ValidationError

from bot.answer_json import answer_json
from bot.domain import Answer
from bot.errors import BotError, NoIndexError
from bot.web.answers import Excerpts, render_answer, render_problem, render_question, render_waiting
from bot.web.recording import Recorder
from bot.web.words import load_words
from ingest.errors import IngestError

_log = logging.getLogger(__name__)
_ANSWERS = TypeAdapter(Answer)


class Streams(Protocol):
    """What a conversation needs of the pipeline."""

    def stream(self, question: str, history: Sequence[str] = ()) -> Iterator[Answer]:
        """The growing answer; the last one is whole."""


@dataclass(frozen=True)
class Turn:
    """A question and what is shown for it. `answer` is None while it is made, and after a fault."""

    question: str
    shown: str
    answer: Answer | None = None


Turns = tuple[Turn, ...]


@dataclass(frozen=True)
class Conversations:
    """Moves conversations on. Holds none of them: a conversation is a tuple of turns that the caller keeps.

    pace: seconds between two showings of an answer that grows. Quotations are all there at once, and showing each
    by itself would cost more than finding them.
    """

    pipeline: Streams
    excerpts: Excerpts
    longest: int
    turns: int = 40
    recorder: Recorder | None = None
    pace: float = 0.3

    def ask(self, question: str, turns: Turns) -> Iterator[Turns]:
        """The conversation as the answer to a new question grows."""
        question = question.strip()
        words = load_words()
        if not question:
            yield turns
            return
        earlier, number = turns[-(self.turns - 1) :], _next_number(turns)
        if len(question) > self.longest:
            message = words.errors["too_long"].format(limit=f"{self.longest:,}")
            yield (*earlier, Turn(question[: self.longest], render_problem(message, number)))
            return
        yield (*earlier, Turn(question, render_waiting(number)))
        try:
            yield from self._answer(question, earlier, number)
        except NoIndexError:
            yield (*earlier, Turn(question, render_problem(words.errors["no_index"], number)))
        except (BotError, IngestError) as error:
            _log.error("A question could not be answered: %s", error)
            yield (*earlier, Turn(question, render_problem(words.errors["failed"], number)))
        except Exception:  # the person is told in plain words; the log has the trace, without the question
            _log.exception("A question could not be answered.")
            yield (*earlier, Turn(question, render_problem(words.errors["failed"], number)))

    def retry(self, turns: Turns) -> Iterator[Turns]:
        """Ask the last question again, in its place."""
        if turns:
            yield from self.ask(turns[-1].question, turns[:-1])
        else:
            yield turns

    def stop(self, turns: Turns) -> Turns:
        """The conversation after the person stopped an answer in the making."""
        if not turns or turns[-1].answer is not None:
            return turns
        number = _next_number(turns[:-1])
        return (*turns[:-1], replace(turns[-1], shown=render_problem(load_words().stopped, number)))

    def keep(self, turns: Turns) -> list[dict[str, Any]]:
        """The conversation as plain JSON values, for the browser to keep."""
        return [{"question": t.question, "answer": answer_json(t.answer)} for t in turns if t.answer]

    def restore(self, kept: object) -> Turns:
        """A conversation from what a browser kept. It is read as data and rendered anew; what does not fit is left."""
        turns: list[Turn] = []
        for entry in (kept if isinstance(kept, list) else [])[-self.turns :]:
            try:
                answer = _ANSWERS.validate_python(entry["answer"])
                question = str(entry["question"])[: self.longest]
            except (ValidationError, KeyError, TypeError):
                continue  # written by another release, or by hand
            turns.append(Turn(question, self._render(answer, len(turns) + 1), answer))
        return tuple(turns)

    def _answer(self, question: str, earlier: Turns, number: int) -> Iterator[Turns]:
        history = [turn.question for turn in earlier]
        answer: Answer | None = None
        shown = time.monotonic()
        for answer in self.pipeline.stream(question, history):
            if time.monotonic() - shown >= self.pace:
                yield (*earlier, Turn(question, self._render(answer, number, final=False)))
                shown = time.monotonic()
        if answer is not None:
            if self.recorder:
                self.recorder.answered(answer)
            yield (*earlier, Turn(question, self._render(answer, number), answer))

    def _render(self, answer: Answer, number: int, final: bool = True) -> str:
        return render_answer(answer, number, self.excerpts, final, feedback=self.recorder is not None)


def messages(turns: Turns) -> list[dict[str, str]]:
    """The conversation as the messages of a chat component."""
    shown = []
    for number, turn in enumerate(turns, start=1):
        shown.append({"role": "user", "content": render_question(turn.question, number)})
        shown.append({"role": "assistant", "content": turn.shown})
    return shown


def _next_number(turns: Turns) -> int:
    return len(turns) + 1
