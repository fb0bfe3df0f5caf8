"""Passages get the vectors of the plain model, in whichever form they are embedded."""

from __future__ import annotations

import numpy as np
import pytest

from ingest.embedder import FEW, LEAST_AGREEMENT, Embedder, computes_bfloat16
from ingest.forms import encode
from ingest.question_readers import LEAST_EXACTNESS, PlainReader, WrittenOutReader, question_reader

TEXTS = [("The cup was set down beside the river. " * (n % 19 + 1))[: 20 + 13 * n] for n in range(FEW + 16)]


def _agreement(one: np.ndarray, two: np.ndarray) -> float:
    return float((one * two).sum(axis=1).min())


def test_many_passages_of_all_lengths_agree_with_the_plain_model() -> None:
    embedder = Embedder()
    fast = embedder.embed(TEXTS)
    plain = embedder.embed_queries(TEXTS)
    assert _agreement(fast, plain) > LEAST_AGREEMENT
    assert np.allclose(np.linalg.norm(fast, axis=1), 1, atol=1e-5)


def test_a_few_passages_do_not_set_up_the_fast_form(monkeypatch: pytest.MonkeyPatch) -> None:
    def set_up(*_: object) -> None:
        raise AssertionError("the fast form was set up")

    embedder = Embedder()
    monkeypatch.setattr("ingest.embedder.halved", set_up)
    few = embedder.embed(TEXTS[:FEW])
    assert _agreement(few, embedder.embed_queries(TEXTS[:FEW])) > 0.999999


@pytest.mark.skipif(not computes_bfloat16(), reason="the processor does not compute in bfloat16")
def test_the_fast_form_is_the_fastest_one() -> None:
    embedder = Embedder()
    embedder.embed(TEXTS)
    assert embedder._fast is not None
    assert embedder._fast[0].auto_model.config._attn_implementation == "two_products"


def test_questions_get_the_vectors_of_the_plain_model() -> None:
    embedder = Embedder()
    asked = embedder.embed_queries(TEXTS[:20])
    assert _agreement(asked, encode(embedder._loaded(), TEXTS[:20])) > LEAST_EXACTNESS


def test_questions_are_read_by_the_written_out_form() -> None:
    assert isinstance(question_reader(Embedder()._loaded()), WrittenOutReader)


def test_a_text_longer_than_the_model_reads_is_cut_as_the_model_cuts_it() -> None:
    model, text = Embedder()._loaded(), "The cups stood on the wet window-sill. " * 90
    assert _agreement(question_reader(model).vectors([text]), encode(model, [text])) > LEAST_EXACTNESS


def test_the_layers_are_those_of_the_plain_model() -> None:
    model = Embedder()._loaded()
    written, plain = question_reader(model).layers(TEXTS[:5]), PlainReader(model).layers(TEXTS[:5])
    for one, two in zip(written, plain, strict=True):
        assert np.allclose(one, two, atol=1e-4)


def test_where_layers_cannot_be_laid_out_the_plain_model_is_taken(monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: object, **__: object) -> None:
        raise RuntimeError("no such operator")

    monkeypatch.setattr("ingest.written_out._Linear.of", fail)
    assert isinstance(question_reader(Embedder()._loaded()), PlainReader)


def test_where_vectors_disagree_the_plain_model_is_taken(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("ingest.written_out._Norm.__call__", lambda _, rows: rows)
    assert isinstance(question_reader(Embedder()._loaded()), PlainReader)
