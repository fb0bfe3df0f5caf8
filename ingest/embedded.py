"""Vectors that a build has computed, written down as it goes: a build that is stopped has not worked in vain."""

from __future__ import annotations

import shutil
from collections.abc import Sequence
from pathlib import Path

import numpy as np

_MODEL = "model.txt"


class EmbeddedVectors:
    """Vectors by digest (16 hexadecimal digits of the SHA-256 of the embedded text), in small files of a folder."""

    def __init__(self, folder: Path, fingerprint: str) -> None:
        """What an earlier build left for this model is taken up; that of another model is thrown away."""
        self._folder, self._fingerprint = folder, fingerprint
        self.found: dict[str, np.ndarray] = {}
        if folder.is_dir():
            if (folder / _MODEL).is_file() and (folder / _MODEL).read_text(encoding="utf-8") == fingerprint:
                self._take_up()
            else:
                self.clear()

    def keep(self, digests: Sequence[str], vectors: np.ndarray) -> None:
        """Write down vectors, shape (n, dimension)."""
        self._folder.mkdir(parents=True, exist_ok=True)
        (self._folder / _MODEL).write_text(self._fingerprint, encoding="utf-8")
        beside = self._folder / ".new"
        with beside.open("wb") as file:
            np.savez(file, digests=np.array(digests), vectors=vectors)
        beside.replace(self._folder / f"{digests[0]}.npz")

    def clear(self) -> None:
        """Remove them: the version that they were for is finished."""
        shutil.rmtree(self._folder, ignore_errors=True)

    def _take_up(self) -> None:
        for file in self._folder.glob("*.npz"):
            try:
                with np.load(file, allow_pickle=False) as block:
                    self.found.update(zip(block["digests"].tolist(), block["vectors"], strict=True))
            except (OSError, ValueError, KeyError, EOFError):
                file.unlink()  # half a file after a power cut; it is embedded anew
