"""Intervals: whole needs are drawn, and agreement is not certainty."""

from __future__ import annotations

import pytest

from bot.evaluation.intervals import interval
from bot.evaluation.measure import AnswerCase, Measure, Observation

SHARE: Measure[AnswerCase] = Measure("share", "share", "…", "higher", lambda _: [])


def _observations(values: list[float], clusters: int) -> list[Observation]:
    return [Observation(str(i), str(i % clusters), value) for i, value in enumerate(values)]


def test_interval_holds_the_mean_and_is_repeatable() -> None:
    observations = _observations([1.0, 1.0, 0.0, 1.0] * 25, clusters=100)
    low, high = interval(SHARE, observations) or (0, 0)
    assert 0.6 < low < 0.75 < high < 0.9
    assert interval(SHARE, observations) == (low, high)


def test_wordings_of_one_need_do_not_make_an_interval_narrow() -> None:
    alike = [Observation(str(i), f"need-{i // 20}", float(i // 20 % 2)) for i in range(100)]
    apart = [Observation(str(i), str(i), float(i // 20 % 2)) for i in range(100)]
    wide, narrow = interval(SHARE, alike), interval(SHARE, apart)
    assert wide is not None and narrow is not None
    assert wide[1] - wide[0] > 2 * (narrow[1] - narrow[0])


def test_twenty_of_twenty_is_not_certainty() -> None:
    low, high = interval(SHARE, _observations([1.0] * 20, clusters=20)) or (0, 0)
    assert low == pytest.approx(0.025 ** (1 / 20)) and high == 1.0
    low, high = interval(SHARE, _observations([0.0] * 20, clusters=20)) or (0, 0)
    assert low == 0.0 and high == pytest.approx(1 - 0.025 ** (1 / 20))


def test_one_cluster_has_no_interval() -> None:
    assert interval(SHARE, _observations([1.0, 0.0], clusters=1)) is None
