"""Documents made up for measurements: plain English of ordinary length, the same for the same seed."""

from __future__ import annotations

import random
from pathlib import Path

_SUBJECTS = (
    "the practitioner",
    "a glass cup",
    "the skin of the back",
    "a patient of middle age",
    "the suction",
    "a small trial",
    "the therapist",
    "an older handbook",
    "the bruise",
    "a bamboo cup",
    "the second session",
    "the muscle below",
    "a review of trials",
    "the clinic",
)
_VERBS = (
    "is placed beside",
    "slowly changes",
    "is compared with",
    "comes before",
    "rarely follows",
    "is described after",
    "draws up",
    "warms",
    "is measured against",
    "depends upon",
    "is recorded together with",
    "hardly differs from",
    "loosens",
    "is repeated near",
)
_OBJECTS = (
    "the shoulder blade",
    "a second cup",
    "the usual care",
    "the pain score",
    "a waiting list",
    "the depth of the vacuum",
    "an oil that smells of mint",
    "the lower spine",
    "a group without treatment",
    "the redness of the mark",
    "a week of rest",
    "the morning visit",
    "the questionnaire on sleep",
    "the range of movement",
)
_ENDINGS = (
    "in most of the people who came back",
    "as the notes of that year show",
    "although the numbers were small",
    "when the room is warm and quiet",
    "before the cup is lifted at its rim",
    "with no clear reason given",
    "over a period of several weeks",
    "and this was written down by the assistant",
    "which nobody had expected at the start",
    "as far as the diary tells",
)


def write_documents(folder: Path, count: int, words: int = 820, seed: int = 7) -> None:
    """Write `count` Markdown files of about `words` words each."""
    folder.mkdir(parents=True, exist_ok=True)
    for number in range(count):
        chance = random.Random(f"{seed}:{number}")
        (folder / f"document-{number:05d}.md").write_text(_document(number, words, chance), encoding="utf-8")


def _document(number: int, words: int, chance: random.Random) -> str:
    parts = [f"# Notes of visit {number}"]
    length = 0
    while length < words:
        paragraph = " ".join(_sentence(chance) for _ in range(chance.randint(3, 6)))
        length += len(paragraph.split())
        if chance.random() < 0.3:
            parts.append(f"## Part {len(parts)}: {chance.choice(_SUBJECTS)}")
        parts.append(paragraph)
    return "\n\n".join(parts) + "\n"


def _sentence(chance: random.Random) -> str:
    day, month = chance.randint(1, 28), chance.randint(1, 12)
    middle = f"{chance.choice(_SUBJECTS)} {chance.choice(_VERBS)} {chance.choice(_OBJECTS)}"
    return f"On day {day} of month {month}, {middle}, {chance.choice(_ENDINGS)}."
