"""People asking at once: `python tests/web/load.py`. Starts a server of its own, and writes what it measured.

Each person has a session of their own and asks through the same queue as the page. Three measurements:
"burst": everybody asks at the same instant, once; "reading": everybody reads for some seconds between
questions, while a new version is published in the middle; "endurance": the server's memory over many questions.
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
from pathlib import Path

import httpx

_ROOT = Path(__file__).parents[2]
sys.path.insert(0, str(_ROOT))

QUESTIONS = (
    "What are the two main kinds of cupping?",
    "Does cupping help with back pain?",
    "What are the side effects of cupping?",
    "Is osteoarthritis an autoimmune disease?",
    "Does cupping boost the immune system?",
    "Who should not have cupping?",
    "I'm pregnant, can I have hijama?",
    "How long do the marks last?",
)


def serve(data: str, port: int) -> None:
    """The server under test, in a process of its own."""
    import uvicorn

    from bot.pipeline import Pipeline
    from bot.web.app import create_app
    from bot.web.limits import Limits
    from ingest.settings import Settings

    settings = Settings(data=Path(data), corpus=_ROOT / "corpus" / "documents")
    pipeline = Pipeline.open(settings)
    pipeline.ask(QUESTIONS[0])
    app = create_app(pipeline, settings, Limits(questions_per_minute=1e6, burst=1_000_000, waiting=1000))
    uvicorn.run(app, port=port, log_level="error")


async def ask(client: httpx.AsyncClient, question: str, mark: str) -> float:
    """Ask once over HTTP as a program does; seconds until the whole answer. Raises where it is not this one's."""
    began = time.perf_counter()
    asked = await client.post("/gradio_api/call/ask", json={"data": [question, [mark]]})
    asked.raise_for_status()
    stream = await client.get(f"/gradio_api/call/ask/{asked.json()['event_id']}")
    line = next(line for line in stream.text.splitlines() if line.startswith("data: "))
    answer = json.loads(line[6:])[0]
    if answer["question"] != question:
        raise AssertionError("an answer went to another person")
    return time.perf_counter() - began


async def burst(client: httpx.AsyncClient, people: int) -> list[float]:
    """Everybody at the same instant."""
    return await asyncio.gather(*(ask(client, QUESTIONS[n % len(QUESTIONS)], f"Person {n}?") for n in range(people)))


async def reading(client: httpx.AsyncClient, people: int, seconds: float, pause: float, publish: str) -> list[float]:
    """Everybody asks, reads, asks again; half way a version is published."""
    times: list[float] = []
    end = time.monotonic() + seconds

    async def person(number: int) -> None:
        chance = random.Random(number)
        await asyncio.sleep(chance.uniform(0, pause))
        while time.monotonic() < end:
            times.append(await ask(client, chance.choice(QUESTIONS), f"Person {number}?"))
            await asyncio.sleep(chance.uniform(0.5, 1.5) * pause)

    async def publisher() -> None:
        await asyncio.sleep(seconds / 2)
        await asyncio.to_thread(republish, publish)

    await asyncio.gather(publisher(), *(person(number) for number in range(people)))
    return times


def republish(data: str) -> None:
    """Publish the version before, then the newest again."""
    from ingest.versions import Versions

    versions = Versions(Path(data))
    known = [manifest.version for manifest in versions.all()]
    for version in (known[-1], known[0]):
        versions.publish(version)
        time.sleep(1)


def megabytes(pid: int) -> float:
    """Resident memory of a process, in megabytes (Linux)."""
    for line in Path(f"/proc/{pid}/status").read_text(encoding="utf-8").splitlines():
        if line.startswith("VmRSS"):
            return int(line.split()[1]) / 1024
    return float("nan")


def summary(times: list[float]) -> dict[str, float]:
    """Count, median, 95th percentile and worst, in seconds."""
    ordered = sorted(times)
    return {
        "questions": len(ordered),
        "p50_s": round(statistics.median(ordered), 3),
        "p95_s": round(ordered[max(0, int(0.95 * len(ordered)) - 1)], 3),
        "worst_s": round(ordered[-1], 3),
    }


async def measure(arguments: argparse.Namespace, address: str, pid: int, data: str) -> dict[str, object]:
    """All three."""
    limits = httpx.Limits(max_connections=500)
    async with httpx.AsyncClient(base_url=address, timeout=120, limits=limits) as client:
        await burst(client, 5)
        found: dict[str, object] = {"people": arguments.people, "burst": summary(await burst(client, arguments.people))}
        found["reading"] = summary(await reading(client, arguments.people, arguments.seconds, arguments.pause, data))
        memory = [round(megabytes(pid))]
        for _ in range(4):
            for first in range(0, arguments.endurance // 4, 10):
                await asyncio.gather(*(ask(client, QUESTIONS[(first + n) % 8], f"{first + n}?") for n in range(10)))
            memory.append(round(megabytes(pid)))
        found["memory_mb"] = memory
        found["endurance_questions"] = arguments.endurance
    return found


def main() -> None:
    """Build an index, start the server, measure, print JSON."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--people", type=int, default=50)
    parser.add_argument("--seconds", type=float, default=60)
    parser.add_argument("--pause", type=float, default=10, help="seconds that a person reads, on average")
    parser.add_argument("--endurance", type=int, default=10_000, help="questions of the memory measurement")
    parser.add_argument("--serve", nargs=2, metavar=("DATA", "PORT"), help=argparse.SUPPRESS)
    arguments = parser.parse_args()
    if arguments.serve:
        serve(arguments.serve[0], int(arguments.serve[1]))
        return
    from bot.preview import run_build
    from ingest.progress import Silent
    from ingest.settings import Settings

    with tempfile.TemporaryDirectory() as data:
        settings = Settings(data=Path(data), corpus=_ROOT / "corpus" / "documents")
        run_build(settings, (), Silent(), preview=False)
        extra = Path(data) / "extra.md"
        extra.write_text("# Extra\n\n## What is extra?\n\nExtra is a document of the load test.\n", encoding="utf-8")
        run_build(settings, (extra,), Silent(), preview=False)
        port = 7999 - os.getpid() % 100
        server = subprocess.Popen([sys.executable, __file__, "--serve", data, str(port)])
        try:
            address = f"http://127.0.0.1:{port}"
            for _ in range(240):
                try:
                    httpx.get(address, timeout=2)
                    break
                except httpx.HTTPError:
                    time.sleep(0.5)
            print(json.dumps(asyncio.run(measure(arguments, address, server.pid, data)), indent=1))
        finally:
            server.terminate()
            server.wait(timeout=20)


if __name__ == "__main__":
    main()
