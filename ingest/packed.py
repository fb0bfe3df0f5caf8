"""Linear layers in bfloat16 whose weights are laid out once for the processor (oneDNN), not at every call."""

from __future__ import annotations

import torch
from torch import nn


class PackedLinear(nn.Module):
    """Computes what the given layer computes, in bfloat16. The operators are those that torch's own compiler emits."""

    def __init__(self, layer: nn.Linear) -> None:
        super().__init__()
        self._weight = torch.ops.mkldnn._reorder_linear_weight(layer.weight.detach().bfloat16(), None)
        self._bias = layer.bias.detach().bfloat16() if layer.bias is not None else None

    def forward(self, rows: torch.Tensor) -> torch.Tensor:
        """(..., inputs) to (..., outputs)."""
        out: torch.Tensor = torch.ops.mkldnn._linear_pointwise(rows, self._weight, self._bias, "none", [], "")
        return out


def pack_linear_layers(module: nn.Module) -> None:
    """Replace every linear layer below a module. Raises RuntimeError or AttributeError where torch can't do it."""
    for name, child in module.named_children():
        if isinstance(child, nn.Linear):
            setattr(module, name, PackedLinear(child))
        else:
            pack_linear_layers(child)
