"""The layers of the embedding model, and the vectors that the same pass leaves behind."""

from __future__ import annotations

import numpy as np
import pytest

from ingest.embedder import Embedder
from ingest.layers import LAYERS, PER_LAYER

TEXTS = ["Is cupping safe?", "My back bled a little after the session, and it has stopped since.", "hijama"]


@pytest.fixture(scope="module")
def embedder() -> Embedder:
    return Embedder()


def test_every_part_is_of_unit_length(embedder: Embedder) -> None:
    layers = embedder.query_layers(TEXTS)
    assert layers.shape == (3, len(LAYERS) * PER_LAYER * embedder.dimension) and layers.dtype == np.float32
    parts = layers.reshape(3, -1, embedder.dimension)
    assert np.allclose(np.linalg.norm(parts, axis=2), 1.0, atol=1e-5)


def test_the_same_pass_gives_the_sentence_vectors(monkeypatch: pytest.MonkeyPatch) -> None:
    layered, plain = Embedder(), Embedder()
    layered.query_layers(TEXTS)
    monkeypatch.setattr(layered, "_encode", lambda *_: pytest.fail("the texts went through the model again"))
    assert np.allclose(layered.embed_queries(TEXTS), plain.embed_queries(TEXTS), atol=1e-5)


def test_a_text_reads_the_same_alone_and_among_others(embedder: Embedder) -> None:
    together = embedder.query_layers(TEXTS)
    for row, text in zip(together, TEXTS, strict=True):
        assert np.allclose(row, Embedder().query_layers([text])[0], atol=1e-4)


def test_more_texts_than_are_kept(embedder: Embedder) -> None:
    many = [f"question number {number}" for number in range(100)]
    layers = embedder.query_layers(many)
    assert np.allclose(layers[99], embedder.query_layers([many[99]])[0], atol=1e-4)
    assert embedder.query_layers([many[0]]).shape == (1, layers.shape[1])
