"""Checks one written sentence: it reaches the reader only where its cited passage supports it."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from bot.guardrail.after_answer import find_violations
from bot.library import Library
from bot.model.reply import Written
from bot.model.sheet import Sheet, Source
from bot.model.support.check import SupportCheck
from bot.model.support.vocabulary import vocabulary
from bot.model.support.wording import read_wording
from ingest.instructions import find_instructions

MOST_WORDS = 60
"""Words of a sentence; a longer one says more than one thing."""
_LEANS = re.compile(
    r"(?:it|its|this|that|these|those|they|their|he|she|such|both|the same|the latter)\b", re.IGNORECASE
)
_GRADE = re.compile(r"\b(?:grade|evidence|level)\s*[:=(]?\s*([A-D0])\b")
_NEAR = 20
"""Characters before a word within which a negation denies it."""
_WEAK_GRADES = frozenset(("C", "D", "0", "ungraded"))


@dataclass(frozen=True)
class Quoted:
    """A sentence of a passage that a statement rests on: the source and the sentence's place in it."""

    source: Source
    position: int


@dataclass(frozen=True)
class Verdict:
    """reason: "" where the sentence may be shown; quoted: what it rests on."""

    reason: str
    quoted: tuple[Quoted, ...] = ()


class Verifier:
    """Judges the sentences of one reply in their order."""

    def __init__(self, check: SupportCheck, sheet: Sheet, library: Library) -> None:
        self._check, self._sheet, self._library = check, sheet, library
        self._dropped_before = False

    def judge(self, written: Written) -> Verdict:
        """The verdict on the next sentence."""
        verdict = self._judged(written)
        self._dropped_before = bool(verdict.reason)
        return verdict

    def _judged(self, written: Written) -> Verdict:
        if not written.keys:
            return Verdict("no key")
        if any(key not in self._sheet.sources for key in written.keys):
            return Verdict("unknown key")
        if len(written.text.split()) > MOST_WORDS:
            return Verdict("too long")
        if find_instructions(written.text):
            return Verdict("instruction")
        if find_violations(written.text):
            return Verdict("advice")
        if self._dropped_before and _LEANS.match(written.text):
            return Verdict("leans on a sentence that was dropped")
        return self._supported(written)

    def _supported(self, written: Written) -> Verdict:
        quoted: list[Quoted] = []
        reason = ""
        for key in written.keys:
            source = self._sheet.sources[key]
            found = self._check.judge(written.text, source.texts, source.heading, self._vectors(source))
            against = found.reason or misstates(written.text, source, found.sentences)
            reason = reason or against
            if not against:
                quoted += [Quoted(source, position) for position in found.sentences]
        return Verdict("", tuple(quoted)) if quoted else Verdict(reason)

    def _vectors(self, source: Source) -> np.ndarray:
        texts = list(source.texts)
        rows = np.array(self._library.sentence_vectors(texts), dtype=np.float32)
        missing = [i for i, row in enumerate(rows) if not np.isfinite(row).all()]
        if missing:
            rows[missing] = self._check.embed([texts[i] for i in missing])
        return rows


def misstates(text: str, source: Source, positions: Sequence[int]) -> str:
    """What a sentence makes of its source: "attribution" not kept, or "grade" raised; "" where it does neither."""
    claim, words = read_wording(text), vocabulary()
    owner = words.owners.get(source.document.kind)
    if owner and not owner.search(claim.plain):
        return "attribution"
    named = set(_GRADE.findall(text))
    if named - {source.document.evidence}:
        return "grade"
    if source.document.evidence not in _WEAK_GRADES:
        return ""
    told = " ".join(read_wording(source.texts[i]).plain for i in positions)
    for match in words.overclaim.finditer(claim.plain):
        denied = words.negation.search(claim.plain, max(0, match.start() - _NEAR), match.start())
        if not denied and match.group() not in told:
            return "grade"
    return ""
