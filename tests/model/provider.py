"""A local server that speaks the OpenAI chat-completions protocol, streaming included, and plays a script."""

from __future__ import annotations

import json
import re
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from html import unescape
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

_PASSAGE = re.compile(r'<passage key="(\w+)" kind="([\w-]+)" evidence="([\w-]+)">\n(.*?)\n(.*?)\n</passage>', re.DOTALL)


@dataclass(frozen=True)
class Shown:
    """A passage as the model is shown it."""

    key: str
    kind: str
    evidence: str
    heading: str
    text: str


@dataclass(frozen=True)
class Asked:
    """One request: its body, and the passages in it."""

    body: dict[str, object]
    system: str
    user: str
    passages: tuple[Shown, ...]

    def key_of(self, words: str) -> str:
        """Key of the first passage that holds some words."""
        return next(passage.key for passage in self.passages if words.lower() in passage.text.lower())


@dataclass(frozen=True)
class Says:
    """A reply of some text, sent in small pieces. finish: its finish reason; counts: tokens are reported."""

    text: str
    finish: str = "stop"
    refusal: str = ""
    counts: bool = True


@dataclass(frozen=True)
class Breaks:
    """Sends some text, then the connection goes."""

    text: str = ""


@dataclass(frozen=True)
class Stalls:
    """Sends some text, then nothing more."""

    text: str = ""


@dataclass(frozen=True)
class Fails:
    """An HTTP error."""

    status: int


@dataclass(frozen=True)
class Garbles:
    """Something that is not of the protocol."""

    body: str = "data: {not json\n\n"


Reply = Says | Breaks | Stalls | Fails | Garbles
Script = Callable[[Asked], Reply]


@dataclass
class Provider:
    """A running server. asked: every request so far."""

    url: str
    script: Script
    asked: list[Asked] = field(default_factory=list)
    closing: threading.Event = field(default_factory=threading.Event)


@contextmanager
def provider(script: Script | Sequence[Reply]) -> Iterator[Provider]:
    """Run a server that answers by a function, or by a list of replies, the last one for good."""
    if not callable(script):
        replies = list(script)
        script = lambda _: replies.pop(0) if len(replies) > 1 else replies[0]  # noqa: E731
    server = ThreadingHTTPServer(("127.0.0.1", 0), _Handler)
    server.daemon_threads = True
    running = Provider(f"http://127.0.0.1:{server.server_address[1]}/v1", script)
    server.provider = running  # type: ignore[attr-defined]
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    try:
        yield running
    finally:
        running.closing.set()
        server.shutdown()
        server.server_close()
        thread.join(timeout=5)


class _Handler(BaseHTTPRequestHandler):
    def log_message(self, *_: object) -> None:
        """Quiet."""

    def do_POST(self) -> None:
        running: Provider = self.server.provider  # type: ignore[attr-defined]
        body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        asked = _read(body)
        running.asked.append(asked)
        reply = running.script(asked)
        if isinstance(reply, Fails):
            self._plain(reply.status, json.dumps({"error": {"message": "scripted", "type": "scripted"}}))
            return
        self.send_response(200)
        self.send_header("Content-Type", "text/event-stream")
        self.end_headers()
        if isinstance(reply, Garbles):
            self.wfile.write(reply.body.encode())
            return
        for piece in re.findall(r".{1,7}", reply.text, re.DOTALL):
            self._event({"content": piece})
        if isinstance(reply, Stalls):
            self.wfile.flush()
            running.closing.wait(20)
        elif isinstance(reply, Breaks):
            self.wfile.flush()
            self.connection.shutdown(2)
        else:
            self._end(reply)

    def _end(self, reply: Says) -> None:
        if reply.refusal:
            self._event({"refusal": reply.refusal})
        self._event({}, finish=reply.finish)
        if not reply.counts:
            self.wfile.write(b"data: [DONE]\n\n")
            return
        usage = {"prompt_tokens": 1000, "completion_tokens": 50, "total_tokens": 1050}
        self.wfile.write(f"data: {json.dumps({**_envelope(), 'choices': [], 'usage': usage})}\n\n".encode())
        self.wfile.write(b"data: [DONE]\n\n")

    def _event(self, delta: dict[str, str], finish: str | None = None) -> None:
        choice = {"index": 0, "delta": delta, "finish_reason": finish}
        self.wfile.write(f"data: {json.dumps({**_envelope(), 'choices': [choice]})}\n\n".encode())

    def _plain(self, status: int, text: str) -> None:
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(text)))
        self.end_headers()
        self.wfile.write(text.encode())


def _envelope() -> dict[str, object]:
    return {"id": "scripted", "object": "chat.completion.chunk", "created": 0, "model": "scripted"}


def _read(body: dict[str, object]) -> Asked:
    texts = {str(m["role"]): str(m["content"]) for m in body["messages"]}  # type: ignore[attr-defined, index]
    shown = tuple(Shown(*(unescape(part) for part in found)) for found in _PASSAGE.findall(texts["user"]))
    return Asked(body, texts["system"], texts["user"], shown)
