"""The chat and the reader for everybody: axe-core, keyboard, what is heard, motion."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from axe_playwright_python.sync_playwright import Axe
from driving import Chat, new_chat
from playwright.sync_api import Browser, expect

STATES: dict[str, Callable[[Chat], object]] = {
    "empty": lambda chat: chat.open(),
    "answer": lambda chat: chat.open().ask("Does cupping boost the immune system?"),
    "source": lambda chat: (chat.open().ask("What are the two main kinds of cupping?"), _open_source(chat)),
    "advice": lambda chat: chat.open().ask("I'm pregnant, can I have hijama?"),
    "emergency": lambda chat: chat.open().ask("my dad collapsed after hijama and won't wake up"),
    "crisis": lambda chat: chat.open().ask("I want to end my life"),
    "library": lambda chat: chat.page.goto(f"{chat.address}/library"),
    "document": lambda chat: chat.page.goto(f"{chat.address}/library/clinic-article-immune-system"),
    "missing document": lambda chat: chat.page.goto(f"{chat.address}/library/none"),
}


def _open_source(chat: Chat) -> None:
    chat.page.locator("#chat .cite").first.click()
    expect(chat.page.locator("#sources")).to_be_visible()


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("state", STATES)
def test_axe_finds_nothing_serious(browser: Browser, address: str, size: str, scheme: str, state: str) -> None:
    chat = new_chat(browser, address, size, scheme)
    STATES[state](chat)
    chat.page.wait_for_timeout(300)
    found = Axe().run(chat.page).response["violations"]
    grave = [
        (violation["id"], [node["html"][:200] for node in violation["nodes"]][:3])
        for violation in found
        if violation["impact"] in ("serious", "critical")
    ]
    chat.page.context.close()
    assert grave == []


def test_the_whole_way_can_be_gone_with_the_keyboard(chat: Chat) -> None:
    page = chat.page
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.className") == "skip"
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.tagName") == "TEXTAREA"
    page.keyboard.type("What are the two main kinds of cupping?")
    page.keyboard.press("Enter")
    page.wait_for_selector(".turn.is-final")
    page.locator("#chat .cite").first.focus()
    page.keyboard.press("Enter")
    expect(page.locator("#sources")).to_be_visible()
    assert page.evaluate("document.activeElement.classList.contains('is-chosen')")
    page.keyboard.press("Escape")
    expect(page.locator("#sources")).to_be_hidden()
    assert page.evaluate("document.activeElement.classList.contains('cite')")


def test_focus_is_always_seen(chat: Chat) -> None:
    for _ in range(12):
        chat.page.keyboard.press("Tab")
        outline = chat.page.evaluate(
            "(() => { const s = getComputedStyle(document.activeElement);"
            " return document.activeElement === document.body ? 'body'"
            " : s.outlineStyle !== 'none' && parseFloat(s.outlineWidth) >= 2 ? 'seen'"
            " : document.activeElement.outerHTML.slice(0, 120) })()"
        )
        assert outline in ("seen", "body")


def test_a_new_answer_is_heard_once_and_whole(chat: Chat) -> None:
    chat.ask("What are the two main kinds of cupping?")
    heard = chat.page.locator("#announcer")
    expect(heard).to_contain_text("The answer is ready.")
    expect(heard).to_contain_text("dry cupping")
    assert heard.get_attribute("aria-live") == "polite"
    assert chat.page.locator("#chat [role=log]").get_attribute("aria-live") == "off"
    assert "What is the" not in heard.inner_text()


def test_the_question_box_has_a_name(chat: Chat) -> None:
    expect(chat.page.get_by_role("textbox", name="Your question about cupping")).to_be_visible()
    expect(chat.page.get_by_role("button", name="Ask", exact=True)).to_be_visible()


def test_motion_is_left_out_where_it_is_not_wanted(browser: Browser, scripted_address: str) -> None:
    chat = new_chat(browser, scripted_address, reduced_motion="reduce").open()
    chat.page.locator("#question textarea").fill("a slow one")
    chat.page.locator("#question textarea").press("Enter")
    dot = chat.page.locator(".waiting__dots i").first
    dot.wait_for()
    assert dot.evaluate("i => getComputedStyle(i).animationName") == "none"
    chat.page.context.close()


@pytest.mark.parametrize("target", [".example", "#send", ".top__link[href='/library']", "#keep label"])
def test_targets_are_large_enough_to_touch(browser: Browser, address: str, target: str) -> None:
    chat = new_chat(browser, address, "phone").open()
    box = chat.page.locator(target).first.bounding_box()
    assert box
    assert box["height"] >= 24
    assert box["width"] >= 24
    chat.page.context.close()
