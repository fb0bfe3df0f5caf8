"""The lexical index: BM25 over the same passages (Robertson & Zaragoza 2009, by the bm25s library)."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Sequence
from functools import lru_cache
from pathlib import Path

import bm25s
import numpy as np
import Stemmer

from ingest.domain import Passage
from ingest.errors import VersionError

_WORD = re.compile(r"[^\W_]+(?:['’][^\W_]+)?")
STOPWORDS = frozenset(
    [
        "a",
        "an",
        "and",
        "are",
        "as",
        "at",
        "be",
        "been",
        "being",
        "but",
        "by",
        "can",
        "could",
        "did",
        "do",
        "does",
        "doing",
        "for",
        "from",
        "had",
        "has",
        "have",
        "having",
        "he",
        "her",
        "here",
        "him",
        "his",
        "how",
        "i",
        "i'm",
        "if",
        "in",
        "into",
        "is",
        "it",
        "it's",
        "its",
        "me",
        "my",
        "of",
        "on",
        "or",
        "our",
        "she",
        "should",
        "so",
        "some",
        "such",
        "than",
        "that",
        "the",
        "their",
        "them",
        "then",
        "there",
        "these",
        "they",
        "this",
        "those",
        "to",
        "too",
        "us",
        "was",
        "we",
        "were",
        "what",
        "what's",
        "when",
        "where",
        "which",
        "while",
        "who",
        "whom",
        "why",
        "will",
        "with",
        "would",
        "you",
        "your",
        "about",
        "any",
        "also",
        "just",
        "please",
        "tell",
    ]
)


@lru_cache(maxsize=1)
def _stemmer() -> Stemmer.Stemmer:
    return Stemmer.Stemmer("english")


def words(text: str) -> list[str]:
    """Lower-case words of a text, without stop words, unstemmed."""
    return [word for word in _WORD.findall(text.lower().replace("’", "'")) if word not in STOPWORDS]


def stems(text: str) -> list[str]:
    """Stemmed words of a text, without stop words: what BM25 counts."""
    return list(_stemmer().stemWords(words(text)))


@lru_cache(maxsize=8192)
def held_stems(text: str) -> frozenset[str]:
    """The stems of a sentence, heading or passage of the library; kept, as many questions read the same ones."""
    return frozenset(stems(text))


class Lexicon:
    """BM25 scores of all passages for a question."""

    def __init__(self, ids: Sequence[str], index: bm25s.BM25 | None) -> None:
        self.ids = list(ids)
        self._index = index
        self._known = set(index.vocab_dict) if index is not None else set()
        self._rarity: dict[str, float] = {}

    @classmethod
    def build(cls, ids: Sequence[str], texts: Sequence[str]) -> Lexicon:
        """Index texts in the order of their ids."""
        return cls._indexed(ids, [stems(text) for text in texts])

    @classmethod
    def _indexed(cls, ids: Sequence[str], corpus: list[list[str]]) -> Lexicon:
        if not any(corpus):
            return cls(ids, None)
        index = bm25s.BM25(method="lucene", k1=1.2, b=0.75)
        index.index(corpus, show_progress=False)
        return cls(ids, index)

    @classmethod
    def of(cls, passages: Iterable[Passage]) -> Lexicon:
        """Index passages in their order."""
        ids: list[str] = []
        corpus: list[list[str]] = []
        seen: dict[str, str] = {}
        for passage in passages:
            ids.append(passage.id)
            corpus.append([seen.setdefault(stem, stem) for stem in stems(passage.indexed_text)])  # one object a word
        return cls._indexed(ids, corpus)

    def save(self, folder: Path) -> None:
        """Write the index to a folder of its own."""
        folder.mkdir(parents=True, exist_ok=True)
        if self._index is not None:
            self._index.save(str(folder), show_progress=False)
        (folder / "ids.json").write_text(json.dumps(self.ids), encoding="utf-8")

    @classmethod
    def open(cls, folder: Path) -> Lexicon:
        """Read a saved index. Raises VersionError where it can't be read."""
        try:
            ids = json.loads((folder / "ids.json").read_text(encoding="utf-8"))
            saved = (folder / "params.index.json").is_file()
            index = bm25s.BM25.load(str(folder), mmap=True, show_progress=False, verbosity=0) if saved else None
        except (OSError, ValueError) as error:
            raise VersionError(f"The lexical index at {folder} can't be read ({error}).") from error
        return cls(ids, index)

    def scores(self, stemmed: Sequence[str]) -> np.ndarray:
        """BM25 of every passage for stemmed words, shape (passages,), in the order of `ids`."""
        known = [word for word in stemmed if word in self._known]
        if self._index is None or not known:
            return np.zeros(len(self.ids), dtype=np.float32)
        return np.asarray(self._index.get_scores(known), dtype=np.float32)

    def knows(self, stem: str) -> bool:
        """Whether any passage holds the word."""
        return stem in self._known

    def rarity(self, stem: str) -> float:
        """Inverse document frequency of a stem; a word that no passage holds is rarest of all."""
        if stem not in self._rarity:
            holding = int(np.count_nonzero(self.scores([stem])))
            self._rarity[stem] = float(np.log(1.0 + (len(self.ids) - holding + 0.5) / (holding + 0.5)))
        return self._rarity[stem]
