"""The Curator page, served only where a password is set: upload, preview, publish, go back."""

from __future__ import annotations

from collections.abc import Callable
from typing import Annotated

from fastapi import APIRouter, Form, Request, UploadFile
from fastapi.responses import HTMLResponse, RedirectResponse, Response

from bot.web.desk import Desk, UploadError
from bot.web.login import Login, Session
from bot.web.measured import last_evaluation
from bot.web.recording import Recorder
from bot.web.shield import client_of
from bot.web.templating import render
from bot.web.words import load_words
from ingest.errors import IngestError
from ingest.manifest import as_row
from ingest.settings import Settings
from ingest.versions import Versions

_COOKIE = "cupwise_curator"
_HERE = "/curator"


def curator_routes(settings: Settings, login: Login, desk: Desk, recorder: Recorder | None) -> APIRouter:
    """The routes of the Curator page."""
    router = APIRouter(default_response_class=HTMLResponse)

    def page(session: Session, fault: str = "", status: int = 200) -> HTMLResponse:
        versions = Versions(settings.data)
        rows = [as_row(manifest, versions.current()) for manifest in versions.all()]
        return HTMLResponse(
            render(
                "curator.html",
                session=session,
                state=desk.state,
                files=desk.files(),
                versions=rows,
                fault=fault or desk.state.fault,
                current=versions.current(),
                evaluation=last_evaluation(settings.data),
                unanswered=recorder.unanswered() if recorder else None,
            ),
            status,
        )

    def guarded(request: Request, form: str, act: Callable[[], object]) -> Response:
        """Do what a form asks, where its session and its secret are right; then show the page anew."""
        session = login.session(request.cookies.get(_COOKIE, ""))
        if session is None:
            return _login_page(load_words().curator["ended"], 401)
        if form != session.form:
            return page(session, load_words().curator["stale"], 403)
        try:
            act()
        except (IngestError, UploadError, OSError) as error:
            return page(session, str(error), 400)
        return RedirectResponse(_HERE, 303)

    @router.get("/curator")
    def show(request: Request) -> Response:
        session = login.session(request.cookies.get(_COOKIE, ""))
        return page(session) if session else _login_page()

    @router.post("/curator/login")
    def log_in(request: Request, password: Annotated[str, Form(max_length=500)] = "") -> Response:
        seconds = login.wait(client_of(request.scope))
        if seconds:
            return _login_page(load_words().curator["slow_down"].format(seconds=int(seconds) + 1), 429)
        token = login.open(password)
        if token is None:
            return _login_page(load_words().curator["wrong"], 401)
        reply = RedirectResponse(_HERE, 303)
        secure = request.url.scheme == "https"
        reply.set_cookie(_COOKIE, token, httponly=True, samesite="strict", secure=secure, path=_HERE)
        return reply

    @router.post("/curator/logout")
    def log_out(request: Request, form: Annotated[str, Form()] = "") -> Response:
        reply = guarded(request, form, lambda: login.close(request.cookies.get(_COOKIE, "")))
        reply.delete_cookie(_COOKIE, path=_HERE)
        return reply

    @router.post("/curator/upload")
    def upload(request: Request, files: list[UploadFile], form: Annotated[str, Form()] = "") -> Response:
        return guarded(request, form, lambda: [desk.put(file.filename or "", file.file.read()) for file in files])

    @router.post("/curator/clear")
    def clear(request: Request, form: Annotated[str, Form()] = "") -> Response:
        return guarded(request, form, desk.clear)

    @router.post("/curator/preview")
    def preview(request: Request, form: Annotated[str, Form()] = "") -> Response:
        return guarded(request, form, desk.preview)

    @router.post("/curator/publish")
    def publish(request: Request, form: Annotated[str, Form()] = "") -> Response:
        return guarded(request, form, desk.publish)

    @router.post("/curator/done")
    def strike_off(request: Request, question: Annotated[str, Form()], form: Annotated[str, Form()] = "") -> Response:
        return guarded(request, form, lambda: recorder.strike_off(question) if recorder else None)

    @router.post("/curator/rollback")
    def go_back(request: Request, version: Annotated[str, Form()], form: Annotated[str, Form()] = "") -> Response:
        return guarded(request, form, lambda: desk.go_back(version))

    return router


def _login_page(message: str = "", status: int = 200) -> HTMLResponse:
    return HTMLResponse(render("curator-login.html", message=message), status)
