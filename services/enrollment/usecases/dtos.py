"""Use cases: plain records that pass between them and their surroundings."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from services.enrollment.domain.assigned_pcp import AssignedPcp
from services.enrollment.domain.client import ClientProfile
from services.enrollment.domain.pcp_refusals import PcpRefusal
from services.enrollment.domain.pricing import RatedMember
from services.enrollment.domain.steps import Address, Producer


@dataclass(frozen=True, slots=True)
class QuotedMember:
    rated: RatedMember
    first_name: str
    last_name: str


@dataclass(frozen=True, slots=True)
class SavedQuote:
    """What an application takes from a quote (R12); plan ids are empty where none is selected."""

    quote_id: str
    created_at: datetime
    producer: Producer
    zip: str
    county_fips: str
    county_name: str
    effective_date: date
    members: tuple[QuotedMember, ...]
    medical_plan_id: str
    dental_plan_id: str
    on_exchange: bool
    exchange_target: str
    exchange_url: str
    expired: bool


@dataclass(frozen=True, slots=True)
class PcpSelection:
    """``age`` in completed years on the effective date; both ids empty: assign one."""

    member_index: int
    age: int
    pcp_id: str
    medical_group_id: str


@dataclass(frozen=True, slots=True)
class CheckedPcps:
    """Who would be confirmed or assigned, and for whom that cannot be."""

    assignments: tuple[AssignedPcp, ...]
    refusals: tuple[PcpRefusal, ...]


@dataclass(frozen=True, slots=True)
class TimelineEntry:
    at: datetime
    actor: str
    on_behalf_of: str
    action: str
    summary: str
    # In the words of the form, without values.
    changed_fields: tuple[str, ...] = ()
    entry_id: int = 0


@dataclass(frozen=True, slots=True)
class Client:
    """A client, and how many quotes, drafts and submitted applications there are of the person."""

    client_id: str
    profile: ClientProfile
    quotes: int = 0
    drafts: int = 0
    submissions: int = 0


@dataclass(frozen=True, slots=True)
class ZipCounty:
    fips: str
    name: str
    state: str


@dataclass(frozen=True, slots=True)
class FoundAddress:
    """``counties``: those of the ZIP code; the address has its county only where there is one."""

    address: Address
    counties: tuple[ZipCounty, ...]
