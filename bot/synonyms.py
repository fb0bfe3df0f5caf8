"""Curated synonyms: words that mean nearly the same, so that a lay word finds the proper one."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from ingest.data_files import read_yaml
from ingest.lexicon import stems, words


@dataclass(frozen=True)
class Synonyms:
    """Groups of phrases, each phrase as its stems."""

    by_phrase: dict[tuple[str, ...], tuple[tuple[str, ...], ...]]
    longest: int
    words: frozenset[str] = frozenset()
    spelled: dict[tuple[str, ...], str] = field(default_factory=dict)

    @classmethod
    def load(cls, file: Path) -> Synonyms:
        """Read a YAML list of lists. A missing file means no synonyms."""
        groups = read_yaml(file.read_text(encoding="utf-8")) or [] if file.is_file() else []
        by_phrase: dict[tuple[str, ...], tuple[tuple[str, ...], ...]] = {}
        for group in groups:
            phrases = [tuple(stems(str(phrase))) for phrase in group]
            phrases = [phrase for phrase in dict.fromkeys(phrases) if phrase]
            remnants = {tuple(stems(str(phrase))) for phrase in group if len(str(phrase).split()) > 1}
            for phrase in phrases:
                if len(phrase) > 1 or phrase not in remnants:  # "who should not" leaves "not", which means too little
                    by_phrase.setdefault(phrase, tuple(other for other in phrases if other != phrase))
        every = [str(phrase) for group in groups for phrase in group]
        return cls(
            by_phrase,
            longest=max((len(phrase) for phrase in by_phrase), default=0),
            words=frozenset(word for phrase in every for word in words(phrase)),
            spelled={tuple(stems(phrase)): phrase for phrase in reversed(every)},
        )

    def holds(self, word: str) -> bool:
        """Whether a lower-case word stands in any group."""
        return word in self.words

    def familiar(self, question: Sequence[str], unknown: Sequence[str], knows: Callable[[str], bool]) -> list[str]:
        """For each phrase of a stemmed question with an unknown stem: the first synonym whose stems are all known."""
        found = []
        for length in range(self.longest, 0, -1):
            for start in range(len(question) - length + 1):
                phrase = tuple(question[start : start + length])
                if not set(phrase) & set(unknown):
                    continue
                known = [other for other in self.by_phrase.get(phrase, ()) if all(knows(stem) for stem in other)]
                found += [self.spelled[known[0]]] if known else []
        return list(dict.fromkeys(found))

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
