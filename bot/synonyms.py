"""Curated synonyms: words that mean nearly the same, so that a lay word finds the proper one."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import yaml

from ingest.lexicon import stems


@dataclass(frozen=True)
class Synonyms:
    """Groups of phrases, each phrase as its stems."""

    by_phrase: dict[tuple[str, ...], tuple[tuple[str, ...], ...]]
    longest: int

    @classmethod
    def load(cls, file: Path) -> Synonyms:
        """Read a YAML list of lists. A missing file means no synonyms."""
        groups = yaml.safe_load(file.read_text(encoding="utf-8")) or [] if file.is_file() else []
        by_phrase: dict[tuple[str, ...], tuple[tuple[str, ...], ...]] = {}
        for group in groups:
            phrases = [tuple(stems(str(phrase))) for phrase in group]
            phrases = [phrase for phrase in dict.fromkeys(phrases) if phrase]
            for phrase in phrases:
                by_phrase.setdefault(phrase, tuple(other for other in phrases if other != phrase))
        return cls(by_phrase, max((len(phrase) for phrase in by_phrase), default=0))

    def expand(self, words: list[str]) -> list[str]:
        """Stems that mean the same as phrases of a stemmed question, longest phrases first; not the question's own."""
        extra: list[str] = []
        position = 0
        while position < len(words):
            for length in range(min(self.longest, len(words) - position), 0, -1):
                others = self.by_phrase.get(tuple(words[position : position + length]))
                if others is not None:
                    extra += [stem for other in others for stem in other]
                    position += length - 1
                    break
            position += 1
        return [stem for stem in dict.fromkeys(extra) if stem not in words]
