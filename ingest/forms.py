"""Faster forms of a loaded model; each is tried on probe texts, and taken only where it agrees with the plain model."""

from __future__ import annotations

import copy
import logging
from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from sentence_transformers import SentenceTransformer

LEAST_AGREEMENT = 0.999
"""Least cosine between bfloat16 and float32 vectors of the probe texts; below it, passages are embedded in float32."""

_PROBE = ("Is cupping safe?", "Wet cupping draws a little blood through shallow cuts, so it can spread infection. " * 6)
_ERRORS = (RuntimeError, AttributeError, ValueError, NotImplementedError)
_log = logging.getLogger(__name__)


def encode(model: SentenceTransformer, texts: Sequence[str]) -> np.ndarray:
    """Unit vectors of texts as one batch, float32 (n, dimension)."""
    tensor = model.encode(list(texts), batch_size=len(texts), show_progress_bar=False, convert_to_tensor=True)
    rows = tensor.float().numpy()
    lengths = np.maximum(np.linalg.norm(rows, axis=1, keepdims=True), 1e-12)
    return np.asarray(rows / lengths, dtype=np.float32)


def halved(model: SentenceTransformer) -> SentenceTransformer:
    """The fastest bfloat16 form whose vectors agree with the model's; the model itself where none does."""
    for pack in (True, False):
        try:
            form = copy.deepcopy(model).bfloat16()
            if pack:
                from ingest.attention import attend_by_products
                from ingest.packed import pack_linear_layers

                pack_linear_layers(form)
                attend_by_products(form)
            agreement = _agreement(form, model, _PROBE)
        except _ERRORS as error:
            _log.info("Embedding in bfloat16 (packed: %s) is not possible here: %s", pack, error)
            continue
        if agreement >= LEAST_AGREEMENT:
            return form
    _log.warning("Vectors in bfloat16 do not agree with float32 here; passages are embedded in float32.")
    return model


def computes_bfloat16() -> bool:
    """Whether this processor multiplies bfloat16 matrices itself (AVX512-BF16 or AMX); elsewhere it is slower."""
    import torch

    able = torch.cpu.get_capabilities()
    return bool(able.get("avx512_bf16") or able.get("amx_bf16"))


def _agreement(form: SentenceTransformer, model: SentenceTransformer, texts: Sequence[str]) -> float:
    return float((encode(form, texts) * encode(model, texts)).sum(axis=1).min())
