"""The words that decide support, read from `data/words.yaml` and compiled once."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

from ingest.data_files import read_yaml
from ingest.lexicon import stems

WORDS = Path(__file__).parent / "data" / "words.yaml"


@dataclass(frozen=True)
class Vocabulary:
    """Compiled word lists.

    rewrite: what is spelled one way before anything is compared, in order; sides: kind to its sides, of which a
    claim may name only those that the passage names; loose_sides: where naming another only weighs; bound: kinds
    whose sides must keep their clause; same: stem to the groups of near-synonyms that it stands in;
    free: stems that a claim may use though the passage does not; owners: kind of document to the words
    with which a claim says that it comes from one; overclaim: words for strong evidence.
    """

    rewrite: tuple[tuple[re.Pattern[str], str], ...]
    negation: re.Pattern[str]
    faint: re.Pattern[str]
    empty: frozenset[str]
    headed: re.Pattern[str]
    clause_break: re.Pattern[str]
    numbers: Mapping[str, float]
    number: re.Pattern[str]
    unit: re.Pattern[str]
    idle: frozenset[str]
    counted: frozenset[str]
    cues: Mapping[str, re.Pattern[str]]
    qualifier: re.Pattern[str]
    sides: Mapping[str, tuple[re.Pattern[str], ...]]
    loose_sides: Mapping[str, tuple[re.Pattern[str], ...]]
    bound: frozenset[str]
    owners: Mapping[str, re.Pattern[str]]
    overclaim: re.Pattern[str]
    aliases: Mapping[str, tuple[str, ...]]
    same: Mapping[str, frozenset[int]]
    free: frozenset[str]


@lru_cache(maxsize=1)
def vocabulary() -> Vocabulary:
    """The word lists of the package."""
    data: dict[str, Any] = read_yaml(WORDS.read_text(encoding="utf-8"))
    numbers = {word: float(value) for word, value in data["numbers"].items()}
    return Vocabulary(
        rewrite=tuple((_bounded(pattern), plain) for pattern, plain in data["rewrite"]),
        negation=_bounded(data["negations"]),
        faint=_bounded(data["faint_negations"]),
        empty=frozenset(data["empty_words"]),
        headed=_bounded(data["headed"]),
        clause_break=_bounded(data["breaks"]),
        numbers=numbers,
        number=re.compile(
            rf"(?<![\w.])(?:\d+(?:[.,]\d+)*(?=(?:s|st|nd|rd|th)?(?![a-z0-9]))|(?:{'|'.join(numbers)})(?![a-z0-9]))"
        ),
        unit=re.compile(rf"\s?(?:or \w+ )?({data['units']})(?!\w)"),
        idle=frozenset(data["idle_numbers"]),
        counted=frozenset(data["counted_units"]),
        cues={name: _bounded(pattern) for name, pattern in data["cues"].items()},
        qualifier=_bounded(data["qualifiers"]),
        sides=_sides(data["sides"]),
        loose_sides=_sides(data["loose_sides"]),
        bound=frozenset(data["bound"]),
        owners={kind: _bounded(pattern) for kind, pattern in data["owners"].items()},
        overclaim=_bounded(data["overclaim"]),
        aliases={short: tuple(long) for short, long in data["aliases"].items()},
        same=_groups(data["same"]),
        free=frozenset(stems(data["free"])),
    )


def _bounded(pattern: str) -> re.Pattern[str]:
    return re.compile(rf"(?<!\w)(?:{pattern})(?!\w)")


def _sides(kinds: dict[str, list[str]]) -> dict[str, tuple[re.Pattern[str], ...]]:
    return {kind: tuple(_bounded(side) for side in sides) for kind, sides in kinds.items()}


def _groups(groups: list[list[str]]) -> dict[str, frozenset[int]]:
    """Stem to the numbers of its groups; a phrase stands under its first stem."""
    found: dict[str, set[int]] = {}
    for number, group in enumerate(groups):
        for phrase in group:
            for stem in stems(str(phrase))[:1]:
                found.setdefault(stem, set()).add(number)
    return {stem: frozenset(numbers) for stem, numbers in found.items()}
