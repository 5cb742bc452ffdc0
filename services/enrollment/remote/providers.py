"""Remote: the pcp service."""

from __future__ import annotations

from collections.abc import Sequence

from suite.pcp.v1 import pcp_service_pb2

from chassis.bus.client import BusClient
from services.enrollment.domain.application import AssignedPcp
from services.enrollment.usecases.records import PcpWish

_SERVICE = pcp_service_pb2.DESCRIPTOR.services_by_name["PcpService"]


class RemoteProviders:
    """The port ``usecases.ports.Providers`` over the bus."""

    def __init__(self, bus: BusClient) -> None:
        self._bus = bus

    def assign(
        self, record_number: str, plan_id: str, plan_year: int, zip_code: str, wishes: Sequence[PcpWish]
    ) -> tuple[AssignedPcp, ...]:
        request = pcp_service_pb2.AssignProvidersRequest(
            record_number=record_number,
            plan_id=plan_id,
            plan_year=plan_year,
            zip=zip_code,
            members=[
                pcp_service_pb2.MemberChoice(
                    member_index=wish.member_index,
                    age=wish.age,
                    pcp_id=wish.pcp_id,
                    medical_group_id=wish.medical_group_id,
                )
                for wish in wishes
            ],
        )
        answer = self._bus.call(_SERVICE, "AssignProviders", request, pcp_service_pb2.AssignProvidersResponse)
        return tuple(
            AssignedPcp(one.member_index, one.pcp_id, one.provider_name, one.medical_group_id, one.auto_assigned)
            for one in answer.assignments
        )
