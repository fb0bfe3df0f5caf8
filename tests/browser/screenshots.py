"""Takes the screenshots of docs/screenshots: `python tests/browser/screenshots.py`. Builds an index of its own."""

from __future__ import annotations

import sys
import tempfile
from collections.abc import Callable
from pathlib import Path

sys.path[:0] = [str(Path(__file__).parent), str(Path(__file__).parents[2])]

from driving import BROWSER_FLAGS, SIZES, Chat, chromium, new_chat, serving  # noqa: E402
from playwright.sync_api import sync_playwright  # noqa: E402

from bot.pipeline import Pipeline  # noqa: E402
from bot.preview import run_build  # noqa: E402
from ingest.progress import Silent  # noqa: E402
from ingest.settings import Settings  # noqa: E402

_ROOT = Path(__file__).parents[2]
_OUT = _ROOT / "docs" / "screenshots"
_PASSWORD = "screenshots"


def source(question: str) -> Callable[[Chat], None]:
    """Ask, then open the first source that a curator has noted, else the first."""

    def steps(chat: Chat) -> None:
        chat.open().ask(question)
        chat.page.locator("#chat .statement .cite").first.click()

    return steps


def asked(*questions: str) -> Callable[[Chat], None]:
    """Ask one question after the other."""

    def steps(chat: Chat) -> None:
        chat.open()
        for question in questions:
            chat.ask(question)

    return steps


def at(path: str) -> Callable[[Chat], None]:
    """Open a page of the reader."""
    return lambda chat: chat.page.goto(f"{chat.address}{path}") and None


def cited(chat: Chat) -> None:
    """Follow a citation into its document."""
    chat.open().ask("Is osteoarthritis an autoimmune disease?")
    link = chat.page.locator("#chat .statement .cite").first.get_attribute("href")
    chat.page.goto(f"{chat.address}{link}")


def curating(chat: Chat) -> None:
    """Log in, and preview a small document."""
    chat.page.goto(f"{chat.address}/curator")
    chat.page.fill("#password", _PASSWORD)
    chat.page.get_by_role("button", name="Log in").click()
    document = b"# Silicone cups\n\n## What are silicone cups?\n\nSilicone cups are squeezed by hand.\n"
    chat.page.set_input_files("#files", {"name": "silicone-cups.md", "mimeType": "text/markdown", "buffer": document})
    chat.page.get_by_role("button", name="Upload").click()
    chat.page.get_by_role("button", name="Preview").click()
    chat.page.get_by_text("What these files would change").wait_for(timeout=120_000)


SHOTS: dict[str, tuple[Callable[[Chat], object], str, str]] = {
    "start-desktop-light": (lambda chat: chat.open(), "desktop", "light"),
    "start-phone-dark": (lambda chat: chat.open(), "phone", "dark"),
    "answer-desktop-light": (asked("Does cupping help with back pain?"), "desktop", "light"),
    "source-desktop-light": (source("Does cupping boost the immune system?"), "desktop", "light"),
    "source-desktop-dark": (source("What are the two main kinds of cupping?"), "desktop", "dark"),
    "source-phone-light": (source("What are the side effects of cupping?"), "phone", "light"),
    "advice-phone-light": (asked("I'm pregnant, can I have hijama?"), "phone", "light"),
    "emergency-phone-light": (asked("my dad collapsed after hijama and won't wake up"), "phone", "light"),
    "crisis-phone-dark": (asked("I want to end my life"), "phone", "dark"),
    "library-desktop-light": (at("/library"), "desktop", "light"),
    "document-desktop-light": (cited, "desktop", "light"),
    "document-phone-dark": (at("/library/clinic-article-immune-system"), "phone", "dark"),
    "curator-desktop-light": (curating, "desktop", "light"),
}


def main() -> None:
    """Take them all, or those named on the command line."""
    wanted = sys.argv[1:] or list(SHOTS)
    if unknown := sorted(set(wanted) - set(SHOTS)):
        sys.exit(f"There is no screenshot {', '.join(unknown)}. Known: {', '.join(SHOTS)}.")
    executable = chromium()
    if executable is None:
        sys.exit("Chromium was not found. Install it (Debian: apt-get install chromium), or set CHROMIUM to its path.")
    _OUT.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        settings = Settings(
            data=Path(folder),
            corpus=_ROOT / "corpus" / "documents",
            questions=_ROOT / "none",
            curator_password=_PASSWORD,
        )
        run_build(settings, (), Silent(), preview=False)
        browser = playwright.chromium.launch(executable_path=executable, args=BROWSER_FLAGS)
        with serving(Pipeline.open(settings), settings) as address:
            for name in wanted:
                steps, size, scheme = SHOTS[name]
                chat = new_chat(browser, address, size, scheme)
                steps(chat)
                chat.page.wait_for_timeout(500)
                chat.page.screenshot(path=_OUT / f"{name}.png", clip={"x": 0, "y": 0, **SIZES[size]})
                chat.page.context.close()
                print(name, flush=True)
        browser.close()


if __name__ == "__main__":
    main()
