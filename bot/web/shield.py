"""The outermost layer: which paths exist, who may post, how large a request may be, and the security headers."""

from __future__ import annotations

import re
import secrets
from collections.abc import Callable
from dataclasses import dataclass

from starlette.datastructures import Headers, MutableHeaders
from starlette.responses import JSONResponse, PlainTextResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from bot.web.limits import Gate
from bot.web.words import load_words

_OPEN_PATHS = re.compile(
    r"/(?:$|config$|theme\.css$|favicon\.ico$|robots\.txt$|manifest\.json$|assets/|static/|site/|library(?:/|$)|curator(?:/|$)"
    r"|feedback$|gradio_api/(?:info|openapi\.json|queue/(?:join|data)|call/|run/|heartbeat/|cancel|reset"
    r"|startup-events|mcp(?:/|$))|static$)"
)
"""All that is served. Gradio's upload, file, proxy, monitoring and history routes are not among it."""

_QUESTIONS = re.compile(r"/gradio_api/(?:queue/join|call/[^/]+$|run/|mcp(?:/|$))")

_BUSY_SECONDS = 5

_HEADERS = {
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",  # with "no-referrer", browsers send the origin "null" with our own forms
    "Permissions-Policy": "camera=(), microphone=(), geolocation=(), payment=(), usb=()",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
}

_CROSS_ORIGIN = ("Access-Control-Allow-Origin", "Access-Control-Allow-Credentials")
"""Gradio lets other sites read where the host is not this machine; we never do."""

Dress = Callable[[str, str], str]
"""Turns the chat component's page into ours: (page, nonce) in, page out."""


@dataclass(frozen=True)
class Shield:
    """ASGI middleware. `uploads` is the largest body, in bytes, that the curator may post."""

    app: ASGIApp
    gate: Gate
    dress: Dress
    body_bytes: int
    uploads: int

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Refuse what is not served; else pass it on with headers set."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        nonce = secrets.token_urlsafe(16)
        guarded = _with_headers(send, nonce, scope["path"])
        refusal = self._refusal(scope)
        if refusal is not None:
            await refusal(scope, receive, guarded)
            return
        limited = _Bounded(receive, self._largest(scope["path"]))
        if _QUESTIONS.match(scope["path"]):
            guarded = _kindly_busy(guarded)
        if scope["path"] == "/" and scope["method"] == "GET":
            await self._dressed(scope, limited, guarded, nonce)
        else:
            await self.app(scope, limited, guarded)

    def _refusal(self, scope: Scope) -> JSONResponse | PlainTextResponse | None:
        path, headers = scope["path"], Headers(scope=scope)
        if not _OPEN_PATHS.match(path) or ".." in path or "\\" in path:
            return PlainTextResponse("There is no such page.", 404)
        origin = headers.get("origin")
        if origin and scope["method"] != "GET" and origin.split("://", 1)[-1] != headers.get("host"):
            return PlainTextResponse("Requests from other sites are not taken.", 403)
        length = headers.get("content-length", "0")
        if not length.isdigit() or int(length) > self._largest(path):
            return JSONResponse({"detail": "The request is too large."}, 413)
        if scope["method"] == "POST" and _QUESTIONS.match(path):
            return self._held_back(scope)
        return None

    def _held_back(self, scope: Scope) -> JSONResponse | None:
        seconds = self.gate.wait(client_of(scope))
        if not seconds:
            return None
        whole = int(seconds) + 1
        return _later(load_words().errors["too_many"].format(seconds=whole), whole)

    def _largest(self, path: str) -> int:
        return self.uploads if path.startswith("/curator") else self.body_bytes

    async def _dressed(self, scope: Scope, receive: Receive, send: Send, nonce: str) -> None:
        plain = [(name, value) for name, value in scope["headers"] if name != b"accept-encoding"]
        start: Message = {}
        body = b""

        async def collect(message: Message) -> None:
            nonlocal start, body
            if message["type"] == "http.response.start":
                start = message
                return
            if message["type"] != "http.response.body":
                await send(message)
                return
            body += message.get("body", b"")
            if message.get("more_body"):
                return
            page = self.dress(body.decode("utf-8"), nonce).encode("utf-8") if start["status"] == 200 else body
            headers = MutableHeaders(raw=start["headers"])
            headers["content-length"] = str(len(page))
            await send(start)
            await send({"type": "http.response.body", "body": page})

        await self.app({**scope, "headers": plain}, receive, collect)


def _later(message: str, seconds: int) -> JSONResponse:
    return JSONResponse({"detail": message, "error": message}, 429, {"Retry-After": str(seconds)})


def _kindly_busy(send: Send) -> Send:
    """Says in our words that the queue is full, where Gradio would say it in its own."""
    busy = False

    async def kindly(message: Message) -> None:
        nonlocal busy
        if message["type"] == "http.response.start" and message["status"] == 503:
            busy = True
            reply = _later(load_words().errors["busy"], _BUSY_SECONDS)
            await send({"type": "http.response.start", "status": reply.status_code, "headers": reply.raw_headers})
            await send({"type": "http.response.body", "body": bytes(reply.body)})
        elif not busy:
            await send(message)

    return kindly


class _Bounded:
    """Reads a request's body, and ends it as a disconnect once it is longer than it may be."""

    def __init__(self, receive: Receive, largest: int) -> None:
        self._receive, self._left = receive, largest

    async def __call__(self) -> Message:
        message = await self._receive()
        self._left -= len(message.get("body", b""))
        return message if self._left >= 0 else {"type": "http.disconnect"}


def client_of(scope: Scope) -> str:
    """The address of the client, as the server saw it."""
    client = scope.get("client")
    return str(client[0]) if client else "unknown"


def content_security_policy(nonce: str) -> str:
    """Scripts and everything else from this server only; inline scripts only those that carry the nonce."""
    return (
        f"default-src 'none'; script-src 'self' 'nonce-{nonce}'; style-src 'self' 'unsafe-inline'; "
        "img-src 'self' data:; font-src 'self' data:; connect-src 'self'; manifest-src 'self'; "
        "base-uri 'self'; form-action 'self'; frame-ancestors 'none'"
    )


def _with_headers(send: Send, nonce: str, path: str) -> Send:
    async def guarded(message: Message) -> None:
        if message["type"] == "http.response.start":
            headers = MutableHeaders(scope=message)
            for name in _CROSS_ORIGIN:
                del headers[name]
            for name, value in _HEADERS.items():
                headers[name] = value
            headers["Content-Security-Policy"] = content_security_policy(nonce)
            if not path.startswith(("/assets/", "/static/", "/site/")):
                headers["Cache-Control"] = "no-store"
        await send(message)

    return guarded
