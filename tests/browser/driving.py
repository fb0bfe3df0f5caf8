"""A real browser, and a real server over a real index of a part of the corpus, in a data folder of its own."""

from __future__ import annotations

import os
import shutil
import sys
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import pytest
import uvicorn
from playwright.sync_api import Browser, Page, Playwright, sync_playwright
from playwright.sync_api import TimeoutError as PlaywrightTimeout

from bot.domain import Action, Answer
from bot.pipeline import Pipeline
from bot.web.app import ServedPipeline, create_app
from bot.web.limits import Limits
from bot.web.listening import bind
from ingest.building import build
from ingest.embedder import Embedder
from ingest.settings import Settings
from ingest.versions import Versions

_ROOT = Path(__file__).parents[2]
sys.path.insert(0, str(_ROOT / "tests" / "web"))

from known_warnings import GRADIO_LEAVES_OPEN  # noqa: E402
from scripted_pipeline import ScriptedPipeline, quoted, simple  # noqa: E402

DOCUMENTS = (
    "types-of-cupping",
    "knee-osteoarthritis",
    "clinic-article-immune-system",
    "cupping-and-the-immune-system",
    "side-effects",
    "pregnancy-and-breastfeeding",
    "who-should-avoid-cupping",
)
HOSTILE = """# Zebra cupping <img src=x onerror="window.hacked=1">

## What is zebra cupping?

Zebra cupping is <script>window.hacked=1</script> a made-up kind of cupping with <b onclick="hacked=1">stripes</b>.
"""
SIZES = {"desktop": {"width": 1280, "height": 900}, "phone": {"width": 390, "height": 844}}
BROWSER_FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking"]
AMPLE = Limits(questions_per_minute=6000, burst=1000)


