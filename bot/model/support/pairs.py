"""The labelled pairs that the support check is fitted and measured on."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path

PAIRS = Path(__file__).parents[1] / "data" / "support-pairs.jsonl"

DISTORTIONS = ("negation", "number", "group", "strength", "hedge", "entity")


@dataclass(frozen=True)
class Pair:
    """A claim about a passage. premise: the passage's sentences; distortion: "none" where the claim is supported;

    split: "fit" (rules and coefficients were made on it) or "test" (written after them, never looked at).
    """

    premise: tuple[str, ...]
    heading: str
    claim: str
    supported: bool
    distortion: str
    split: str
    group: str


def read_pairs(path: Path = PAIRS) -> list[Pair]:
    """All pairs of a file. Raises ValueError naming the line that does not fit."""
    pairs = []
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), start=1):
        try:
            pairs.append(_pair(json.loads(line)))
        except (ValueError, KeyError, TypeError) as error:
            raise ValueError(f"{path}, line {number}: {error}") from error
    return pairs


def _pair(data: dict[str, object]) -> Pair:
    label, distortion = data["label"], str(data["distortion"])
    if label not in ("supported", "distorted") or data["split"] not in ("fit", "test"):
        raise ValueError("label must be supported or distorted, split fit or test")
    if (label == "supported") != (distortion == "none") or distortion not in ("none", *DISTORTIONS):
        raise ValueError(f"the distortion {distortion!r} does not fit the label {label!r}")
    premise = data["premise"]
    if not isinstance(premise, list) or not premise:
        raise ValueError("premise must be a list of sentences")
    return Pair(
        tuple(map(str, premise)), f"{data['title']}. {data['section']}", str(data["claim"]),
        label == "supported", distortion, str(data["split"]), str(data["group"]),
    )  # fmt: skip
