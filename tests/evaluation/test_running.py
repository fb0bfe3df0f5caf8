"""Running cases: a fault in the product is a finding, not the end of the run."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import pytest

from bot.domain import Action, Answer
from bot.evaluation.questions import Question
from bot.evaluation.rows import answer_row
from bot.evaluation.running import as_queries, run_answers, run_retrieval
from ingest.progress import Silent


class Faulty:
    """Fails on one question, answers all others."""

    def __init__(self, answer: Answer) -> None:
        self._answer = answer

    def ask(self, question: str, history: Sequence[str] = ()) -> Answer:  # noqa: ARG002
        if question == "fail":
            raise ValueError("broken")
        return self._answer

    def search_documents(self, query: str, k: int = 10) -> list[tuple[str, float]]:  # noqa: ARG002
        return [("marks", 1.0)] if "marks" in query else []


def test_failed_question_scores_as_missing_and_says_why(
    question: Callable[..., Question], answer: Callable[..., Answer], caplog: pytest.LogCaptureFixture
) -> None:
    questions = [question(), question(id="marks-2", question="fail")]
    good, failed = run_answers(Faulty(answer()), questions, {}, Silent())
    assert good.scored.strictly_right and not failed.scored.strictly_right
    assert failed.error == "ValueError: broken"
    assert answer_row(failed, {}).faults[0] == "no answer came back: ValueError: broken"
    assert "no answer to the labelled question 'fail'" in caplog.text


def test_follow_up_is_searched_for_as_it_is_rewritten(
    question: Callable[..., Question], answer: Callable[..., Answer]
) -> None:
    pipeline = Faulty(answer(standalone_question="How long do marks last?"))
    follow_up = question(id="b", question="how long?", history=("What are marks?",))
    unanswerable = question(id="c", kind="unanswerable", action=(Action.SAY_UNKNOWN,), documents=())
    queries = as_queries(pipeline, [question(question="fades?"), follow_up, unanswerable])
    assert [query.text for query in queries] == ["fades?", "How long do marks last?"]
    cases = run_retrieval(pipeline, queries, Silent())
    assert [case.values["Success@5"] for case in cases] == [0.0, 1.0]
