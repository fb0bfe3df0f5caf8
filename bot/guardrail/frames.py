"""What a whole message is about: something long over, in good hands, taught or acted.

A wording that would alarm is set aside inside such a frame, unless its sentence says that it is happening now.
"""

from __future__ import annotations

from dataclasses import dataclass

from bot.guardrail.scope import Cues, Reading


@dataclass(frozen=True)
class Place:
    """A wording, the sentence it stands in, and the sentences before and after."""

    wording: str
    sentence: str
    near: str


def is_set_aside(cues: Cues, place: Place, reading: Reading, *, crisis: bool) -> bool:
    """Is the wording inside a frame? Only languages whose scope file has the cues know frames."""
    live = is_live(cues, place.sentence)
    if _is_taught(cues, place, reading) and not (live and (crisis or reading.present)):
        return True
    if live:
        return False
    if _is_over(cues, place, reading, crisis=crisis):
        return True
    if not crisis and cues.has("jest", place.sentence):
        return True
    around = place.sentence + place.near
    return not reading.present and cues.has("care", around) and cues.has("eased", around)


def is_live(cues: Cues, sentence: str) -> bool:
    """Does the sentence speak of this moment, or of something that goes on?"""
    return cues.has("live", cues.patterns["calm_now"].sub(" ", sentence))


def _is_taught(cues: Cues, place: Place, reading: Reading) -> bool:
    """A course, an exam, a drill; not what happens to the speaker or their own people in the middle of one."""
    if cues.has("real", place.sentence) or (reading.present and cues.has("self", place.wording)):
        return False
    return cues.has("lesson", place.sentence) or (not reading.own and cues.has("lesson", place.near))


def _is_over(cues: Cues, place: Place, reading: Reading, *, crisis: bool) -> bool:
    """Said to be over in the same sentence, or in the next where nothing in this one is of the present."""
    if reading.present:
        return False
    if cues.has("over", place.sentence):
        return True
    of_another = not (crisis and cues.has("self", place.sentence))
    return of_another and not cues.has("present", place.sentence) and cues.has("over", place.near)
