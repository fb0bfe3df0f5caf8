"""From which probability on a head says yes: chosen at a fixed rate of false alarms on held-out lines."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from bot.guardrail.classifier import Head, odds_on
from bot.guardrail.labelled_lines import Label
from bot.guardrail.network import Model, Probabilities

EMERGENCY_FALSE_ALARMS = 0.01  # share of ordinary harmless lines that urgent and crisis together may flag
LOOK_ALIKE_FALSE_ALARMS = 0.06  # and of look-alikes, a third of the harmless lines, rare among readers
ADVICE_FALSE_ALARMS = 0.02  # share of general questions that may be taken for personal ones
HARM_FALSE_ALARMS = 0.004  # share of harmless lines in the subject that may be refused as a request for harm
INJECTION_FALSE_ALARMS = 0.003  # and as an instruction to the machine
SCOPE_MISSES = 0.01  # share of questions in the subject that may fall below the scope threshold

EMERGENCIES = frozenset((Label.URGENT.value, Label.CRISIS.value))
CALM = frozenset(label.value for label in Label) - EMERGENCIES
LOOK_ALIKES = frozenset((Label.LOOK_ALIKE.value,))
ADVICE = frozenset((Label.ADVICE.value,))
IN_SCOPE = frozenset((Label.IN_SCOPE.value, Label.ADVICE.value))
HARMFUL = frozenset((Label.HARMFUL.value,))
INJECTION = frozenset((Label.INJECTION.value,))
HARMLESS = frozenset((Label.IN_SCOPE.value, Label.ADVICE.value, Label.LOOK_ALIKE.value, Label.SMALL_TALK.value))
OFF_TOPIC = frozenset((Label.OFF_TOPIC.value,))


@dataclass(frozen=True)
class HeldOut:
    """What models that had not seen a line's group said of it.

    names: the labels in the order of the columns. labels: (lines,) the true ones.
    probabilities: (lines, labels).
    """

    names: tuple[str, ...]
    labels: NDArray[np.str_]
    probabilities: Probabilities

    def are(self, labels: frozenset[str]) -> NDArray[np.bool_]:
        """(lines,) whether a line's true label is among these."""
        return np.isin(self.labels, sorted(labels))

    def judge(self, yes: frozenset[str], no: frozenset[str]) -> Probabilities:
        """(lines,) probability of `yes` against `no`."""
        return odds_on(self.names, self.probabilities, yes, no)


def choose_heads(model: Model, held_out: HeldOut) -> dict[str, Head]:
    """The six heads with their thresholds."""
    urgent, crisis = frozenset((Label.URGENT.value,)), frozenset((Label.CRISIS.value,))
    urgent_from, crisis_from = _emergency_thresholds(held_out, urgent, crisis)
    general = CALM - ADVICE
    advice = held_out.judge(ADVICE, general)
    inside = np.sort(held_out.judge(IN_SCOPE, OFF_TOPIC)[held_out.are(IN_SCOPE)])
    return {
        "urgent": Head(model, urgent, CALM, urgent_from),
        "crisis": Head(model, crisis, CALM, crisis_from),
        "advice": Head(model, ADVICE, general, _allowing(advice[held_out.are(general)], ADVICE_FALSE_ALARMS)),
        "harmful": _refusing(model, held_out, HARMFUL, HARM_FALSE_ALARMS),
        "injection": _refusing(model, held_out, INJECTION, INJECTION_FALSE_ALARMS),
        "scope": Head(model, IN_SCOPE, OFF_TOPIC, float(inside[int(len(inside) * SCOPE_MISSES)])),
    }


def _refusing(model: Model, held_out: HeldOut, yes: frozenset[str], false_alarms: float) -> Head:
    """A head against every other label, held to its share of harmless lines."""
    others = frozenset(held_out.names) - yes
    harmless = held_out.judge(yes, others)[held_out.are(HARMLESS)]
    return Head(model, yes, others, _allowing(harmless, false_alarms))


def _emergency_thresholds(held_out: HeldOut, urgent: frozenset[str], crisis: frozenset[str]) -> tuple[float, float]:
    """Share the allowance between both heads so that they find the most; neither gets less than a fifth."""
    scores = held_out.judge(urgent, CALM), held_out.judge(crisis, CALM)
    pairs = [
        (_emergency_threshold(held_out, scores[0], part), _emergency_threshold(held_out, scores[1], 1 - part))
        for part in np.linspace(0.2, 0.8, 13)
    ]
    return max(
        pairs,
        key=lambda pair: (
            float((scores[0][held_out.are(urgent)] >= pair[0]).mean())
            + float((scores[1][held_out.are(crisis)] >= pair[1]).mean())
        ),
    )


def _emergency_threshold(held_out: HeldOut, score: Probabilities, part: float) -> float:
    """The lowest threshold within this part of both allowances."""
    ordinary, look_alikes = held_out.are(CALM - LOOK_ALIKES), held_out.are(LOOK_ALIKES)
    return max(
        _allowing(score[ordinary], EMERGENCY_FALSE_ALARMS * part),
        _allowing(score[look_alikes], LOOK_ALIKE_FALSE_ALARMS * part),
    )


def _allowing(harmless: Probabilities, false_alarms: float) -> float:
    """The lowest threshold that flags at most this share of harmless lines."""
    ranked = np.sort(harmless)[::-1]
    return float(np.nextafter(ranked[int(len(ranked) * false_alarms)], 1.0))
