"""One office for each test; what it is made of stands in the modules beside."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from tests.unit.services.enrollment.office import Office
from tests.unit.services.enrollment.samples import DENTAL, HMO, PPO, PRODUCER, general, household, quote


@pytest.fixture
def office() -> Office:
    return Office("2026-05-20")


@pytest.fixture
def office_on() -> Callable[[str], Office]:
    return Office


@pytest.fixture
def make() -> Any:
    """The builders of this file, for tests."""

    class Make:
        general = staticmethod(general)
        household = staticmethod(household)
        quote = staticmethod(quote)
        hmo, ppo, dental, producer = HMO, PPO, DENTAL, PRODUCER

    return Make
