"""A learned measure of how alike two questions are: one linear map of their vectors, then the cosine.

Plain cosines weigh what a question is about above what it asks: "does it help" and "is it safe" lie close together. The
map (`bot/data/metric.npz`) was fitted so that wordings of one section come together and those of others part
(`python -m bot.metric_training`); no labelled question was used for it.
"""

from __future__ import annotations

from functools import lru_cache
from importlib.resources import as_file, files

import numpy as np


@lru_cache(maxsize=4)
def learned_map(model: str) -> np.ndarray | None:
    """Matrix, (dimension, dimension), for vectors of the embedding model of this fingerprint; None for others."""
    with as_file(files("bot.data") / "metric.npz") as file:
        if not file.is_file():
            return None
        with np.load(file, allow_pickle=False) as stored:
            if str(stored["model"]) != model:
                return None
            return np.asarray(stored["matrix"], dtype=np.float32)


def turned(vectors: np.ndarray, centre: np.ndarray, matrix: np.ndarray | None) -> np.ndarray:
    """Vectors, shape (..., dimension), without the centre and through the map, each of unit length."""
    moved = unit(vectors - centre)
    return moved if matrix is None else unit(moved @ matrix)


def unit(vectors: np.ndarray) -> np.ndarray:
    """Each vector at length one, float32."""
    lengths = np.linalg.norm(vectors, axis=-1, keepdims=True)
    return np.asarray(vectors / np.maximum(lengths, 1e-9), dtype=np.float32)
