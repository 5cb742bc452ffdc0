"""What: the judgement of a soak. Invariant: what grows is found, what swings or fills once is not."""

from __future__ import annotations

import pytest

from tests.chaos.soak import FILES, MEMORY, MESSAGES, find_trend

HALF_AN_HOUR = range(0, 1800, 10)


@pytest.mark.parametrize(
    ("what", "an_hour"),
    # 10 MB of 100 in the time between both thirds, a file a minute, a message every ten seconds
    [(MEMORY, 45.0), (FILES, 60.0), (MESSAGES, 360.0)],
)
def test_growth_is_found(what: str, an_hour: float) -> None:
    trend = find_trend("worker", what, [(at, 100 + at * an_hour / 3600) for at in HALF_AN_HOUR])
    assert trend.grows
    assert trend.slope == pytest.approx(an_hour)


def test_what_swings_about_a_level_does_not_grow() -> None:
    assert not find_trend("worker", MEMORY, [(at, 100 + (3 if at % 20 else -3)) for at in HALF_AN_HOUR]).grows


def test_what_fills_while_warming_up_does_not_grow() -> None:
    assert not find_trend("worker", MEMORY, [(at, min(at, 200) + 100) for at in HALF_AN_HOUR]).grows
