"""One spelling for romanised text: steps of a rule file that level out how people write the same word."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import partial

from ingest.folding import Folded

_LITERAL = re.compile(r"\\.|\[[^\]]*\]|\{[^}]*\}|\(\?[:!=]|(?P<word>[a-z0-9']+)")

Steps = tuple[tuple[re.Pattern[str], str], ...]


def compile_steps(steps: Sequence[Sequence[str]]) -> Steps:
    """steps: pairs of a pattern and its replacement, applied in order."""
    return tuple((re.compile(pattern), replacement) for pattern, replacement in steps)


def level(text: str, steps: Steps) -> Folded:
    """`text` in the one spelling, with the way back to its offsets."""
    folded = Folded(text, tuple(range(len(text) + 1)))
    for pattern, replacement in steps:
        folded = folded.substitute(pattern, partial(_expanded, replacement))
    return folded


def _expanded(replacement: str, match: re.Match[str]) -> str:
    return match.expand(replacement)


def level_pattern(source: str, steps: Steps) -> str:
    """A pattern whose literal words are in the one spelling; its other syntax stays."""

    def leveled(match: re.Match[str]) -> str:
        return level(match["word"], steps).text if match["word"] else match.group()

    return _LITERAL.sub(leveled, source)
