"""How one turn of a conversation relates to the turns before it, by its wording alone."""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import Enum

from bot.follow_up_rules import Rules
from ingest.lexicon import stems


class Kind(Enum):
    """How a turn relates to the turns before it."""

    COURTESY = "asks nothing"
    BARE = "asks for more about the last question"
    SWAP = "puts something new into the last question"
    LEANING = "points back, or has no topic of its own"
    STATEMENT = "tells of a person and asks nothing"
    OPEN = "stands alone, and may be about somebody who was told of before"
    OWN = "stands alone"


@dataclass(frozen=True)
class Turn:
    """One turn. whole: without what is spoken before the question; text: without an opener, too.

    new_topic: it says that it changes the subject; opened: an opener was cut off what is no whole question.
    """

    text: str
    whole: str
    new_topic: bool = False
    opened: bool = False


_LETTER = re.compile("[a-z]", re.IGNORECASE)
_TOLD = ("condition", "state", "person", "medicine")
"""Categories that a statement about a person is made of."""

_LONG_TURN = 25
_LONG_STATEMENT = 14
_LONG_QUESTION = 8
_LONG_ADDITION = 8
_FULL_QUESTION = 4
"""Words that say something ("which organs clear waste from the body"): with so many a question needs no other."""
_FRAGMENT = 5
"""Words. From these lengths on a turn has a topic of its own (a question: unless it points back)."""


def parse(text: str, rules: Rules) -> Turn:
    """Cut off lead-ins, the announcement of a new topic, and the opener."""
    new_topic = False
    while match := rules["new_topic"].match(text) or rules["lead_ins"].match(text):
        new_topic = new_topic or match.re is rules["new_topic"]
        text = text[match.end() :]
    opener = rules["openers"].match(text)
    rest = text[opener.end() :] if opener else ""
    if not rest:
        return Turn(text, text, new_topic)
    asks = rules["asks"].match(rest) is not None
    return Turn(rest, rest if asks else text, new_topic, opened=not asks)


def kind_of(text: str, turn: Turn, rules: Rules) -> Kind:
    """`text`: the turn as typed; `turn`: the same, parsed."""
    if len(turn.text.split()) > _LONG_TURN:
        return Kind.OWN
    if not _LETTER.search(turn.text) or rules["courtesy"].fullmatch(text):
        return Kind.COURTESY
    if any(bare.pattern.fullmatch(turn.text) for bare in rules.bare):
        return Kind.BARE
    if turn.new_topic:
        return Kind.LEANING if points_back(turn.text, rules) else Kind.OWN
    if turn.opened:
        return _kind_of_addition(turn.text, rules)
    if rules["asks"].match(turn.text):
        return _kind_of_question(turn.text, rules)
    if rules["statement"].match(turn.text):
        named = rules["subject"].search(turn.text) or len(turn.text.split()) > _LONG_STATEMENT
        return Kind.OWN if named else Kind.STATEMENT
    return _kind_of_fragment(turn.text, rules)


def points_back(text: str, rules: Rules) -> bool:
    """Is there a pronoun that nothing before it, in the turn, can stand for?"""
    text = rules["empty_pronouns"].sub(lambda match: "_" * len(match[0]), text)
    if rules["pointing"].search(text) and not rules["subject"].search(text):
        return True
    for pronoun in rules["pronouns"].finditer(text):
        name = rules["names"].search(text, 0, pronoun.start())
        if not name or not rules["clause_ends"].search(text, name.end(), pronoun.start() + 1):
            return True
    return False


def is_named(text: str, rules: Rules) -> bool:
    """Does the text hold the subject, or something that the library could have a page about?"""
    return bool(rules["names"].search(text) or rules["topics"].search(text))


def _kind_of_addition(text: str, rules: Rules) -> Kind:
    if rules["subject"].search(text) and len(text.split()) >= _LONG_ADDITION:
        return Kind.OWN
    return Kind.SWAP if _names_one(text, rules) or not points_back(text, rules) else Kind.LEANING


def _kind_of_question(text: str, rules: Rules) -> Kind:
    if points_back(text, rules):
        return Kind.LEANING
    if rules["subject"].search(text):
        about = rules["personal"].search(text) or rules["yes_or_no"].match(text)
        told = any(rules.categories[name].name.search(text) for name in _TOLD)
        return Kind.OPEN if about and not told else Kind.OWN
    long = len(text.split()) >= _LONG_QUESTION or len(set(stems(text))) >= _FULL_QUESTION
    if is_named(text, rules) or long or _defines(text, rules):
        return Kind.OWN
    return Kind.LEANING


def _defines(text: str, rules: Rules) -> bool:
    match = rules["definition"].fullmatch(text.rstrip(" ?!."))
    return match is not None and not rules["relational"].fullmatch(match["topic"])


def _kind_of_fragment(text: str, rules: Rules) -> Kind:
    length = len(text.split())
    if _names_one(text, rules) or (rules["links"].match(text) and length < _LONG_ADDITION):
        return Kind.SWAP
    if length <= _FRAGMENT and (rules["adding"].match(text) or not is_named(text, rules)):
        return Kind.LEANING
    return Kind.LEANING if points_back(text, rules) else Kind.OWN


def _names_one(text: str, rules: Rules) -> bool:
    """Is the whole text the name of something that can take another's place?"""
    bare = text.rstrip(" ?!.")
    named = any(category.alone.fullmatch(bare) for category in rules.categories.values())
    return named or rules["shorthand"].fullmatch(bare) is not None
