"""What the layers of the embedding model make of a text.

The sentence vector is trained to tell what a text is about; how it is meant (now or long ago, hoped or feared) is
plainer in the layers below it. One pass through the model gives both.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, cast

import numpy as np

if TYPE_CHECKING:
    import torch
    from sentence_transformers import SentenceTransformer

LAYERS = (3, 4, 5, 6)
"""Of the packaged model's six; the lowest ones know words, not sentences."""

PER_LAYER = 3
"""Mean, maximum and first word-piece."""


def read_layers(model: SentenceTransformer, texts: Sequence[str]) -> tuple[np.ndarray, np.ndarray]:
    """Sentence vectors (n, dimension), and layers (n, 12 x dimension): the means, the maxima, the first pieces.

    Every part is float32 and of unit length. For a model of at least six layers that pools by the mean, as the
    packaged one does.
    """
    import torch

    with torch.inference_mode():
        given = model.preprocess(list(texts))
        pieces = {name: given[name] for name in ("input_ids", "attention_mask", "token_type_ids")}
        states = cast(Any, model[0]).auto_model(**pieces, output_hidden_states=True).hidden_states
        return layers_of(states, pieces["attention_mask"].unsqueeze(-1).bool())


def layers_of(states: Sequence[torch.Tensor], counts: torch.Tensor | None = None) -> tuple[np.ndarray, np.ndarray]:
    """As `read_layers`, from the states (n, pieces, dimension) of the embedding and each layer.

    counts: (n, pieces, 1), True for a word-piece and False for padding; None where nothing is padded.
    """
    import torch

    with torch.inference_mode():
        chosen = [states[layer] for layer in LAYERS]
        if counts is None:
            means, maxima = [state.mean(1) for state in chosen], [state.amax(1) for state in chosen]
        else:
            means = [(state * counts).sum(1) for state in chosen]
            maxima = [state.masked_fill(~counts, -1e9).amax(1) for state in chosen]
        firsts = [state[:, 0] for state in chosen]
        parts = [_unit(part) for part in (*means, *maxima, *firsts)]
        return parts[len(LAYERS) - 1].numpy(), torch.cat(parts, 1).numpy()


def _unit(states: torch.Tensor) -> torch.Tensor:
    """(n, dimension) -> the same, each row of unit length."""
    import torch

    return torch.nn.functional.normalize(states, dim=1)
