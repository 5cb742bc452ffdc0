"""What enrollment lets a carrier read, as a policy of its 834."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from suite.common.v1 import common_pb2
from suite.enrollment.v1 import steps_pb2
from suite.enrollment.v1 import submission_pb2 as pb

from chassis.kernel import Money
from services.documents.domain.edi.carrier_profile import FieldGroup
from services.documents.domain.edi.enrollment import (
    InsuranceLine,
    Maintenance,
    MemberAddress,
    MemberProvider,
    PolicyEnrollment,
)
from services.documents.domain.edi.faults import Unwritable
from services.documents.domain.edi.submitted_policy import PlannedTransaction, SubmittedPolicy
from services.documents.remote.submissions import to_policy
from tests.unit.services.documents.policies import PROFILE, category_of, loop_of, segments_of, write

PLAN = "36096IL9900001-00"
PLANNED = PlannedTransaction(
    1001,
    SubmittedPolicy(
        policy_id="A0638M",
        subscriber_id="1243",
        record_number="A-0638",
        writing_number="220002580",
        plan_id=PLAN,
        line=InsuranceLine.MEDICAL,
        premium=Money(50000),
        submitted_on=date(2026, 11, 28),
        begins_on=date(2026, 12, 1),
    ),
    Maintenance.INITIAL,
)


def submission(**changes: Any) -> pb.Submission:
    """A mother and a child, made up."""
    common: dict[str, Any] = {"last_name": "Sample", "sex": common_pb2.SEX_FEMALE}
    adult = pb.SubmittedPerson(
        relationship=common_pb2.RELATIONSHIP_SELF, first_name="Ada", date_of_birth="1988-01-14", suffix="Jr.", **common
    )
    child = pb.SubmittedPerson(
        relationship=common_pb2.RELATIONSHIP_CHILD, first_name="Mia", date_of_birth="2026-11-15", **common
    )
    shares = [
        pb.SubmittedPremium(member_index=place, monthly_premium=common_pb2.Money(cents=cents))
        for place, cents in enumerate((30000, 20000))
    ]
    values: dict[str, Any] = {
        "record_number": "A-0638",
        "state": "IL",
        "producer": common_pb2.Producer(writing_number="220002580", name="FRITZ, CALVIN C", npn="1234567"),
        "policies": [
            pb.SubmittedPolicy(coverage=common_pb2.COVERAGE_MEDICAL, plan_id=PLAN, members=shares, rating_area=3)
        ],
        "people": [adult, child],
        "home_address": steps_pb2.Address(
            street="220 Model Dr", city="Chicago", state="IL", zip="60601", county_fips="17031"
        ),
        "field_groups": [pb.FIELD_GROUP_BIRTH_DATE],
    }
    return pb.Submission(**(values | changes))


LATER = date(2027, 3, 31)
PO_BOX = steps_pb2.Address(street="PO Box 12", city="Evanston", state="IL", zip="60201")


def changed_contact() -> PolicyEnrollment:
    """To another phone and email, and a post-office box for letters; the enrollment began with a birth."""
    now = submission(mailing_address=PO_BOX, life_event="birth", contact_changes=2)
    now.people[0].phone, now.people[0].email = "312-555-0177", "new@example.com"
    planned = replace(PLANNED, maintenance=Maintenance.CHANGE, effective_on=LATER, contact_change=1)
    return to_policy(now, planned)


def written(**changes: Any) -> str:
    return write([to_policy(submission(**changes), PLANNED)], PROFILE)


def test_a_submission_is_a_policy_that_can_be_written() -> None:
    text = written()
    assert "N1*BO*CALVIN C FRITZ*94*1234567" in segments_of(text, "N1")
    assert "NM1*IL*1*Sample*Ada***Jr" in segments_of(text, "NM1")
    assert [one for one in segments_of(text, "REF") if one.startswith("REF*17*1243")] == [
        "REF*17*124301",
        "REF*17*124302",
    ]
    assert category_of(loop_of(text, 0), "PRE AMT TOT")[0] == "REF*9X*500.00"
    assert category_of(loop_of(text, 0), "RATING AREA")[0] == "REF*9X*R-IL003"


@pytest.mark.parametrize(
    ("event", "hra_kind", "expected"),
    [
        ("new_hra_offer", "ICHRA", "HR-ICHRA"),
        ("new_hra_offer", "QSEHRA", "QS-QSEHRA"),
        ("birth", "ICHRA", "02-BIRTH"),
    ],
)
def test_a_new_hra_offer_is_told_by_its_kind(event: str, hra_kind: str, expected: str) -> None:
    reason = category_of(loop_of(written(life_event=event, hra_kind=hra_kind), 0), "SEP REASON")
    assert reason[0] == f"REF*17*{expected}"


def test_a_guardian_and_the_payment_are_told() -> None:
    guardian = steps_pb2.Signer(first_name="Gail", last_name="Sample", relationship_to_applicant="Mother")
    text = written(guardian=guardian, payment_transaction_id="PAY-1")
    assert "NM1*S1*1*Sample*Gail" in segments_of(text, "NM1")
    assert "REF*6O*PAY-1" in loop_of(text, 0)
    assert "6O" not in written()


def test_a_members_provider_is_told_where_the_carrier_reads_and_wants_it() -> None:
    wants = replace(PROFILE, sends=PROFILE.sends | {FieldGroup.PROVIDER})
    office = steps_pb2.Address(street="4437 S Cicero Ave", city="Chicago", state="IL", zip="60632")
    given = [pb.SubmittedProvider(member_index=1, pcp_id="P-774", npi="2000001174", office=office)]
    plan = submission().policies[0]
    plan.providers.extend(given)
    policy = to_policy(submission(policies=[plan]), PLANNED)
    assert [one.provider for one in policy.members] == [
        None,
        MemberProvider("P-774", "2000001174", MemberAddress("4437 S Cicero Ave", "Chicago", "IL", "60632")),
    ]
    assert "NM1*P3*1******SV*P-774*72" in loop_of(write([policy], wants), 1)
    assert "NM1*P3" not in write([to_policy(submission(), PLANNED)], wants)
    plan.providers[0].ClearField("office")
    (_, child) = to_policy(submission(policies=[plan]), PLANNED).members
    assert child.provider == MemberProvider("P-774", "2000001174")


def test_without_birth_dates_it_cannot_be_written() -> None:
    with pytest.raises(Unwritable, match="birth dates"):
        to_policy(submission(field_groups=[pb.FIELD_GROUP_CONTACT]), PLANNED)


def test_another_plan_than_was_submitted_cannot_be_written() -> None:
    other = replace(PLANNED, policy=replace(PLANNED.policy, line=InsuranceLine.DENTAL))
    with pytest.raises(Unwritable, match="another plan"):
        to_policy(submission(), other)


def test_a_contact_change_tells_of_the_applicant_alone_how_letters_and_calls_reach_them() -> None:
    """By table 22 of CMS: reason 43 is another home, and every other change of this kind has none."""
    policy = changed_contact()
    subscriber, child = (loop_of(write([policy], PROFILE), place) for place in range(2))
    assert subscriber[0] == "INS*Y*18*001**A***AC"
    assert "PER*IP**TE*3125550177*EM*new@example.com" in subscriber
    home, mailing = (place for place, one in enumerate(subscriber) if one.startswith("N3*"))
    assert subscriber[home : home + 2] == ["N3*220 Model Dr", "N4*Chicago*IL*60601**CY*17031"]
    assert subscriber[mailing - 1 : mailing + 2] == ["NM1*31*1", "N3*PO Box 12", "N4*Evanston*IL*60201"]
    assert category_of(subscriber, "ADDL MAINT REASON") == ["REF*17*DEMOGRAPHIC CHANGE", "DTP*007*D8*20270331"]
    assert category_of(subscriber, "SEP REASON") == []
    assert child[0] == "INS*N*19*001**A"
    assert category_of(child, "ADDL MAINT REASON")[0] == "REF*17*NO CHANGE"
    assert policy.contact_changes == 2


def test_letters_to_the_home_again_are_told_without_a_mailing_address() -> None:
    planned = replace(PLANNED, maintenance=Maintenance.CHANGE, effective_on=LATER)
    text = write([to_policy(submission(), planned)], PROFILE)
    assert "NM1*31*1" not in text
    assert "REF*17*DEMOGRAPHIC CHANGE" in text


def test_a_termination_ends_coverage_for_everybody_on_its_last_day() -> None:
    planned = replace(PLANNED, maintenance=Maintenance.TERMINATION, reason="voluntary", effective_on=LATER)
    text = write([to_policy(submission(), planned)], PROFILE)
    assert segments_of(text, "INS") == ["INS*Y*18*024*14*A***TE"]
    assert "DTP*357*D8*20270331" in loop_of(text, 0)
    assert "HD*" not in text
