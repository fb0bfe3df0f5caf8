"""What is asked often is remembered, in memory, for one version of the index; nothing personal ever is."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator, Sequence
from dataclasses import replace

import pytest
from scripted_pipeline import ScriptedPipeline, quoted

from bot.domain import Action, Answer
from bot.web.recall import Recall
from bot.web.sharing import SharedPipeline
from ingest.domain import Document


@pytest.fixture
def answer(documents: list[Document]) -> Answer:
    return quoted("What are cups?", documents[:1], "v1")


def asked(recall: Recall, answer: Answer, times: int, stamp: tuple[int, int] = (1, 1)) -> Answer | None:
    for _ in range(times):
        recall.find(answer.question, stamp)
        recall.keep(answer.question, stamp, answer)
    return recall.find(answer.question, stamp)


def test_an_answer_is_remembered_from_the_second_time(answer: Answer) -> None:
    assert asked(Recall(10), answer, 1) is None
    found = asked(Recall(10), answer, 2)
    assert found is not None
    assert found.statements == answer.statements


def test_a_question_that_was_asked_once_leaves_no_words(answer: Answer) -> None:
    recall = Recall(10)
    asked(recall, answer, 1)
    assert "cups" not in repr(vars(recall)).lower()


def test_another_version_forgets_everything(answer: Answer) -> None:
    recall = Recall(10)
    assert asked(recall, answer, 2) is not None
    assert recall.find(answer.question, (2, 2)) is None
    assert recall.find(answer.question, (1, 1)) is None


def test_an_answer_of_a_version_that_is_gone_is_not_kept(answer: Answer) -> None:
    recall = Recall(10)
    asked(recall, answer, 1)
    recall.find(answer.question, (2, 2))
    recall.keep(answer.question, (1, 1), answer)
    assert recall.find(answer.question, (2, 2)) is None


@pytest.mark.parametrize("action", sorted(set(Action) - {Action.ANSWER, Action.ANSWER_WITH_DISCLAIMER}))
def test_a_persons_own_case_is_never_remembered(answer: Answer, action: Action) -> None:
    assert asked(Recall(10), replace(answer, action=action), 3) is None


def test_only_so_many_are_remembered(answer: Answer) -> None:
    recall = Recall(3)
    for number in range(10):
        asked(recall, replace(answer, question=f"Question {number}"), 2)
    assert len(recall._answers) == 3
    assert asked(Recall(0), answer, 3) is None


def test_a_remembered_question_is_not_computed_and_a_follow_up_is(documents: list[Document]) -> None:
    pipeline = ScriptedPipeline(lambda question, _: quoted(question, documents[:1], "v1"))
    shared = SharedPipeline(pipeline, lambda: (1, 1), 2, Recall(10))
    made = [list(shared.stream("What are cups?"))[-1] for _ in range(4)] + [shared.ask("What are cups?")]
    assert len({answer.text for answer in made}) == 1
    assert len(pipeline.asked) == 2
    for _ in range(3):
        shared.ask("What are cups?", ["Is it safe?"])
        list(shared.stream("What are cups?", ["Is it safe?"]))
    assert len(pipeline.asked) == 8


def test_only_so_many_questions_are_computed_at_once(documents: list[Document]) -> None:
    at_work, most = [0], [0]
    lock = threading.Lock()

    def script(question: str, history: Sequence[str]) -> Answer:  # noqa: ARG001
        with lock:
            at_work[0] += 1
            most[0] = max(most[0], at_work[0])
        time.sleep(0.02)
        with lock:
            at_work[0] -= 1
        return quoted(question, documents[:1], "v1")

    shared = SharedPipeline(ScriptedPipeline(script), lambda: (1, 1), 2, Recall(0))
    threads = [threading.Thread(target=lambda n=n: list(shared.stream(f"{n}?"))) for n in range(12)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=20)
    assert most[0] == 2


def test_a_fault_gives_the_place_back(documents: list[Document]) -> None:
    class Failing(ScriptedPipeline):
        def stream(self, question: str, history: Sequence[str] = ()) -> Iterator[Answer]:
            if question == "fail":
                raise RuntimeError("asked for")
            yield from super().stream(question, history)

    shared = SharedPipeline(Failing(lambda q, _: quoted(q, documents[:1], "v1")), lambda: (1, 1), 1, Recall(0))
    for _ in range(3):
        with pytest.raises(RuntimeError):
            list(shared.stream("fail"))
    assert list(shared.stream("What are cups?"))
