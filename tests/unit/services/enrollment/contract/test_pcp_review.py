"""A provider who cannot be had is refused when step 3 is saved, and readiness says what submission does (R69-R72)."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from suite.common.v1 import common_pb2 as common
from suite.enrollment.v1 import application_pb2
from suite.enrollment.v1 import enrollment_service_pb2 as service
from suite.enrollment.v1 import steps_pb2 as pb

from chassis.kernel import InvalidInput, NotReady, Unavailable
from tests.unit.services.enrollment.harness import EnrollmentHarness
from tests.unit.services.enrollment.samples import DENTAL, HMO, PPO, household

AWAY = Unavailable("pcp does not answer")


def plans(*choices: pb.PcpChoice, plan: str = HMO, **more: Any) -> pb.PlansStep:
    return pb.PlansStep(medical_plan_id=plan, dental_plan_id=DENTAL, pcp_choices=choices, **more)


def refused(harness: EnrollmentHarness, app: application_pb2.Application, step: pb.PlansStep) -> list[tuple[str, str]]:
    with pytest.raises(InvalidInput) as refusal:
        harness.save(app, plans=step)
    assert harness.get(app).version == app.version
    return [(problem.field, problem.message) for problem in refusal.value.problems]


def readiness(harness: EnrollmentHarness, app: application_pb2.Application) -> service.GetReadinessResponse:
    answer: service.GetReadinessResponse = harness.call(
        "GetReadiness", service.GetReadinessRequest(record_number=app.record_number)
    )
    return answer


def test_an_unknown_provider_and_a_wrong_group_are_refused_by_person_and_field(harness: EnrollmentHarness) -> None:
    app = harness.complete()
    step = plans(pb.PcpChoice(member_index=1, medical_group_id="999"), pb.PcpChoice(member_index=0, pcp_id="NOPE"))
    assert refused(harness, app, step) == [
        ("pcp_choices[1].pcp_id", "This provider is not in the plan's network."),
        ("pcp_choices[0].medical_group_id", "This group is not in the plan's network."),
    ]


def test_a_provider_of_adults_is_refused_for_a_newborn(harness: EnrollmentHarness) -> None:
    app = harness.complete()
    [(field, message)] = refused(harness, app, plans(pb.PcpChoice(member_index=1, pcp_id="ADULT")))
    assert field == "pcp_choices[0].pcp_id"
    assert message == "This provider sees only patients age 18 and older."


def test_one_provider_for_all_is_refused_with_the_names_of_those_who_do_not_fit(harness: EnrollmentHarness) -> None:
    people = household().people
    third = pb.Person(relationship=people[1].relationship, first_name="Eve", last_name="Sample", sex=people[1].sex)
    third.date_of_birth = "2019-09-03"
    app = harness.complete(people=[*people, third])
    found = refused(harness, app, plans(pb.PcpChoice(pcp_id="ADULT"), pcp_same_for_all=True))
    message = "Dee Sample, Eve Sample: This provider sees only patients age 18 and older."
    assert found == [("pcp_choices[0].pcp_id", message)]


def test_a_good_choice_is_saved_and_nothing_is_asked_for_a_plan_without_providers(harness: EnrollmentHarness) -> None:
    app = harness.save(harness.complete(), plans=plans(pb.PcpChoice(pcp_id="P7")))
    assert [one.pcp_id for one in app.plans.pcp_choices] == ["P7"]
    assert harness.providers.checked
    harness.providers.checked.clear()
    app = harness.save(app, plans=plans(plan=PPO))
    assert readiness(harness, app).ready
    assert not harness.providers.checked


def test_a_choice_is_saved_with_a_notice_while_pcp_is_away_and_submission_decides(harness: EnrollmentHarness) -> None:
    app = harness.complete()
    harness.providers.check_failure = AWAY
    app = harness.save(app, plans=plans(pb.PcpChoice(pcp_id="NOPE")))
    assert "could not be checked" in app.notices[-1].message
    answer = readiness(harness, app)
    assert answer.ready
    assert ["could not be checked" in notice.message for notice in answer.notices] == [True]
    assert harness.submit(app).status == application_pb2.APPLICATION_STATUS_SUBMITTED


def test_readiness_says_what_submission_refuses_when_a_person_outgrows_the_provider(
    harness: EnrollmentHarness,
) -> None:
    app = harness.save(harness.complete(), plans=plans(pb.PcpChoice(pcp_id="ADULT")))
    assert readiness(harness, app).ready
    young = household()
    young.people[0].date_of_birth = "2010-06-14"
    young.people[1].relationship = common.RELATIONSHIP_OTHER_DEPENDENT
    app = harness.save(app, household=young)
    answer = readiness(harness, app)
    assert not answer.ready
    assert ("pcp_choices[0].pcp_id", 3) in [(one.field, one.step) for one in answer.missing]
    with pytest.raises(NotReady):
        harness.submit(app)


def test_submission_refuses_the_same_as_readiness_and_starts_nothing(harness: EnrollmentHarness) -> None:
    app = harness.save(harness.complete(), plans=plans(pb.PcpChoice(pcp_id="P7")))
    harness.providers.unknown[HMO] = {"P7"}
    told = [(f"plans.{one.field}", one.message) for one in readiness(harness, app).missing]
    assert told == [("plans.pcp_choices[0].pcp_id", "This provider is not in the plan's network.")]
    with pytest.raises(NotReady) as refusal:
        harness.submit(app)
    assert [(one.field, one.message) for one in refusal.value.problems] == told
    assert harness.get(app).status == application_pb2.APPLICATION_STATUS_INCOMPLETE


def test_nobody_left_to_be_assigned_is_no_fault_of_the_form_and_told_by_readiness(harness: EnrollmentHarness) -> None:
    app = harness.complete()
    harness.providers.nobody_for_children = True
    app = harness.save(app, plans=plans())
    [issue] = readiness(harness, app).missing
    assert (issue.field, issue.message) == ("pcp_choices", "Dee Sample: No provider accepts new patients of this age.")


def test_the_same_key_gives_the_same_outcome_whatever_pcp_says_by_then(harness: EnrollmentHarness) -> None:
    app = harness.complete()
    first = harness.submit(app, key="the-same-key")
    harness.providers.nobody_for_children = True
    assert harness.submit(app, key="the-same-key").status == first.status


def test_what_is_closed_is_never_ready(harness: EnrollmentHarness) -> None:
    app = harness.complete()
    assert readiness(harness, app).ready
    assert not readiness(harness, harness.submit(app)).ready
    expired = harness.complete()
    harness.clock.advance(timedelta(days=200))
    assert not readiness(harness, expired).ready
