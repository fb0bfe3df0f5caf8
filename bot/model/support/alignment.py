"""Finds the sentences of a passage that a claim speaks of, whether or not it speaks true of them."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from bot.model.support.wording import Wording, read_wording

_NUMBER_WEIGHT = 1.0
_LEAST_GAIN = 2
"""A neighbour joins the best sentence only where it holds at least so many words of the claim that that one lacks."""


def aligned(claim: str, sentences: Sequence[str], similarities: NDArray[np.floating]) -> tuple[int, ...]:
    """Indices of the one sentence, or two neighbours, that a claim is about.

    similarities: cosine of the claim to each sentence, shape (sentences,). What the
    claim negates, hedges or exaggerates does not count: a distorted claim must meet the sentence that it distorts.
    """
    mine = read_wording(claim)
    read = [read_wording(sentence) for sentence in sentences]
    scores = [_touch(mine, other) + float(s) for other, s in zip(read, similarities, strict=True)]
    best = int(np.argmax(scores))
    neighbours = [i for i in (best - 1, best + 1) if 0 <= i < len(sentences)]
    if not neighbours:
        return (best,)
    other = max(neighbours, key=lambda i: len(_gain(mine, read[best], read[i])))
    gains = (_gain(mine, read[best], read[other]), _gain(mine, read[other], read[best]))
    if all(len(gain) >= _LEAST_GAIN for gain in gains):
        return (min(best, other), max(best, other))
    return (best,)


def _touch(claim: Wording, sentence: Wording) -> float:
    """Share of the claim's words and numbers that a sentence holds."""
    words = len(claim.held & sentence.held) / max(1, len(claim.held))
    values = {number.value for number in claim.numbers if not number.idle}
    shared = values & {number.value for number in sentence.numbers}
    return words + (_NUMBER_WEIGHT * len(shared) / len(values) if values else 0.0)


def _gain(claim: Wording, first: Wording, second: Wording) -> frozenset[str]:
    return frozenset(stem for stem in (claim.held & second.held) - first.held if not stem[0].isdigit())
