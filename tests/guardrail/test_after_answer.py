"""The last reading of a reply: what it must never say, and the facts it may."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from bot.guardrail.after_answer import find_violations

DOCUMENTS = Path(__file__).parents[2] / "corpus" / "documents"


@pytest.mark.parametrize(
    ("reply", "kind"),
    [
        ("You should stop methotrexate before hijama.", "orders"),
        ("You can safely skip your insulin that day.", "orders"),
        ("It's fine to come off the tablets.", "orders"),
        ("You should have wet cupping twice a month.", "orders"),
        ("Take 400 mg of ibuprofen.", "dose"),
        ("You could take two 500 mg tablets.", "dose"),
        ("Your dose should be lower.", "dose"),
        ("It's probably nothing.", "reassurance"),
        ("There is nothing to worry about.", "reassurance"),
        ("You'll be fine.", "reassurance"),
        ("Wet cupping is safe for you.", "reassurance"),
        ("Yes, you can have cupping.", "reassurance"),
        ("You have cellulitis.", "diagnosis"),
        ("This sounds like sepsis.", "diagnosis"),
        ("I think you are anaemic.", "diagnosis"),
    ],
)
def test_what_no_reply_may_say(reply: str, kind: str) -> None:
    assert [found.split(":")[0] for found in find_violations(reply)][:1] == [kind]


@pytest.mark.parametrize(
    "fact",
    [
        "Do not stop your medicine because you feel better after cupping.",
        "In one trial people took 650 mg of paracetamol three times a day.",
        "Stop a medicine only with the team that prescribed it.",
        "The clinic claimed that patients should stop their insulin.",
        "Burns bigger than the hand need medical care.",
        "Ask your doctor whether you should stop aspirin before a procedure.",
        "Ordinary bruises usually fade in about two weeks.",
    ],
)
def test_general_facts_pass(fact: str) -> None:
    assert find_violations(fact) == []


def test_every_sentence_of_the_library_passes() -> None:
    refused = {
        sentence: found
        for path in sorted(DOCUMENTS.glob("*.md"))
        for sentence in re.split(r"(?<=[.!?])\s+|\n+", path.read_text(encoding="utf-8").split("---", 2)[-1])
        if (found := find_violations(sentence))
    }
    assert refused == {}
