"""Silence: what speaks against an answer, and what the question's own vector adds."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest

from bot import abstention
from ingest.lexicon import stems


def _said(text: str) -> Any:
    return SimpleNamespace(text=text, stems=frozenset(stems(text)))


@pytest.mark.parametrize(
    ("question", "text", "missing"),
    [
        ("How many cuts are made under each cup?", "The trial had 90 adults.", 1.0),
        ("How many adults were in the trial?", "The trial had 90 adults.", 0.0),
        ("How many adults were in the trial?", "Adults are advised to ask first.", 1.0),
        ("Do adults use it?", "Nothing is counted here.", 0.0),
    ],
)
def test_count_is_given_only_where_the_thing_stands_beside_a_number(question: str, text: str, missing: float) -> None:
    assert abstention._count_not_given(question, [_said(text)]) == missing


def test_vector_of_another_embedding_model_adds_nothing() -> None:
    model = abstention._model()
    assert model.leaning(np.ones(len(model.question) + 1)) == 0.0
    assert model.leaning(np.ones(len(model.question))) == pytest.approx(float(model.question.sum()))
