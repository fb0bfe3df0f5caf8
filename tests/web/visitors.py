"""People at the chat page, as the server sees them: a session each, the queue, and the page's own stream."""

from __future__ import annotations

import re
import time
import uuid
from dataclasses import dataclass, field
from pathlib import Path

import httpx
import yaml

_MARK = re.compile(r"\(v\d{6}\)")
_WHOLE = re.compile(r"answer__body|alarm__title")


class MixedUpError(AssertionError):
    """A person was shown another person's text, or no answer."""


@dataclass
class Visitor:
    """One person with one session. `number` marks their questions, so that a mix-up shows."""

    client: httpx.AsyncClient
    number: int
    events: Events
    session: str = field(default_factory=lambda: uuid.uuid4().hex[:10])

    async def arrive(self) -> Visitor:
        """Open the page: from then on the server has a session of theirs."""
        await self._join(self.events.load, [[]])
        seen = await self._told()
        if _MARK.search(seen):
            raise MixedUpError(f"person {self.number} found another's conversation: {seen[-300:]}")
        return self

    async def ask(self, question: str, marked: bool = True) -> float:
        """Ask as the page does; seconds until the whole answer. Raises MixedUpError, httpx.HTTPError.

        Without the mark, people may ask the same.
        """
        marks = {f"(v{self.number:06d})"} if marked else set()
        began = time.perf_counter()
        await self._join(self.events.ask, [" ".join((question, *marks)), None])
        seen = await self._told()
        seconds = time.perf_counter() - began
        if not _WHOLE.search(seen) or "is-final" not in seen or set(_MARK.findall(seen)) != marks:
            raise MixedUpError(f"person {self.number} was not shown their own answer alone: {seen[-300:]}")
        return seconds

    async def _join(self, event: int, data: list[object]) -> None:
        body = {"data": data, "fn_index": event, "session_hash": self.session}
        (await self.client.post("/gradio_api/queue/join", json=body)).raise_for_status()

    async def _told(self) -> str:
        """Everything that the server sends until the event is done."""
        seen = ""
        path = f"/gradio_api/queue/data?session_hash={self.session}"
        async with self.client.stream("GET", path) as stream:
            async for line in stream.aiter_lines():
                seen += line
                if '"msg":"process_completed"' in line:
                    if '"success":false' in line:
                        raise MixedUpError(f"person {self.number} was told of a fault: {line[-300:]}")
                    return seen
        raise MixedUpError(f"person {self.number} was left without an end: {seen[-300:]}")


@dataclass(frozen=True)
class Events:
    """Numbers of the page's events that the test makes."""

    load: int
    ask: int

    @classmethod
    async def of(cls, client: httpx.AsyncClient) -> Events:
        """Read them from the page."""
        page = (await client.get("/config")).json()
        by_name = {event.get("api_name"): event["id"] for event in page["dependencies"]}
        return cls(by_name["recall"], by_name["answer"])


def labelled_questions(folder: Path) -> list[str]:
    """Every labelled question that stands alone, each once."""
    found: dict[str, None] = {}
    for file in sorted(folder.glob("answers-*.yaml")):
        for entry in yaml.safe_load(file.read_text(encoding="utf-8")):
            if not entry["history"]:
                found[entry["question"]] = None
    return list(found)
