"""People asking at once: `make load-test`. Starts a server of its own, and prints what it measured as JSON.

Each person has a session of their own and asks as the page does. Four measurements: "burst": everybody asks a question
of their own at the same instant, some rounds of it; "same": everybody asks one of eight questions; "reading": everybody
reads for some seconds between questions, while versions are published in the middle; "memory": the server's memory over
many questions of people who come, ask five and leave. "cpu_ms" is the server's processor time for one question, which
says more than seconds where other programs use the machine too.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import random
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import AsyncIterator, Callable, Coroutine
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import httpx

_ROOT = Path(__file__).parents[2]
sys.path.insert(0, str(_ROOT))

from visitors import Events, Visitor, labelled_questions  # noqa: E402

_TICKS = os.sysconf("SC_CLK_TCK")
_SAME = 8
_A_VISIT = 5
"""Questions of one person in the memory measurement."""
_STEPS = 10
"""Times that memory is looked at."""


def serve_data(data: str, port: int, sessions: int) -> None:
    """The server under test, in a process of its own."""
    from bot.pipeline import Pipeline
    from bot.web.app import serve
    from bot.web.limits import Limits
    from ingest.settings import Settings

    settings = Settings(data=Path(data), corpus=_ROOT / "corpus" / "documents")
    pipeline = Pipeline.open(settings)
    pipeline.ask("What is cupping?")
    limits = Limits(questions_per_minute=1e6, burst=1_000_000, waiting=1000, sessions=sessions)
    serve(pipeline, settings, port=port, limits=limits)


class Crowd:
    """People who come to one server, each with a number of their own."""

    def __init__(self, client: httpx.AsyncClient, events: Events, pid: int) -> None:
        self.client, self.events, self.pid = client, events, pid
        self.questions = labelled_questions(_ROOT / "corpus" / "questions")
        self._last = 0

    def visitor(self) -> Visitor:
        """Somebody who has not been here before."""
        self._last += 1
        return Visitor(self.client, self._last, self.events)

    async def arrive(self, people: int) -> list[Visitor]:
        """So many people open the page."""
        return list(await asyncio.gather(*(self.visitor().arrive() for _ in range(people))))

    async def burst(self, crowds: list[list[Visitor]], same: int = 0) -> list[float]:
        """One crowd after the other, everybody at the same instant; with `same`, only that many different questions."""
        times: list[float] = []
        for number, visitors in enumerate(crowds):
            people = len(visitors)
            picked = [self.questions[(number * people + n) % (same or len(self.questions))] for n in range(people)]
            times += await asyncio.gather(
                *(who.ask(what, marked=not same) for who, what in zip(visitors, picked, strict=True))
            )
        return times

    async def reading(self, people: int, seconds: float, pause: float, publish: Callable[[], None]) -> list[float]:
        """Everybody asks, reads, asks again; half way versions are published."""
        times: list[float] = []
        end = time.monotonic() + seconds

        async def person(visitor: Visitor) -> None:
            chance = random.Random(visitor.number)
            await asyncio.sleep(chance.uniform(0, pause))
            while time.monotonic() < end:
                times.append(await visitor.ask(chance.choice(self.questions)))
                await asyncio.sleep(chance.uniform(0.5, 1.5) * pause)

        async def publisher() -> None:
            await asyncio.sleep(seconds / 2)
            await asyncio.to_thread(publish)

        await asyncio.gather(publisher(), *(person(visitor) for visitor in await self.arrive(people)))
        return times

    async def visits(self, questions: int) -> list[float]:
        """So many questions by people who ask five each, ten people at a time."""

        async def visit(visitor: Visitor) -> list[float]:
            await visitor.arrive()
            chance = random.Random(visitor.number)
            return [await visitor.ask(chance.choice(self.questions)) for _ in range(_A_VISIT)]

        times: list[float] = []
        for _ in range(max(1, questions // (10 * _A_VISIT))):
            for taken in await asyncio.gather(*(visit(self.visitor()) for _ in range(10))):
                times += taken
        return times

    async def measured(self, asking: Coroutine[Any, Any, list[float]]) -> dict[str, float]:
        """Count, median, 95th percentile, worst in seconds; processor time for one; the machine's load before."""
        load, spent = os.getloadavg()[0], processor_seconds(self.pid)
        ordered = sorted(await asking)
        found = {
            "questions": len(ordered),
            "p50_s": round(statistics.median(ordered), 3),
            "p95_s": round(ordered[max(0, int(0.95 * len(ordered)) - 1)], 3),
            "worst_s": round(ordered[-1], 3),
            "cpu_ms": round(1000 * (processor_seconds(self.pid) - spent) / len(ordered), 1),
            "load_before": round(load, 1),
        }
        print(found, file=sys.stderr, flush=True)
        return found


