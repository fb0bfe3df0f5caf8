"""The Curator page: who gets in, what may be laid on the desk, and the way from a file to a published version."""

from __future__ import annotations

import re
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from fastapi.testclient import TestClient
from scripted_pipeline import ScriptedPipeline, simple

from bot.domain import Action
from bot.evaluation.last_run import keep_last_run
from bot.evaluation.results import CaseRow, Measured, Results
from bot.preview import run_build
from bot.web.app import create_app
from bot.web.desk import Desk, UploadError, safe_name
from bot.web.limits import Limits
from bot.web.login import Login
from bot.web.recording import Recorder
from ingest.domain import Document
from ingest.progress import Silent
from ingest.settings import Settings
from ingest.versions import Versions

PASSWORD = "correct horse"
NEW = b"# Silk cups\n\n## What are silk cups?\n\nSilk cups are cups that a test made up.\n"


@pytest.fixture
def guarded(settings: Settings) -> Settings:
    return settings.model_copy(update={"curator_password": PASSWORD, "max_document_mb": 0.01})


@pytest.fixture
def visitor(pipeline: ScriptedPipeline, guarded: Settings) -> Iterator[TestClient]:
    """Somebody at the door."""
    with TestClient(create_app(pipeline, guarded), base_url="http://testserver") as client:
        yield client


@pytest.fixture
def curator(visitor: TestClient) -> TestClient:
    """Somebody who is in."""
    assert visitor.post("/curator/login", data={"password": PASSWORD}).status_code == 200
    return visitor


def secret(client: TestClient) -> str:
    found = re.search(r'name="form" value="([^"]+)"', client.get("/curator").text)
    assert found
    return found[1]


def post(client: TestClient, action: str, **fields: str) -> str:
    return client.post(f"/curator/{action}", data={"form": secret(client), **fields}).text


def lay(client: TestClient, name: str, data: bytes) -> str:
    files = {"files": (name, data)}
    return client.post("/curator/upload", data={"form": secret(client)}, files=files).text


@pytest.mark.parametrize("path", ["/curator", "/curator/login", "/curator/upload"])
def test_without_a_password_there_is_no_page(client: TestClient, path: str) -> None:
    assert client.get(path).status_code == 404
    assert client.post(path, data={"password": ""}).status_code == 404


def test_nothing_is_shown_or_done_before_the_login(visitor: TestClient, guarded: Settings) -> None:
    assert "Log in" in visitor.get("/curator").text
    assert "v1" not in visitor.get("/curator").text
    for action in ("upload", "clear", "preview", "publish", "rollback", "logout"):
        reply = visitor.post(f"/curator/{action}", data={"form": "", "version": "v1"}, files={"files": ("a.md", NEW)})
        assert reply.status_code == 401
    assert not (guarded.data / "uploads").exists()


def test_a_wrong_password_is_refused_and_many_are_slowed(visitor: TestClient) -> None:
    codes = [visitor.post("/curator/login", data={"password": f"guess {n}"}).status_code for n in range(7)]
    assert codes[0] == 401
    assert codes[-1] == 429
    reply = visitor.post("/curator/login", data={"password": PASSWORD})
    assert reply.status_code == 429
    assert "Please wait" in reply.text


def test_the_session_cookie_is_out_of_reach(visitor: TestClient) -> None:
    reply = visitor.post("/curator/login", data={"password": PASSWORD}, follow_redirects=False)
    cookie = reply.headers["set-cookie"].lower()
    assert "httponly" in cookie
    assert "samesite=strict" in cookie
    assert "path=/curator" in cookie


def test_a_form_of_another_page_does_nothing(curator: TestClient, guarded: Settings) -> None:
    files = {"files": ("silk.md", NEW)}
    assert curator.post("/curator/upload", data={"form": "guessed"}, files=files).status_code == 403
    assert not (guarded.data / "uploads").exists()


def test_logging_out_ends_the_session(curator: TestClient) -> None:
    cookies = dict(curator.cookies)
    post(curator, "logout")
    for name, value in cookies.items():
        curator.cookies.set(name, value, path="/curator")
    assert "Log in" in curator.get("/curator").text


def test_a_session_ends_by_itself() -> None:
    now = [0.0]
    login = Login(PASSWORD, lambda: now[0])
    token = login.open(PASSWORD)
    assert token
    assert login.session(token)
    now[0] = 5 * 3600.0
    assert login.session(token) is None
    assert login.session("") is None


@pytest.mark.parametrize(
    ("name", "kept"),
    [
        ("../../etc/passwd.md", "passwd.md"),
        ("..\\..\\boot.txt", "boot.txt"),
        ("/root/.ssh/x.md", "x.md"),
        ("a b<script>.md", "a-b-script.md"),
        (".md.md", "md.md"),
        ("résumé.TXT", "r-sum.txt"),
    ],
)
def test_a_file_gets_a_plain_name(name: str, kept: str) -> None:
    assert safe_name(name) == kept


@pytest.mark.parametrize("name", ["a.exe", "a.svg", "a.md.exe", "a", "", "../.."])
def test_other_formats_are_not_taken(name: str) -> None:
    with pytest.raises(UploadError, match="not read"):
        safe_name(name)


