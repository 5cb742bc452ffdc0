"""What enrollment asks of the pcp service, and what it reads of the answer: every field."""

from __future__ import annotations

import pytest
from suite.pcp.v1 import pcp_pb2
from suite.pcp.v1 import pcp_service_pb2 as pb

from chassis.kernel import Unavailable
from services.enrollment.domain.assigned_pcp import AssignedPcp
from services.enrollment.domain.pcp_refusals import PcpRefusal
from services.enrollment.domain.steps import Address
from services.enrollment.remote.providers import RemoteProviders
from services.enrollment.usecases.dtos import CheckedPcps, PcpSelection
from tests.unit.services.enrollment.remote.answering_bus import AnsweringBus, empty_fields

CHECK = "suite.pcp.v1.PcpService.CheckProviders"
METHOD = "suite.pcp.v1.PcpService.AssignProviders"
CHOSEN = pcp_pb2.Assignment(
    member_index=1,
    pcp_id="P-1",
    medical_group_id="G-1",
    medical_group_name="Oak",
    provider_name="Dr. Ada Sample",
    npi="2000001174",
)
OFFICE = pb.AssignedOffice(
    member_index=1,
    location=pcp_pb2.Location(address="1 Oak St", city="Chicago", state="IL", zip="60601", phone="3125550142"),
)
CONFIRMED = AssignedPcp(
    1,
    "P-1",
    "Dr. Ada Sample",
    "G-1",
    auto_assigned=False,
    medical_group_name="Oak",
    npi="2000001174",
    office=Address(street="1 Oak St", city="Chicago", state="IL", zip="60601"),
)
ASSIGNED = pcp_pb2.Assignment(member_index=2, pcp_id="P-2", provider_name="Dr. Eve Sample", auto_assigned=True)


def test_providers_are_assigned_with_every_field_and_read_back() -> None:
    bus = AnsweringBus(METHOD, pb.AssignProvidersResponse(assignments=[CHOSEN, ASSIGNED], offices=[OFFICE]))
    wishes = [PcpSelection(1, 38, "P-1", "G-1"), PcpSelection(2, 7, "", "")]
    found = RemoteProviders(bus.client).assign("A-0001", "36096IL9900001-00", 2026, "60601", wishes)
    members = [
        pb.MemberChoice(member_index=1, age=38, pcp_id="P-1", medical_group_id="G-1"),
        pb.MemberChoice(member_index=2, age=7),
    ]
    expected = pb.AssignProvidersRequest(
        record_number="A-0001", plan_id="36096IL9900001-00", plan_year=2026, zip="60601", members=members
    )
    assert bus.asked == [expected]
    assert empty_fields(expected) | empty_fields(members[0]) == set()
    assert found == (CONFIRMED, AssignedPcp(2, "P-2", "Dr. Eve Sample", "", auto_assigned=True))


def test_a_check_is_asked_with_every_field_and_read_back() -> None:
    refusal = pb.ProviderRefusal(member_index=1, field="pcp_id", message="Not in the network.", rule="R71")
    bus = AnsweringBus(CHECK, pb.CheckProvidersResponse(assignments=[ASSIGNED], refusals=[refusal]))
    wishes = [PcpSelection(1, 38, "P-1", "G-1"), PcpSelection(2, 7, "", "")]
    found = RemoteProviders(bus.client).check("36096IL9900001-00", 2026, "60601", wishes)
    members = [
        pb.MemberChoice(member_index=1, age=38, pcp_id="P-1", medical_group_id="G-1"),
        pb.MemberChoice(member_index=2, age=7),
    ]
    expected = pb.CheckProvidersRequest(plan_id="36096IL9900001-00", plan_year=2026, zip="60601", members=members)
    assert bus.asked == [expected]
    assert empty_fields(expected) | empty_fields(refusal) == set()
    assigned = AssignedPcp(2, "P-2", "Dr. Eve Sample", "", auto_assigned=True)
    assert found == CheckedPcps((assigned,), (PcpRefusal(1, "pcp_id", "Not in the network.", "R71"),))


def test_a_check_is_asked_once_in_ten_seconds_and_at_once_for_another_choice() -> None:
    now = [100.0]
    bus = AnsweringBus(CHECK, pb.CheckProvidersResponse())
    providers = RemoteProviders(bus.client, lambda: now[0])

    def check(pcp_id: str) -> int:
        providers.check("36096IL9900001-00", 2026, "60601", [PcpSelection(0, 38, pcp_id, "")])
        return len(bus.asked)

    assert (check("P-1"), check("P-1"), check("P-2")) == (1, 1, 2)
    now[0] += 9.9
    assert check("P-1") == 2
    now[0] += 0.2
    assert check("P-1") == 3


def test_that_pcp_is_away_is_not_kept() -> None:
    bus = AnsweringBus(CHECK, pb.CheckProvidersResponse(), failures=[Unavailable("away")])
    providers = RemoteProviders(bus.client)
    wishes = [PcpSelection(0, 38, "", "")]
    with pytest.raises(Unavailable):
        providers.check("36096IL9900001-00", 2026, "60601", wishes)
    assert providers.check("36096IL9900001-00", 2026, "60601", wishes) == CheckedPcps((), ())
