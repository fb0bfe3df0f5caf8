"""A last reading of any reply: no dose, no order about a treatment, no reassurance, no diagnosis."""

from __future__ import annotations

import re
from functools import lru_cache

from bot.guardrail import lexicon
from ingest.folding import fold

_KINDS = ("dose", "orders", "reassurance", "diagnosis")


def find_violations(reply: str) -> list[str]:
    """What the reply must not say, as "kind: wording"; empty where it is fine."""
    return list(_found(reply))


@lru_cache(maxsize=256)
def _found(reply: str) -> tuple[str, ...]:
    """Of the last sentences: an answer that grows is checked anew with each."""
    allowed, patterns = _patterns()
    text = fold(reply).text
    text = allowed.sub(lambda match: " " * len(match.group()), text)
    return tuple(f"{kind}: {match.group().strip()}" for kind in _KINDS for match in patterns[kind].finditer(text))


@lru_cache(maxsize=1)
def _patterns() -> tuple[re.Pattern[str], dict[str, re.Pattern[str]]]:
    data = lexicon.read("after-answer")
    compiled = {kind: lexicon.compile_patterns(data[kind]) for kind in _KINDS}
    return lexicon.compile_patterns(data["allowed"]), compiled
