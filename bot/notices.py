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
    """A person asks for advice on a condition, medicine or state of theirs that the notices have a word for."""
    return triage.action is Action.ANSWER_WITH_ADVICE_DISCLAIMER and triage.topic not in _NO_CONDITION


def checked(triage: Triage, draft: Draft, guardrail: Guardrail) -> tuple[Triage, Draft]:
    """The last check: statements with a dose, an order, reassurance or a diagnosis go, and the notice is raised."""
    kept = tuple(s for s in draft.statements if not guardrail.violations(s.text))
    if len(kept) == len(draft.statements):
        return triage, draft
    dropped = draft.dropped + len(draft.statements) - len(kept)
    stricter = replace(triage, action=Action.ANSWER_WITH_ADVICE_DISCLAIMER, reason="advice was taken out of the answer")
    return stricter, replace(draft, statements=kept, dropped=dropped).renumbered()
