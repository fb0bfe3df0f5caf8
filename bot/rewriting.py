"""Turns a follow-up into a question that stands alone, without a language model.

The turns since the last question that stood alone are replayed. Each is joined to what came before ("does it
help knees, and how long does that last?"), or puts something new into it ("and my neck?"), or has its pronoun
replaced ("how long do the marks last?"). Chatter, emergencies, harm and instructions to the machine are left
out, and a turn with a topic of its own is never dragged into the old one.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from bot.follow_up_rules import Rules, load_rules
from bot.follow_ups import Kind, Turn, is_named, kind_of, parse
from bot.guardrail import intent
from bot.guardrail.alarms import find_alarm, settles
from bot.swapping import bare, capital, swap
from ingest.folding import fold
from ingest.instructions import find_in_folded

_SPACE = re.compile(r"\s+")
_TURNS = 8
"""Earlier turns that are looked at."""

_DEPENDENT = (Kind.BARE, Kind.SWAP, Kind.LEANING)
_LONGEST_TOPIC = 7
"""Words of a topic that can stand in for a pronoun."""


@dataclass(frozen=True)
class _Context:
    """What the turns so far leave behind.

    base: what a follow-up is joined to. last: the last question, resolved. topic: what a question defined, and
    whether it is plural. told: a statement about a person.
    """

    base: str = ""
    last: str = ""
    topic: str = ""
    plural: bool = False
    told: str = ""


def standalone(question: str, history: Sequence[str]) -> str:
    """The question as it stands alone. `history`: earlier user turns, oldest first."""
    rules = load_rules()
    text = _clean(question)
    turn = parse(text, rules)
    kind = kind_of(text, turn, rules)
    if not history or kind is Kind.COURTESY:
        return text
    if kind is Kind.OWN:
        return turn.whole
    context = _Context()
    for earlier, earlier_kind in _recalled(history, rules):
        _, context = _resolve(earlier, earlier_kind, context, rules)
    if not context.base:
        return text
    resolved, _ = _resolve(turn, kind, context, rules)
    return resolved


def _recalled(history: Sequence[str], rules: Rules) -> list[tuple[Turn, Kind]]:
    """The turns from the last one that stood alone, oldest first, without those that may not be context."""
    found: list[tuple[Turn, Kind]] = []
    for text in map(_clean, reversed(history[-_TURNS:])):
        turn = parse(text, rules)
        kind = kind_of(text, turn, rules)
        if kind is Kind.COURTESY or not _may_be_context(text, turn, kind, rules):
            continue
        found.append((turn, kind))
        if kind is Kind.OWN:
            break
    while found and not _in_subject(found[-1][0].whole, rules):
        found.pop()
    return found[::-1]


def _may_be_context(text: str, turn: Turn, kind: Kind, rules: Rules) -> bool:
    folded = fold(text)
    return (
        (kind in _DEPENDENT or _in_subject(turn.text, rules))
        and not intent.is_elsewhere(folded.text)
        and not intent.find_harmful(folded.text)
        and not find_in_folded(folded, asked=True)
        and not (kind is Kind.STATEMENT and settles(folded.text))
        and not (_tells(turn, rules) and find_alarm(folded.text))
    )


def _in_subject(text: str, rules: Rules) -> bool:
    return is_named(text, rules) or intent.in_subject(fold(text).text)


def _tells(turn: Turn, rules: Rules) -> bool:
    """Could the turn be about somebody's state? A question that names nobody is not."""
    return not rules["asks"].match(turn.text) or rules["somebody"].search(turn.text) is not None


def _resolve(turn: Turn, kind: Kind, context: _Context, rules: Rules) -> tuple[str, _Context]:
    """The turn as it stands alone, and the context for the next one."""
    text = turn.text
    if kind is Kind.STATEMENT:
        text = _with_statement(text, context, rules)
        return text, _Context(text, text, told=bare(turn.text))
    if not context.base or kind in (Kind.OWN, Kind.OPEN):
        told, text = context.told if kind is Kind.OPEN else "", turn.whole
        text = f"{capital(told)}. {capital(text)}" if told else text
        return text, _Context(text, text, *_topic(text, rules), told)
    if kind is Kind.SWAP:
        base, last = swap(text, context.base, rules), swap(text, context.last, rules)
        return last, _Context(base, last, *_topic(base, rules), context.told)
    if kind is Kind.BARE:
        more = next(more for more in rules.bare if more.pattern.fullmatch(text))
        text = _join(context.last, more.adds, rules)
        return text, replace(context, last=text)
    named = _with_topic(text, context, rules)
    text = named or _join(context.base, text, rules)
    return text, replace(context, base=named or context.base, last=text)


def _with_statement(text: str, context: _Context, rules: Rules) -> str:
    """What a person tells of themselves is a condition of the question before it."""
    if not rules["asks"].match(context.base):
        return text
    return f"{bare(context.base)} if {bare(text)}?"


def _topic(question: str, rules: Rules) -> tuple[str, bool]:
    """What a question defines ("What are the marks?"), and whether it is plural; ("", False) for any other."""
    definition = rules["definition"].fullmatch(bare(question))
    if not definition or len(definition["topic"].split()) > _LONGEST_TOPIC:
        return "", False
    topic, verb = definition["topic"], definition["verb"]
    return topic, verb in ("are", "were") if verb else topic.endswith("s")


def _with_topic(text: str, context: _Context, rules: Rules) -> str:
    """The turn with the topic in place of the pronoun; "" where there is no topic, or it cannot be meant."""
    pronoun = rules["plural" if context.plural else "singular"].search(text) if context.topic else None
    if not pronoun:
        return ""
    topic = context.topic + ("'s" if pronoun[0].lower() in ("its", "their") else "")
    return capital(f"{text[: pronoun.start()]}{topic}{text[pronoun.end() :]}")


def _join(base: str, text: str, rules: Rules) -> str:
    """Two questions, or a statement and a question, as one text."""
    text = bare(text)
    if not rules["asks"].match(base):
        return f"{capital(base)}{'' if base[-1] in '?!.' else '.'} {capital(text)}?"
    link = rules["links"].match(text)
    if link and link.end() < len(text):
        return f"{capital(bare(base))} {text}?"
    if rules["asks"].match(text) or rules["adding"].match(text) or link or text.startswith("and "):
        return f"{capital(bare(base))}, and {_small(text.removeprefix('and '), rules)}?"
    return f"{capital(bare(base))}? {capital(text)}?"


def _clean(text: str) -> str:
    return _SPACE.sub(" ", text).strip()


def _small(text: str, rules: Rules) -> str:
    """A sentence's first word in lower case, where it is one that only asks."""
    return text[:1].lower() + text[1:] if rules["asks"].match(text) else text
