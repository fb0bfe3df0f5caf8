"""What held-out predictions show of a training run: recall, false alarms, and the weakest groups."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray
from sklearn.metrics import average_precision_score, roc_auc_score

from bot.guardrail.classifier import Head
from bot.guardrail.labelled_lines import Label
from bot.guardrail.thresholds import CALM, LOOK_ALIKES, HeldOut

WEAKEST = 8


def report(heads: Mapping[str, Head], held_out: HeldOut, groups: Sequence[str]) -> dict[str, Any]:
    """Every head on lines whose group it had not seen, and both emergency heads together."""
    return {
        "emergencies": _emergencies(heads, held_out),
        "heads": {name: _head(head, held_out, np.array(groups)) for name, head in heads.items()},
    }


def share(hits: NDArray[np.bool_]) -> dict[str, Any]:
    """Hits of a set of trials, with the 95% interval of Wilson (1927)."""
    trials, found = len(hits), int(hits.sum())
    if not trials:
        return {"found": 0, "of": 0, "share": None, "interval": None}
    rate, z = found / trials, 1.96
    centre = (rate + z * z / (2 * trials)) / (1 + z * z / trials)
    half = z / (1 + z * z / trials) * np.sqrt(rate * (1 - rate) / trials + z * z / (4 * trials**2))
    interval = [round(float(centre - half), 4), round(float(centre + half), 4)]
    return {"found": found, "of": trials, "share": round(rate, 4), "interval": interval}


def _head(head: Head, held_out: HeldOut, groups: NDArray[np.str_]) -> dict[str, Any]:
    score = held_out.judge(head.yes, head.no)
    yes, no = held_out.are(head.yes), held_out.are(head.no)
    flagged, used = score >= head.threshold, yes | no
    return {
        "threshold": round(head.threshold, 4),
        "average_precision": round(float(average_precision_score(yes[used], score[used])), 4),
        "roc_auc": round(float(roc_auc_score(yes[used], score[used])), 4),
        "recall": share(flagged[yes]),
        "flagged_wrongly": share(flagged[no]),
        "weakest_groups": _weakest(flagged, yes, groups),
    }


def _emergencies(heads: Mapping[str, Head], held_out: HeldOut) -> dict[str, Any]:
    flagged = np.zeros(len(held_out.labels), dtype=bool)
    for name in (Label.URGENT, Label.CRISIS):
        flagged |= held_out.judge(heads[name].yes, heads[name].no) >= heads[name].threshold
    by_label = {label.value: share(flagged[held_out.labels == label.value]) for label in Label}
    return {
        "false_alarms": share(flagged[held_out.are(CALM)]),
        "false_alarms_ordinary": share(flagged[held_out.are(CALM - LOOK_ALIKES)]),
        "false_alarms_look_alikes": share(flagged[held_out.are(LOOK_ALIKES)]),
        "escalated": by_label,
    }


def _weakest(flagged: NDArray[np.bool_], yes: NDArray[np.bool_], groups: NDArray[np.str_]) -> dict[str, float]:
    recall = {str(group): float(flagged[yes & (groups == group)].mean()) for group in np.unique(groups[yes])}
    return {group: round(rate, 2) for group, rate in sorted(recall.items(), key=lambda pair: pair[1])[:WEAKEST]}
