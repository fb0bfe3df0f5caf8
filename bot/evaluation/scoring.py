"""Scores one answer against its labels. Pure: no model, no index, no clock."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from bot.domain import Answer
from bot.evaluation.matching import occurs, plain
from bot.evaluation.questions import Question


@dataclass(frozen=True)
class Scored:
    """What one answer got right.

    points: for each required point, whether the reply makes it. forbidden: what was said and may not be.
    words: of the statements alone. supporting: for each citation, whether its document is a labelled one.
    exact: for each citation, whether the quote stands at its offsets; None where the texts were not given.
    """

    action_right: bool
    answered: bool
    points: tuple[bool, ...]
    forbidden: tuple[str, ...]
    words: int
    cited: tuple[str, ...]
    supporting: tuple[bool, ...]
    exact: tuple[bool, ...] | None

    @property
    def strictly_right(self) -> bool:
        """Right action, every point made, nothing forbidden said."""
        return self.action_right and all(self.points) and not self.forbidden


def score(question: Question, answer: Answer, texts: Mapping[str, str] | None = None) -> Scored:
    """Score an answer. `texts`: document id to its text as ingested; without it, quotes are not checked."""
    said = plain(reply_text(answer))
    statements = plain(" ".join(statement.text for statement in answer.statements))
    cited = tuple(citation.document for citation in answer.citations)
    exact = None
    if texts is not None:
        exact = tuple(texts.get(c.document, "")[c.start : c.end] == c.quote for c in answer.citations)
    return Scored(
        action_right=answer.action in question.action,
        answered=answer.action.answers,
        points=tuple(any(occurs(pattern, said) for pattern in point) for point in question.points),
        forbidden=tuple(pattern for pattern in question.forbidden if occurs(pattern, statements)),
        words=sum(len(statement.text.split()) for statement in answer.statements),
        cited=cited,
        supporting=tuple(document in question.documents for document in cited),
        exact=exact,
    )


def score_missing(question: Question) -> Scored:
    """The score where no answer came back: no point made, nothing right."""
    return Scored(False, False, (False,) * len(question.points), (), 0, (), (), None)


def reply_text(answer: Answer) -> str:
    """What the reader is told: statements, notice and curator's notes. Not the list of sources, whose titles
    would make points that the answer did not."""
    if answer.statements:
        notes = [citation.note for citation in answer.citations if citation.note]
        return " ".join([answer.notice, *(statement.text for statement in answer.statements), *notes])
    return answer.text
