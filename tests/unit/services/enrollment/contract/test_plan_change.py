"""What choosing another plan would change: the premium, and what becomes of the providers chosen so far."""

from __future__ import annotations

import pytest
from suite.enrollment.v1 import application_pb2, steps_pb2
from suite.enrollment.v1 import plan_choice_pb2 as pb

from chassis.kernel import InvalidInput, NotFound, NotReady, Unavailable
from tests.unit.services.enrollment.harness import EnrollmentHarness
from tests.unit.services.enrollment.samples import DENTAL, HMO, PPO, household

OTHER_HMO = "36096IL9900002-00"


def plan_change(
    harness: EnrollmentHarness, app: application_pb2.Application, medical: str = "", dental: str = ""
) -> pb.CheckPlanChangeResponse:
    request = pb.CheckPlanChangeRequest(record_number=app.record_number, medical_plan_id=medical, dental_plan_id=dental)
    answer: pb.CheckPlanChangeResponse = harness.call("CheckPlanChange", request)
    return answer


def chosen(harness: EnrollmentHarness) -> application_pb2.Application:
    choices = [steps_pb2.PcpChoice(pcp_id="P7"), steps_pb2.PcpChoice(member_index=1, pcp_id="P8")]
    step = steps_pb2.PlansStep(medical_plan_id=HMO, dental_plan_id=DENTAL, pcp_choices=choices)
    return harness.save(harness.complete(), plans=step)


def test_a_plan_is_priced_with_the_people_of_the_application_and_nothing_is_saved(harness: EnrollmentHarness) -> None:
    app = harness.complete()
    found = plan_change(harness, app, PPO, DENTAL)
    assert [line.plan_id for line in found.plan_lines] == [PPO, DENTAL]
    assert found.monthly_premium.cents == 2 * (110 + 20) * 100
    assert not found.uses_pcp
    assert harness.get(app).version == app.version


def test_each_chosen_provider_is_said_to_stay_or_to_be_refused(harness: EnrollmentHarness) -> None:
    app = chosen(harness)
    harness.providers.unknown[OTHER_HMO] = {"P8"}
    found = plan_change(harness, app, OTHER_HMO)
    assert [(one.member_index, one.pcp_id, one.status) for one in found.pcp_outcomes] == [
        (0, "P7", pb.PCP_STATUS_KEPT),
        (1, "P8", pb.PCP_STATUS_REFUSED),
    ]
    assert found.pcp_outcomes[0].provider_name == "DR. ONE"
    assert found.pcp_outcomes[1].message == "Dee Sample: This provider is not in the plan's network."


def test_a_plan_without_providers_needs_none_of_them(harness: EnrollmentHarness) -> None:
    found = plan_change(harness, chosen(harness), PPO)
    assert {one.status for one in found.pcp_outcomes} == {pb.PCP_STATUS_NOT_NEEDED}


def test_nothing_is_promised_while_pcp_is_away(harness: EnrollmentHarness) -> None:
    app = chosen(harness)
    harness.providers.check_failure = Unavailable("away")
    found = plan_change(harness, app, OTHER_HMO)
    assert found.pcps_not_checked
    assert {one.status for one in found.pcp_outcomes} == {pb.PCP_STATUS_NOT_CHECKED}


def test_what_is_missing_for_a_price_is_named(harness: EnrollmentHarness) -> None:
    with pytest.raises(NotReady) as refused:
        plan_change(harness, harness.start(), HMO)
    assert "household.people" in [one.field for one in refused.value.problems]
    with pytest.raises(InvalidInput):
        plan_change(harness, harness.complete())


def test_a_medical_plan_of_a_dental_application_is_refused_at_the_plan(harness: EnrollmentHarness) -> None:
    app = harness.save(harness.complete(), household=household(form_type=steps_pb2.FORM_TYPE_DENTAL))
    with pytest.raises(InvalidInput) as refused:
        plan_change(harness, app, HMO)
    assert [(one.field, one.rule) for one in refused.value.problems] == [("medical_plan_id", "R38")]


def test_a_request_without_plans_is_refused_before_the_application_is_looked_up(harness: EnrollmentHarness) -> None:
    nowhere = application_pb2.Application(record_number="A-9999")
    with pytest.raises(InvalidInput) as refused:
        plan_change(harness, nowhere, "")
    assert [(one.field, one.rule) for one in refused.value.problems] == [("medical_plan_id", "R64")]
    with pytest.raises(NotFound):
        plan_change(harness, nowhere, PPO)


def test_pediatric_dental_is_owed_for_a_child_without_a_dental_plan(harness: EnrollmentHarness) -> None:
    app = harness.complete()  # somebody in it is a child
    assert plan_change(harness, app, PPO).owes_pediatric_dental
    assert not plan_change(harness, app, PPO, DENTAL).owes_pediatric_dental


def test_an_application_says_itself_whether_pediatric_dental_is_owed_attested_or_not(
    harness: EnrollmentHarness,
) -> None:
    app = harness.complete()
    assert not app.owes_pediatric_dental  # its dental plan
    for attested in (False, True):
        app.plans.dental_plan_id, app.plans.medical_plan_id = "", PPO
        app.plans.ClearField("pcp_choices")
        app.plans.pediatric_dental_attested = attested
        app = harness.save(app, plans=app.plans)
        assert app.owes_pediatric_dental
