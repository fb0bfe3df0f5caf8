"""Mask names, phones, e-mails, ids and addresses before a text is stored or sent anywhere."""

from __future__ import annotations

import re
from functools import lru_cache

from bot.guardrail import lexicon


def mask_personal_data(text: str) -> str:
    """`text` with what could identify a person replaced by its kind in brackets, such as "[phone]"."""
    for pattern, mask in _masks():
        text = pattern.sub(lambda match, mask=mask: _masked(match, mask), text)  # type: ignore[misc]
    return text


def _masked(match: re.Match[str], mask: str) -> str:
    for group in match.re.groupindex:
        if match[group] is not None:
            start, end = (offset - match.start() for offset in match.span(group))
            return match[0][:start] + mask + match[0][end:]
    return mask


@lru_cache(maxsize=1)
def _masks() -> tuple[tuple[re.Pattern[str], str], ...]:
    rules: list[dict[str, str]] = lexicon.read("personal-data")  # type: ignore[assignment]
    return tuple(
        (re.compile(rule["pattern"], 0 if rule.get("cased") else re.IGNORECASE), rule["mask"]) for rule in rules
    )
