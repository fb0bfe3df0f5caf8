"""Ingest against the LangChain quickstart, on the same generated documents, model and cores.

python -m tests.benchmarks.ingest_benchmark [--documents 1000] [--runs 3] [--json FILE]
"""

from __future__ import annotations

import argparse
import json
import statistics
import subprocess
import sys
import tempfile
from collections import defaultdict
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.table import Table

from tests.benchmarks.generated import write_documents

Measures = dict[str, list[dict[str, Any]]]


def measure(documents: int, runs: int, rivals: bool = True) -> Measures:
    """Every job `runs` times, by turns, so that a busy moment of the machine hits all of them alike."""
    found: Measures = defaultdict(list)
    for _ in range(runs):
        with tempfile.TemporaryDirectory() as name:
            folder = Path(name)
            corpus = folder / "corpus"
            write_documents(corpus, documents)
            found["cupwise, first"].append(_run("cupwise", corpus, folder / "cupwise"))
            found["cupwise, unchanged"].append(_run("cupwise", corpus, folder / "cupwise"))
            _change_one(corpus)
            found["cupwise, one document changed"].append(_run("cupwise", corpus, folder / "cupwise"))
            if rivals:
                found["LangChain quickstart, first"].append(_run("quickstart", corpus, folder / "quickstart"))
                first = _run("index", corpus, folder / "index")
                again = first.pop("unchanged_ms") / 1000
                found["LangChain index(), first"].append({**first, "seconds": first["seconds"] - again})
                found["LangChain index(), unchanged, model loaded"].append({"seconds": again, "embedded": 0})
    return found


def _run(job: str, corpus: Path, index: Path) -> dict[str, Any]:
    command = [sys.executable, "-m", "tests.benchmarks.ingest_jobs", job, str(corpus), str(index)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode:
        raise SystemExit(f"{job} failed:\n{done.stderr[-2000:]}")
    return dict(json.loads(done.stdout.splitlines()[-1]))


def _change_one(corpus: Path) -> None:
    file = sorted(corpus.glob("*.md"))[0]
    text = file.read_text(encoding="utf-8")
    file.write_text(text + "\nOne more paragraph was written later. It says little.\n", encoding="utf-8")


def summary(found: Measures, documents: int) -> list[dict[str, Any]]:
    """Medians by job."""
    rows = []
    for name, runs in found.items():
        row: dict[str, Any] = {"job": name, "runs": len(runs)}
        for field in ("seconds", "cpu", "peak_mb", "passages", "embedded"):
            values = [run[field] for run in runs if field in run]
            row[field] = statistics.median(values) if values else None
        row["documents_per_second"] = documents / row["seconds"]
        rows.append(row)
    return rows


def report(rows: list[dict[str, Any]]) -> None:
    """Print the table and the ratios that the project promises."""
    table = Table("Job", "Seconds", "CPU s", "Documents/s", "Passages", "Embedded", "Peak MB", box=None)
    for row in rows:
        cells = [row["job"], *(f"{row[field]:,.1f}" if row[field] is not None else "" for field in ("seconds", "cpu"))]
        cells += [f"{row['documents_per_second']:,.1f}"]
        cells += [
            f"{row[field]:,.0f}" if row[field] is not None else "" for field in ("passages", "embedded", "peak_mb")
        ]
        table.add_row(*cells)
    console = Console(width=130)
    console.print(table)
    by_job = {row["job"]: row for row in rows}
    first = by_job["cupwise, first"]
    rival = by_job.get("LangChain quickstart, first")
    if rival:
        speed, cpu = rival["seconds"] / first["seconds"], rival["cpu"] / first["cpu"]
        console.print(
            f"First ingest against the quickstart: {speed:.1f}x the documents a second, {cpu:.1f}x by CPU time."
        )
    for job in ("cupwise, unchanged", "cupwise, one document changed"):
        share = by_job[job]["seconds"] / first["seconds"]
        console.print(f"{job}: {share:.1%} of the first ingest, {by_job[job]['seconds']:.2f} s.")


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--documents", type=int, default=1000)
    parser.add_argument("--runs", type=int, default=3)
    parser.add_argument("--alone", action="store_true", help="leave LangChain out")
    parser.add_argument("--json", type=Path)
    options = parser.parse_args()
    rows = summary(measure(options.documents, options.runs, not options.alone), options.documents)
    report(rows)
    if options.json:
        options.json.write_text(json.dumps(rows, indent=1), encoding="utf-8")


if __name__ == "__main__":
    main()
