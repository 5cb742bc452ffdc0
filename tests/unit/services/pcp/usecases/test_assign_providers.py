from dataclasses import replace
from typing import Any

import pytest

from chassis.kernel import FixedClock, InvalidInput
from services.pcp.domain.assignment import Assignment, AssignmentMade, PcpSelection
from services.pcp.domain.network import PlanNetwork
from services.pcp.domain.provider import Panel
from services.pcp.events.outgoing import event_to_proto
from services.pcp.usecases.assign_providers import AssignmentRequest, AssignProviders
from services.pcp.usecases.ports import FoundProviders
from tests.unit.services.pcp.fakes import DISTANCES, NETWORK, FakeWork, provider

MEMBERS = [
    provider("IL1", accepting=False),
    provider("IL2", panel=Panel.PEDIATRIC),
    provider("IL3", panel=Panel.ADULT, group="202"),
    provider("IL4", group="203"),
]


@pytest.fixture
def work() -> FakeWork:
    return FakeWork(list(MEMBERS))


def assign(
    work: FakeWork, *selections: PcpSelection, network: PlanNetwork = NETWORK, zip_code: str = "60601"
) -> list[Assignment]:
    use_case = AssignProviders(work, FixedClock.at("2026-03-01"), DISTANCES)
    return list(use_case(AssignmentRequest("A-0638", f"{network.plan_id}-00", network.plan_year, zip_code, selections)))


def test_the_nearest_is_looked_up_once_for_members_whom_the_same_panels_take(work: FakeWork) -> None:
    ages = (40, 38, 12, 9, 18)  # at 18 somebody is both a child and an adult for providers
    asked: list[int | None] = []
    find = work.providers.find_nearest

    def counted(*args: Any, **named: Any) -> FoundProviders:
        asked.append(args[2].age)
        return find(*args, **named)

    work.providers.find_nearest = counted  # type: ignore[method-assign]  # counts its calls
    found = assign(work, *(PcpSelection(index, age) for index, age in enumerate(ages)))
    assert [one.pcp_id for one in found] == ["IL3", "IL3", "IL2", "IL2", "IL2"]
    assert asked == [40, 12, 18]


def problems(work: FakeWork, *selections: PcpSelection) -> list[str]:
    with pytest.raises(InvalidInput) as refused:
        assign(work, *selections)
    assert work.events == []
    assert work.assignments.stored == {}
    return [problem.field for problem in refused.value.problems]


def test_a_chosen_provider_is_confirmed(work: FakeWork) -> None:
    assert assign(work, PcpSelection(0, 40, pcp_id="IL3")) == [
        Assignment(
            0,
            "IL3",
            "Doctor IL3",
            "202",
            auto_assigned=False,
            group_name="Lantern Medical Group",
            npi=MEMBERS[2].npi,
            office=MEMBERS[2].office,
        )
    ]
    assert MEMBERS[2].npi


def test_at_which_of_several_offices_a_chosen_provider_is_seen_is_not_made_up(
    work: FakeWork, monkeypatch: pytest.MonkeyPatch
) -> None:
    another = replace(MEMBERS[2].office, city="Joliet")
    monkeypatch.setattr(work.providers, "list_offices", lambda _: (MEMBERS[2].office, another))
    chosen, assigned = assign(work, PcpSelection(0, 40, pcp_id="IL3"), PcpSelection(1, 40))
    assert (chosen.pcp_id, chosen.office) == ("IL3", None)
    assert (assigned.pcp_id, assigned.office) == ("IL3", MEMBERS[2].office), "the nearest one"


def test_a_member_without_selection_gets_the_nearest_provider_for_the_age(work: FakeWork) -> None:
    assigned = assign(work, PcpSelection(0, 40), PcpSelection(1, 5))
    assert [(a.pcp_id, a.auto_assigned) for a in assigned] == [("IL3", True), ("IL2", True)]


def test_a_selected_group_without_provider_gets_its_nearest_provider_for_the_age(work: FakeWork) -> None:
    assert [(a.pcp_id, a.group_id) for a in assign(work, PcpSelection(0, 40, group_id="203"))] == [("IL4", "203")]


