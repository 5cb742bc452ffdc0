"""A save whose answer was lost is answered again when it is repeated; nobody hears of somebody else."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from suite.enrollment.v1 import application_pb2 as pb

from chassis.kernel import Stale
from tests.unit.services.enrollment.harness import EnrollmentHarness
from tests.unit.services.enrollment.samples import PRODUCER, general, household

COLLEAGUE = replace(PRODUCER, subject="colleague@example.com")
Act = Callable[[EnrollmentHarness, pb.Application], pb.Application]


def save_household(harness: EnrollmentHarness, app: pb.Application) -> pb.Application:
    step = household()
    step.people[0].ssn = "536-90-4399"
    return harness.save(app, household=step)


def save_general(harness: EnrollmentHarness, app: pb.Application) -> pb.Application:
    return harness.save(app, general=general(("birth", "2026-05-11")))


def calculate(harness: EnrollmentHarness, app: pb.Application) -> pb.Application:
    return harness.calculate(app)


def draft(harness: EnrollmentHarness) -> pb.Application:
    return harness.save(harness.start(), general=general(("birth", "2026-05-10")))


@pytest.mark.parametrize("act", [save_household, save_general, calculate])
def test_the_same_save_again_is_answered_as_the_first_time_and_changes_nothing(
    harness: EnrollmentHarness, act: Act
) -> None:
    app = draft(harness)
    first = act(harness, app)
    acts = len(harness.work.audit)
    again = act(harness, app)
    assert again == first
    assert len(harness.work.audit) == acts


def test_another_content_with_the_version_of_before_is_stale(harness: EnrollmentHarness) -> None:
    app = draft(harness)
    save_general(harness, app)
    with pytest.raises(Stale):
        harness.save(app, general=general(("birth", "2026-05-12")))


def test_who_saved_in_a_second_window_is_not_told_of_somebody_else_alone(harness: EnrollmentHarness) -> None:
    app = draft(harness)
    save_general(harness, app)
    with pytest.raises(Stale) as refused:
        save_household(harness, app)
    assert "in another window, or by someone else," in refused.value.message


def test_a_save_is_stale_once_anything_else_was_saved_after_it(harness: EnrollmentHarness) -> None:
    app = draft(harness)
    save_household(harness, save_general(harness, app))
    with pytest.raises(Stale):
        save_general(harness, app)


def test_somebody_elses_save_of_the_same_content_is_stale(harness: EnrollmentHarness) -> None:
    app = draft(harness)
    step: dict[str, Any] = {"general": general(("birth", "2026-05-11"))}
    harness.save(app, **step)
    with pytest.raises(Stale):
        harness.save(app, COLLEAGUE, **step)


def test_what_was_typed_is_not_kept_for_it(harness: EnrollmentHarness) -> None:
    save_household(harness, draft(harness))
    assert all("536" not in one and "Sample" not in one for one in harness.state.saves.values())
