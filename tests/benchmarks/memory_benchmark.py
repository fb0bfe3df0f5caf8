"""Peak memory of a first ingest (resident, units of 1,024), for few and for many documents: it is to be flat.

python -m tests.benchmarks.memory_benchmark [--documents 1000 5000]
"""

from __future__ import annotations

import argparse
import tempfile
from pathlib import Path

from rich.console import Console
from rich.table import Table

from tests.benchmarks.generated import write_documents
from tests.benchmarks.ingest_benchmark import run_job


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--documents", type=int, nargs="+", default=[1000, 5000])
    table = Table("Documents", "Passages", "Peak MB", box=None)
    for documents in parser.parse_args().documents:
        with tempfile.TemporaryDirectory() as name:
            write_documents(Path(name) / "corpus", documents, words=640)
            took = run_job("cupwise", Path(name) / "corpus", Path(name) / "data")
        table.add_row(f"{documents:,}", f"{took['passages']:,}", f"{took['peak_mb']:,.0f}")
    Console(width=100).print(table)


if __name__ == "__main__":
    main()