def republish(data: Path) -> None:
    """Publish the version before, then the newest again."""
    from ingest.versions import Versions

    versions = Versions(data)
    known = [manifest.version for manifest in versions.all()]
    for version in (known[-1], known[0]):
        versions.publish(version)
        time.sleep(1)


def processor_seconds(pid: int) -> float:
    """Processor time of a process so far (Linux)."""
    fields = Path(f"/proc/{pid}/stat").read_text(encoding="utf-8").rsplit(")", 1)[1].split()
    return (int(fields[11]) + int(fields[12])) / _TICKS


def megabytes(pid: int) -> int:
    """Resident memory of a process, in megabytes (Linux)."""
    pages = int(Path(f"/proc/{pid}/statm").read_text(encoding="utf-8").split()[1])
    return round(pages * os.sysconf("SC_PAGE_SIZE") / 1024**2)


async def measure(crowd: Crowd, asked: argparse.Namespace, data: Path) -> dict[str, object]:
    """All four."""
    await crowd.burst([await crowd.arrive(5)])
    found: dict[str, object] = {"people": asked.people, "cores": os.cpu_count()}
    for name, same in (("burst", 0), ("same", _SAME)):
        crowds = [await crowd.arrive(asked.people) for _ in range(asked.rounds)]
        found[name] = await crowd.measured(crowd.burst(crowds, same))
    reading = crowd.reading(asked.people, asked.seconds, asked.pause, lambda: republish(data))
    found["reading"] = await crowd.measured(reading)
    memory = [megabytes(crowd.pid)]
    for _ in range(_STEPS if asked.endurance else 0):
        found["endurance"] = await crowd.measured(crowd.visits(asked.endurance // _STEPS))
        memory.append(megabytes(crowd.pid))
        print("megabytes:", memory[-1], file=sys.stderr, flush=True)
    return {**found, "sessions": asked.sessions, "memory_mb": memory, "memory_questions": asked.endurance}


@asynccontextmanager
async def crowd_at(data: Path, sessions: int) -> AsyncIterator[Crowd]:
    """A server over a data folder, in a process of its own, and the people who come to it."""
    port = 7999 - os.getpid() % 100
    served = [sys.executable, __file__, "--serve", str(data), str(port), "--sessions", str(sessions)]
    server = subprocess.Popen(served, stdout=subprocess.DEVNULL)
    try:
        limits = httpx.Limits(max_connections=500)
        async with httpx.AsyncClient(base_url=f"http://127.0.0.1:{port}", timeout=120, limits=limits) as client:
            for _ in range(600):
                try:
                    await client.get("/robots.txt")
                    break
                except httpx.HTTPError:
                    await asyncio.sleep(0.5)
            yield Crowd(client, await Events.of(client), server.pid)
    finally:
        server.terminate()
        server.wait(timeout=20)


async def run(asked: argparse.Namespace) -> None:
    """Build two versions, start the server, measure, print."""
    from bot.preview import run_build
    from ingest.progress import Silent
    from ingest.settings import Settings

    with tempfile.TemporaryDirectory() as folder:
        data = Path(folder)
        settings = Settings(data=data, corpus=_ROOT / "corpus" / "documents")
        run_build(settings, (), Silent(), preview=False)
        extra = data / "extra.md"
        extra.write_text("# Extra\n\n## What is extra?\n\nExtra is a document of the load test.\n", encoding="utf-8")
        run_build(settings, (extra,), Silent(), preview=False)
        async with crowd_at(data, asked.sessions) as crowd:
            print(json.dumps(await measure(crowd, asked, data), indent=1))


def main() -> None:
    """Read the command line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--people", type=int, default=50)
    parser.add_argument("--rounds", type=int, default=4, help="bursts of everybody")
    parser.add_argument("--seconds", type=float, default=60)
    parser.add_argument("--pause", type=float, default=10, help="seconds that a person reads, on average")
    parser.add_argument("--endurance", type=int, default=10_000, help="questions of the memory measurement; 0: none")
    parser.add_argument("--sessions", type=int, default=1000, help="conversations that the server remembers")
    parser.add_argument("--serve", nargs=2, metavar=("DATA", "PORT"), help=argparse.SUPPRESS)
    asked = parser.parse_args()
    if asked.serve:
        serve_data(asked.serve[0], int(asked.serve[1]), asked.sessions)
    else:
        asyncio.run(run(asked))


if __name__ == "__main__":
    main()