def test_every_unusable_selection_is_refused_at_its_field(work: FakeWork) -> None:
    found = problems(
        work,
        PcpSelection(0, 40, pcp_id="unknown"),
        PcpSelection(1, 40, pcp_id="IL1"),
        PcpSelection(2, 40, pcp_id="IL2"),
        PcpSelection(3, 5, pcp_id="IL3"),
        PcpSelection(4, 40, group_id="999"),
        PcpSelection(5, 40, pcp_id="IL4", group_id="201"),
        PcpSelection(6, 5, group_id="202"),
        PcpSelection(7, 40, pcp_id="IL4"),
    )
    assert found == [
        *(f"members[{place}].pcp_id" for place in range(4)),
        *(f"members[{place}].medical_group_id" for place in (4, 5, 6)),
    ]


def test_a_network_without_open_provider_refuses_the_assignment(work: FakeWork) -> None:
    work.providers.members = [provider("IL1", accepting=False)]
    assert problems(work, PcpSelection(0, 40)) == ["members[0].pcp_id"]


def test_a_repeated_request_gets_the_first_assignment_after_the_directory_changed(work: FakeWork) -> None:
    first = assign(work, PcpSelection(0, 40))
    work.providers.members = [provider("IL9")]
    assert assign(work, PcpSelection(0, 40)) == first
    assert len(work.events) == 1


def test_a_corrected_application_is_assigned_again(work: FakeWork) -> None:
    assign(work, PcpSelection(0, 40))
    assert [a.pcp_id for a in assign(work, PcpSelection(0, 40, pcp_id="IL4"))] == ["IL4"]
    assert [type(event) for event in work.events] == [AssignmentMade, AssignmentMade]


def test_a_plan_without_directory_and_an_unknown_zip_are_refused(work: FakeWork) -> None:
    with pytest.raises(InvalidInput) as refused:
        assign(work, PcpSelection(0, 40), network=replace(NETWORK, plan_year=2031))
    assert refused.value.problems[0].field == "plan_id"
    with pytest.raises(InvalidInput) as refused:
        assign(work, PcpSelection(0, 40), zip_code="00000")
    assert refused.value.problems[0].field == "zip"


def test_the_stored_fingerprint_of_a_request_outlives_renames() -> None:
    selections = (PcpSelection(0, 40, pcp_id="IL3"), PcpSelection(1, 5, group_id="202"))
    request = AssignmentRequest("A-0638", "36096IL9900001-00", 2026, "60601", selections)
    assert request.fingerprint == "884be1395f342aed1e8912dbfc8686397a9fac2e63cfd9df817f0d482899635a"


def test_event_and_audit_carry_no_age_and_no_zip(work: FakeWork) -> None:
    assign(work, PcpSelection(0, 40, pcp_id="IL4"), PcpSelection(1, 5))
    (event,) = work.events
    assert isinstance(event, AssignmentMade)
    assert [(row.action, row.summary) for row in work.audit] == [
        ("pcp.assigned", "1 chosen, 1 assigned by the carrier")
    ]
    assert event.plan_id == "36096IL9900001-00"
    assert "60601" in repr(event), "the offices, which the use case knows"
    assert "60601" not in repr(event_to_proto(event).message)


def far_away(tenth_miles: int) -> FakeWork:
    """Closed doctors near by, and an open one at that distance."""
    return FakeWork([*(provider(f"IL{n}", accepting=False) for n in range(tenth_miles)), provider("FAR")])


@pytest.mark.parametrize(("tenth_miles", "left"), [(300, False), (301, True)])
def test_beyond_the_distance_of_the_county_a_member_is_left_to_the_carrier(tenth_miles: int, left: bool) -> None:
    work = far_away(tenth_miles)
    [found] = assign(work, PcpSelection(0, 40))
    assert (found.pcp_id, found.none_within_miles) == (("", 30) if left else ("FAR", 0))
    assert found.auto_assigned
    told = "0 chosen, 0 assigned by the carrier, 1 left to the carrier: nobody within 30 miles"
    assert (work.audit[0].summary == told) is left


def test_a_provider_or_a_group_that_was_chosen_may_be_as_far_as_it_is() -> None:
    chosen, of_group = assign(far_away(400), PcpSelection(0, 40, pcp_id="FAR"), PcpSelection(1, 40, group_id="201"))
    assert (chosen.pcp_id, of_group.pcp_id) == ("FAR", "FAR")
