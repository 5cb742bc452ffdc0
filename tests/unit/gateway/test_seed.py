"""The demo's writing numbers follow the market registry."""

from collections.abc import Iterator
from dataclasses import replace

import pytest

from chassis.kernel import Markets, get_markets, install_markets
from gateway.commands.seed import demo_numbers


@pytest.fixture(autouse=True)
def shipped() -> Iterator[Markets]:
    before = get_markets()
    yield before
    install_markets(before)


def test_demo_producer_has_a_number_in_a_state_that_was_added(shipped: Markets) -> None:
    install_markets(replace(shipped, by_state={**shipped.by_state, "WY": shipped.home}))
    assert [number for number, state, *_ in demo_numbers() if state == "WY"] == ["923250001"]


def test_no_number_is_seeded_in_a_state_that_is_not_served(shipped: Markets) -> None:
    install_markets(replace(shipped, by_state={"IL": shipped.home}))
    assert {state for _, state, *_ in demo_numbers()} == {"IL"}
