"""Fit the guardrail's classifier: `python -m bot.guardrail.training` (the make target `guardrail-model`).

Labelled lines -> layers of the embedding model, standardised -> a few small networks, read by six heads. Thresholds
come from predictions on groups held out of the fit, so that no wording is judged by a model that has seen it. The
result is data: coefficients as arrays, labels and thresholds as JSON, and a report.
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from sklearn.model_selection import StratifiedGroupKFold

from bot.guardrail.classifier import COEFFICIENTS, Head
from bot.guardrail.labelled_lines import (
    INDEPENDENT_LINES,
    TRAINING_LINES,
    LabelledLine,
    contrast_groups,
    fingerprint,
    read_independent,
    read_lines,
)
from bot.guardrail.network import Networks, Probabilities, Vectors
from bot.guardrail.network_training import fit
from bot.guardrail.thresholds import HeldOut, choose_heads
from bot.guardrail.training_report import report
from ingest.embedder import Embedder
from ingest.folding import fold

Embed = Callable[[list[str]], Vectors]
Weights = NDArray[np.float64]

REPORT = COEFFICIENTS.with_name("classifier-report.json")
OWN_WEIGHT = 0.5
"""What a line written beside the rules counts against an independent one: it is more like the others."""
FOLDS = 5
SEED = 20


@dataclass(frozen=True)
class Trained:
    """The networks fitted on every line, their heads, and what networks that had not seen a line said of it."""

    model: Networks
    heads: dict[str, Head]
    held_out: HeldOut


def default_embed() -> Embed:
    """The packaged model's layers, one text at a time on one thread and folded, just as questions are read."""
    embedder = Embedder()

    def embed(texts: list[str]) -> Vectors:
        return np.stack([embedder.query_layers([fold(text).text])[0] for text in texts])

    return embed


def train(lines: Sequence[LabelledLine], embed: Embed, weights: Weights | None = None) -> Trained:
    """Choose the thresholds on held-out groups, then fit on every line. weights: (lines,)."""
    vectors = np.array(embed([line.text for line in lines]), dtype=np.float32)
    data = _Data(
        vectors,
        np.array([line.label.value for line in lines]),
        np.ones(len(lines)) if weights is None else weights,
    )
    model = data.fit(slice(None))
    held_out = HeldOut(model.labels, data.labels, _held_out(data, np.array(contrast_groups(lines))))
    return Trained(model, choose_heads(model, held_out), held_out)


@dataclass(frozen=True)
class _Data:
    vectors: Vectors
    labels: NDArray[np.str_]
    weights: Weights

    def fit(self, rows: Any) -> Networks:
        return fit(self.vectors[rows], self.labels[rows], self.weights[rows], SEED)


def _held_out(data: _Data, groups: NDArray[np.str_]) -> Probabilities:
    """(lines, labels) probabilities, labels in sorted order, from folds without the line's group."""
    found = np.zeros((len(data.labels), len(np.unique(data.labels))))
    folds = StratifiedGroupKFold(n_splits=FOLDS, shuffle=True, random_state=SEED)
    for rows, held in folds.split(data.vectors, data.labels, groups):
        found[held] = data.fit(rows).probabilities(data.vectors[held])
    return found


def described(trained: Trained) -> dict[str, Any]:
    """The labels and heads as JSON values."""
    return {
        "labels": list(trained.model.labels),
        "heads": {
            name: {"yes": sorted(head.yes), "no": sorted(head.no), "threshold": round(head.threshold, 6)}
            for name, head in trained.heads.items()
        },
    }


def main(arguments: Sequence[str] | None = None, embed: Embed | None = None) -> int:
    """Train from the labelled lines; write the coefficients and the report."""
    parser = argparse.ArgumentParser(prog="bot.guardrail.training", description="Fit the guardrail's classifier.")
    parser.add_argument("--lines", type=Path, default=TRAINING_LINES, help="labelled lines (JSONL)")
    parser.add_argument("--independent", type=Path, default=INDEPENDENT_LINES, help="independent lines (JSONL)")
    parser.add_argument(
        "--out",
        type=Path,
        default=COEFFICIENTS,
        help="labels and heads (JSON); weights beside it (.npz)",
    )
    parser.add_argument("--report", type=Path, default=REPORT, help="report to write (JSON)")
    chosen = parser.parse_args(arguments)
    own, independent = read_lines(chosen.lines), read_independent(chosen.independent)
    lines = own + independent
    weights = np.repeat([OWN_WEIGHT, 1.0], [len(own), len(independent)])
    trained = train(lines, embed or default_embed(), weights)
    origin = {
        "embedding": "all-MiniLM-L6-v2, layers",
        "training_sha256": fingerprint((chosen.lines, chosen.independent)),
        "lines": len(lines),
        "folds": FOLDS,
    }
    measured = report(trained.heads, trained.held_out, [line.group for line in lines])
    weights_sha256 = trained.model.save(chosen.out.with_suffix(".npz"))
    written = {**origin, "weights_sha256": weights_sha256, **described(trained)}
    chosen.out.write_text(json.dumps(written, indent=1) + "\n", encoding="utf-8")
    chosen.report.write_text(json.dumps({**origin, **measured}, indent=2) + "\n", encoding="utf-8")
    print(json.dumps(measured["emergencies"], indent=2))
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
