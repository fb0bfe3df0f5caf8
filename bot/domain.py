"""The values that travel through the pipeline. No framework types, no bare dicts."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum

from ingest.domain import Reference


class Action(StrEnum):
    """What the product does with a question."""

    ANSWER = "answer"
    ANSWER_WITH_DISCLAIMER = "answer_with_disclaimer"
    ANSWER_WITH_ADVICE_DISCLAIMER = "answer_with_advice_disclaimer"
    URGENT = "urgent"
    CRISIS = "crisis"
    DECLINE_HARMFUL = "decline_harmful"
    DECLINE_INJECTION = "decline_injection"
    DECLINE_OFF_TOPIC = "decline_off_topic"
    SAY_UNKNOWN = "say_unknown"

    @property
    def answers(self) -> bool:
        """True where the reader is given sourced statements."""
        return self in _ANSWERING

    @property
    def sends_for_help(self) -> bool:
        """True where help comes before any information."""
        return self in (Action.URGENT, Action.CRISIS)


_ANSWERING = frozenset((Action.ANSWER, Action.ANSWER_WITH_DISCLAIMER, Action.ANSWER_WITH_ADVICE_DISCLAIMER))


@dataclass(frozen=True)
class Triage:
    """The guardrail's finding on one question, made before anything is retrieved.

    action: the action to take, or, where it answers, the least notice that the answer must carry.
    reason: a short English phrase for the record (never shown as advice).
    span: character offsets in the question that caused it, or None.
    language: ISO 639-1 code of the question ("en", "ar", "zh", "es", "ur", "fr", ...).
    question: what to answer; differs from the question asked only where an instruction was ignored.
    topic: notice topic ("pregnancy", "medicine", "child", "cancer", "general", ...), picks a notice's wording.
    unresolved: the action is carried over from an emergency in an earlier turn.
    """

    action: Action
    reason: str
    question: str
    language: str = "en"
    span: tuple[int, int] | None = None
    topic: str = "general"
    unresolved: bool = False


@dataclass(frozen=True)
class Citation:
    """One quotation: exactly `text[start:end]` of the document as ingested."""

    number: int
    document: str
    title: str
    section: str
    quote: str
    start: int
    end: int
    kind: str
    evidence: str
    references: tuple[Reference, ...] = ()
    note: str | None = None
    page: int | None = None


@dataclass(frozen=True)
class Statement:
    """One sentence of an answer and the numbers of the citations that support it."""

    text: str
    citations: tuple[int, ...]


@dataclass(frozen=True)
class DroppedSentence:
    """A sentence that a language model wrote and no reader is shown, and why."""

    text: str
    reason: str


@dataclass(frozen=True)
class Writing:
    """How a language model did on one question.

    prompt: version of the prompt; tokens as the provider counts them, 0 where it does not; fallback: why the answer is
    of quotations after all, as words that follow "the language model"; "" where it is not.
    """

    model: str
    prompt: str
    attempts: int
    tokens_sent: int
    tokens_received: int
    dropped: tuple[DroppedSentence, ...] = ()
    fallback: str = ""


@dataclass(frozen=True)
class Answer:
    """The reply to one question: an answer, a refusal or a call for help, all of one shape.

    confidence: probability, 0 to 1, that the library answers the question; None where nothing was retrieved.
    writing: how the language model did; None where none was asked.
    """

    question: str
    standalone_question: str
    action: Action
    reason: str
    text: str
    language: str = "en"
    statements: tuple[Statement, ...] = ()
    citations: tuple[Citation, ...] = ()
    notice: str = ""
    related: tuple[str, ...] = ()
    answered_by: str = "quotes"
    dropped: int = 0
    confidence: float | None = None
    writing: Writing | None = None
    corpus_version: str = ""
    latency_ms: dict[str, float] = field(default_factory=dict)
    id: str | None = None
