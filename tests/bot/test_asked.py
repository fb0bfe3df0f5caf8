"""What a question asks for, and which sentences have it."""

from __future__ import annotations

import pytest

from bot.asked import Asked


@pytest.mark.parametrize(
    ("question", "gives", "lacks"),
    [
        ("How old was the man who bled?", "He was 52 years old.", "He bled for two days in Seoul."),
        ("how long did the marks stay", "They stayed for nine days.", "They were round and dark."),
        ("In which country was it tried?", "Doctors in Korea tried it.", "Doctors tried it on the back."),
        ("how often do they go", "Most went once a month.", "Most went to a clinic."),
        ("What does a session cost?", "The fee is about 40 pounds.", "A session takes half an hour."),
        ("was the trial funded by a firm", "A ministry funded it.", "It was a trial of 40 people."),
        ("How deep are the cuts?", "They are about 2 mm deep.", "They are shallow."),
    ],
)
def test_sentences_that_have_it_are_told_from_those_that_do_not(question: str, gives: str, lacks: str) -> None:
    asked = Asked(question)
    assert asked.kinds and asked.gives(gives) and not asked.gives(lacks)


def test_what_the_question_says_itself_is_not_given() -> None:
    asked = Asked("How many women were among the 909 people in the survey?")
    assert not asked.gives("The survey asked 909 people.")
    assert asked.gives("The survey asked 909 people, 512 of them women.")


def test_a_country_that_the_question_names_is_not_given() -> None:
    asked = Asked("Which countries came before Korea?")
    assert not asked.gives("It came to Korea.") and asked.gives("It came to Korea from China.")


def test_an_open_question_asks_for_no_kind_of_thing() -> None:
    asked = Asked("Is cupping safe?")
    assert asked.kinds == () and asked.noun == "" and asked.gives("Anything.")


def test_the_noun_after_which_is_read() -> None:
    assert Asked("Which massage oil is best?").noun.startswith("massage oil")
