"""Fits the networks of the guardrail's classifiers: cross-entropy, dropout, decay of weights, a falling rate."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import torch
from numpy.typing import NDArray
from torch import nn

from bot.guardrail.network import Network, Networks, Vectors

MEMBERS = 3
UNITS = 256
STEPS = 1_000
BATCH = 128
RATE = 1e-3
DECAY = 0.01
DROPPED_IN, DROPPED_HIDDEN = 0.2, 0.5
SMOOTHING = 0.05
"""Share of each line's label that is spread over all: writers and labels err too."""
FLAT = 1e-5
"""A number of the vectors that varies less than this tells nothing, and dividing by it would magnify rounding."""


def fit(vectors: Vectors, labels: NDArray[np.str_], weights: NDArray[np.float64], seed: int = 0) -> Networks:
    """vectors: (lines, dimensions); labels, weights: (lines,). Each label counts alike, however many lines it has."""
    names, targets = np.unique(labels, return_inverse=True)
    mean = vectors.mean(axis=0, dtype=np.float64).astype(np.float32)
    spread = vectors.std(axis=0, dtype=np.float64).astype(np.float32)
    scale = np.where(spread < FLAT, np.float32(np.inf), spread)
    standard = (vectors - mean) / scale
    each = weights * (len(labels) / (len(names) * np.bincount(targets)))[targets]
    members = [_member(standard, targets, each.astype(np.float32), seed + number) for number in range(MEMBERS)]
    return Networks(tuple(str(name) for name in names), mean, scale, tuple(members))


def _member(standard: Vectors, targets: NDArray[np.intp], each: Vectors, seed: int) -> Network:
    """One network, from the beginning that `seed` gives."""
    with torch.random.fork_rng(devices=()):
        torch.manual_seed(seed)
        first, last = nn.Linear(standard.shape[1], UNITS), nn.Linear(UNITS, int(targets.max()) + 1)
        network = nn.Sequential(nn.Dropout(DROPPED_IN), first, nn.ReLU(), nn.Dropout(DROPPED_HIDDEN), last)
        _run(network, torch.from_numpy(standard), torch.from_numpy(targets), torch.from_numpy(each))
    parts: Sequence[torch.Tensor] = (first.weight, first.bias, last.weight, last.bias)
    return Network(*(part.detach().numpy() for part in parts))


def _run(network: nn.Module, standard: torch.Tensor, targets: torch.Tensor, each: torch.Tensor) -> None:
    """As many passes over all lines as make at least STEPS steps."""
    batches = -(-len(targets) // BATCH)
    passes = -(-STEPS // batches)
    optimizer = torch.optim.AdamW(network.parameters(), lr=RATE, weight_decay=DECAY)
    rate = torch.optim.lr_scheduler.OneCycleLR(optimizer, RATE, total_steps=passes * batches)
    loss = nn.CrossEntropyLoss(reduction="none", label_smoothing=SMOOTHING)
    network.train()
    for _ in range(passes):
        for rows in torch.split(torch.randperm(len(targets)), BATCH):
            optimizer.zero_grad()
            (loss(network(standard[rows]), targets[rows]) * each[rows]).mean().backward()
            optimizer.step()
            rate.step()
