"""Whether a labelled phrase occurs in a reply, however it is spaced, cased or typeset."""

from __future__ import annotations

import re
from functools import lru_cache

_EXPRESSION = "re:"
_TYPESET = str.maketrans(
    {"’": "'", "‘": "'", "“": '"', "”": '"', "‐": "-", "‑": "-", "–": "-", "—": "-", "−": "-", "*": None}
)


def plain(text: str) -> str:
    """Lower case, single spaces, straight quotes, plain hyphens, no Markdown emphasis."""
    return " ".join(text.lower().translate(_TYPESET).split())


def occurs(pattern: str, plain_text: str) -> bool:
    """Whether a phrase, or after "re:" a regular expression, occurs in a text that `plain` has folded."""
    return _compiled(pattern).search(plain_text) is not None


def check_pattern(pattern: str) -> str:
    """What is wrong with a pattern; empty where nothing is."""
    try:
        expression = _compiled(pattern)
    except re.error as error:
        return f"is no regular expression ({error})"
    return "matches everything" if expression.search("") else ""


@lru_cache(maxsize=16384)
def _compiled(pattern: str) -> re.Pattern[str]:
    if pattern.startswith(_EXPRESSION):
        return re.compile(pattern.removeprefix(_EXPRESSION), re.IGNORECASE)
    return re.compile(re.escape(plain(pattern)))
