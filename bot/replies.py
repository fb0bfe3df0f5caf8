"""Every reply that the pipeline can end in, as an Answer."""

from __future__ import annotations

import logging
import re
from collections.abc import Sequence
from dataclasses import replace
from functools import lru_cache
from importlib.resources import files

from bot import notices
from bot.clock import Clock
from bot.domain import Action, Answer, Triage
from bot.draft import Draft
from bot.guardrail.triage import Guardrail
from bot.layout import fallback_line, lay_out
from bot.library import Library
from bot.retrieval import Hit
from ingest.data_files import read_yaml

_log = logging.getLogger(__name__)
_HELP = "**If somebody may be in danger, call 112 or your local emergency number now.**"
_MUST_BE_SPOKEN_OF = frozenset(("pregnancy", "blood"))
_CUPS_A_CHILD = re.compile(
    r"\b(?:cup|cupping|cups|hijama)\b(?: \w+){0,3} (?:(?:my|our|the|a|his|her) (?:\w+ ){0,3}"
    r"(?:son|daughter|child|children|kids?|baby|toddler|boy|girl|grandson|granddaughter|year old)|him|her|them)\b"
    r"|\bcup (?:him|her|them)\b"
    r"|\b(?:\d|1[0-7]|one|two|three|four|five|six|seven|eight|nine|ten)[- ]?(?:years?|yrs?|months?|weeks?)[- ]?old\b"
    r"|\b(?:my|our|the) (?:son|daughter|child|kid|baby|toddler|boy|girl|(?:little|youngest|eldest) \w+)"
    r"(?: \w+)?(?: is| has| had| gets| suffers|'s)\b",
    re.IGNORECASE,
)
_ASK_SOMEBODY = "If this is about your own health, a doctor, nurse or pharmacist can advise you."
_FAILED = (
    "Something went wrong on our side, so there is no answer this time. Please try again. "
    "If this is about a person's health, please ask a doctor, nurse or pharmacist, "
    "and don't change a medicine because of this page."
)


def blank(question: str, triage: Triage, library: Library) -> Answer:
    """What is known of the reply once the question is triaged."""
    return Answer(
        question=question,
        standalone_question=triage.question,
        action=triage.action,
        reason=triage.reason,
        text="",
        language=triage.language,
        answered_by="rules",
        corpus_version=library.version,
    )


def empty(question: str, library: Library) -> Answer:
    """Nothing was asked."""
    nothing = Triage(Action.SAY_UNKNOWN, "the question is empty", "")
    return replace(blank(question, nothing, library), text="Please type a question about cupping.")


def fixed(start: Answer, triage: Triage, guardrail: Guardrail, clock: Clock) -> Answer:
    """The fixed text of an emergency, a crisis or a refusal. Help is shown even if the text can't be made."""
    try:
        text = guardrail.reply(triage)
    except Exception:  # fails closed
        _log.exception("The guardrail has no reply for %s; the plainest one is shown.", triage.action)
        text = _HELP if triage.action.sends_for_help else _FAILED
    return replace(start, text=text, latency_ms=clock.laps())


def failed(start: Answer, triage: Triage, guardrail: Guardrail, clock: Clock) -> Answer:
    """Answering went wrong: no statement, the strictest notice."""
    try:
        strictest = replace(triage, action=Action.ANSWER_WITH_ADVICE_DISCLAIMER)
        notice = guardrail.notice(strictest)
    except Exception:  # fails closed
        _log.exception("The guardrail has no notice; the plainest one is shown.")
        notice = _FAILED
    reason = "answering failed"
    return replace(
        start, action=Action.SAY_UNKNOWN, reason=reason, notice=notice, text=_FAILED, latency_ms=clock.laps()
    )


def unknown(start: Answer, triage: Triage, hits: Sequence[Hit], guardrail: Guardrail, clock: Clock) -> Answer:
    """The library does not say; the nearest topics that it has are named."""
    topics = list(dict.fromkeys(hit.passage.title for hit in hits))[:3]
    text = guardrail.unknown_reply(topics)
    if notices.concerns_a_condition(triage):
        notice = guardrail.notice(triage)
        return replace(start, action=triage.action, notice=notice, text=f"{notice}\n\n{text}", latency_ms=clock.laps())
    if triage.action is Action.ANSWER_WITH_ADVICE_DISCLAIMER:
        text += f"\n\n{_ASK_SOMEBODY}"
    reason = "the library does not say"
    return replace(start, action=Action.SAY_UNKNOWN, reason=reason, text=text, latency_ms=clock.laps())


def answered(
    start: Answer, triage: Triage, draft: Draft, hits: Sequence[Hit], guardrail: Guardrail, clock: Clock
) -> Answer:
    """Statements with their citations and notice."""
    first = draft.citations[0]
    notice = guardrail.notice(triage, evidence=first.evidence, topic_title=first.title)
    said = fallback_line(draft.writing)
    return replace(
        start,
        action=triage.action,
        reason=triage.reason,
        statements=draft.statements,
        citations=draft.citations,
        notice=notice,
        text="\n\n".join(filter(None, (lay_out(triage.action, draft.statements, draft.citations, notice), said))),
        writing=draft.writing,
        related=_related(hits, draft),
        answered_by=draft.answered_by,
        dropped=draft.dropped,
        latency_ms=clock.laps(),
    )


def general_question(topic: str) -> str:
    """What to ask the library where it does not speak of a person's own case."""
    questions = _general_questions()
    return questions.get(topic, questions["general"])


def must_be_spoken_of(topic: str, question: str) -> bool:
    """Whether an answer about a person in this state may not leave it out, whatever else was asked."""
    return topic in _MUST_BE_SPOKEN_OF or (topic == "child" and _CUPS_A_CHILD.search(question) is not None)


@lru_cache(maxsize=1)
def _general_questions() -> dict[str, str]:
    text = files("bot.data").joinpath("general-questions.yaml").read_text(encoding="utf-8")
    return dict(read_yaml(text))


def _related(hits: Sequence[Hit], draft: Draft) -> tuple[str, ...]:
    """Headings near the answer that are questions of their own."""
    used = {(citation.document, citation.section) for citation in draft.citations}
    near = [h.passage.section for h in hits if (h.passage.document, h.passage.section) not in used]
    return tuple(dict.fromkeys(section for section in near if section.endswith("?")))[:3]
