"""The pipeline and its search offered to others as LangChain's Runnable and retriever.

The only module of the answer path that imports LangChain; a question without it is half a second sooner.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any

from langchain_core.callbacks import CallbackManagerForRetrieverRun
from langchain_core.documents import Document as LangChainDocument
from langchain_core.retrievers import BaseRetriever
from langchain_core.runnables import Runnable, RunnableConfig

from bot.domain import Answer
from bot.library import Library
from bot.retrieval import Hit

if TYPE_CHECKING:
    from bot.pipeline import Pipeline


class AskRunnable(Runnable[Any, Answer]):
    """A question (or a mapping with `question` and `history`) in, an Answer out; streams growing answers."""

    def __init__(self, pipeline: Pipeline) -> None:
        self._pipeline = pipeline

    def invoke(self, input: Any, config: RunnableConfig | None = None, **_: Any) -> Answer:
        """Answer one question. Traced by LangChain callbacks where the caller configures them."""
        return self._call_with_config(lambda given: self._pipeline.ask(*_parts(given)), input, config)

    def stream(self, input: Any, config: RunnableConfig | None = None, **_: Any) -> Iterator[Answer]:  # noqa: ARG002
        """Growing answers; the last one is whole."""
        yield from self._pipeline.stream(*_parts(input))


def _parts(given: Any) -> tuple[str, Sequence[str]]:
    if isinstance(given, str):
        return given, ()
    return str(given["question"]), tuple(given.get("history") or ())


class HybridRetriever(BaseRetriever):
    """Cupwise's search as a LangChain retriever: documents carry offsets, evidence and scores as metadata."""

    search: Any
    library: Any
    """A callable that gives the current Library."""
    k: int = 6

    def _get_relevant_documents(
        self,
        query: str,
        *,
        run_manager: CallbackManagerForRetrieverRun,  # noqa: ARG002
    ) -> list[LangChainDocument]:
        library = self.library()
        return [as_langchain(hit, library) for hit in self.search.passages(library, query, self.k)]


def as_langchain(hit: Hit, library: Library) -> LangChainDocument:
    """A hit as a LangChain document."""
    passage, document = hit.passage, library.document(hit.passage.document)
    metadata = {
        "document": passage.document,
        "title": passage.title,
        "section": passage.section,
        "start": passage.start,
        "end": passage.end,
        "kind": document.kind,
        "evidence": document.evidence,
        "score": hit.score,
    }
    return LangChainDocument(page_content=passage.text, metadata=metadata, id=passage.id)
