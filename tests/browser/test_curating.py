"""The Curator page in a real browser: its forms must get past our own guard."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from driving import Chat, new_chat, serving
from playwright.sync_api import Browser, expect

from bot.pipeline import Pipeline
from ingest.settings import Settings

PASSWORD = "correct horse"
NEW = b"# Silk cups\n\n## What are silk cups?\n\nSilk cups are cups that a test made up.\n"


@pytest.fixture
def desk(browser: Browser, settings: Settings, tmp_path: Path) -> Iterator[Chat]:
    """The Curator page over a copy of the index and the corpus."""
    shutil.copytree(settings.corpus.parent, tmp_path / "all")
    own = settings.model_copy(
        update={
            "data": tmp_path / "all" / "data",
            "corpus": tmp_path / "all" / "documents",
            "questions": tmp_path / "none",
            "curator_password": PASSWORD,
            "record_feedback": True,
        }
    )
    with serving(Pipeline.open(own), own) as address:
        chat = new_chat(browser, address)
        yield chat
        chat.page.context.close()


def test_a_document_is_uploaded_previewed_published_and_answered_from(desk: Chat) -> None:
    page = desk.page
    page.goto(f"{desk.address}/curator")
    page.fill("#password", "wrong")
    page.get_by_role("button", name="Log in").click()
    expect(page.get_by_role("alert")).to_contain_text("not the password")
    page.fill("#password", PASSWORD)
    page.get_by_role("button", name="Log in").click()
    page.set_input_files("#files", {"name": "silk-cups.md", "mimeType": "text/markdown", "buffer": NEW})
    page.get_by_role("button", name="Upload").click()
    expect(page.get_by_text("silk-cups.md")).to_be_visible()
    expect(page.get_by_role("button", name="Publish")).to_be_disabled()
    page.get_by_role("button", name="Preview").click()
    expect(page.get_by_text("What these files would change")).to_be_visible(timeout=120_000)
    grave = [v["id"] for v in Axe().run(page).response["violations"] if v["impact"] in ("serious", "critical")]
    assert grave == []
    page.get_by_role("button", name="Publish").click()
    expect(page.get_by_role("heading", name="Published")).to_be_visible(timeout=120_000)
    desk.open().ask("What are silk cups?")
    assert "a test made up" in desk.last()
    assert "nobody has reviewed" in desk.last()


def test_nothing_on_the_page_is_wider_than_a_phone(desk: Chat) -> None:
    page = desk.page
    page.set_viewport_size({"width": 375, "height": 812})
    page.goto(f"{desk.address}/curator")
    page.fill("#password", PASSWORD)
    page.get_by_role("button", name="Log in").click()
    expect(page.get_by_role("heading", name="The last evaluation")).to_be_visible()
    assert page.evaluate("document.documentElement.scrollWidth") <= 375


def test_feedback_can_be_given_where_it_is_taken(desk: Chat, tmp_path: Path) -> None:
    desk.open().ask("What are the two main kinds of cupping?")
    desk.page.get_by_role("button", name="Not helpful").click()
    desk.page.locator(".judge__form textarea").fill("Too short; mail jo@example.org")
    desk.page.locator(".judge__form button").click()
    expect(desk.page.get_by_text("Thank you.").first).to_be_visible()
    desk.page.wait_for_timeout(500)
    kept = (tmp_path / "all" / "data" / "feedback.jsonl").read_text(encoding="utf-8")
    assert "Too short" in kept
    assert "example.org" not in kept


def test_no_feedback_is_asked_for_where_it_is_not_taken(chat: Chat) -> None:
    chat.ask("What are the two main kinds of cupping?")
    assert chat.page.locator(".judge").count() == 0
