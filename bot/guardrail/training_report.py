"""What the held-out predictions of a training run show: recall, false alarms, and the weakest groups."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray
from sklearn.metrics import average_precision_score, roc_auc_score

from bot.guardrail.labelled_lines import Label, LabelledLine

WEAKEST = 8


class _Plan(Protocol):
    @property
    def name(self) -> str: ...
    @property
    def yes(self) -> frozenset[Label]: ...
    @property
    def no(self) -> frozenset[Label]: ...


class _Head(Protocol):
    @property
    def plan(self) -> _Plan: ...
    @property
    def threshold(self) -> float: ...
    @property
    def strength(self) -> float: ...
    @property
    def held_out(self) -> NDArray[np.float64]: ...


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


def head_report(head: _Head, lines: Sequence[LabelledLine]) -> dict[str, Any]:
    """One head on lines of groups that it had not seen."""
    yes = np.array([line.label in head.plan.yes for line in lines])
    no = np.array([line.label in head.plan.no for line in lines])
    flagged, used = head.held_out >= head.threshold, yes | no
    return {
        "strength": head.strength,
        "threshold": round(head.threshold, 4),
        "average_precision": round(float(average_precision_score(yes[used], head.held_out[used])), 4),
        "roc_auc": round(float(roc_auc_score(yes[used], head.held_out[used])), 4),
        "recall": share(flagged[yes]),
        "flagged_wrongly": share(flagged[no]),
        "weakest_groups": _weakest(flagged, yes, lines),
    }


def emergencies_report(heads: Sequence[_Head], lines: Sequence[LabelledLine]) -> dict[str, Any]:
    """Both emergency heads together: what either escalates, by label."""
    flagged = np.zeros(len(lines), dtype=bool)
    for head in heads:
        if head.plan.name in (Label.URGENT, Label.CRISIS):
            flagged |= head.held_out >= head.threshold
    labels = np.array([line.label.value for line in lines])
    calm = ~np.isin(labels, (Label.URGENT.value, Label.CRISIS.value))
    escalated = {label.value: share(flagged[labels == label.value]) for label in Label}
    return {"false_alarms": share(flagged[calm]), "escalated": escalated}


def _weakest(flagged: NDArray[np.bool_], yes: NDArray[np.bool_], lines: Sequence[LabelledLine]) -> dict[str, float]:
    groups = np.array([line.group for line in lines])
    recall = {str(group): float(flagged[yes & (groups == group)].mean()) for group in np.unique(groups[yes])}
    return {group: round(rate, 2) for group, rate in sorted(recall.items(), key=lambda pair: pair[1])[:WEAKEST]}
