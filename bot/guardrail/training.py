"""Fit the guardrail's classifier: `python -m bot.guardrail.training` (the make target `guardrail-model`).

Labelled lines -> layers of the embedding model, standardised -> one multinomial logistic regression, read by six
heads. Regularisation and thresholds come from predictions on groups held out of the fit, so that no wording is judged
by a model that has seen it. The result is plain JSON: coefficients, thresholds and a report.
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
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import log_loss
from sklearn.model_selection import StratifiedGroupKFold
from sklearn.pipeline import Pipeline, make_pipeline
from sklearn.preprocessing import StandardScaler

from bot.guardrail.classifier import COEFFICIENTS, Head, Probabilities, SoftmaxModel, Vectors
from bot.guardrail.labelled_lines import (
    INDEPENDENT_LINES,
    TRAINING_LINES,
    LabelledLine,
    contrast_groups,
    fingerprint,
    read_independent,
    read_lines,
)
from bot.guardrail.thresholds import HeldOut, choose_heads
from bot.guardrail.training_report import report
from ingest.embedder import Embedder
from ingest.folding import fold

Embed = Callable[[list[str]], Vectors]
Weights = NDArray[np.float64]

REPORT = COEFFICIENTS.with_name("classifier-report.json")
STRENGTHS = (0.01,)
"""Of 0.003, 0.01 and 0.03 it had the least log loss on held-out groups each time; more can be tried here."""
FLAT = 1e-5
"""A number of the vectors that varies less than this tells nothing, and dividing by it would magnify rounding."""
OWN_WEIGHT = 0.5
"""What a line written beside the rules counts against an independent one: it is more like the others."""
FOLDS = 5
SEED = 20


@dataclass(frozen=True)
class Trained:
    """The model fitted on every line, its heads, and what models that had not seen a line said of it."""

    model: SoftmaxModel
    heads: dict[str, Head]
    held_out: HeldOut
    strength: float


def default_embed() -> Embed:
    """The packaged model's layers, one text at a time on one thread and folded, just as questions are read."""
    embedder = Embedder()

    def embed(texts: list[str]) -> Vectors:
        return np.stack([embedder.query_layers([fold(text).text])[0] for text in texts])

    return embed


def train(lines: Sequence[LabelledLine], embed: Embed, weights: Weights | None = None) -> Trained:
    """Choose the strength and the thresholds on held-out groups, then fit on every line. weights: (lines,)."""
    vectors = np.array(embed([line.text for line in lines]), dtype=np.float32)
    vectors[:, vectors.std(axis=0, dtype=np.float64) < FLAT] = 0.0
    data = _Data(
        vectors,
        np.array([line.label.value for line in lines]),
        np.ones(len(lines)) if weights is None else weights,
    )
    groups = np.array(contrast_groups(lines))
    tried = {strength: _held_out(data, groups, strength) for strength in STRENGTHS}
    strength = min(tried, key=lambda each: float(log_loss(data.labels, tried[each])))
    model = _unscaled(_fit(data, slice(None), strength))
    held_out = HeldOut(model.labels, data.labels, tried[strength])
    return Trained(model, choose_heads(model, held_out), held_out, strength)


@dataclass(frozen=True)
class _Data:
    vectors: Vectors
    labels: NDArray[np.str_]
    weights: Weights


def _fit(data: _Data, rows: Any, strength: float) -> Pipeline:
    regression = LogisticRegression(C=strength, class_weight="balanced", max_iter=1000, tol=1e-3)
    model = make_pipeline(StandardScaler(), regression)
    weighed = {"logisticregression__sample_weight": data.weights[rows]}
    return model.fit(data.vectors[rows], data.labels[rows], **weighed)


def _unscaled(fitted: Pipeline) -> SoftmaxModel:
    """The same model for vectors that are not standardised."""
    scaler, regression = fitted[0], fitted[1]
    weights = np.asarray(regression.coef_ / scaler.scale_, dtype=np.float64)
    intercepts = np.asarray(regression.intercept_ - weights @ scaler.mean_, dtype=np.float64)
    return SoftmaxModel(tuple(str(label) for label in regression.classes_), weights, intercepts)


def _held_out(data: _Data, groups: NDArray[np.str_], strength: float) -> Probabilities:
    """(lines, labels) probabilities, labels in sorted order, from folds without the line's group."""
    found = np.zeros((len(data.labels), len(np.unique(data.labels))))
    folds = StratifiedGroupKFold(n_splits=FOLDS, shuffle=True, random_state=SEED)
    for fit, held in folds.split(data.vectors, data.labels, groups):
        found[held] = _fit(data, fit, strength).predict_proba(data.vectors[held])
    return np.asarray(found / found.sum(axis=1, keepdims=True), dtype=np.float64)


def coefficients(trained: Trained) -> dict[str, Any]:
    """The model and its heads as JSON values."""
    return {
        "labels": list(trained.model.labels),
        "intercepts": [round(float(value), 5) for value in trained.model.intercepts],
        "heads": {
            name: {"yes": sorted(head.yes), "no": sorted(head.no), "threshold": round(head.threshold, 6)}
            for name, head in trained.heads.items()
        },
        "weights": [[round(float(value), 4) for value in row] for row in trained.model.weights],
    }


def main(arguments: Sequence[str] | None = None, embed: Embed | None = None) -> int:
    """Train from the labelled lines; write the coefficients and the report."""
    parser = argparse.ArgumentParser(prog="bot.guardrail.training", description="Fit the guardrail's classifier.")
    parser.add_argument("--lines", type=Path, default=TRAINING_LINES, help="labelled lines (JSONL)")
    parser.add_argument("--independent", type=Path, default=INDEPENDENT_LINES, help="independent lines (JSONL)")
    parser.add_argument("--out", type=Path, default=COEFFICIENTS, help="coefficients to write (JSON)")
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
        "strength": trained.strength,
        "folds": FOLDS,
    }
    measured = report(trained.heads, trained.held_out, [line.group for line in lines])
    chosen.out.write_text(json.dumps({**origin, **coefficients(trained)}) + "\n", encoding="utf-8")
    chosen.report.write_text(json.dumps({**origin, **measured}, indent=2) + "\n", encoding="utf-8")
    print(json.dumps(measured["emergencies"], indent=2))
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
