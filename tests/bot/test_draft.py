"""What leads an answer about a person whose state must be spoken of."""

from __future__ import annotations

from bot.domain import Citation, Statement
from bot.draft import Draft, led_by


def _draft(*sentences: tuple[str, str]) -> Draft:
    """A draft of (document, sentence)."""
    cited = enumerate(sentences, start=1)
    citations = tuple(
        Citation(n, document, document, "Section", text, 0, len(text), "reference", "C", ())
        for n, (document, text) in cited
    )
    return Draft(tuple(Statement(c.quote, (c.number,)) for c in citations), citations)


GENERAL = _draft(("children", "Nobody knows."), ("children", "One trial was found."), ("children", "Ask a doctor."))


def _texts(draft: Draft) -> list[str]:
    return [statement.text for statement in draft.statements]


def test_where_the_answer_speaks_of_the_state_that_comes_first_and_nothing_is_added() -> None:
    led = led_by(GENERAL, _draft(("time", "Five minutes."), ("children", "For a child it is not known.")))
    assert _texts(led) == ["For a child it is not known.", "Five minutes."]
    assert [citation.number for citation in led.citations] == [1, 2]


def test_where_it_does_not_two_general_sentences_lead() -> None:
    led = led_by(GENERAL, _draft(("time", "Five minutes."), ("time", "Some say ten."), ("time", "It varies.")))
    assert _texts(led) == ["Nobody knows.", "One trial was found.", "Five minutes."]


def test_what_another_document_said_already_is_not_said_twice() -> None:
    led = led_by(GENERAL, _draft(("time", "Nobody knows."), ("time", "Five minutes."), ("time", "It varies.")))
    assert _texts(led) == ["One trial was found.", "Ask a doctor.", "Nobody knows."]
