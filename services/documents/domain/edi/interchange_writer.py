"""Domain: one interchange, a carrier's file of a day. One transaction is held at a time."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime

from services.documents.domain.edi.carrier_profile import CarrierProfile
from services.documents.domain.edi.enrollment import PolicyEnrollment
from services.documents.domain.edi.envelope import (
    write_group_header,
    write_group_trailer,
    write_interchange_header,
    write_interchange_trailer,
)
from services.documents.domain.edi.faults import Fault, FaultCode, Unwritable
from services.documents.domain.edi.policy_checks import check_written
from services.documents.domain.edi.transaction_set import write_control_number, write_transaction


@dataclass(frozen=True, slots=True)
class PlanGroup:
    """The policies of one plan. ``plan_id``: 14 characters, GS03; ``control_number``: GS06, used once for ever."""

    control_number: int
    plan_id: str
    policies: Iterable[PolicyEnrollment]


SetAside = Callable[[PolicyEnrollment, tuple[Fault, ...]], None]
"""Told of a policy that stays out of the file, and why; no value of it is in the reasons."""


@dataclass(frozen=True, slots=True)
class InterchangeWriter:
    """``at``: by the profile's clock."""

    profile: CarrierProfile
    at: datetime
    set_aside: SetAside

    def write(self, control_number: int, groups: Iterable[PlanGroup]) -> Iterator[str]:
        """The text in parts, one a transaction; nothing at all without a transaction that can be written."""
        count = 0
        for group in groups:
            parts = self._write_group(group)
            if first := next(parts, ""):
                if not count:
                    yield write_interchange_header(self.profile, control_number, self.at)
                count += 1
                yield first
                yield from parts
        if count:
            yield write_interchange_trailer(count, control_number)

    def _write_group(self, group: PlanGroup) -> Iterator[str]:
        count = 0
        for policy in group.policies:
            if text := self._write_policy(policy):
                if not count:
                    yield write_group_header(self.profile, group.plan_id, group.control_number, self.at)
                yield text
                count += 1
        if count:
            yield write_group_trailer(count, group.control_number)

    def _write_policy(self, policy: PolicyEnrollment) -> str:
        try:
            text = "".join(write_transaction(self.profile, policy, self.at))
            faults = check_written(self.profile, policy, text)
        except Unwritable as error:
            faults = (Fault(FaultCode.UNWRITABLE, str(error), write_control_number(policy.control_number)),)
        if not faults:
            return text
        self.set_aside(policy, faults)
        return ""
