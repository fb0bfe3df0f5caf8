"""A conversation moves on by values: nothing is lost, nothing is shared, every fault is told in plain words."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

import gradio as gr
import pytest
from scripted_pipeline import ScriptedPipeline, quoted

from bot.domain import Answer
from bot.errors import NoIndexError
from bot.web.chat import build_chat
from bot.web.limits import Limits
from bot.web.paragraphs import Excerpt
from bot.web.session import Conversations, Turns, messages
from ingest.domain import Document


def plain(*_: object) -> Excerpt:
    return Excerpt("", "quote", "")


@pytest.fixture
def talking(documents: list[Document]) -> Conversations:
    return Conversations(ScriptedPipeline(lambda q, _: quoted(q, documents[:1], "v1")), plain, longest=100, turns=3)


def last(steps: Iterator[Turns]) -> Turns:
    return list(steps)[-1]


def test_the_question_shows_before_the_answer_is_there(talking: Conversations) -> None:
    steps = list(replace(talking, pace=0).ask("What are cups?", ()))
    assert "Looking in the library" in steps[0][0].shown
    assert "is-growing" in steps[1][0].shown
    assert "is-final" in steps[-1][0].shown
    assert steps[-1][0].answer is not None


def test_an_answer_that_is_there_at_once_is_shown_once(talking: Conversations) -> None:
    steps = list(replace(talking, pace=60).ask("What are cups?", ()))
    assert len(steps) == 2
    assert steps[-1][0].answer is not None


def test_a_follow_up_is_asked_with_the_earlier_questions(talking: Conversations) -> None:
    first = last(talking.ask("What are cups?", ()))
    last(talking.ask("And of bamboo?", first))
    assert talking.pipeline.asked[-1] == ("And of bamboo?", ("What are cups?",))


def test_conversations_do_not_see_each_other(talking: Conversations) -> None:
    one = last(talking.ask("Mine?", ()))
    other = last(talking.ask("Yours?", ()))
    assert "Mine?" not in str(messages(other))
    assert "Yours?" not in str(messages(one))


def test_an_empty_question_changes_nothing(talking: Conversations) -> None:
    assert last(talking.ask("  \n ", ())) == ()


def test_a_long_question_is_refused_kindly_and_never_asked(talking: Conversations) -> None:
    turns = last(talking.ask("x" * 101, ()))
    assert "longer than 100 characters" in turns[0].shown
    assert talking.pipeline.asked == []


def test_only_the_latest_turns_are_kept(talking: Conversations) -> None:
    turns: Turns = ()
    for number in range(5):
        turns = last(talking.ask(f"Question {number}", turns))
    assert [turn.question for turn in turns] == ["Question 2", "Question 3", "Question 4"]


def test_asking_again_replaces_the_last_turn(talking: Conversations) -> None:
    turns = last(talking.ask("One?", ()))
    again = last(talking.retry(turns))
    assert [turn.question for turn in again] == ["One?"]


def test_stopping_leaves_a_way_to_ask_again(talking: Conversations) -> None:
    waiting = next(talking.ask("One?", ()))
    stopped = talking.stop(waiting)
    assert "ask-again" in stopped[0].shown
    assert talking.stop(last(talking.ask("One?", ())))[0].answer is not None


@pytest.mark.parametrize(
    ("error", "said"), [(RuntimeError("secret detail"), "went wrong"), (NoIndexError("x"), "still being built")]
)
def test_a_fault_is_told_in_plain_words(error: Exception, said: str) -> None:
    class Failing:
        def stream(self, question: str, history: Sequence[str] = ()) -> Iterator[Answer]:  # noqa: ARG002
            raise error
            yield

    turns = last(Conversations(Failing(), plain, 100).ask("One?", ()))
    assert said in turns[0].shown
    assert "secret detail" not in turns[0].shown


def test_a_kept_conversation_comes_back_as_it_was(talking: Conversations) -> None:
    turns = last(talking.ask("What are cups?", ()))
    assert talking.restore(talking.keep(turns)) == turns


@pytest.mark.parametrize("kept", [None, "x", [1], [{}], [{"question": "q", "answer": {"action": "hack"}}], {"a": 1}])
def test_a_kept_conversation_that_does_not_fit_is_left(talking: Conversations, kept: object) -> None:
    assert talking.restore(kept) == ()


def test_a_kept_conversation_is_rendered_anew_and_never_trusted(talking: Conversations) -> None:
    kept = talking.keep(last(talking.ask("What are cups?", ())))
    kept[0]["question"] = "<img src=x onerror=alert(1)>"
    kept[0]["answer"]["statements"][0]["text"] = "<script>alert(1)</script>"
    assert "<script>" not in str(messages(talking.restore(kept)))
    assert "<img" not in str(messages(talking.restore(kept)))


def test_without_a_kept_conversation_the_page_is_left_as_it_is(talking: Conversations) -> None:
    blocks = build_chat(talking, Limits())
    recall = next(fn.fn for fn in blocks.fns.values() if getattr(fn.fn, "__name__", "") == "recall")
    assert all(update == gr.skip() for update in recall(None))
    kept = talking.keep(last(talking.ask("One?", ())))
    shown, turns, wanted = recall(kept)
    assert len(turns) == 1
    assert shown
    assert wanted
