"""Domain: the primary care providers of a submitted application."""

from __future__ import annotations

from dataclasses import dataclass

from services.enrollment.domain.steps import Address


@dataclass(frozen=True, slots=True)
class AssignedPcp:
    """A person's provider as pcp confirmed or assigned it."""

    member_index: int
    pcp_id: str
    provider_name: str
    medical_group_id: str
    auto_assigned: bool
    # None of these is in what was submitted before.
    medical_group_name: str = ""
    # Nobody who fits is so near: there is no provider, and the carrier decides later.
    none_within_miles: int = 0
    # From the directory of the day, for the carrier: the next one may not have it.
    npi: str = ""
    # None where it is not known at which of several the person is to be seen.
    office: Address | None = None
