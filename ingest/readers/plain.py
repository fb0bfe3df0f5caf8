"""Plain text: paragraphs stand between blank lines; short unpunctuated lines alone are headings."""

from __future__ import annotations

import re

from ingest.composer import Composer

_ITEM = re.compile(r"^\s*(?:[-*•·‣]|\d{1,2}[.)])\s+")


def compose_plain(body: str, composer: Composer) -> str | None:
    """Feed plain text to the composer. Returns the first heading, if there is one."""
    first: str | None = None
    for block in re.split(r"\n\s*\n", body.replace("\r\n", "\n").replace("\r", "\n")):
        lines = [line.strip() for line in block.split("\n") if line.strip()]
        if not lines:
            continue
        if len(lines) == 1 and _is_heading(lines[0]):
            first = first or lines[0]
            composer.heading(lines[0], 2)
        elif _ITEM.match(lines[0]):
            for item in _items(lines):
                composer.item(item)
        else:
            composer.paragraph(" ".join(lines))
    return first


def _is_heading(line: str) -> bool:
    return len(line) <= 90 and (line[-1].isalnum() or line[-1] in "?)") and not _ITEM.match(line)


def _items(lines: list[str]) -> list[str]:
    items: list[str] = []
    for line in lines:
        if _ITEM.match(line) or not items:
            items.append(_ITEM.sub("", line))
        else:
            items[-1] += " " + line
    return items
