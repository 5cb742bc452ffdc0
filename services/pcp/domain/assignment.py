"""Who is whose primary care provider."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from services.pcp.domain.provider import Office, Provider


@dataclass(frozen=True, slots=True)
class PcpSelection:
    """What was typed for one member (R69); both ids empty: the carrier assigns (R72).

    ``age``: completed years on the effective date. ``member_index``: place in the household, from 0.
    """

    member_index: int
    age: int
    pcp_id: str = ""
    group_id: str = ""


@dataclass(frozen=True, slots=True)
class AssignmentDistances:
    """How many miles from the home a provider is assigned, by the home's ZIP code."""

    by_zip: Mapping[str, int]
    otherwise: int

    def greatest(self, zip_code: str) -> int:
        return self.by_zip.get(zip_code[:5], self.otherwise)


@dataclass(frozen=True, slots=True)
class Assignment:
    """A member's provider. ``auto_assigned``: the carrier picks the doctor, not the applicant.

    ``none_within_miles``: nobody who fits is so near, so that the carrier decides later; there is no provider then.
    ``office``: where the member is to be seen; None where nobody said at which of several.
    """

    member_index: int
    pcp_id: str
    provider_name: str
    group_id: str
    auto_assigned: bool
    # None of these is in what was stored before.
    group_name: str = ""
    none_within_miles: int = 0
    npi: str = ""
    office: Office | None = None

    @classmethod
    def left_to_carrier(cls, selection: PcpSelection, miles: int) -> Assignment:
        return cls(selection.member_index, "", "", "", auto_assigned=True, none_within_miles=miles)

    @classmethod
    def to(cls, selection: PcpSelection, provider: Provider, office: Office | None) -> Assignment:
        return cls(
            member_index=selection.member_index,
            pcp_id=provider.pcp_id,
            provider_name=provider.name,
            group_id=provider.group.group_id if provider.group else "",
            auto_assigned=not selection.pcp_id,
            group_name=provider.group.name if provider.group else "",
            npi=provider.npi,
            office=office,
        )


@dataclass(frozen=True, slots=True)
class AssignmentMade:
    """Domain event: it is decided who the provider of each member of an application is."""

    record_number: str
    plan_id: str
    assignments: tuple[Assignment, ...]
