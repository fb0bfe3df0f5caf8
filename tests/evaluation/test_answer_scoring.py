"""Scoring one answer against its labels."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest

from bot.domain import Action, Answer, Statement
from bot.evaluation.matching import occurs, plain
from bot.evaluation.questions import Question
from bot.evaluation.scoring import score, score_missing

Make = Callable[..., Question]
Reply = Callable[..., Answer]


@pytest.mark.parametrize(
    ("pattern", "text", "found"),
    [
        ("two weeks", "within **Two\n weeks**", True),
        ("Two  Weeks", "two weeks", True),
        ("don't", "DON’T worry", True),
        ("don’t", "don't worry", True),
        ("low-certainty", "low‑certainty evidence", True),
        ("1-2", "1–2 days", True),
        ("a.b", "axb", False),
        ("re:\\bease[sd]?\\b", "It eased pain", True),
        ("re:\\bease[sd]?\\b", "a disease", False),
    ],
)
def test_matching_folds_case_space_and_typography(pattern: str, text: str, found: bool) -> None:
    assert occurs(pattern, plain(text)) is found


def test_right_answer_is_strictly_right(question: Make, answer: Reply) -> None:
    scored = score(question(), answer())
    assert scored.strictly_right and scored.points == (True,) and scored.words == 5 and scored.supporting == (True,)


def test_each_fault_alone_costs_strict_rightness(question: Make, answer: Reply) -> None:
    wrong_action = score(question(action=(Action.SAY_UNKNOWN,)), answer())
    missed_point = score(question(points=(("two weeks",), ("bruise",))), answer())
    forbidden = score(question(forbidden=("fade within",)), answer())
    assert not wrong_action.strictly_right and not missed_point.strictly_right and not forbidden.strictly_right
    assert missed_point.points == (True, False) and forbidden.forbidden == ("fade within",)


def test_list_of_sources_makes_no_point_and_is_not_forbidden(question: Make, answer: Reply) -> None:
    scored = score(question(points=(("sources",),)), answer())
    assert scored.points == (False,) and scored.forbidden == ()


def test_notice_and_curators_note_make_points(question: Make, answer: Reply) -> None:
    reply = answer(notice="Ask your midwife.")
    noted = replace(reply, citations=(replace(reply.citations[0], note="Trials say otherwise."),))
    scored = score(question(points=(("midwife",), ("trials say otherwise",))), noted)
    assert scored.points == (True, True) and scored.words == 5


def test_quotation_off_by_one_character_is_not_exact(question: Make, answer: Reply) -> None:
    text = "Cupping leaves round marks. They fade within two weeks."
    reply = answer()
    moved = replace(reply, citations=(replace(reply.citations[0], start=reply.citations[0].start + 1),))
    assert score(question(), reply, {"marks": text}).exact == (True,)
    assert score(question(), moved, {"marks": text}).exact == (False,)
    assert score(question(), reply, {}).exact == (False,)
    assert score(question(), reply).exact is None


def test_missing_answer_makes_no_point(question: Make) -> None:
    scored = score_missing(question(points=(("a",), ("b",))))
    assert scored.points == (False, False) and not scored.strictly_right and not scored.answered


def test_reply_without_statements_is_read_whole(question: Make, answer: Reply) -> None:
    reply = answer(action=Action.SAY_UNKNOWN, statements=(), citations=(), text="I don't know that.")
    unknown = question(kind="unanswerable", action=(Action.SAY_UNKNOWN,), points=(("don't know",),))
    assert score(unknown, reply).strictly_right


def test_words_are_counted_over_statements_alone(question: Make, answer: Reply) -> None:
    reply = answer(statements=(Statement("One two.", (1,)), Statement("Three.", (1,))), notice="Four five six.")
    assert score(question(), reply).words == 3
