"""Languages without rules of their own: the plainest words of need are still understood."""

from __future__ import annotations

import pytest

from bot.domain import Action, Triage
from bot.guardrail.triage import Guardrail

NEED = {
    "de": ("Mein Mann atmet nicht mehr", "Ich will nicht mehr leben", "Was ist ein Schlaganfall?"),
    "it": ("Mia madre è svenuta, non risponde", "voglio morire", "Che cos'è un infarto?"),
    "pt": ("Meu filho não respira", "quero morrer", "O que é um infarto?"),
    "tr": ("Annem nefes alamıyor", "Ölmek istiyorum", "Felç nedir?"),
    "id": ("Ibu saya pingsan dan tidak bangun", "saya ingin mati", "Apa itu serangan jantung?"),
    "nl": ("Mijn vader is bewusteloos", "ik wil dood", "Wat is een beroerte?"),
    "ru": ("Мой муж не дышит", "Я хочу умереть", "Что такое инсульт?"),
    "fa": ("مادرم بیهوش شد و جواب نمی‌دهد", "می‌خواهم بمیرم", "سکته مغزی چیست"),
    "hi": ("मेरी माँ बेहोश है", "मैं मरना चाहता हूँ", "लकवा क्या होता है"),
    "bn": ("বাবা অজ্ঞান হয়ে গেছে", "আমি মরতে চাই", "স্ট্রোক কাকে বলে"),
    "ja": ("父が倒れて意識がない", "死にたい", "脳卒中とは何ですか"),
    "ko": ("어머니가 쓰러졌어요", "죽고 싶어요", "뇌졸중이란 무엇인가요"),
}


@pytest.fixture(scope="module")
def guardrail() -> Guardrail:
    return Guardrail.load(None, "DE")


@pytest.mark.parametrize("language", NEED)
def test_need_is_understood_and_a_question_is_not_taken_for_it(guardrail: Guardrail, language: str) -> None:
    urgent, crisis, calm = (guardrail.triage(message) for message in NEED[language])
    assert (urgent.action, crisis.action) == (Action.URGENT, Action.CRISIS)
    assert not calm.action.sends_for_help


@pytest.mark.parametrize("language", NEED)
@pytest.mark.parametrize("unresolved", [False, True])
def test_the_reply_is_in_the_language_and_names_the_number(language: str, unresolved: bool) -> None:
    guardrail = Guardrail.load(None)
    texts = [
        guardrail.reply(Triage(action, "", "?", language, topic=topic, unresolved=unresolved))
        for action, topic in (
            (Action.URGENT, "general"),
            (Action.CRISIS, "crisis"),
            (Action.CRISIS, "crisis_violence"),
        )
    ]
    assert all("112" in text and "{" not in text for text in texts)
    assert all("findahelpline.com" in text for text in texts[1:])
    assert not any("Call" in text for text in texts)


def test_elsewhere_the_reply_names_the_number(guardrail: Guardrail) -> None:
    assert "112" in guardrail.reply(guardrail.triage("เขาไม่หายใจ"))


def test_english_is_not_read_by_the_words_of_another_language(guardrail: Guardrail) -> None:
    assert not guardrail.triage("what is the infarto that my book names?").action.sends_for_help
