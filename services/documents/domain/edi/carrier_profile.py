"""Domain: how one carrier wants its 834. A versioned file says it (``services/documents/edi``)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import tzinfo
from enum import StrEnum

from services.documents.domain.edi.enrollment import (
    Maintenance,
    Member,
    MemberChange,
    MemberRelationship,
    PolicyEnrollment,
)
from services.documents.domain.edi.faults import Unwritable

# DMG05 may be given so many times.
MOST_RACE_CODES = 10


class FieldGroup(StrEnum):
    """What goes to a carrier only where its profile asks for it."""

    SSN = "ssn"
    RACE = "race"
    LANGUAGE = "language"
    TOBACCO = "tobacco"
    PROVIDER = "provider"


class ProviderNumberKind(StrEnum):
    """NM108 of loop 2310: by which number the carrier knows a primary care provider."""

    PCP_ID = "SV"
    NPI = "XX"


class ReportingCategory(StrEnum):
    """N102 of loop 2750."""

    SUBMITTED = "REQUEST SUBMIT TIMESTAMP"
    MEMBER_PREMIUM = "PRE AMT 1"
    TOTAL_PREMIUM = "PRE AMT TOT"
    RESPONSIBLE_AMOUNT = "TOT RES AMT"
    RATING_AREA = "RATING AREA"
    MAINTENANCE_REASON = "ADDL MAINT REASON"
    SEP_REASON = "SEP REASON"
    EXCHANGE = "SOURCE EXCHANGE ID"
    APPLICATION = "APPLICATION ID AND ORIGIN"


@dataclass(frozen=True, slots=True)
class CarrierCategory:
    """A category that a carrier adds to the subscriber's, with one value for all: ISFFM, ICHRA."""

    name: str
    qualifier: str
    value: str


@dataclass(frozen=True, slots=True)
class MaintenanceCodes:
    """INS03, INS04 and the additional maintenance reason; an empty one is left out."""

    type: str
    reason: str = ""
    additional: str = ""


@dataclass(frozen=True, slots=True)
class TradingPartners:
    """ISA06, ISA08, GS02 and ISA15; GS03 is the plan."""

    sender_id: str
    receiver_id: str
    group_sender_id: str
    usage: str


@dataclass(frozen=True, slots=True)
class CarrierProfile:
    """``issuer_ids``: the HIOS issuer ids with which its plans begin.

    ``zone`` and ``time_code``: the clock by which files are dated, and its name in BGN05.

    ``acknowledgment_hours``: in which the carrier answers a file by TA1 and 999.

    ``endings``: codes by reason for which coverage ends. ``member_share``: AMT*P3 with the subscriber's coverage.
    """

    name: str
    version: int
    partners: TradingPartners
    insurer_name: str
    insurer_tax_id: str
    issuer_ids: frozenset[str]
    zone: tzinfo
    time_code: str
    initial: MaintenanceCodes
    changes: Mapping[MemberChange, MaintenanceCodes]
    endings: Mapping[Maintenance, Mapping[str, MaintenanceCodes]]
    relationships: Mapping[MemberRelationship, str]
    disabled_dependent: str
    categories: Mapping[Maintenance, tuple[ReportingCategory, ...]]
    own_categories: tuple[CarrierCategory, ...]
    exchange_id: str
    application_origin: str
    sep_reasons: Mapping[str, str]
    race_codes: Mapping[str, str]
    ethnicity_codes: Mapping[str, str]
    languages: Mapping[str, str]
    sends: frozenset[FieldGroup]
    provider_qualifier: ProviderNumberKind
    member_share: bool
    acknowledgment_hours: int

    def get_codes(self, policy: PolicyEnrollment, member: Member) -> MaintenanceCodes:
        """Raises Unwritable for a reason that the profile does not know."""
        if policy.maintenance is Maintenance.INITIAL:
            return self.initial
        if policy.maintenance is Maintenance.CHANGE:
            return self.changes[member.change]
        codes = self.endings[policy.maintenance].get(policy.reason)
        if codes is None:
            raise Unwritable(f"profile {self.name} has no {policy.maintenance} for the reason {policy.reason!r}")
        return codes

    def race_and_ethnicity(self, member: Member) -> tuple[str, ...]:
        """Codes of DMG05, each once; two answers may have one code."""
        races = (self.race_codes.get(one) for one in member.identities)
        ethnicities = (self.ethnicity_codes.get(one) for one in member.ethnicities)
        return tuple(dict.fromkeys(code for code in (*races, *ethnicities) if code))[:MOST_RACE_CODES]

    def provider_number(self, member: Member) -> str:
        """As this carrier knows the member's provider; empty where it is not sent, or has no such number."""
        if FieldGroup.PROVIDER not in self.sends or member.provider is None:
            return ""
        return member.provider.npi if self.provider_qualifier is ProviderNumberKind.NPI else member.provider.pcp_id

    def relationship_code(self, member: Member) -> str:
        """A disabled dependent beyond the age of children is told by the relationship, as CMS does."""
        if member.disabled_dependent and not member.is_subscriber:
            return self.disabled_dependent
        return self.relationships[member.relationship]
