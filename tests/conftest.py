"""What the workers of one run share: an index is built by the first that needs it, and each gets a copy."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from filelock import FileLock

_WORKER = "PYTEST_XDIST_WORKER" in os.environ
if _WORKER:
    os.environ.setdefault("OMP_NUM_THREADS", "1")  # workers that each take every core wait for each other


@pytest.fixture(scope="session")
def once(tmp_path_factory: pytest.TempPathFactory) -> Callable[[str, Callable[[Path], object]], Path]:
    """Has one worker of the run fill a folder, known by its name; gives a copy of the folder to each."""
    base = tmp_path_factory.getbasetemp()
    shared = (base.parent if _WORKER else base) / "once"
    shared.mkdir(exist_ok=True)

    def copied(name: str, fill: Callable[[Path], object]) -> Path:
        filled, filling = shared / name, shared / f"{name}.filling"
        with FileLock(shared / f"{name}.lock"):
            if not filled.exists():
                shutil.rmtree(filling, ignore_errors=True)  # of a worker that failed
                filling.mkdir()
                fill(filling)
                filling.rename(filled)
        return Path(shutil.copytree(filled, tmp_path_factory.mktemp(name), dirs_exist_ok=True))

    return copied
