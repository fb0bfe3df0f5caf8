"""Sentence embeddings (sentence-transformers), with weights that are verified before they are used.

Questions, and a few passages at a time, are embedded in float32, questions by a form of the model that is written out
for them. Many passages are embedded in bfloat16 on all cores where the processor has instructions for it and the
vectors agree, else in float32; see docs/decisions.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from threading import Lock
from typing import TYPE_CHECKING

import numpy as np

from ingest.errors import ModelError
from ingest.forms import LEAST_AGREEMENT, computes_bfloat16, encode, halved
from ingest.recent import Recent
from ingest.weights import PACKAGED_MODEL, fingerprint, load, packaged_model_path

if TYPE_CHECKING:
    from sentence_transformers import SentenceTransformer

    from ingest.question_readers import QuestionReader

FEW = 48
"""Up to so many passages, the fast form costs more to set up (about a second) than it saves."""

_WORDS = 2_000
"""Single words whose vectors stay (three megabytes): those that no document holds recur between questions."""

__all__ = ["FEW", "LEAST_AGREEMENT", "Embedder", "computes_bfloat16", "packaged_model_path"]

Vectors = np.ndarray
"""float32, shape (n, dimension), each row of unit length."""


class Embedder:
    """Turns texts into unit vectors. The model is loaded at first use, once, by whichever thread asks first."""

    def __init__(self, model: str = "") -> None:
        """`model`: a local folder or a hub name; empty for the packaged all-MiniLM-L6-v2."""
        self.name = model or PACKAGED_MODEL
        self._setting = model
        self._model: SentenceTransformer | None = None
        self._fast: SentenceTransformer | None = None
        self._exact: QuestionReader | None = None
        self._lock = Lock()
        self._vectors, self._layers, self._words = Recent(), Recent(), Recent(_WORDS)

    @property
    def packaged(self) -> bool:
        """Whether it is the packaged model, which the guardrail's classifiers were fitted with."""
        return not self._setting

    @property
    def fingerprint(self) -> str:
        """Names model and weights, so that an index never meets vectors of another model. Loads nothing."""
        return fingerprint(self._setting)

    def embed(self, texts: Sequence[str], on_batch: Callable[[int], None] | None = None, batch: int = 16) -> Vectors:
        """Embed passages, one batch a core at a time, those of most word-pieces first so that batches are even.

        on_batch is told, in the calling thread, how many texts each finished batch held. Returns vectors in the
        order of `texts`.
        """
        model = self._for_passages(len(texts))
        vectors = np.empty((len(texts), self.dimension), dtype=np.float32)
        lengths = self.token_lengths(texts)
        order = sorted(range(len(texts)), key=lambda i: -lengths[i])
        batches = [order[first : first + batch] for first in range(0, len(order), batch)]
        for chosen, rows in self._encoded(model, texts, batches):
            vectors[chosen] = rows
            if on_batch:
                on_batch(len(chosen))
        return vectors

    def _encoded(
        self, model: SentenceTransformer, texts: Sequence[str], batches: list[list[int]]
    ) -> Iterator[tuple[list[int], Vectors]]:
        """Batches and their vectors. Cores that share a batch wait for each other; with one each they do not."""
        pool = ThreadPoolExecutor(os.cpu_count() or 1, thread_name_prefix="embedding", initializer=_one_thread)
        try:
            yield from zip(
                batches, pool.map(lambda b: self._encode(model, [texts[i] for i in b]), batches), strict=True
            )
        finally:
            pool.shutdown(cancel_futures=True)

    def embed_query(self, text: str) -> np.ndarray:
        """Embed one question, shape (dimension,), on one thread: several would wait for each other."""
        return np.asarray(self.embed_queries([text])[0], dtype=np.float32)

    def embed_queries(self, texts: Sequence[str]) -> Vectors:
        """Embed a few short texts on one thread, shape (n, dimension). The last few stay in memory.

        Guardrail, search and selection read the same question; it is embedded once.
        """
        reader = self._for_questions()
        found = self._vectors.find(self._query_keys(texts), texts, reader.vectors)
        return np.stack(found) if found else np.empty((0, self.dimension), dtype=np.float32)

    def embed_words(self, words: Sequence[str]) -> Vectors:
        """Embed a few single words, shape (n, dimension); more of them stay in memory than of questions."""
        reader = self._for_questions()
        found = self._words.find(self._query_keys(words), words, reader.vectors)
        return np.stack(found)

    def query_layers(self, texts: Sequence[str]) -> np.ndarray:
        """What the packaged model's layers make of a few short texts, float32 (n, 12 x dimension); see `layers`.

        The sentence vectors of the same pass are kept for `embed_queries`.
        """
        reader = self._for_questions()

        def read(fresh: list[str]) -> np.ndarray:
            vectors, layers = reader.layers(fresh)
            self._vectors.keep(self._query_keys(fresh), vectors)
            return layers

        return np.stack(self._layers.find(self._query_keys(texts), texts, read))

    def _query_keys(self, texts: Sequence[str]) -> list[str]:
        """Texts that the model cannot tell apart share a key: the packaged model reads no capitals."""
        return list(texts) if self._setting else [" ".join(text.lower().split()) for text in texts]

    @property
    def dimension(self) -> int:
        """Length of a vector. Loads the model."""
        size = self._loaded().get_embedding_dimension()
        if size is None:
            raise ModelError(f"The model {self.name} does not say how long its vectors are; choose another.")
        return int(size)

    def token_lengths(self, texts: Sequence[str]) -> list[int]:
        """Word-pieces of each text, special tokens included. Loads the model."""
        if not texts:
            return []
        found = self._loaded().tokenizer(list(texts), truncation=False, verbose=False)["input_ids"]
        return [len(pieces) for pieces in found]

    def _encode(self, model: SentenceTransformer, texts: list[str]) -> Vectors:
        return encode(model, texts) if texts else np.empty((0, self.dimension), dtype=np.float32)

    def _loaded(self) -> SentenceTransformer:
        with self._lock:
            if self._model is None:
                self._model = load(self._setting)
            return self._model

    def _for_questions(self) -> QuestionReader:
        from ingest.question_readers import question_reader

        model = self._loaded()
        with self._lock:
            if self._exact is None:
                self._exact = question_reader(model)
            return self._exact

    def _for_passages(self, count: int) -> SentenceTransformer:
        """The model for so many passages: bfloat16 where it pays, the processor computes in it, the vectors agree."""
        model = self._loaded()
        with self._lock:
            if self._fast is None:
                if count <= FEW:
                    return model
                self._fast = halved(model) if computes_bfloat16() else model
            return self._fast


def _one_thread() -> None:
    import torch

    torch.set_num_threads(1)
