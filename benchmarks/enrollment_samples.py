"""Made-up applications, people and clients, of which the seeded ones are copies with other names, days and numbers."""

from __future__ import annotations

import base64
import json
from datetime import UTC, date, datetime, time
from typing import Any

from chassis.kernel import Money
from services.enrollment.domain.application import Application
from services.enrollment.domain.client import ClientProfile
from services.enrollment.domain.coverage_effective_date import CoverageEffectiveDate
from services.enrollment.domain.enums import (
    Authorization,
    Coverage,
    FormType,
    PaymentChoice,
    Relationship,
    Sex,
    Status,
    Step,
)
from services.enrollment.domain.identifiers import Identifiers
from services.enrollment.domain.people import Contact, Person
from services.enrollment.domain.pricing import PlanLine, PremiumLine
from services.enrollment.domain.steps import (
    Address,
    GeneralStep,
    HouseholdStep,
    LifeEvent,
    PlansStep,
    Producer,
    SignaturesStep,
)
from services.enrollment.store import json_columns
from services.enrollment.store.birth_date_encryption import seal_date
from services.enrollment.store.ssn_encryption import SsnEncryption

TODAY = date(2026, 5, 20)
SYLLABLES = ("ba", "cor", "dan", "el", "fin", "gar", "hol", "is", "jor", "kel", "lan", "mor", "nev", "os", "per",
              "quin", "ros", "sam", "tol", "ur", "ven", "wil", "xan", "yor", "zim")  # fmt: skip  # reads across
LAST_NAMES = [f"{a}{b}".capitalize() for a in SYLLABLES for b in SYLLABLES]
FIRST_NAMES = [f"{a}{b}a".capitalize() for a in SYLLABLES for b in SYLLABLES[::3]]
SSN_ENCRYPTION = SsnEncryption.with_keys(base64.b64encode(bytes(32)).decode(), base64.b64encode(b"i" * 32).decode())
HOME = Address("200 E Randolph St", "", "Chicago", "IL", "60601", "17031", "Cook")


def step_of(status: Status) -> Step:
    return Step.HOUSEHOLD if status in (Status.INCOMPLETE, Status.EXPIRED) else Step.SIGNATURES


def make_sample(status: Status, size: int) -> Application:
    now = datetime.combine(TODAY, time(15), UTC)
    kinds = [Relationship.SELF, Relationship.SPOUSE, Relationship.CHILD, Relationship.CHILD][:size]
    people = tuple(
        Person(kind, "A", "", "B", TODAY, Sex.FEMALE, False, person_id=str(n)) for n, kind in enumerate(kinds)
    )
    lines = tuple(
        PlanLine(
            coverage, "36096IL9900001-00", "Blue Choice Preferred Silver 203", "HMO", "Silver", Money(45_012 * size),
            tuple(PremiumLine(n, 38, Money(45_012), "Age 38, rating area 1: filed rate") for n in range(size)),
            "illustrative", uses_pcp=True,
        )
        for coverage in (Coverage.MEDICAL, Coverage.DENTAL)
    )  # fmt: skip  # reads across, as a table
    sent = status in (Status.SUBMITTED, Status.CANCELLED, Status.FAILED)
    return Application(
        identifiers=Identifiers(1),
        producer=Producer("700000000", "PRODUCER", "", HOME.state),
        rule_pack="2026.1",
        created_at=now,
        updated_at=now,
        expires_on=None if status in (Status.SUBMITTED, Status.CANCELLED) else TODAY,
        status=status,
        general=GeneralStep(True, (LifeEvent("birth", TODAY),)),
        household=HouseholdStep(
            FormType.MEDICAL_DENTAL, Authorization.PAPER, "", people, HOME, contact=Contact("3125550142", "mobile")
        ),
        plans=PlansStep("36096IL9900001-00", "36096IL9900010-00"),
        signatures=SignaturesStep(payment_choice=PaymentChoice.PAY_NOW),
        start=CoverageEffectiveDate(TODAY, "Birth: coverage begins the day of the event.", "birth@2026.1", "birth"),
        plan_lines=lines,
        submitted_on=TODAY if sent else None,
    )


def client_row(client_id: str, profile: ClientProfile, index: str) -> dict[str, Any]:
    now, tokens = datetime.combine(TODAY, time(15), UTC), SSN_ENCRYPTION.tokens(profile.writing_number, profile.terms)
    return {
        "client_id": client_id,
        "writing_number": profile.writing_number,
        "person_index": index,
        "first_name": profile.first_name,
        "middle_initial": "",
        "last_name": profile.last_name,
        "date_of_birth": profile.date_of_birth,
        "birth_date_sealed": seal_date(SSN_ENCRYPTION.birth_dates.client, profile.date_of_birth, client_id),
        "sex": "female",
        "home_address": json.dumps(json_columns.ADDRESS.dump(profile.home_address)),
        "contact": json.dumps(json_columns.CONTACT.dump(profile.contact)),
        "ssn_last_four": profile.ssn_last_four,
        "tokens": f"{{{','.join(map(str, tokens))}}}",
        "created_at": now,
        "updated_at": now,
    }