def test_uploads_are_limited_and_never_served_back(curator: TestClient, guarded: Settings) -> None:
    assert "not read" in lay(curator, "attack.svg", b"<svg onload=alert(1)>")
    assert "larger than" in lay(curator, "large.md", b"x" * 20_000)
    assert "empty" in lay(curator, "empty.md", b"  ")
    assert curator.post("/curator/upload", content=b"x" * 400_000).status_code == 413
    assert "attack-script.md" in lay(curator, "../attack<script>.md", NEW)
    assert [path.name for path in (guarded.data / "uploads").iterdir()] == ["attack-script.md"]
    for path in ("/curator/uploads/attack-script.md", "/site/attack-script.md", "/uploads/attack-script.md"):
        assert curator.get(path).status_code == 404


def test_nothing_can_be_published_without_a_preview(curator: TestClient, guarded: Settings) -> None:
    lay(curator, "silk.md", NEW)
    post(curator, "publish")
    assert Versions(guarded.data).current() == "v1"
    assert not (guarded.corpus / "silk.md").exists()


def wait(client: TestClient) -> str:
    for _ in range(600):
        text = client.get("/curator").text
        if 'http-equiv="refresh"' not in text:
            return text
        time.sleep(0.1)
    raise AssertionError("the desk is still at work")


def test_a_file_goes_from_the_desk_to_a_version_and_back(tmp_path: Path, documents: list[Document]) -> None:  # noqa: ARG001
    settings = Settings(
        data=tmp_path / "real", corpus=tmp_path / "corpus", questions=tmp_path / "none", curator_password=PASSWORD
    )
    first = run_build(settings, (), Silent(), preview=False).version
    assert first
    pipeline = ScriptedPipeline(lambda *_: None)  # type: ignore[arg-type,return-value]
    with TestClient(create_app(pipeline, settings, Limits())) as client:
        client.post("/curator/login", data={"password": PASSWORD})
        lay(client, "silk.md", NEW)
        post(client, "preview")
        previewed = wait(client)
        assert "built-in" not in previewed
        assert "What these files would change" in previewed
        assert "silk" in previewed
        assert Versions(settings.data).current() == first
        assert client.get("/library/silk").status_code == 404
        post(client, "publish")
        assert "Published" in wait(client)
        assert (settings.corpus / "silk.md").read_bytes() == NEW
        assert "a test made up" in client.get("/library/silk").text
        assert client.get("/library/cups").status_code == 200
        assert "published again" in post(client, "rollback", version=first)
        assert Versions(settings.data).current() == first
        assert client.get("/library/silk").status_code == 404
        assert "There is no version" in post(client, "rollback", version="../../etc")


def test_a_broken_file_cannot_be_published(tmp_path: Path, documents: list[Document]) -> None:  # noqa: ARG001
    settings = Settings(data=tmp_path / "real", corpus=tmp_path / "corpus", questions=tmp_path / "none")
    run_build(settings, (), Silent(), preview=False)
    desk = Desk(settings)
    desk.put("broken.md", b"---\nid: [\n---\n# x\n")
    assert desk.preview()
    for _ in range(600):
        if not desk.state.doing:
            break
        time.sleep(0.1)
    assert desk.state.report
    assert desk.state.report.failures
    assert not desk.publish()


def test_the_last_evaluation_is_shown_beside_its_aims(curator: TestClient, guarded: Settings) -> None:
    assert "cupwise evaluate" in curator.get("/curator").text
    figures = (("strictly_right", "strictly right", 0.9), ("false_answers", "false answers", 0.9))
    measures = tuple(
        Measured("answers", name, title, "What it is.", better, "share", value, 0.8, 0.95, 40)
        for (name, title, value), better in zip(figures, ("higher", "lower"), strict=True)
    )
    case = CaseRow("answers", "x", "x", {}, "A question?", (), {}, "answer", "A reply.", {}, {}, ())
    keep_last_run(Results("test", "v0", "2026-02-03T04:05:06+00:00", 1.0, measures, (), (case,)), guarded.data)
    page = re.sub(r"\s+", " ", curator.get("/curator").text)
    assert "2026-02-03 04:05" in page
    assert "the test split" in page
    assert "another version" in page
    assert "1 of 2" in page
    row = "strictly right</th><td>0.900</td><td>0.800–0.950</td><td>40</td><td>≥ 0.8</td> <td><span[^>]*>reached<"
    assert re.search(row, page)
    assert re.search(r"false answers</th>.*?≤ 0.15</td> <td><strong[^>]*>not reached<", page)
    assert "A reply" not in (guarded.data / "evaluation.json").read_text(encoding="utf-8")
    (guarded.data / "evaluation.json").write_text("{}", encoding="utf-8")
    assert "Make one with" in curator.get("/curator").text


def test_unanswered_questions_are_struck_off(pipeline: ScriptedPipeline, guarded: Settings) -> None:
    recording = guarded.model_copy(update={"record_feedback": True})
    with TestClient(create_app(pipeline, recording), base_url="http://testserver") as client:
        client.post("/curator/login", data={"password": PASSWORD})
        recorder = Recorder(guarded.data)
        for question in ("Is it <b>blue</b>?", "Is it red?"):
            recorder.answered(simple(question, Action.SAY_UNKNOWN, "Not said."))
        assert "Is it &lt;b&gt;blue&lt;/b&gt;?" in client.get("/curator").text
        assert client.post("/curator/done", data={"question": "Is it red?"}).status_code == 403
        page = post(client, "done", question="Is it <b>blue</b>?")
    assert "blue" not in page
    assert "Is it red?" in page


def test_where_nothing_is_recorded_the_page_says_how_it_would_be(curator: TestClient) -> None:
    assert "CUPWISE_RECORD_FEEDBACK" in curator.get("/curator").text
