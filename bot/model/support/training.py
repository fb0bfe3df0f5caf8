"""Fit the support check: `python -m bot.model.support.training` (the make target `support-model`).

Pairs in which something disagrees that must agree are settled without the regression; it is fitted on the others, with
the direction of every weight fixed by reason (more overlap may only speak for support, a dropped hedge only against).
The threshold is chosen on predictions for groups held out of the fit; the "test" split is only reported.
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import minimize
from sklearn.model_selection import GroupKFold

from bot.model.support.check import COEFFICIENTS, Embed, Scale, compare
from bot.model.support.features import NAMES
from bot.model.support.pairs import DISTORTIONS, PAIRS, Pair, read_pairs

REPORT = COEFFICIENTS.with_name("report.json")
FOR_SUPPORT = frozenset(("similarity", "covered", "recalled"))
STRENGTH = 0.02
"""Weight of the squared coefficients in the loss."""
FOLDS = 10
LOST = 0.08
"""Share of faithful claims of held-out groups that the threshold may drop; within it, as strict as can be."""
_CURVE = (0.1, 0.2, 0.25, 0.3, 0.35, 0.4, 0.45, 0.5, 0.6, 0.7, 0.8)

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Measured:
    """Pairs with their features: rows (n, features); reasons: what disagrees, "" where nothing does."""

    pairs: tuple[Pair, ...]
    rows: Floats
    reasons: tuple[str, ...]

    @property
    def supported(self) -> NDArray[np.bool_]:
        """(n,) the true labels."""
        return np.array([pair.supported for pair in self.pairs])

    @property
    def open(self) -> NDArray[np.bool_]:
        """(n,) where nothing disagrees, so that the regression decides."""
        return np.array([not reason for reason in self.reasons])

    def where(self, chosen: NDArray[np.bool_]) -> Measured:
        """Some of the pairs."""
        index = np.flatnonzero(chosen)
        return Measured(tuple(self.pairs[i] for i in index), self.rows[index], tuple(self.reasons[i] for i in index))


def measure_pairs(pairs: Sequence[Pair], embed: Embed) -> Measured:
    """Features of every pair."""
    texts = sorted({pair.claim for pair in pairs} | {text for pair in pairs for text in pair.premise})
    vectors: dict[str, NDArray[np.float32]] = {}
    for first in range(0, len(texts), 32):
        vectors |= dict(zip(texts[first : first + 32], embed(texts[first : first + 32]), strict=True))
    rows, reasons = [], []
    for pair in pairs:
        similarities = np.array([float(vectors[pair.claim] @ vectors[text]) for text in pair.premise])
        _, row, reason = compare(pair.claim, pair.premise, pair.heading, similarities)
        rows.append(row)
        reasons.append(reason)
    return Measured(tuple(pairs), np.array(rows), tuple(reasons))


def fit(measured: Measured, threshold: float = 0.5) -> Scale:
    """Logistic regression with L2 penalty, both labels weighing the same, signs of the weights fixed."""
    settled = measured.where(measured.open)
    means, widths = settled.rows.mean(axis=0), settled.rows.std(axis=0) + 1e-9
    design = np.column_stack([np.ones(len(settled.rows)), (settled.rows - means) / widths])
    true = settled.supported
    shares = np.where(true, 0.5 / max(1, true.sum()), 0.5 / max(1, (~true).sum()))

    def loss(weights: Floats) -> tuple[float, Floats]:
        logits = design @ weights
        value = float((shares * np.logaddexp(0.0, np.where(true, -logits, logits))).sum())
        slope = design.T @ (shares * (1.0 / (1.0 + np.exp(-logits)) - true))
        pull = np.r_[0.0, weights[1:]]
        return value + STRENGTH * float(pull @ pull), slope + 2 * STRENGTH * pull

    bounds = [(None, None), *((0.0, None) if name in FOR_SUPPORT else (None, 0.0) for name in NAMES)]
    found = minimize(loss, np.zeros(design.shape[1]), jac=True, bounds=bounds, method="L-BFGS-B").x
    return Scale(means, widths, found[1:], float(found[0]), threshold)


def held_out(measured: Measured) -> Floats:
    """(n,) probabilities from fits that had not seen the pair's document."""
    found = np.zeros(len(measured.pairs))
    documents = [pair.group.rpartition("-")[0] for pair in measured.pairs]
    for seen, unseen in GroupKFold(FOLDS).split(measured.rows, groups=documents):
        mask = np.zeros(len(found), dtype=bool)
        mask[seen] = True
        found[unseen] = fit(measured.where(mask)).probabilities(measured.rows[unseen])
    return np.where(measured.open, found, 0.0)


