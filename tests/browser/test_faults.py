"""What a hostile document, question or model can do (nothing), and what a person sees when something fails."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from driving import AMPLE, Chat, new_chat, serving
from playwright.sync_api import Browser, expect
from scripted_pipeline import ScriptedPipeline, simple

from bot.domain import Action
from bot.web.limits import Limits
from ingest.settings import Settings

ATTACKS = [
    "<img src=x onerror='window.hacked=1'>",
    "<script>window.hacked=1</script>",
    "[link](javascript:window.hacked=1) <a href='javascript:window.hacked=1'>x</a>",
    "</p></div><svg onload=window.hacked=1>",
    "```html\n<iframe srcdoc='<script>parent.hacked=1</script>'></iframe>\n```",
    "a\n\n<details open ontoggle=window.hacked=1>",
    "&lt;img src=x onerror=window.hacked=1&gt;",
    "$$\\href{javascript:window.hacked=1}{x}$$",
]


@pytest.fixture
def scripted(browser: Browser, scripted_address: str) -> Iterator[Chat]:
    opened = new_chat(browser, scripted_address).open()
    yield opened
    opened.page.context.close()


def assert_unharmed(chat: Chat) -> None:
    assert chat.page.evaluate("window.hacked") is None
    assert chat.page.locator("#chat :is(img, script, iframe, svg:not(.icon-button svg), details)").count() == 0
    assert chat.page.locator("#chat a[href^='javascript:']").count() == 0


@pytest.mark.parametrize("attack", ATTACKS)
def test_a_question_is_never_run(scripted: Chat, attack: str) -> None:
    scripted.page.locator("#question textarea").fill(attack)
    scripted.page.locator("#send").click()
    scripted.page.wait_for_selector(".turn.is-final")
    assert scripted.page.evaluate("window.hacked") is None
    assert scripted.page.locator("#chat .asked :not(h2, p)").count() == 0


def test_a_model_is_never_run(scripted: Chat) -> None:
    scripted.ask("hostile")
    assert "onerror" in scripted.last()
    scripted.page.locator("#chat .cite").first.click()
    scripted.page.wait_for_timeout(300)
    assert scripted.page.evaluate("window.hacked") is None
    assert scripted.page.locator("#chat article :is(img, script, iframe)").count() == 0
    assert scripted.page.locator("a[href^='javascript:']").count() == 0


def test_a_document_is_never_run(chat: Chat) -> None:
    chat.ask("What is zebra cupping?")
    assert "stripes" in chat.last()
    chat.page.locator("#chat .cite").first.click()
    chat.page.wait_for_timeout(300)
    assert chat.page.evaluate("window.hacked") is None
    assert chat.page.locator("#chat article :is(img, script, b[onclick])").count() == 0
    reader = Chat(chat.page.context.new_page(), chat.address)
    for path in ("/library/zebra", "/library?q=zebra"):
        reader.page.goto(f"{chat.address}{path}")
        reader.page.wait_for_timeout(200)
        assert reader.page.evaluate("window.hacked") is None
    assert [error for error in chat.errors + reader.errors if "404" not in error] == []


def test_a_fault_is_told_and_can_be_tried_again(scripted: Chat) -> None:
    scripted.ask("fail please")
    assert "went wrong on our side" in scripted.last()
    assert "Traceback" not in scripted.page.content()
    scripted.page.locator(".ask-again").click()
    scripted.page.wait_for_timeout(500)
    expect(scripted.page.locator(".asked")).to_have_count(1)
    expect(scripted.page.locator(".ask-again")).to_be_visible()


def test_an_answer_in_the_making_can_be_stopped(scripted: Chat) -> None:
    scripted.page.locator("#question textarea").fill("a slow one")
    scripted.page.locator("#question textarea").press("Enter")
    expect(scripted.page.locator(".turn.is-waiting")).to_be_visible()
    scripted.page.locator("#stop").click()
    expect(scripted.page.locator(".problem")).to_contain_text("Stopped")
    scripted.page.wait_for_timeout(5000)
    expect(scripted.page.locator(".problem")).to_contain_text("Stopped")
    expect(scripted.page.locator("#send")).to_be_visible()


def test_right_to_left_replies_run_right_to_left(scripted: Chat) -> None:
    scripted.ask("arabic")
    reply = scripted.page.locator(".alarm p").nth(1)
    assert reply.evaluate("p => getComputedStyle(p).direction") == "rtl"
    assert scripted.page.locator("a.telephone").get_attribute("href") == "tel:112"


@pytest.mark.parametrize(
    ("limits", "said"),
    [
        (Limits(questions_per_minute=1, burst=2), "many questions"),
        (
            Limits(questions_per_minute=AMPLE.questions_per_minute, burst=AMPLE.burst, waiting=1, at_once=1),
            "Many people",
        ),
    ],
    ids=["too many questions", "queue full"],
)
def test_a_refusal_is_told_kindly(browser: Browser, settings: Settings, limits: Limits, said: str) -> None:
    import time

    def script(question: str, _: object) -> object:
        time.sleep(3)
        return simple(question, Action.ANSWER, "Done.")

    with serving(ScriptedPipeline(script), settings, limits) as address:  # type: ignore[arg-type]
        chats = [new_chat(browser, address).open() for _ in range(4)]
        for chat in chats:
            chat.page.locator("#question textarea").fill("What are cups?")
            chat.page.locator("#question textarea").press("Enter")
        expect(chats[-1].page.get_by_text(said).first).to_be_visible()
        assert "Traceback" not in chats[-1].page.content()
        for chat in chats:
            chat.page.context.close()