def pytest_configure(config: pytest.Config) -> None:
    """Third parties' leftovers, each by name."""
    for line in GRADIO_LEAVES_OPEN:
        config.addinivalue_line("filterwarnings", line)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Every test in this folder needs a browser."""
    for item in items:
        if Path(str(item.fspath)).parent == Path(__file__).parent:
            item.add_marker(pytest.mark.browser)


def chromium() -> str | None:
    """The browser on this machine; None where there is none."""
    return os.environ.get("CHROMIUM") or shutil.which("chromium") or shutil.which("chromium-browser")


@pytest.fixture(scope="session")
def playwright() -> Iterator[Playwright]:
    """The driver, once."""
    with sync_playwright() as started:
        yield started


@pytest.fixture(scope="session")
def browser(playwright: Playwright) -> Iterator[Browser]:
    """Headless Chromium. Missing, it is a skip on a laptop and a failure in CI."""
    executable = chromium()
    if executable is None and not Path(playwright.chromium.executable_path).exists():
        reason = "no Chromium on this machine; install it, or set CHROMIUM to its path"
        if os.environ.get("CI") == "true":
            pytest.fail(reason)
        pytest.skip(reason)
    launched = playwright.chromium.launch(executable_path=executable, args=BROWSER_FLAGS)
    yield launched
    launched.close()


@contextmanager
def serving(pipeline: ServedPipeline, settings: Settings, limits: Limits = AMPLE) -> Iterator[str]:
    """A real server on a free port of this machine; gives its address."""
    taken = bind("127.0.0.1", 0)
    config = uvicorn.Config(create_app(pipeline, settings, limits), log_level="error", timeout_graceful_shutdown=1)
    server = uvicorn.Server(config)
    thread = threading.Thread(target=server.run, kwargs={"sockets": [taken]}, daemon=True)
    thread.start()
    while not server.started:
        time.sleep(0.05)
    yield f"http://127.0.0.1:{taken.getsockname()[1]}"
    server.should_exit = True
    thread.join(timeout=5)


def _over_a_part(folder: Path) -> Settings:
    return Settings(data=folder / "data", corpus=folder / "documents")


def _fill(folder: Path) -> None:
    made = _over_a_part(folder)
    made.corpus.mkdir()
    for name in DOCUMENTS:
        shutil.copy(_ROOT / "corpus" / "documents" / f"{name}.md", made.corpus)
    for name in ("references.yaml", "synonyms.yaml"):
        shutil.copy(_ROOT / "corpus" / name, folder)
    (made.corpus / "zebra.md").write_text(HOSTILE, encoding="utf-8")
    versions = Versions(made.data)
    with versions.writing():
        built = build(made, Embedder(made.embedding_model))
        assert built.version
        assert not built.changes.failures
        versions.publish(built.version)


@pytest.fixture(scope="session")
def settings(once: Callable[..., Path]) -> Settings:
    """Settings of a data folder with a published index of a few real documents and a hostile one."""
    return _over_a_part(once("chat", _fill))


@pytest.fixture(scope="session")
def address(settings: Settings) -> Iterator[str]:
    """The real chat."""
    with serving(Pipeline.open(settings), settings) as found:
        yield found


@pytest.fixture(scope="session")
def scripted_address(settings: Settings) -> Iterator[str]:
    """The same chat over a script: what a hostile or a slow model would say."""
    version = str(Versions(settings.data).current())
    with serving(ScriptedPipeline(lambda question, _: _script(question, version, settings)), settings) as found:
        yield found


def _script(question: str, version: str, settings: Settings) -> Answer:
    from dataclasses import replace

    from bot.domain import Statement
    from bot.web.shelves import Shelves

    document = Shelves(Versions(settings.data)).document("types-of-cupping", version)
    plain = quoted(question, [document], version)
    if "hostile" in question:
        attack = "<img src=x onerror='window.hacked=1'><script>window.hacked=1</script>[a](javascript:window.hacked=1)"
        cited = tuple(replace(c, title=attack, section=attack, note=attack) for c in plain.citations)
        statements = tuple(Statement(attack, s.citations) for s in plain.statements)
        return replace(plain, statements=statements, citations=cited, notice=attack, related=(attack,), text=attack)
    if "slow" in question:
        time.sleep(4)
    if "fail" in question:
        raise RuntimeError("a fault that the script asks for")
    if "arabic" in question:
        return simple(question, Action.URGENT, "**اتصل بـ 112 الآن**\n\nابقَ مع الشخص.", "ar")
    return plain


class Chat:
    """The chat as a person uses it."""

    def __init__(self, page: Page, address: str) -> None:
        self.page, self.address = page, address
        self.errors: list[str] = []
        self.requests: list[str] = []
        page.on("console", lambda message: self.errors.append(message.text) if message.type == "error" else None)
        page.on("pageerror", lambda error: self.errors.append(str(error)))
        page.on("request", lambda request: self.requests.append(request.url))
        page.on("dialog", lambda dialog: (self.errors.append(f"dialog: {dialog.message}"), dialog.dismiss()))

    def open(self) -> Chat:
        """Load the page and wait until questions can be asked."""
        self.page.goto(self.address)
        self.page.wait_for_selector("#question textarea")
        self.page.wait_for_function("() => document.querySelector('gradio-app').innerText.length > 0")
        return self

    def ask(self, question: str) -> None:
        """Type a question, send it, and wait for the whole answer."""
        before = self.page.locator(".asked").count()
        self.page.locator("#question textarea").fill(question)
        self.page.locator("#question textarea").press("Enter")
        try:
            self.page.wait_for_function(
                "n => document.querySelectorAll('.asked').length > n", arg=before, timeout=15_000
            )
        except PlaywrightTimeout:  # on a busy machine the key can come before the page listens; a person presses again
            self.page.locator("#question textarea").press("Enter")
        self.page.wait_for_function(
            "n => document.querySelectorAll('.turn').length > n"
            " && [...document.querySelectorAll('.turn')].pop().classList.contains('is-final')",
            arg=before,
            timeout=60_000,
        )

    def last(self) -> str:
        """The text of the last answer."""
        return self.page.locator(".turn").last.inner_text()


@pytest.fixture(params=list(SIZES))
def size(request: pytest.FixtureRequest) -> str:
    """Desktop and phone."""
    return str(request.param)


def new_chat(browser: Browser, address: str, size: str = "desktop", scheme: str = "light", **context: object) -> Chat:
    """A chat in a browser profile of its own."""
    made = browser.new_context(viewport=SIZES[size], color_scheme=scheme, **context)  # type: ignore[arg-type]
    made.set_default_timeout(30_000)
    return Chat(made.new_page(), address)


@pytest.fixture
def chat(browser: Browser, address: str) -> Iterator[Chat]:
    """The real chat on a desktop."""
    opened = new_chat(browser, address).open()
    yield opened
    opened.page.context.close()


def urls_outside(requests: Sequence[str], address: str) -> list[str]:
    """Requests that went to another host."""
    return [url for url in requests if not url.startswith((address, "data:", "blob:", "about:"))]
