"""Take instructions to the machine out of a question; what is left is triaged as a question of its own."""

from __future__ import annotations

import re
from dataclasses import dataclass
from itertools import pairwise

from bot.guardrail.disguise import decoded, readings
from ingest.folding import Folded, fold
from ingest.instructions import find_in_folded

_SENTENCE = re.compile(r"[^.!?。؟\n;\])>]+[.!?。؟;\])>\"”]*\s*|[\n\])>.!?;]+")
_JOIN = re.compile(
    r",? (?:and|then|but|also|after that|before that|so|now|please|first|instead|y|et|puis|luego)"
    r"(?: (?:then|also|please|now|first))? |[,:;] | [-\u2013\u2014] ",
    re.IGNORECASE,
)
_ASKS = re.compile(
    r"(?<![\w'])(?:what|how|why|when|who|where|which|is|are|does|do|did|can|could|will|would|should|has|have"
    r"|tell me about|explain|describe)\b[^.!?]{6,}|\?",
    re.IGNORECASE,
)


@dataclass(frozen=True)
class Injection:
    """Instructions found in a question: their kinds, the span of the first, and what is left without them."""

    kinds: tuple[str, ...]
    span: tuple[int, int]
    rest: str


def find_injection(question: str, folded: Folded) -> Injection | None:
    """Instructions in plain, disguised or encoded wording, or None."""
    spans = list(find_in_folded(folded, asked=True))
    for reading in readings(folded):
        spans += find_in_folded(reading, asked=True)
    for text, span in decoded(question):
        spans += [(*span, f"encoded {kind}") for _, _, kind in find_in_folded(fold(text), asked=True)[:1]]
    if not spans:
        return None
    spans.sort()
    kinds = tuple(dict.fromkeys(kind for _, _, kind in spans))
    return Injection(kinds, spans[0][:2], _without(question, [(start, end) for start, end, _ in spans]))


def sentences_of(question: str) -> list[str]:
    """The sentences of a question, each trimmed."""
    return [sentence[0].strip() for sentence in _SENTENCE.finditer(question) if sentence[0].strip()]


def _without(question: str, spans: list[tuple[int, int]]) -> str:
    """The clauses that hold no instruction, where they still ask something."""
    kept: list[str] = []
    for sentence in _SENTENCE.finditer(question):
        kept += _clean_clauses(question, sentence.start(), sentence.end(), spans)
    rest = " ".join(" ".join(kept).split()).strip(" ,;:-'\"“”")
    return rest if len(rest.split()) >= 2 or not rest.isascii() else ""


def _clean_clauses(question: str, start: int, end: int, spans: list[tuple[int, int]]) -> list[str]:
    """A sentence without instructions, whole; else those of its clauses that hold none and ask a question."""
    if not _touches(spans, start, end):
        return [question[start:end]]
    edges = [start, *(m.end() for m in _JOIN.finditer(question, start, end)), end]
    clauses = [(a, b) for a, b in pairwise(edges) if not _touches(spans, a, b)]
    return [question[a:b] for a, b in clauses if _ASKS.search(question[a:b])]


def _touches(spans: list[tuple[int, int]], start: int, end: int) -> bool:
    return any(a < end and b > start for a, b in spans)
