"""Ingest against the LangChain quickstart, on the same generated documents, model and cores.

python -m tests.benchmarks.ingest_benchmark [--documents 1000] [--runs 3] [--alone] [--json FILE]
"""

from __future__ import annotations

import argparse
import json
import statistics
import subprocess
import sys
import tempfile
from collections import defaultdict
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.table import Table

from tests.benchmarks.generated import write_documents
from tests.benchmarks.ingest_jobs import change_one

Measures = dict[str, list[dict[str, Any]]]

FIRST, UNCHANGED, CHANGED = "Cupwise, first", "Cupwise, unchanged", "Cupwise, one changed"
RIVALS = ("quickstart, first", "index(), first")
_FIELDS = {"seconds": ".1f", "cpu": ".1f", "passages": ",.0f", "embedded": ",.0f", "peak_mb": ",.0f"}


def measure(documents: int, runs: int, rivals: bool = True) -> Measures:
    """Every job `runs` times, by turns, so that a busy moment of the machine hits all of them alike."""
    found: Measures = defaultdict(list)
    for run in range(1, runs + 1):
        with tempfile.TemporaryDirectory() as name:
            folder = Path(name)
            write_documents(folder / "corpus", documents)
            _measure_once(folder, found, rivals)
        print(f"Run {run} of {runs} is done.", file=sys.stderr)
    return found


def _measure_once(folder: Path, found: Measures, rivals: bool) -> None:
    corpus = folder / "corpus"
    for name in (FIRST, UNCHANGED, CHANGED):
        if name == CHANGED:
            change_one(corpus)
        found[name].append(run_job("cupwise", corpus, folder / "cupwise"))
    if rivals:
        found[RIVALS[0]].append(run_job("quickstart", corpus, folder / "quickstart"))
        job = run_job("index", corpus, folder / "index")
        unchanged, changed = job.pop("unchanged_seconds"), job.pop("changed_seconds")
        found[RIVALS[1]].append({**job, "seconds": job["seconds"] - unchanged - changed})
        found["index(), unchanged, model loaded"].append({"seconds": unchanged})
        found["index(), one changed, model loaded"].append({"seconds": changed})


def run_job(job: str, corpus: Path, index: Path) -> dict[str, Any]:
    """One job in a process of its own, timed from inside; what it printed."""
    command = [sys.executable, "-m", "tests.benchmarks.ingest_jobs", job, str(corpus), str(index)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode:
        raise SystemExit(f"{job} failed:\n{done.stderr[-2000:]}")
    took = dict(json.loads(done.stdout.splitlines()[-1]))
    print(f"  {job}: {took['seconds']:.1f} s, {took['cpu']:.1f} s of CPU", file=sys.stderr)
    return took


def summary(found: Mapping[str, Sequence[Mapping[str, Any]]]) -> dict[str, dict[str, float]]:
    """Medians by job and field."""
    return {
        name: {
            field: statistics.median(values)
            for field in _FIELDS
            if (values := [run[field] for run in runs if field in run])
        }
        for name, runs in found.items()
    }


def report(rows: Mapping[str, Mapping[str, float]], documents: int, runs: int) -> None:
    """Print the table and the ratios that the project promises."""
    table = Table("Job", "Seconds", "CPU s", "Passages", "Embedded", "Peak MB", box=None)
    for name, row in rows.items():
        table.add_row(name, *(format(row[field], form) if field in row else "" for field, form in _FIELDS.items()))
    console = Console(width=110)
    console.print(f"Ingest of {documents:,} documents, medians of {runs} runs by turns")
    console.print(table)
    for line in ratios(rows):
        console.print(line)


def ratios(rows: Mapping[str, Mapping[str, float]]) -> list[str]:
    """One line for each comparison."""
    first = rows[FIRST]
    lines = []
    for rival in RIVALS:
        if rival in rows:
            speed, cpu = rows[rival]["seconds"] / first["seconds"], rows[rival]["cpu"] / first["cpu"]
            lines.append(f"{rival}: Cupwise takes in {speed:.2f}x the documents a second, {cpu:.2f}x by CPU time.")
    for job in (UNCHANGED, CHANGED):
        seconds, cpu = rows[job]["seconds"], rows[job]["cpu"] / first["cpu"]
        lines.append(f"{job}: {seconds:.2f} s, {seconds / first['seconds']:.1%} of the first ingest, {cpu:.1%} by CPU.")
    return lines


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--documents", type=int, default=1000)
    parser.add_argument("--runs", type=int, default=3)
    parser.add_argument("--alone", action="store_true", help="leave LangChain out")
    parser.add_argument("--json", type=Path)
    options = parser.parse_args()
    found = measure(options.documents, options.runs, not options.alone)
    report(summary(found), options.documents, options.runs)
    if options.json:
        options.json.write_text(json.dumps(found, indent=1), encoding="utf-8")


if __name__ == "__main__":
    main()
