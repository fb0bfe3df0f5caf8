"""All benchmarks, one after the other: `make bench`."""

from __future__ import annotations

import runpy
import sys

for name in ("answer_benchmark", "ingest_benchmark"):
    sys.argv = [name]
    runpy.run_module(f"tests.benchmarks.{name}", run_name="__main__")
