"""The notice of an answer: added by code, never by a prompt, and never weaker than the evidence asks for."""

from __future__ import annotations

import re
from dataclasses import replace

from bot.domain import Action, Triage
from bot.draft import Draft
from bot.guardrail.intent import PLAIN_FACT
from bot.guardrail.triage import Guardrail

_GRADED = frozenset("ABCD0")
_NO_CONDITION = frozenset(("general", "amount"))
_ASKS_LEAVE = re.compile(
    r"\b(?:can|could|may|should|shall|would you|ok|okay|all right|alright|safe|allowed|wait|skip|still go|go ahead"
    r"|leave (?:it|alone)|yes or no|yes/no|too (?:old|young|frail)|bad idea|sensible|wise|which days)\b",
    re.IGNORECASE,
)
"""Somebody asks whether a person may have cupping."""
_ASKS_BENEFIT = re.compile(
    r"\b(?:helps?|ease|eases|cure|cures|treats?|improves?|reliev\w+|gets? rid|do(?:es)? anything|works? (?:for|on)"
    r"|push it|calm|sort|clear|fade|good for|evidence|tested|proof|legal|insurance|costs?|price)\b",
    re.IGNORECASE,
)
"""Somebody asks what it does, or what it costs."""
_ASKS_FOR_WORDS = re.compile(
    r"^\W*(?:so |and |but )?(?:what(?:'s| is| are)\b|what does .*\b(?:mean|stand for)|define\b|meaning\b|who\b|when\b"
    r"|where\b|why (?:was|is|are) .*\bcalled|how (?:do|is|are) .*\b(?:made|done|performed|work)\b)",
    re.IGNORECASE,
)


def raised(triage: Triage, draft: Draft) -> Triage:
    """Plain information becomes general health information where graded evidence leads the answer.

    A question for a word, a person, a place or a time stays plain.
    """
    if triage.action is not Action.ANSWER or triage.reason == PLAIN_FACT or _ASKS_FOR_WORDS.search(triage.question):
        return triage
    if draft.citations and draft.citations[0].evidence in _GRADED:
        return replace(triage, action=Action.ANSWER_WITH_DISCLAIMER, reason="rests on graded evidence")
    return triage


def concerns_a_condition(triage: Triage) -> bool:
    """A person asks for advice on a condition, medicine or state of theirs that the notices have a word for.

    Where it is a condition of many, only whether they may: of whether cupping helps it, general facts say nothing.
    """
    if triage.action is not Action.ANSWER_WITH_ADVICE_DISCLAIMER or triage.topic in _NO_CONDITION:
        return False
    return triage.topic != "condition" or (
        _ASKS_LEAVE.search(triage.question) is not None and _ASKS_BENEFIT.search(triage.question) is None
    )


def checked(triage: Triage, draft: Draft, guardrail: Guardrail) -> tuple[Triage, Draft]:
    """The last check: statements with a dose, an order, reassurance or a diagnosis go, and the notice is raised."""
    kept = tuple(s for s in draft.statements if not guardrail.violations(s.text))
    if len(kept) == len(draft.statements):
        return triage, draft
    dropped = draft.dropped + len(draft.statements) - len(kept)
    stricter = replace(triage, action=Action.ANSWER_WITH_ADVICE_DISCLAIMER, reason="advice was taken out of the answer")
    return stricter, replace(draft, statements=kept, dropped=dropped).renumbered()
