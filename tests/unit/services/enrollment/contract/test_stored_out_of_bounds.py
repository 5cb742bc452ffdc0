"""What was stored under wider bounds than those of today is named before submission as saving would name it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date

import pytest
from suite.enrollment.v1 import application_pb2 as app_pb
from suite.enrollment.v1 import enrollment_service_pb2 as service
from suite.enrollment.v1 import steps_pb2 as pb

from chassis.kernel import InvalidInput, Money, NotReady
from services.enrollment.domain.application import Application
from services.enrollment.domain.steps import Hra, OtherCoverage, PcpChoice, Signer
from tests.unit.services.enrollment.harness import EnrollmentHarness

Change = Callable[[Application], Application]


def with_free_hra(app: Application) -> Application:
    hra = Hra("ICHRA", date(2026, 1, 1), "Sample Works", Money(0))
    return replace(app, household=replace(app.household, hra=hra))


def with_long_name(app: Application) -> Application:
    first, *others = app.household.people
    named = replace(first, first_name="A" * 61)
    return replace(app, household=replace(app.household, people=(named, *others)))


def with_long_provider(app: Application) -> Application:
    choices = (PcpChoice(member_index=0, pcp_id="P" * 31),)
    return replace(app, plans=replace(app.plans, pcp_choices=choices))


def with_long_group(app: Application) -> Application:
    other = OtherCoverage(member_index=0, member_number="M-1", group_id="G" * 101)
    return replace(app, other_coverage=replace(app.other_coverage, has_other_coverage=True, others=(other,)))


def with_long_signer(app: Application) -> Application:
    signer = Signer(first_name="A" * 101, last_name="Sample", relationship_to_applicant="Attorney")
    return replace(app, signatures=replace(app.signatures, authorized_representative=signer))


@pytest.mark.parametrize(
    ("change", "step", "field"),
    [
        (with_free_hra, "household", "hra.monthly_contribution"),
        (with_long_name, "household", "people[0].first_name"),
        (with_long_provider, "plans", "pcp_choices[0].pcp_id"),
        (with_long_group, "other_coverage", "others[0].group_id"),
        (with_long_signer, "signatures", "authorized_representative.first_name"),
    ],
)
def test_a_stored_value_that_saving_refuses_is_refused_by_submission_in_the_same_words(
    harness: EnrollmentHarness, change: Change, step: str, field: str
) -> None:
    app = harness.complete()
    stored = harness.state.applications
    stored[app.record_number] = change(stored[app.record_number])
    read = harness.get(app)

    found = harness.call("GetReadiness", service.GetReadinessRequest(record_number=app.record_number))
    with pytest.raises(NotReady) as submission:
        harness.submit(app)
    with pytest.raises(InvalidInput) as saving:
        harness.save(read, **{step: getattr(read, step)})

    [missing] = found.missing
    assert (missing.field, read.current_step) == (field, missing.step)
    said = {(one.field, one.message, one.rule) for one in submission.value.problems}
    assert said == {(f"{step}.{field}", missing.message, missing.rule)}
    assert (field, missing.message) in {(one.field, one.message) for one in saving.value.problems}


def test_once_it_is_corrected_the_application_can_be_submitted(harness: EnrollmentHarness) -> None:
    app = harness.complete()
    stored = harness.state.applications
    stored[app.record_number] = with_free_hra(stored[app.record_number])
    household = pb.HouseholdStep()
    household.CopyFrom(harness.get(app).household)
    household.hra.monthly_contribution.cents = 1
    app = harness.save(app, household=household)
    assert harness.submit(app).status == app_pb.APPLICATION_STATUS_SUBMITTED
