"""Fit the guardrail's classifier: `python -m bot.guardrail.training` (the make target `guardrail-model`).

Labelled lines -> sentence vectors -> one multinomial logistic regression, read by four heads. Regularisation
and thresholds come from predictions on groups held out of the fit, so that no wording is judged by a model
that has seen it. The result is plain JSON: coefficients, thresholds and a report.
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

from bot.guardrail.classifier import COEFFICIENTS, Head, Probabilities, SoftmaxModel, Vectors
from bot.guardrail.labelled_lines import (
    TRAINING_LINES,
    LabelledLine,
    contrast_groups,
    fingerprint,
    read_lines,
)
from bot.guardrail.thresholds import HeldOut, choose_heads
from bot.guardrail.training_report import report
from ingest.embedder import Embedder

Embed = Callable[[list[str]], Vectors]

REPORT = COEFFICIENTS.with_name("classifier-report.json")
STRENGTHS = (1.0, 3.0, 10.0, 30.0)
FOLDS = 10
SEED = 20


@dataclass(frozen=True)
class Trained:
    """The model fitted on every line, its heads, and what models that had not seen a line said of it."""

    model: SoftmaxModel
    heads: dict[str, Head]
    held_out: HeldOut
    strength: float


def default_embed() -> Embed:
    """The packaged all-MiniLM-L6-v2, one text at a time on one thread, just as questions are embedded."""
    embedder = Embedder()

    def embed(texts: list[str]) -> Vectors:
        return np.stack([embedder.embed_query(text) for text in texts])

    return embed


def train(lines: Sequence[LabelledLine], embed: Embed) -> Trained:
    """Choose the strength and the thresholds on held-out groups, then fit on every line."""
    vectors = np.asarray(embed([line.text for line in lines]), dtype=np.float64)
    labels = np.array([line.label.value for line in lines])
    groups = np.array(contrast_groups(lines))
    tried = {strength: _held_out(vectors, labels, groups, strength) for strength in STRENGTHS}
    strength = min(tried, key=lambda each: float(log_loss(labels, tried[each])))
    fitted = _regression(strength).fit(vectors, labels)
    model = SoftmaxModel(
        tuple(str(label) for label in fitted.classes_),
        np.asarray(fitted.coef_, dtype=np.float64),
        np.asarray(fitted.intercept_, dtype=np.float64),
    )
    held_out = HeldOut(model.labels, labels, tried[strength])
    return Trained(model, choose_heads(model, held_out), held_out, strength)


def _regression(strength: float) -> LogisticRegression:
    return LogisticRegression(C=strength, class_weight="balanced", max_iter=1000)


def _held_out(
    vectors: NDArray[np.float64], labels: NDArray[np.str_], groups: NDArray[np.str_], strength: float
) -> Probabilities:
    """(lines, labels) probabilities, labels in sorted order, from folds without the line's group."""
    found = np.zeros((len(labels), len(np.unique(labels))))
    folds = StratifiedGroupKFold(n_splits=FOLDS, shuffle=True, random_state=SEED)
    for fit, held in folds.split(vectors, labels, groups):
        found[held] = _regression(strength).fit(vectors[fit], labels[fit]).predict_proba(vectors[held])
    return found


def coefficients(trained: Trained) -> dict[str, Any]:
    """The model and its heads as JSON values."""
    return {
        "labels": list(trained.model.labels),
        "intercepts": [round(float(value), 5) for value in trained.model.intercepts],
        "heads": {
            name: {"yes": sorted(head.yes), "no": sorted(head.no), "threshold": round(head.threshold, 6)}
            for name, head in trained.heads.items()
        },
        "weights": [[round(float(value), 5) for value in row] for row in trained.model.weights],
    }


def main(arguments: Sequence[str] | None = None, embed: Embed | None = None) -> int:
    """Train from the labelled lines; write the coefficients and the report."""
    parser = argparse.ArgumentParser(prog="bot.guardrail.training", description="Fit the guardrail's classifier.")
    parser.add_argument("--lines", type=Path, default=TRAINING_LINES, help="labelled lines (JSONL)")
    parser.add_argument("--out", type=Path, default=COEFFICIENTS, help="coefficients to write (JSON)")
    parser.add_argument("--report", type=Path, default=REPORT, help="report to write (JSON)")
    chosen = parser.parse_args(arguments)
    lines = read_lines(chosen.lines)
    trained = train(lines, embed or default_embed())
    origin = {
        "embedding": "all-MiniLM-L6-v2",
        "training_sha256": fingerprint(chosen.lines),
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
