"""Builds a draft out of verified sentences: citations by code, curator's notes included, weak sources last."""

from __future__ import annotations

from dataclasses import dataclass, field

from bot.domain import Citation, DroppedSentence, Statement
from bot.draft import Draft, cite
from bot.model.verification import Quoted, Verdict

_WEAK_KINDS = frozenset(("clinic-website", "unreviewed", "tradition"))


@dataclass
class Drafting:
    """What has been verified so far of one reply."""

    name: str
    statements: list[Statement] = field(default_factory=list)
    dropped: list[DroppedSentence] = field(default_factory=list)
    _citations: dict[tuple[str, int], Citation] = field(default_factory=dict)

    def take(self, text: str, verdict: Verdict) -> bool:
        """Add a sentence, or count it as dropped. True where the draft has grown."""
        if verdict.reason:
            self.dropped.append(DroppedSentence(text, verdict.reason))
            return False
        if any(text.lower() == statement.text.lower() for statement in self.statements):
            return False
        numbers = dict.fromkeys(self._number(quoted) for quoted in verdict.quoted)
        self.statements.append(Statement(text, tuple(numbers)))
        return True

    def draft(self) -> Draft:
        """The draft as it stands."""
        by_number = {citation.number: citation for citation in self._citations.values()}
        ordered = sorted(self.statements, key=lambda s: by_number[s.citations[0]].kind in _WEAK_KINDS)
        return Draft(
            tuple(ordered), tuple(by_number.values()), answered_by=f"model:{self.name}", dropped=len(self.dropped)
        ).renumbered()

    def _number(self, quoted: Quoted) -> int:
        source = quoted.source
        sentence = source.sentences[quoted.position]
        place = (source.document.id, sentence.start)
        if place not in self._citations:
            number = len(self._citations) + 1
            self._citations[place] = cite(number, source.document, source.passage.section, sentence)
        return self._citations[place].number
