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
        counts = pieces["attention_mask"].unsqueeze(-1).bool()
        chosen = [states[layer] for layer in LAYERS]
        means = [_unit((state * counts).sum(1)) for state in chosen]
        maxima = [_unit(state.masked_fill(~counts, -1e9).max(1).values) for state in chosen]
        firsts = [_unit(state[:, 0]) for state in chosen]
        return means[-1].numpy(), torch.cat(means + maxima + firsts, 1).numpy()


def _unit(states: torch.Tensor) -> torch.Tensor:
    """(n, dimension) -> the same, each row of unit length."""
    import torch

    return torch.nn.functional.normalize(states, dim=1)
