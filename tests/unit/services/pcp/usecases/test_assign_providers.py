from dataclasses import replace

import pytest

from chassis.kernel import FixedClock, InvalidInput
from services.pcp.domain.assignment import Assignment, AssignmentMade, Choice
from services.pcp.domain.provider import Panel
from services.pcp.usecases.assign_providers import AssignmentRequest, AssignProviders
from services.pcp.usecases.ports import Network
from tests.unit.services.pcp.fakes import NETWORK, FakeWork, provider

MEMBERS = [
    provider("IL1", accepting=False),
    provider("IL2", panel=Panel.PEDIATRIC),
    provider("IL3", panel=Panel.ADULT, group="202"),
    provider("IL4", group="203"),
]


@pytest.fixture
def work() -> FakeWork:
    return FakeWork(list(MEMBERS))


def assign(work: FakeWork, *choices: Choice, network: Network = NETWORK, zip_code: str = "60601") -> list[Assignment]:
    use_case = AssignProviders(work, FixedClock.at("2026-03-01"))
    return list(use_case(AssignmentRequest("A-0638", f"{network.plan_id}-00", network.plan_year, zip_code, choices)))


def problems(work: FakeWork, *choices: Choice) -> list[str]:
    with pytest.raises(InvalidInput) as refused:
        assign(work, *choices)
    assert work.published == []
    assert work.assignments.stored == {}
    return [problem.field for problem in refused.value.problems]


def test_a_chosen_provider_is_confirmed(work: FakeWork) -> None:
    assert assign(work, Choice(0, 40, pcp_id="IL3")) == [Assignment(0, "IL3", "Doctor IL3", "202", auto_assigned=False)]


def test_who_chose_nobody_gets_the_nearest_provider_that_fits_the_age(work: FakeWork) -> None:
    assigned = assign(work, Choice(0, 40), Choice(1, 5))
    assert [(a.pcp_id, a.auto_assigned) for a in assigned] == [("IL3", True), ("IL2", True)]


def test_with_a_medical_group_alone_the_nearest_fitting_doctor_of_the_group_is_taken(work: FakeWork) -> None:
    assert [(a.pcp_id, a.group_id) for a in assign(work, Choice(0, 40, group_id="203"))] == [("IL4", "203")]


def test_every_choice_that_does_not_hold_is_named_with_its_field(work: FakeWork) -> None:
    found = problems(
        work,
        Choice(0, 40, pcp_id="unknown"),
        Choice(1, 40, pcp_id="IL1"),
        Choice(2, 40, pcp_id="IL2"),
        Choice(3, 5, pcp_id="IL3"),
        Choice(4, 40, group_id="999"),
        Choice(5, 40, pcp_id="IL4", group_id="201"),
        Choice(6, 5, group_id="202"),
        Choice(7, 40, pcp_id="IL4"),
    )
    assert found == [
        *(f"members[{place}].pcp_id" for place in range(4)),
        *(f"members[{place}].medical_group_id" for place in (4, 5, 6)),
    ]


def test_nobody_who_fits_is_said_instead_of_left_empty(work: FakeWork) -> None:
    work.providers.members = [provider("IL1", accepting=False)]
    assert problems(work, Choice(0, 40)) == ["members[0].pcp_id"]


def test_the_same_request_gives_the_first_answer_whatever_became_of_the_directory(work: FakeWork) -> None:
    first = assign(work, Choice(0, 40))
    work.providers.members = [provider("IL9")]
    assert assign(work, Choice(0, 40)) == first
    assert len(work.published) == 1


def test_a_mended_application_is_decided_anew(work: FakeWork) -> None:
    assign(work, Choice(0, 40))
    assert [a.pcp_id for a in assign(work, Choice(0, 40, pcp_id="IL4"))] == ["IL4"]
    assert [type(event) for event in work.published] == [AssignmentMade, AssignmentMade]


def test_a_plan_without_directory_and_an_unknown_zip_are_refused(work: FakeWork) -> None:
    with pytest.raises(InvalidInput) as refused:
        assign(work, Choice(0, 40), network=replace(NETWORK, plan_year=2031))
    assert refused.value.problems[0].field == "plan_id"
    with pytest.raises(InvalidInput) as refused:
        assign(work, Choice(0, 40), zip_code="00000")
    assert refused.value.problems[0].field == "zip"


def test_event_and_audit_carry_no_age_and_no_place(work: FakeWork) -> None:
    assign(work, Choice(0, 40, pcp_id="IL4"), Choice(1, 5))
    (event,) = work.published
    assert isinstance(event, AssignmentMade)
    assert work.recorded == [("pcp.assigned", "1 chosen, 1 assigned by the carrier")]
    assert event.plan_id == "36096IL9900001-00"
    assert "60601" not in repr(event)
