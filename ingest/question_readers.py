"""Reading a few short texts exactly: their vectors, and what the model's layers make of them."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from typing import TYPE_CHECKING, Protocol

import numpy as np

from ingest.forms import encode
from ingest.layers import layers_of, read_layers

if TYPE_CHECKING:
    from sentence_transformers import SentenceTransformer

    from ingest.written_out import WrittenOut

LEAST_EXACTNESS = 0.99999
"""Least cosine between the written-out and the plain form, which compute the same in another order."""
_PROBES = ("Is cupping safe?", "My back bled a little after the session, and it has stopped since. Am I to wait?")
_ERRORS = (RuntimeError, AttributeError, TypeError, ValueError, NotImplementedError)
_log = logging.getLogger(__name__)


class QuestionReader(Protocol):
    """What reads questions."""

    def vectors(self, texts: Sequence[str]) -> np.ndarray:
        """Unit vectors, float32 (n, dimension)."""

    def layers(self, texts: Sequence[str]) -> tuple[np.ndarray, np.ndarray]:
        """Unit vectors (n, dimension), and layers (n, 12 x dimension); see `ingest/layers.py`."""


class PlainReader:
    """By the model as it was loaded."""

    def __init__(self, model: SentenceTransformer) -> None:
        self._model = model

    def vectors(self, texts: Sequence[str]) -> np.ndarray:
        """As the protocol says."""
        return encode(self._model, texts)

    def layers(self, texts: Sequence[str]) -> tuple[np.ndarray, np.ndarray]:
        """As the protocol says."""
        parts = [read_layers(self._model, texts[first : first + 32]) for first in range(0, len(texts), 32)]
        return np.concatenate([part[0] for part in parts]), np.concatenate([part[1] for part in parts])


class WrittenOutReader:
    """By the written-out form, for models that pool by the mean."""

    def __init__(self, model: WrittenOut) -> None:
        self._model = model

    def vectors(self, texts: Sequence[str]) -> np.ndarray:
        """As the protocol says."""
        means = np.concatenate([self._model.states(text)[-1].mean(1).numpy() for text in texts])
        return np.asarray(means / np.maximum(np.linalg.norm(means, axis=1, keepdims=True), 1e-12), dtype=np.float32)

    def layers(self, texts: Sequence[str]) -> tuple[np.ndarray, np.ndarray]:
        """As the protocol says."""
        parts = [layers_of(self._model.states(text)) for text in texts]
        return np.concatenate([part[0] for part in parts]), np.concatenate([part[1] for part in parts])


def question_reader(model: SentenceTransformer) -> QuestionReader:
    """The fastest reader whose vectors agree with the model's own on probe texts."""
    plain = PlainReader(model)
    try:
        from ingest.written_out import WrittenOut

        fast = WrittenOutReader(WrittenOut(model))
        if float((fast.vectors(_PROBES) * plain.vectors(_PROBES)).sum(axis=1).min()) >= LEAST_EXACTNESS:
            return fast
    except _ERRORS as error:
        _log.info("Questions are read by the plain model, as the faster form is not possible here: %s", error)
    return plain
