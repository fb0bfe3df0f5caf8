"""Sentences are read from a reply as it comes in, whatever the pieces."""

from __future__ import annotations

import pytest

from bot.model.reply import ReplyReader, Written

PULL, MARK = ("Cups pull.", ("AB12",)), ("Cups leave marks.", ("CD34",))
BARE = ("Cups pull.", ())
REPLIES = {
    "one a line": ("Cups pull. [AB12]\nCups leave marks [CD34].\n", [PULL, MARK]),
    "on one line": ("Cups pull [AB12]. Cups leave marks [CD34].", [PULL, MARK]),
    "two keys": ("Cups pull [AB12][CD34].", [("Cups pull.", ("AB12", "CD34"))]),
    "two keys apart": ("Cups pull [AB12] [CD34].", [("Cups pull.", ("AB12", "CD34"))]),
    "keys in one bracket": ("Cups pull [AB12, CD34].", [("Cups pull.", ("AB12", "CD34"))]),
    "small letters": ("Cups pull [ab12].", [PULL]),
    "list marks": ("- Cups pull [AB12].\n2. Cups leave marks [CD34].", [PULL, MARK]),
    "no key": ("Cups pull.\nCups leave marks [CD34].", [BARE, MARK]),
    "a key covers its line": ("Cups leave. Cups leave marks [CD34].", [("Cups leave.", ("CD34",)), MARK]),
    "a key on a line of its own": ("Cups pull.\n[AB12]\nCups leave marks.\n\n[CD34]\n", [PULL, MARK]),
    "cut off": ("Cups pull [AB12].\nCups leave ma", [PULL, ("Cups leave ma.", ())]),
    "bracket cut off": ("Cups pull [AB12].\nCups leave marks [CD", [PULL, ("Cups leave marks [CD.", ())]),
    "thinking aloud": ("<think>Say [ZZ99].\n</think>Cups pull [AB12].", [PULL]),
    "thinking without end": ("<think>Cups pull [AB12].\nand so on", []),
    "nothing": (" \n\n", []),
}


@pytest.mark.parametrize("size", [1, 3, 1000])
@pytest.mark.parametrize(("text", "expected"), REPLIES.values(), ids=REPLIES.keys())
def test_sentences_and_keys(text: str, expected: list[tuple[str, tuple[str, ...]]], size: int) -> None:
    reader = ReplyReader()
    found: list[Written] = []
    for start in range(0, len(text), size):
        found += reader.feed(text[start : start + size])
    found += reader.finish()
    assert [(written.text, written.keys) for written in found] == expected


def test_a_sentence_is_given_out_as_soon_as_it_is_whole() -> None:
    reader = ReplyReader()
    assert not list(reader.feed("Cups pull [AB12]"))
    assert [w.text for w in reader.feed(".\n")] == ["Cups pull."]


def test_a_bracket_that_does_not_close_holds_nothing_back() -> None:
    reader = ReplyReader()
    assert [w.text for w in reader.feed("Cups pull.\n[" + "and so on " * 8)] == ["Cups pull."]


def test_an_endless_reply_is_not_read_for_ever() -> None:
    reader = ReplyReader()
    for _ in range(3000):
        list(reader.feed("and so on "))
    assert len(reader.text) < 21_000
