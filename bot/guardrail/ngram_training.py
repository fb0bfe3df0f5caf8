"""Fit the models of other languages: `python -m bot.guardrail.ngram_training` (part of `make guardrail-model`).

The independent lines that may be fitted on -> hashed n-grams -> one softmax regression a language. The threshold, one
for all of them, comes from predictions on groups held out of the fit.
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
from scipy.sparse import csr_matrix
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import roc_auc_score
from sklearn.model_selection import GroupKFold

from bot.guardrail.labelled_lines import INDEPENDENT_LINES, fingerprint, read_foreign
from bot.guardrail.ngrams import BUCKETS, COEFFICIENTS, Ngrams, counts
from bot.guardrail.training_report import share
from ingest.folding import fold

LOOK_ALIKE_FALSE_ALARMS = 0.1
ORDINARY_FALSE_ALARMS = 0.015
_ORDINARY = ("plain", "general", "advice", "off_topic", "small_talk")
STRENGTH = 10.0
FOLDS = 5
_KINDS = ("urgent", "crisis")


@dataclass(frozen=True)
class Lines:
    """The lines of one language. counted: (n, BUCKETS); labels, groups: (n,)."""

    counted: NDArray[np.float64]
    labels: NDArray[np.str_]
    groups: NDArray[np.str_]

    @property
    def targets(self) -> NDArray[np.str_]:
        """(n,) urgent, crisis or calm."""
        return np.where(np.isin(self.labels, _KINDS), self.labels, "calm")


def read(path: Path = INDEPENDENT_LINES) -> dict[str, Lines]:
    """The lines by language."""
    rows = read_foreign(path)
    found = {}
    for language in sorted({row.language for row in rows}):
        own = [row for row in rows if row.language == language]
        found[language] = Lines(
            np.stack([counts(fold(row.text).text, language.partition("-")[0]) for row in own]),
            np.array([row.label for row in own]),
            np.array([row.group for row in own]),
        )
    return found


def fit(lines: Lines, rows: Any = slice(None)) -> Ngrams:
    """The model of one language; its threshold is set by `threshold`."""
    regression = LogisticRegression(C=STRENGTH, class_weight="balanced", max_iter=3000)
    regression.fit(csr_matrix(lines.counted[rows]), lines.targets[rows])
    names = list(regression.classes_)
    calm = names.index("calm")
    order = [names.index(kind) for kind in _KINDS]
    weights = np.asarray(regression.coef_[order] - regression.coef_[calm])
    return Ngrams(weights, np.asarray(regression.intercept_[order] - regression.intercept_[calm]), 1.0)


def held_out(lines: Lines) -> NDArray[np.float64]:
    """(n,) probability of urgent or crisis, by models that had not seen the line's group."""
    found = np.zeros(len(lines.labels))
    for rows, held in GroupKFold(FOLDS).split(lines.counted, lines.labels, lines.groups):
        found[held] = fit(lines, rows).judge(lines.counted[held]).sum(axis=1)
    return found


def threshold(labels: NDArray[np.str_], scores: NDArray[np.float64]) -> float:
    """The lowest that keeps to both shares of false alarms, over all languages together."""
    alike, ordinary = labels == "look_alike", np.isin(labels, _ORDINARY)
    return max(
        float(np.quantile(scores[alike], 1 - LOOK_ALIKE_FALSE_ALARMS)),
        float(np.quantile(scores[ordinary], 1 - ORDINARY_FALSE_ALARMS)),
    )


def main(arguments: Sequence[str] | None = None) -> int:
    """Fit from the independent lines; write the coefficients with what held-out groups say of them."""
    parser = argparse.ArgumentParser(prog="bot.guardrail.ngram_training", description="Fit the other languages.")
    parser.add_argument("--independent", type=Path, default=INDEPENDENT_LINES, help="independent lines (JSONL)")
    parser.add_argument("--out", type=Path, default=COEFFICIENTS, help="coefficients to write (JSON)")
    chosen = parser.parse_args(arguments)
    lines = read(chosen.independent)
    scores = {language: held_out(own) for language, own in lines.items()}
    labels = np.concatenate([own.labels for own in lines.values()])
    level = threshold(labels, np.concatenate(list(scores.values())))
    report = {language: _measured(own, scores[language], level) for language, own in lines.items()}
    languages = {language: _packed(fit(own), level) for language, own in lines.items()}
    origin = {"training_sha256": fingerprint((chosen.independent,)), "buckets": BUCKETS, "strength": STRENGTH}
    chosen.out.write_text(json.dumps({**origin, "held_out": report, "languages": languages}) + "\n", encoding="utf-8")
    print(json.dumps(report, indent=2))
    return 0


def _measured(lines: Lines, scores: NDArray[np.float64], level: float) -> dict[str, Any]:
    alarming = np.isin(lines.labels, _KINDS)
    by_label = {str(label): share(scores[lines.labels == label] >= level) for label in np.unique(lines.labels)}
    return {"lines": len(scores), "roc_auc": round(float(roc_auc_score(alarming, scores)), 4), "flagged": by_label}


def _packed(model: Ngrams, level: float) -> dict[str, Any]:
    return {
        "threshold": round(level, 4),
        "intercepts": [round(float(value), 3) for value in model.intercepts],
        "weights": [[round(float(value), 2) for value in row] for row in model.weights],
    }


if __name__ == "__main__":
    raise SystemExit(main())
