"""Is a wording about a living person, now? Cues of negation, hypothesis, history, fiction and definition.

After the ConText algorithm (Chapman, Chu, Dowling: ConText, 2007): a cue governs what follows it until a
word that breaks the clause; cues of the present moment override those of hypothesis and history.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache

from bot.guardrail import lexicon

_SENTENCE_END = re.compile(r"[.!?。؟۔;\n]+(?!\d)|$")
_WORD = re.compile(r"[\w']+")
_LONGEST_SENTENCE = 600


@dataclass(frozen=True)
class Sentence:
    """A sentence of folded text and where it starts."""

    text: str
    start: int


def split_sentences(text: str) -> list[Sentence]:
    """Sentences in order; one that runs on is read in overlapping windows."""
    sentences: list[Sentence] = []
    begin = 0
    for end in _SENTENCE_END.finditer(text):
        stop = end.end()
        while stop - begin > _LONGEST_SENTENCE:
            sentences.append(Sentence(text[begin : begin + _LONGEST_SENTENCE], begin))
            begin += _LONGEST_SENTENCE - 150
        if text[begin:stop].strip():
            sentences.append(Sentence(text[begin:stop], begin))
        begin = stop
    return sentences


_CUES = (
    *("breaks", "negation", "not_negation", "negation_after", "inner_negation", "subject", "resolved"),
    *("hypothetical", "history", "past", "chronic", "now", "not_now", "present"),
    *("fiction", "real", "definition", "definition_after", "report", "generic", "crowd"),
    *("person", "own", "self", "settled", "unsettled", "once"),
    *("over", "care", "eased", "lesson", "jest", "live", "calm_now"),
)


@dataclass(frozen=True)
class Cues:
    """The cues of one language."""

    patterns: lexicon.Patterns
    words: bool

    @classmethod
    @lru_cache(maxsize=16)
    def load(cls, language: str) -> Cues:
        data = lexicon.read(f"scope-{language}")
        words = bool(data.get("words", True))
        macros = data.get("macros", {})
        data.setdefault("crowd", data.get("generic", ()))
        data.setdefault("self", data.get("own", ()))
        return cls(lexicon.Patterns({cue: data.get(cue, ()) for cue in _CUES}, macros, words=words), words)

    def find(self, cue: str, text: str) -> re.Match[str] | None:
        return self.patterns[cue].search(text)

    def has(self, cue: str, text: str) -> bool:
        return self.patterns[cue].search(text) is not None


@dataclass(frozen=True)
class Reading:
    """What the cues around one wording say of it."""

    negated: bool
    negated_within: bool
    resolved: bool
    hypothetical: bool
    history: bool
    past: bool
    chronic: bool
    now: bool
    present: bool
    fiction: bool
    definition: bool
    report: bool
    generic: bool
    crowd: bool
    person: bool
    own: bool


def read_scope(cues: Cues, sentence: str, start: int, end: int, around: str) -> Reading:
    """Read the cues for `sentence[start:end]`. `around`: the sentence before, where a person may be named."""
    before, wording, after = sentence[:start], sentence[start:end], sentence[end:]
    lead = before[_last_break(cues, before) :]
    return Reading(
        negated=_is_negated(cues, before, wording, after),
        negated_within=cues.has("inner_negation", wording),
        resolved=cues.has("resolved", after[:60]) or is_settled(cues, sentence, start),
        hypothetical=cues.has("hypothetical", lead) or cues.has("hypothetical", before[-80:]),
        history=cues.has("history", sentence),
        past=cues.has("past", sentence),
        chronic=cues.has("chronic", sentence),
        now=cues.has("now", cues.patterns["not_now"].sub(" ", sentence)),
        present=cues.has("present", wording),
        fiction=is_told(cues, sentence),
        definition=cues.has("definition", before + wording) or cues.has("definition_after", after[:40]),
        report=cues.has("report", sentence),
        generic=cues.has("generic", sentence),
        crowd=cues.has("crowd", sentence),
        person=cues.has("person", sentence) or cues.has("person", around),
        own=cues.has("own", sentence),
    )


def is_told(cues: Cues, sentence: str) -> bool:
    """Does the sentence tell a story, and not what happened while one was read or watched?"""
    return cues.has("fiction", sentence) and not cues.has("real", sentence)


def is_settled(cues: Cues, sentence: str, before: int = 0) -> bool:
    """Does the sentence say clearly that help came or that it is over?

    What was well once ("she was fine at lunch") says nothing of what it says after that, from `before` on.
    """
    found = cues.patterns["settled"].finditer(sentence)
    eased = before > 0 and cues.has("eased", sentence[before:])
    holds = any(eased or match.end() > before or not cues.has("once", match.group()) for match in found)
    return holds and not cues.has("unsettled", sentence)


def _last_break(cues: Cues, before: str) -> int:
    last = 0
    for match in cues.patterns["breaks"].finditer(before):
        last = match.end()
    return last


def _is_negated(cues: Cues, before: str, wording: str, after: str) -> bool:
    """A negation in the clause before, or after ("chest pain: no")."""
    clause = before[_last_break(cues, before) :]
    comma = max(clause.rfind(","), clause.rfind(":"), clause.rfind(" - "), clause.rfind("،"))
    if comma >= 0 and (cues.has("person", clause[comma:] + wording) or cues.has("present", wording)):
        clause = clause[comma + 1 :]
    clause = cues.patterns["not_negation"].sub(" ", clause)
    clause = clause[max((m.start() for m in cues.patterns["subject"].finditer(clause)), default=0) :]
    if cues.words:
        words = list(_WORD.finditer(clause))
        clause = clause[words[-8].start() :] if len(words) > 8 else clause
    else:
        clause = clause[-10:]
    return cues.has("negation", clause) or cues.patterns["negation_after"].match(after) is not None
