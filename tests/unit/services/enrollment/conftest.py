"""One harness for each test; the stand-ins are in the modules beside."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from tests.unit.services.enrollment.harness import EnrollmentHarness
from tests.unit.services.enrollment.samples import DENTAL, HMO, PPO, PRODUCER, general, household, quote


@pytest.fixture
def harness() -> EnrollmentHarness:
    return EnrollmentHarness("2026-05-20")


@pytest.fixture
def harness_on() -> Callable[[str], EnrollmentHarness]:
    return EnrollmentHarness


@pytest.fixture
def make() -> Any:
    """The builders of this file, for tests."""

    class MakeHarness:
        general = staticmethod(general)
        household = staticmethod(household)
        quote = staticmethod(quote)
        hmo, ppo, dental, producer = HMO, PPO, DENTAL, PRODUCER

    return MakeHarness
