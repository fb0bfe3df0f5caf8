"""Words that mean the same, so that a fact counts as carried in either of them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

import yaml

from ingest.coverage.words import stem, words


class Synonyms:
    """Puts the first word or phrase of a group in place of the others."""

    def __init__(self, groups: Sequence[Sequence[str]] = ()) -> None:
        self._firsts: Mapping[tuple[str, ...], list[str]] = {
            _stems(words(phrase)): words(group[0]) for group in groups for phrase in group if words(phrase)
        }
        self._longest = max(map(len, self._firsts), default=0)

    @classmethod
    def beside(cls, corpus: Path) -> Synonyms:
        """From `synonyms.yaml` in the corpus folder or beside it; without one, no word stands for another."""
        for file in (corpus / "synonyms.yaml", corpus.parent / "synonyms.yaml"):
            if file.is_file():
                groups = yaml.safe_load(file.read_text(encoding="utf-8")) or []
                return cls([[str(phrase) for phrase in group] for group in groups])
        return cls()

    def levelled(self, text: str) -> list[str]:
        """The words of a text with each synonym replaced in whatever form it stands, the longest phrase first."""
        own, level, position = words(text), list[str](), 0
        stems = _stems(own)
        while position < len(own):
            lengths = range(min(self._longest, len(own) - position), 0, -1)
            length = next((n for n in lengths if stems[position : position + n] in self._firsts), 0)
            level += self._firsts[stems[position : position + length]] if length else [own[position]]
            position += max(length, 1)
        return level


def _stems(own: Sequence[str]) -> tuple[str, ...]:
    return tuple(map(stem, own))
