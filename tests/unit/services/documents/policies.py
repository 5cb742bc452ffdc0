"""Policies as a carrier is told of them; every person, number and address is made up."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any

from chassis.kernel import Money
from services.documents.domain.edi.carrier_profile import CarrierProfile
from services.documents.domain.edi.enrollment import (
    InsuranceLine,
    Maintenance,
    Member,
    MemberAddress,
    MemberName,
    MemberProvider,
    MemberRelationship,
    MemberSex,
    PolicyEnrollment,
    PolicyProducer,
)
from services.documents.domain.edi.faults import Fault
from services.documents.domain.edi.interchange_writer import InterchangeWriter, PlanGroup
from services.documents.edi.profile_files import SHIPPED, load_profile

PROFILE = load_profile(SHIPPED / "sample-carrier.1.yaml")
WRITTEN_AT = datetime(2026, 11, 28, 12, 0, 30, tzinfo=PROFILE.zone)
BEGIN = date(2026, 12, 1)
MEDICAL_PLAN, DENTAL_PLAN = "12345IL0990006", "12345IL0980001"
ADA = Member(
    member_id="124301",
    relationship=MemberRelationship.SELF,
    name=MemberName("SAMPLE", "ADA", "M"),
    date_of_birth=date(1988, 1, 14),
    sex=MemberSex.FEMALE,
    premium=Money(41010),
    ssn="219099999",
    tobacco_use=False,
    phone="312-555-0142",
    email="ada@example.com",
    spoken_language="es",
    written_language="en",
    identities=("white",),
    provider=MemberProvider("P-774", "2000001174", MemberAddress("4437 S CICERO AVE", "CHICAGO", "IL", "60632")),
)
BEN = Member(
    member_id="124302",
    relationship=MemberRelationship.SPOUSE,
    name=MemberName("SAMPLE", "BEN"),
    date_of_birth=date(1988, 2, 10),
    sex=MemberSex.MALE,
    premium=Money(42010),
    tobacco_use=True,
)
MIA = Member(
    member_id="124303",
    relationship=MemberRelationship.CHILD,
    name=MemberName("SAMPLE", "MIA"),
    date_of_birth=date(2026, 11, 15),
    sex=MemberSex.FEMALE,
    premium=Money(25010),
)
HOME = MemberAddress("220 MODEL DR", "CHICAGO", "IL", "60601", county_fips="17031")


def make_policy(**changes: Any) -> PolicyEnrollment:
    """Initial enrollment of a family of three in a medical plan."""
    members = changes.get("members", (ADA, BEN, MIA))
    whole = PolicyEnrollment(
        control_number=1001,
        maintenance=Maintenance.INITIAL,
        policy_id="A0638M",
        subscriber_id="1243",
        application_id="1243",
        plan_id=MEDICAL_PLAN,
        line=InsuranceLine.MEDICAL,
        state="IL",
        begins_on=BEGIN,
        submitted_at=datetime(2026, 11, 28, 17, 30, 15, 120_000, tzinfo=UTC),
        premium=Money.total(member.premium for member in members),
        members=members,
        home_address=HOME,
        rating_area=1,
        event="birth",
        producer=PolicyProducer("CALVIN C FRITZ", "1234567"),
    )
    return replace(whole, **changes)


SetAsidePolicies = list[tuple[PolicyEnrollment, tuple[Fault, ...]]]


def write(
    policies: Iterable[PolicyEnrollment],
    profile: CarrierProfile = PROFILE,
    set_aside: SetAsidePolicies | None = None,
) -> str:
    """One interchange, a group for each plan as they come."""
    return "".join(write_parts(policies, profile, [] if set_aside is None else set_aside))


def write_parts(
    policies: Iterable[PolicyEnrollment],
    profile: CarrierProfile,
    set_aside: SetAsidePolicies,
) -> Iterator[str]:
    by_plan: dict[str, list[PolicyEnrollment]] = {}
    for policy in policies:
        by_plan.setdefault(policy.component_id, []).append(policy)
    groups = (PlanGroup(number, plan, found) for number, (plan, found) in enumerate(by_plan.items(), start=501))
    writer = InterchangeWriter(profile, WRITTEN_AT, lambda policy, why: set_aside.append((policy, why)))
    return writer.write(7, groups)


def segments_of(text: str, name: str = "") -> list[str]:
    """All segments, or those of one name, without their terminator."""
    return [one for one in text.split("~") if one.partition("*")[0] == name or not name]


def loop_of(text: str, place: int) -> list[str]:
    """The segments of one member, from INS on."""
    member = text.split("INS*")[place + 1]
    return [f"INS*{member.split('~')[0]}", *member.split("~")[1:-1]]


def category_of(segments: list[str], name: str) -> list[str]:
    """Reference and date of a reporting category; empty where it is not reported."""
    place = segments.index(f"N1*75*{name}") if f"N1*75*{name}" in segments else None
    return [] if place is None else [one for one in segments[place + 1 : place + 3] if one[:3] in ("REF", "DTP")]
