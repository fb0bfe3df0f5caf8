"""The fixed texts: help first, short, in the reader's language, with the country's numbers."""

from __future__ import annotations

import pytest

from bot.domain import Action, Triage
from bot.guardrail.triage import Guardrail

LANGUAGES = ("en", "es", "fr", "ar", "ur", "zh")
COUNTRIES = (None, "GB", "us", "UK", "SA", "PK", "CN", "FR", "IN", "XX")
SUBJECT = ("cupping", "hijama", "حجام", "拔罐", "ventosa", "ventouse", "حجامہ")


def triage(action: Action, language: str = "en", topic: str = "general", *, unresolved: bool = False) -> Triage:
    return Triage(action, "", "?", language, topic=topic, unresolved=unresolved)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("country", COUNTRIES)
@pytest.mark.parametrize("unresolved", [False, True])
def test_urgent_puts_the_number_first_and_is_short(language: str, country: str | None, unresolved: bool) -> None:
    text = Guardrail.load(None, country).reply(triage(Action.URGENT, language, unresolved=unresolved))
    assert any(character.isdigit() for character in text.splitlines()[0])
    assert len(text.split()) <= 40
    assert not any(word in text.lower() for word in SUBJECT)
    assert "{" not in text


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("topic", ["crisis", "crisis_child", "crisis_violence"])
@pytest.mark.parametrize("unresolved", [False, True])
def test_crisis_gives_a_line_and_the_emergency_number(language: str, topic: str, unresolved: bool) -> None:
    text = Guardrail.load(None).reply(triage(Action.CRISIS, language, topic, unresolved=unresolved))
    assert "findahelpline.com" in text
    assert "112" in text
    assert not any(word in text.lower() for word in (*SUBJECT, "pill", "blade", "rope"))
    assert "{" not in text


@pytest.mark.parametrize(
    ("country", "emergency", "line"),
    [("GB", "999", "116 123"), ("us", "911", "988"), ("IN", "112", "14416"), ("DE", "112", "findahelpline.com")],
)
def test_numbers_are_those_of_the_country(country: str, emergency: str, line: str) -> None:
    guardrail = Guardrail.load(None, country)
    assert emergency in guardrail.reply(triage(Action.URGENT))
    assert line in guardrail.reply(triage(Action.CRISIS, topic="crisis"))


def test_without_a_country_the_local_number_is_named_too() -> None:
    assert "112, or your local emergency number" in Guardrail.load(None).reply(triage(Action.URGENT))


def test_an_emergency_is_answered_in_the_language_of_the_question() -> None:
    guardrail = Guardrail.load(None)
    for question, word in (("no puede respirar", "Llama"), ("他没有呼吸", "请立即"), ("saans nahi aa rahi", "کال")):
        assert word in guardrail.reply(guardrail.triage(question))


@pytest.mark.parametrize("topic", ["consent", "child", "deceit", "hygiene", "abuse", "weaken"])
def test_harm_is_declined_with_something_safe(topic: str) -> None:
    text = Guardrail.load(None).reply(triage(Action.DECLINE_HARMFUL, topic=topic))
    assert text.startswith("I won't help")
    assert len(text.split()) > 20


def test_off_topic_reply_gives_two_example_questions() -> None:
    assert Guardrail.load(None).reply(triage(Action.DECLINE_OFF_TOPIC)).count("?") == 2


@pytest.mark.parametrize("language", [*LANGUAGES, "de", "tr", "xx"])
def test_only_english_is_answered_says_so(language: str) -> None:
    assert Guardrail.load(None).reply(Triage(Action.SAY_UNKNOWN, "language", "?", language))


def test_an_answering_action_has_no_fixed_reply() -> None:
    with pytest.raises(ValueError, match="no fixed reply"):
        Guardrail.load(None).reply(triage(Action.ANSWER))


def test_unknown_names_the_nearest_topics() -> None:
    text = Guardrail.load(None).unknown_reply(["Neck pain", "Migraine"])
    assert "doesn't say" in text
    assert "Neck pain; Migraine" in text


def test_advice_notice_starts_with_who_decides_and_keeps_the_medicine() -> None:
    guardrail = Guardrail.load(None)
    for topic in ("general", "medicine", "pregnancy", "child", "cancer", "blood", "dose", "symptoms", "no such topic"):
        text = guardrail.notice(triage(Action.ANSWER_WITH_ADVICE_DISCLAIMER, topic=topic))
        assert text.startswith("I can't")
        assert "because of this page" in text
        assert guardrail.violations(text) == []


def test_disclaimer_is_one_sentence_on_the_topic_and_its_evidence() -> None:
    guardrail = Guardrail.load(None)
    texts = {
        grade: guardrail.notice(triage(Action.ANSWER_WITH_DISCLAIMER), evidence=grade, topic_title="Neck pain")
        for grade in ("A", "B", "C", "D", "0", "not-applicable", None)
    }
    assert all("neck pain" in text and text.count(".") == 1 for text in texts.values())
    assert len({texts[grade] for grade in ("A", "B", "C", "D", "0")}) == 5


def test_plain_facts_need_no_notice() -> None:
    assert Guardrail.load(None).notice(triage(Action.ANSWER)) == ""
