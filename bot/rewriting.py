"""Turns a follow-up into a question that stands alone, without a language model.

Three kinds are resolved against the last question that stood alone: a bare "why?", a change of topic inside
the same frame ("and for my neck?"), and a pronoun ("how long do they last?"). Everything else stands alone
already, so that a new topic is never dragged into the old one.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files

import yaml

_SPACE = re.compile(r"\s+")


@dataclass(frozen=True)
class FollowUpRules:
    """Patterns and word categories, from `bot/data/follow-ups.yaml`."""

    bare: re.Pattern[str]
    opener: re.Pattern[str]
    pronoun: re.Pattern[str]
    possessive_tail: re.Pattern[str]
    subject: re.Pattern[str]
    frames: re.Pattern[str]
    categories: tuple[re.Pattern[str], ...]

    @classmethod
    def load(cls) -> FollowUpRules:
        """Read the rules once."""
        return _load_rules()


@lru_cache(maxsize=1)
def _load_rules() -> FollowUpRules:
    data = yaml.safe_load(files("bot.data").joinpath("follow-ups.yaml").read_text(encoding="utf-8"))

    def any_of(patterns: Sequence[str], whole: bool = False) -> re.Pattern[str]:
        joined = "|".join(f"(?:{pattern})" for pattern in patterns)
        return re.compile(rf"^\s*(?:{joined})\W*$" if whole else rf"(?:{joined})", re.IGNORECASE)

    def words(terms: Sequence[str]) -> re.Pattern[str]:
        ordered = sorted(terms, key=len, reverse=True)
        return re.compile(r"\b(?:" + "|".join(ordered) + r")\b", re.IGNORECASE)

    return FollowUpRules(
        bare=any_of(data["bare"], whole=True),
        opener=any_of(data["openers"]),
        pronoun=any_of(data["pronouns"]),
        possessive_tail=any_of(data["empty_tails"], whole=True),
        subject=words(data["subject"]),
        frames=any_of(data["frames"]),
        categories=tuple(words(terms) for terms in data["categories"].values()),
    )


def standalone(question: str, history: Sequence[str]) -> str:
    """The question as it stands alone. `history`: earlier user turns, oldest first."""
    rules = FollowUpRules.load()
    context = ""
    for turn in history:
        context = _resolve(turn, context, rules)
    return _resolve(question, context, rules)


def _resolve(turn: str, context: str, rules: FollowUpRules) -> str:
    turn = _SPACE.sub(" ", turn).strip()
    if not context:
        return turn
    if rules.bare.match(turn):
        return f"{turn.rstrip('?!. ')}: {context}"
    opener = rules.opener.match(turn)
    rest = turn[opener.end() :].strip() if opener else turn
    if opener and not rules.frames.match(rest):
        return _change_topic(rest, context, rules)
    if _leans_on_context(rest if opener else turn, rules):
        return f"{turn} ({_topic(context, rules)})"
    return turn


def _leans_on_context(turn: str, rules: FollowUpRules) -> bool:
    """A pronoun with nothing in the turn that it could stand for, or a turn without any topic of its own."""
    named = rules.subject.search(turn) or any(category.search(turn) for category in rules.categories)
    if rules.pronoun.search(turn):
        return not rules.subject.search(turn)
    return not named and len(turn.split()) <= 7


def _change_topic(rest: str, context: str, rules: FollowUpRules) -> str:
    """The old question with its topic exchanged for the new one of the same category."""
    rest = rest.rstrip("?!. ")
    if rules.subject.search(rest) and any(category.search(rest) for category in rules.categories):
        return f"{rest}?"
    for category in rules.categories:
        new = category.search(rest)
        old = list(category.finditer(context))
        if new and old:
            kept = context
            for match in reversed(old):
                kept = kept[: match.start()] + "\0" + kept[match.end() :]
            first = kept.replace("\0", new[0], 1)
            return _SPACE.sub(" ", first.replace("\0", "")).strip()
    return f"{context.rstrip('?!. ')} {rest}?"


def _topic(context: str, rules: FollowUpRules) -> str:
    """What a question is about: its text without the words that only ask."""
    return rules.frames.sub("", context, count=1).strip(" ?!.") or context
