"""Linear layers whose weights are laid out once for the processor (oneDNN), not at every call."""

from __future__ import annotations

import torch
from torch import nn
from transformers.activations import GELUActivation


class PackedLinear(nn.Module):
    """Computes what the given layer computes. The operators are those that torch's own compiler emits."""

    def __init__(self, layer: nn.Linear, then_gelu: bool = False) -> None:
        """`then_gelu`: apply the exact GELU to what comes out, in the same pass."""
        super().__init__()
        self._after: tuple[str, list[float], str] = ("gelu", [], "none") if then_gelu else ("none", [], "")
        self._weight = torch.ops.mkldnn._reorder_linear_weight(layer.weight.detach().bfloat16(), None)
        self._bias = layer.bias.detach().bfloat16() if layer.bias is not None else None

    def forward(self, rows: torch.Tensor) -> torch.Tensor:
        """(..., inputs) to (..., outputs)."""
        out: torch.Tensor = torch.ops.mkldnn._linear_pointwise(rows, self._weight, self._bias, *self._after)
        return out


def pack_linear_layers(module: nn.Module) -> None:
    """Replace every linear layer below a module, in bfloat16.

    Raises RuntimeError or AttributeError where torch can't do it.
    """
    children = dict(module.named_children())
    dense, activation = children.get("dense"), children.get("intermediate_act_fn")
    if isinstance(dense, nn.Linear) and isinstance(activation, GELUActivation | nn.GELU):
        module.dense = PackedLinear(dense, then_gelu=True)
        module.intermediate_act_fn = nn.Identity()
        return
    for name, child in children.items():
        if isinstance(child, nn.Linear):
            setattr(module, name, PackedLinear(child))
        else:
            pack_linear_layers(child)