def choose_threshold(probabilities: Floats, supported: NDArray[np.bool_]) -> float:
    """The highest threshold that drops no more of the faithful claims than allowed."""
    faithful = np.sort(probabilities[supported])
    return float(faithful[int(np.floor(LOST * len(faithful)))])


def curve(probabilities: Floats, measured: Measured, threshold: float) -> dict[str, Any]:
    """Caught and lost at the threshold, by kind of distortion, and along other thresholds."""
    true = measured.supported

    def point(at: float) -> dict[str, float]:
        below = probabilities < at
        return {"threshold": round(at, 4), "caught": _share(below[~true]), "lost": _share(below[true])}

    kinds = np.array([pair.distortion for pair in measured.pairs])
    below = probabilities < threshold
    return {
        "supported": int(true.sum()),
        "distorted": int((~true).sum()),
        **point(threshold),
        "caught_by_distortion": {kind: _share(below[kinds == kind]) for kind in DISTORTIONS},
        "settled_by_disagreement": int((~measured.open)[~true].sum()),
        "curve": [point(at) for at in _CURVE],
    }


def _share(values: NDArray[np.bool_]) -> float:
    return round(float(values.mean()), 4) if len(values) else 0.0


def main(arguments: Sequence[str] | None = None, embed: Embed | None = None) -> int:
    """Fit, choose the threshold, write coefficients and report."""
    parser = argparse.ArgumentParser(prog="bot.model.support.training", description="Fit the support check.")
    parser.add_argument("--pairs", type=Path, default=PAIRS, help="labelled pairs (JSONL)")
    parser.add_argument("--out", type=Path, default=COEFFICIENTS, help="coefficients to write (JSON)")
    parser.add_argument("--report", type=Path, default=REPORT, help="report to write (JSON)")
    chosen = parser.parse_args(arguments)
    if embed is None:
        from ingest.embedder import Embedder

        embed = Embedder().embed_queries
    measured = measure_pairs(read_pairs(chosen.pairs), embed)
    own = measured.where(np.array([pair.split == "fit" for pair in measured.pairs]))
    unseen = measured.where(np.array([pair.split == "test" for pair in measured.pairs]))
    guesses = held_out(own)
    scale = fit(own, choose_threshold(guesses, own.supported))
    report = {"fit": curve(guesses, own, scale.threshold)}
    if unseen.pairs:
        judged = np.where(unseen.open, scale.probabilities(unseen.rows), 0.0)
        report["test"] = curve(judged, unseen, scale.threshold)
    chosen.out.write_text(json.dumps(_as_json(scale), indent=2) + "\n", encoding="utf-8")
    chosen.report.write_text(json.dumps(report, indent=2) + "\n", encoding="utf-8")
    for name, part in report.items():
        print(name, json.dumps({key: value for key, value in part.items() if key != "curve"}, indent=2))
    return 0


def _as_json(scale: Scale) -> dict[str, Any]:
    def rounded(values: Floats) -> list[float]:
        return [round(float(value), 6) for value in values]

    return {
        "features": list(NAMES),
        "means": rounded(scale.means),
        "widths": rounded(scale.widths),
        "weights": rounded(scale.weights),
        "intercept": round(scale.intercept, 6),
        "threshold": round(scale.threshold, 6),
    }


if __name__ == "__main__":
    raise SystemExit(main())
