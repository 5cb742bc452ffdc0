"""Who is whose primary care provider."""

from __future__ import annotations

from dataclasses import dataclass

from services.pcp.domain.provider import Provider


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
class Assignment:
    """A member's provider. ``auto_assigned``: the carrier picked the doctor, not the applicant."""

    member_index: int
    pcp_id: str
    provider_name: str
    group_id: str
    auto_assigned: bool

    @classmethod
    def to(cls, selection: PcpSelection, provider: Provider) -> Assignment:
        group_id = provider.group.group_id if provider.group else ""
        return cls(selection.member_index, provider.pcp_id, provider.name, group_id, auto_assigned=not selection.pcp_id)


@dataclass(frozen=True, slots=True)
class AssignmentMade:
    """Domain event: every member of an application has a provider."""

    record_number: str
    plan_id: str
    assignments: tuple[Assignment, ...]
