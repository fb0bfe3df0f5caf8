"""The limits and word lists of the corpus check, from `data/check.yaml`."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from importlib import resources

import yaml


@dataclass(frozen=True)
class Limits:
    """Numbers; the file says what each means."""

    sentence_words: int
    grade_of_document: float
    grade_of_corpus: float
    days_to_review: int
    shingle_words: int
    shingle_overlap: float
    shingle_sections: int
    least_section_words: int


@dataclass(frozen=True)
class Policy:
    """All that the check goes by."""

    limits: Limits
    banned: re.Pattern[str]
    denials: re.Pattern[str]
    attributions: re.Pattern[str]
    leaning: re.Pattern[str]
    stopwords: frozenset[str]


@cache
def load_policy() -> Policy:
    """The policy as packaged."""
    source = resources.files("ingest").joinpath("data/check.yaml").read_text(encoding="utf-8")
    data = yaml.safe_load(source)
    return Policy(
        limits=Limits(**data["limits"]),
        banned=_any_of(data["banned"], re.IGNORECASE),
        denials=_any_of(data["denials"], re.IGNORECASE),
        attributions=_any_of(data["attributions"], re.IGNORECASE),
        leaning=_any_of(data["leaning"]),
        stopwords=frozenset(data["stopwords"].split()),
    )


def _any_of(patterns: list[str], flags: int = 0) -> re.Pattern[str]:
    return re.compile("|".join(f"(?:{pattern})" for pattern in patterns), flags)
