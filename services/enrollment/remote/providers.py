"""Remote: the pcp service."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Sequence
from dataclasses import replace
from threading import Lock
from time import monotonic

from cachetools import TTLCache
from suite.pcp.v1 import pcp_pb2, pcp_service_pb2

from chassis.bus.client import BusClient
from chassis.mapping import FromProto, ToProto
from services.enrollment.domain.assigned_pcp import AssignedPcp
from services.enrollment.domain.pcp_refusals import PcpRefusal
from services.enrollment.domain.steps import Address
from services.enrollment.usecases.dtos import CheckedPcps, PcpSelection

_SERVICE = pcp_service_pb2.DESCRIPTOR.services_by_name["PcpService"]

_member = ToProto(PcpSelection, pcp_service_pb2.MemberChoice)
_office = FromProto(
    pcp_pb2.Location,
    Address,
    street="address",
    left=("unit", "county_fips", "county_name"),
    unread=("phone",),
)
_assigned = FromProto(pcp_pb2.Assignment, AssignedPcp, left=("office",))
_refusal = FromProto(pcp_service_pb2.ProviderRefusal, PcpRefusal)
# A person waits for a save that is good without this answer too; a healthy suite answers in milliseconds.
CHECK_SECONDS = 1.0
# Somebody who saves a step meets the same question on this page and on the next ones; a directory is loaded anew about
# once a month, and a submission asks pcp again in any case.
KEPT_SECONDS = 10.0
# More than are asked in that time; an answer of a household of twenty takes 10 kB.
CHECKS_KEPT = 256


class RemoteProviders:
    """The port ``usecases.ports.ProviderService`` over the bus."""

    def __init__(self, bus: BusClient, timer: Callable[[], float] = monotonic) -> None:
        self._bus = bus
        self._kept: TTLCache[Hashable, CheckedPcps] = TTLCache(CHECKS_KEPT, KEPT_SECONDS, timer)
        self._lock = Lock()

    def assign(
        self, record_number: str, plan_id: str, plan_year: int, zip_code: str, pcp_selections: Sequence[PcpSelection]
    ) -> tuple[AssignedPcp, ...]:
        request = pcp_service_pb2.AssignProvidersRequest(
            record_number=record_number,
            plan_id=plan_id,
            plan_year=plan_year,
            zip=zip_code,
            members=[_member(wish) for wish in pcp_selections],
        )
        answer = self._bus.call(_SERVICE, "AssignProviders", request, pcp_service_pb2.AssignProvidersResponse)
        offices = {one.member_index: _office(one.location) for one in answer.offices}
        return tuple(replace(_assigned(one), office=offices.get(one.member_index)) for one in answer.assignments)

    def check(self, plan_id: str, plan_year: int, zip_code: str, pcp_selections: Sequence[PcpSelection]) -> CheckedPcps:
        """An answer may be KEPT_SECONDS old; that pcp does not answer is not kept."""
        asked = (plan_id, plan_year, zip_code, tuple(pcp_selections))
        with self._lock:
            kept = self._kept.get(asked)
        if kept is None:
            kept = self._check(*asked)
            with self._lock:
                self._kept[asked] = kept
        return kept

    def _check(
        self, plan_id: str, plan_year: int, zip_code: str, pcp_selections: tuple[PcpSelection, ...]
    ) -> CheckedPcps:
        request = pcp_service_pb2.CheckProvidersRequest(
            plan_id=plan_id, plan_year=plan_year, zip=zip_code, members=[_member(wish) for wish in pcp_selections]
        )
        found = pcp_service_pb2.CheckProvidersResponse
        answer = self._bus.call(_SERVICE, "CheckProviders", request, found, CHECK_SECONDS)
        return CheckedPcps(
            tuple(_assigned(one) for one in answer.assignments), tuple(_refusal(one) for one in answer.refusals)
        )
