"""Producers, plans and households that the tests of enrollment share."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any

from suite.common.v1 import common_pb2 as common
from suite.enrollment.v1 import steps_pb2 as pb

from chassis.kernel import Caller, CallerKind, WritingNumber
from services.enrollment.domain.enums import Relationship, Sex
from services.enrollment.domain.pricing import RatedMember
from services.enrollment.domain.steps import Producer
from services.enrollment.usecases.dtos import QuotedMember, SavedQuote

QUOTED_AT = datetime(2026, 5, 11, 17, tzinfo=UTC)
FRITZ = Producer("220002580", "FRITZ, CALVIN C", "FRITZ, CALVIN C", "IL", "3125550118", "1000000001")
_OWN = WritingNumber("220002580", "IL", FRITZ.name, FRITZ.company_name, FRITZ.phone, FRITZ.npn)
PRODUCER = Caller(CallerKind.PRODUCER, "producer@example.com", (_OWN,))
HMO, PPO, DENTAL = "36096IL9900001-00", "36096IL9900003-00", "36096IL9900010-00"


def general(*events: tuple[str, str], sep: bool = True) -> pb.GeneralStep:
    return pb.GeneralStep(
        special_enrollment=sep, life_events=[pb.LifeEvent(kind=kind, date=day) for kind, day in events]
    )


def household(born: str = "2026-05-10", **changes: Any) -> pb.HouseholdStep:
    adult = pb.Person(
        relationship=common.RELATIONSHIP_SELF,
        first_name="Ada",
        last_name="Sample",
        date_of_birth="1987-06-14",
        sex=common.SEX_FEMALE,
        tobacco_use=False,
    )
    child = pb.Person(
        relationship=common.RELATIONSHIP_CHILD,
        first_name="Dee",
        last_name="Sample",
        date_of_birth=born,
        sex=common.SEX_FEMALE,
    )
    values: dict[str, Any] = {
        "form_type": pb.FORM_TYPE_MEDICAL_DENTAL,
        "authorization": pb.AUTHORIZATION_PAPER,
        "people": [adult, child],
        "home_address": pb.Address(street="200 E Randolph St", city="Chicago", state="IL", zip="60601"),
        "contact": pb.Contact(phone="312-555-0142", phone_type="mobile"),
    }
    return pb.HouseholdStep(**(values | changes))


def quote(**changes: Any) -> SavedQuote:
    members = (
        QuotedMember(RatedMember(Relationship.CHILD, date(2019, 9, 3), Sex.MALE, False), "Cal", ""),
        QuotedMember(RatedMember(Relationship.SELF, date(1987, 6, 14), Sex.FEMALE, True), "", ""),
    )
    saved = SavedQuote(
        "q-1", QUOTED_AT, FRITZ, "60601", "17031", "Cook", date(2026, 6, 1), members, HMO, DENTAL, False, "", "", False
    )
    return replace(saved, **changes)
