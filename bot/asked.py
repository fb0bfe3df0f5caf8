"""What kind of thing a question asks for (a price, an age, a country, how often ...), and whether a sentence has it."""

from __future__ import annotations

import re
from functools import lru_cache
from importlib.resources import files

from ingest.data_files import read_yaml

_NAME_OR_NUMBER = re.compile(r"\d[\d.,]*\d|\d|\b[A-Z]\w+")
_NOUN = re.compile(r"\b(?:which|what|how many|how much|whose)\s+((?:[\w'-]+\s+){0,2}[\w'-]+)", re.IGNORECASE)


class Asked:
    """What one question asks for."""

    def __init__(self, question: str) -> None:
        self._words = set(re.findall(r"\w+", question.lower()))
        self.kinds = tuple(gives for asks, gives in _kinds() if asks.search(question))
        noun = _NOUN.search(question)
        self.noun = noun[1] if noun else ""
        """The words after "which", "what" or "how many"; "" without such."""

    def gives(self, text: str) -> bool:
        """Whether the text has something of every kind asked for, beyond what the question says itself."""
        left = _NAME_OR_NUMBER.sub(lambda match: " " if self._told(match[0]) else match[0], text)
        return all(kind.search(left) for kind in self.kinds)

    def _told(self, word: str) -> bool:
        return word.lower() in self._words or word.replace(",", "") in self._words


@lru_cache(maxsize=1)
def _kinds() -> tuple[tuple[re.Pattern[str], re.Pattern[str]], ...]:
    data = read_yaml(files("bot.data").joinpath("asked-for.yaml").read_text(encoding="utf-8"))
    return tuple(
        (re.compile(kind["asks"], re.IGNORECASE), re.compile(kind["gives"], re.IGNORECASE)) for kind in data.values()
    )
