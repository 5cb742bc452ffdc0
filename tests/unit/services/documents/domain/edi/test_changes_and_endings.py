"""Cancellation, termination and change, as CMS has them for issuers."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from services.documents.domain.edi.carrier_profile import FieldGroup
from services.documents.domain.edi.enrollment import (
    FormerIdentity,
    Maintenance,
    MemberChange,
    MemberName,
    PolicyEnrollment,
)
from services.documents.domain.edi.faults import Fault, FaultCode
from tests.unit.services.documents.policies import (
    ADA,
    BEGIN,
    BEN,
    MIA,
    PROFILE,
    category_of,
    loop_of,
    make_policy,
    segments_of,
    write,
)

LATER = date(2027, 2, 28)


def ending(maintenance: Maintenance, reason: str, day: date) -> PolicyEnrollment:
    return make_policy(maintenance=maintenance, reason=reason, effective_on=day)


def changed(**of_the_subscriber: Any) -> PolicyEnrollment:
    members = (replace(ADA, **of_the_subscriber), BEN, MIA)
    return make_policy(maintenance=Maintenance.CHANGE, effective_on=date(2027, 2, 1), event="", members=members)


def test_a_cancellation_ends_the_policy_by_its_subscriber_on_the_day_it_would_have_begun() -> None:
    text = write([ending(Maintenance.CANCELLATION, "voluntary", BEGIN)])
    assert "DTP*303*D8*20261128~QTY*TO*1~N1*P5*" in text
    assert loop_of(text, 0)[:7] == [
        "INS*Y*18*024*14*A***TE",
        "REF*0F*1243",
        "REF*1L*A0638M",
        "REF*17*124301",
        "DTP*357*D8*20261201",
        "NM1*IL*1*SAMPLE*ADA*M",
        "DMG*D8*19880114*F",
    ]
    assert category_of(loop_of(text, 0), "ADDL MAINT REASON") == ["REF*17*CANCEL", "DTP*007*D8*20261201"]
    assert len(segments_of(text, "INS")) == 1


@pytest.mark.parametrize("maintenance", [Maintenance.CANCELLATION, Maintenance.TERMINATION])
def test_what_ends_a_policy_has_no_coverage_loop_and_no_amounts(maintenance: Maintenance) -> None:
    text = write([ending(maintenance, "voluntary", LATER)], replace(PROFILE, sends=frozenset(FieldGroup)))
    for absent in ("HD*", "N1*BO", "PRE AMT", "219099999", "N3*", "PER*"):
        assert absent not in text, absent


@pytest.mark.parametrize(
    ("reason", "code", "additional"),
    [("voluntary", "14", "TERM"), ("not_eligible", "07", "TERM-NLE"), ("death", "03", "TERM-PDM")],
)
def test_a_termination_says_why(reason: str, code: str, additional: str) -> None:
    text = write([ending(Maintenance.TERMINATION, reason, LATER)])
    assert segments_of(text, "INS") == [f"INS*Y*18*024*{code}*A***TE"]
    assert "DTP*357*D8*20270228~" in text
    assert category_of(loop_of(text, 0), "ADDL MAINT REASON")[0] == f"REF*17*{additional}"


def test_an_unknown_reason_stays_out_of_the_file_and_is_told() -> None:
    aside: list[tuple[PolicyEnrollment, tuple[Fault, ...]]] = []
    policy = ending(Maintenance.TERMINATION, "boredom", LATER)
    assert write([policy], set_aside=aside) == ""
    why = "profile sample-carrier has no termination for the reason 'boredom'"
    assert aside == [(policy, (Fault(FaultCode.UNWRITABLE, why, "1001"),))]


def test_a_corrected_name_is_told_with_the_former_one() -> None:
    former = FormerIdentity(MemberName("SAMPEL", "ADA"), ADA.date_of_birth, ADA.sex)
    text = write([changed(change=MemberChange.IDENTITY, former=former)])
    subscriber, spouse, _ = (loop_of(text, place) for place in range(3))
    assert subscriber[0] == "INS*Y*18*001*25*A***AC"
    assert "NM1*70*1*SAMPEL*ADA" in subscriber
    assert category_of(subscriber, "ADDL MAINT REASON") == ["REF*17*DEMOGRAPHIC CHANGE", "DTP*007*D8*20270201"]
    assert spouse[0] == "INS*N*01*001**A"
    assert category_of(spouse, "ADDL MAINT REASON")[0] == "REF*17*NO CHANGE"


def test_a_change_takes_effect_on_its_day_and_coverage_keeps_its_first_day() -> None:
    text = write([changed(change=MemberChange.PREMIUM)])
    assert [one for one in loop_of(text, 0) if one.startswith("DTP*3")] == [
        "DTP*303*D8*20270201",
        "DTP*303*D8*20270201",
        "DTP*348*D8*20261201",
    ]
    assert [one for one in loop_of(text, 1) if one.startswith("DTP*3")] == [
        "DTP*303*D8*20270201",
        "DTP*348*D8*20261201",
    ]
    assert "HLH" not in text, "tobacco use is told once"


def test_who_is_added_begins_on_the_day_and_who_leaves_ends_on_it() -> None:
    members = (ADA, replace(BEN, change=MemberChange.REMOVED), replace(MIA, change=MemberChange.ADDED))
    premium = ADA.premium + MIA.premium
    policy = make_policy(maintenance=Maintenance.CHANGE, effective_on=LATER, members=members, premium=premium)
    text = write([policy])
    left, joined = loop_of(text, 1), loop_of(text, 2)
    assert left[0] == "INS*N*01*024*14*A"
    assert [one for one in left if one.startswith(("HD", "DTP*3"))] == ["HD*024**HLT", "DTP*349*D8*20270228"]
    assert category_of(left, "ADDL MAINT REASON")[0] == "REF*17*TERM"
    assert category_of(left, "PRE AMT 1") == []
    assert joined[0] == "INS*N*19*021*EC*A"
    assert [one for one in joined if one.startswith(("HD", "DTP*3"))] == [
        "DTP*356*D8*20270228",
        "HD*021**HLT",
        "DTP*348*D8*20270228",
    ]
