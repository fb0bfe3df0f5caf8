"""All benchmarks, one after the other: `make bench [COLLECTION=DIR]`."""

from __future__ import annotations

import runpy
import sys

collection = [part for folder in sys.argv[1:] for part in ("--collection", folder)]
for name, arguments in {
    "answer_benchmark": [],
    "retrieval_benchmark": collection,
    "ingest_benchmark": [],
    "memory_benchmark": [],
}.items():
    sys.argv = [name, *arguments]
    runpy.run_module(f"tests.benchmarks.{name}", run_name="__main__")
