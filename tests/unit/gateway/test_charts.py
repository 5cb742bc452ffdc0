"""Charts of the report: no label meets another, however many months there are."""

from __future__ import annotations

import pytest

from gateway.pages.reporting.charts import BARS_FROM, BARS_TO, ROW, draw_bars, shorten_amount


@pytest.mark.parametrize("months", [1, 2, 6, 12, 24])
def test_each_month_has_a_row_of_its_own_and_the_longest_bar_leaves_room_for_its_value(months: int) -> None:
    values = [17 * place for place in range(months)]
    chart = draw_bars("Quotes made", ["September 2026"] * months, values, [str(value) for value in values])
    assert chart.height == months * ROW
    assert [bar.top // ROW for bar in chart.bars] == list(range(months))
    assert all(BARS_FROM <= bar.end <= BARS_TO for bar in chart.bars)
    assert max(bar.end for bar in chart.bars) == (BARS_TO if months > 1 else BARS_FROM)
    assert {bar.label for bar in chart.bars} == {"Sep 2026"}


@pytest.mark.parametrize(
    ("cents", "text"),
    [(0, "$0"), (270_049, "$2,700"), (9_999_900, "$99,999"), (10_000_000, "$100K"), (123_456_789, "$1.2M")],
)
def test_amounts_that_do_not_fit_beside_a_bar_are_shortened(cents: int, text: str) -> None:
    assert shorten_amount(cents) == text
