"""One ingest in a process of its own, for tests that kill it: python fault_job.py DATA CORPUS."""

from __future__ import annotations

import sys
from pathlib import Path

from ingest.building import build
from ingest.embedder import Embedder
from ingest.publishing import publish
from ingest.settings import Settings
from ingest.versions import Versions

if __name__ == "__main__":
    settings = Settings(data=Path(sys.argv[1]), corpus=Path(sys.argv[2]), passage_words=40)
    versions = Versions(settings.data)
    with versions.writing():
        print("started", flush=True)
        built = build(settings, Embedder())
        if built.version:
            publish(versions, built.version, keep=3)
    print("done", flush=True)
