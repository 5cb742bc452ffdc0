"""One harness for each test; samples and stand-ins are in the modules beside."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from tests.unit.services.enrollment.harness import EnrollmentHarness


@pytest.fixture
def harness() -> EnrollmentHarness:
    return EnrollmentHarness("2026-05-20")


@pytest.fixture
def harness_on() -> Callable[[str], EnrollmentHarness]:
    return EnrollmentHarness
