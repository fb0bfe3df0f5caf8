"""A question as typed, made safe to read."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass

_KEPT = {"\n", "\t", "\u200c", "\u200d"}
_SPACE = re.compile(r"\s+")


@dataclass(frozen=True)
class Question:
    """whole: all of it, cleaned, for the guardrail; limit: characters that are answered."""

    whole: str
    limit: int

    def cut(self, text: str) -> str:
        """At most `limit` characters, cut at a word."""
        if len(text) <= self.limit:
            return text
        return text[: self.limit].rsplit(" ", 1)[0]


def clean_question(raw: str, limit: int) -> Question:
    """Strip control characters and fold white space. The words themselves stay as typed."""
    kept = "".join(c for c in raw if c in _KEPT or unicodedata.category(c) not in ("Cc", "Cs", "Co", "Cn"))
    return Question(_SPACE.sub(" ", kept).strip(), limit)
