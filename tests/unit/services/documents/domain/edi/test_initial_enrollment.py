"""An initial enrollment as the carrier reads it, segment by segment."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from chassis.kernel import Money
from services.documents.domain.edi.carrier_profile import CarrierCategory, FieldGroup, ProviderNumberKind
from services.documents.domain.edi.enrollment import (
    Guardian,
    Member,
    MemberAddress,
    MemberName,
    MemberProvider,
    PolicyProducer,
)
from tests.unit.services.documents.policies import (
    ADA,
    BEN,
    MIA,
    PROFILE,
    category_of,
    loop_of,
    make_policy,
    segments_of,
    write,
)

EVERYTHING = replace(PROFILE, sends=frozenset(FieldGroup), member_share=True)


def test_the_head_names_sponsor_insurer_and_producer_and_counts_the_members() -> None:
    text = write([make_policy()])
    assert segments_of(text, "BGN") == ["BGN*00*1001*20261128*120030*CT***2"]
    assert segments_of(text, "QTY") == ["QTY*TO*3", "QTY*DT*2"]
    assert [one for one in segments_of(text, "N1") if "*75*" not in one] == [
        "N1*P5*ADA M SAMPLE*94*1243",
        "N1*IN*SAMPLE CARRIER*FI*987654321",
        "N1*BO*CALVIN C FRITZ*94*1234567",
    ]


def test_a_policy_for_one_counts_no_dependents() -> None:
    assert segments_of(write([make_policy(members=(ADA,))]), "QTY") == ["QTY*TO*1"]


@pytest.mark.parametrize("producer", [None, PolicyProducer("CALVIN C FRITZ", "")])
def test_without_a_national_producer_number_there_is_no_producer(producer: PolicyProducer | None) -> None:
    assert "N1*BO" not in write([make_policy(producer=producer)])


def test_the_subscriber() -> None:
    assert loop_of(write([make_policy()]), 0)[:16] == [
        "INS*Y*18*021*EC*A***AC",
        "REF*0F*1243",
        "REF*17*124301",
        "DTP*356*D8*20261201",
        "NM1*IL*1*SAMPLE*ADA*M***34*219099999",
        "PER*IP**TE*3125550142*EM*ada@example.com",
        "N3*220 MODEL DR",
        "N4*CHICAGO*IL*60601**CY*17031",
        "DMG*D8*19880114*F",
        "HLH*N",
        "LUI*LD*ENG**6",
        "LUI*LD*SPA**7",
        "HD*021**HLT",
        "DTP*348*D8*20261201",
        "REF*CE*12345IL099000600",
        "REF*1L*A0638M",
    ]


def test_dependents_have_no_employment_status_and_no_amounts_of_the_policy() -> None:
    text = write([make_policy()])
    spouse, child = loop_of(text, 1), loop_of(text, 2)
    assert spouse[0] == "INS*N*01*021*EC*A"
    assert child[0] == "INS*N*19*021*EC*A"
    assert "HLH*T" in spouse
    assert not [one for one in child if one.startswith("HLH")], "nobody asks a child"
    assert category_of(spouse, "PRE AMT 1") == ["REF*9X*420.10", "DTP*007*D8*20261201"]
    assert [category_of(spouse, name) for name in ("PRE AMT TOT", "TOT RES AMT", "RATING AREA")] == [[], [], []]


def test_what_is_reported_of_the_subscriber() -> None:
    segments = loop_of(write([make_policy()]), 0)
    begins = "DTP*007*D8*20261201"
    submitted = category_of(segments, "REQUEST SUBMIT TIMESTAMP")
    assert submitted[0] == "REF*17*2026112811301512", "by the carrier's clock"
    assert begins not in submitted
    assert category_of(segments, "PRE AMT TOT") == ["REF*9X*1080.30", begins]
    assert category_of(segments, "TOT RES AMT") == ["REF*9V*1080.30", begins]
    assert category_of(segments, "RATING AREA") == ["REF*9X*R-IL001", begins]
    assert category_of(segments, "SEP REASON") == ["REF*17*02-BIRTH", begins]
    assert category_of(segments, "SOURCE EXCHANGE ID") == ["REF*17*OFFEXCHANGE", begins]
    assert category_of(segments, "APPLICATION ID AND ORIGIN") == ["REF*6M*1243-3", begins]
    assert category_of(segments, "ADDL MAINT REASON") == []
    assert [one for one in segments if one.startswith("LX")] == [f"LX*{number}" for number in range(1, 9)]
    assert segments.count("LS*2700") == segments.count("LE*2700") == 1


@pytest.mark.parametrize("event", ["", "court_order"])
def test_without_a_code_for_the_life_event_there_is_no_sep_reason(event: str) -> None:
    assert "SEP REASON" not in write([make_policy(event=event)])


def test_a_carrier_adds_its_own_categories_to_the_subscribers() -> None:
    profile = replace(PROFILE, own_categories=(CarrierCategory("ISFFM", "17", "FALSE"),))
    text = write([make_policy()], profile)
    assert category_of(loop_of(text, 0), "ISFFM") == ["REF*17*FALSE", "DTP*007*D8*20261201"]
    assert category_of(loop_of(text, 1), "ISFFM") == []


@pytest.mark.parametrize(
    ("group", "sent"),
    [
        (FieldGroup.SSN, "34*219099999"),
        (FieldGroup.RACE, ":RET:2106-3"),
        (FieldGroup.LANGUAGE, "LUI*"),
        (FieldGroup.TOBACCO, "HLH*"),
        (FieldGroup.PROVIDER, "NM1*P3*1******SV*P-774*72~N3*4437 S CICERO AVE~N4*CHICAGO*IL*60632~"),
    ],
)
def test_a_group_of_fields_goes_to_the_carriers_that_ask_for_it_alone(group: FieldGroup, sent: str) -> None:
    assert sent in write([make_policy()], EVERYTHING)
    assert sent not in write([make_policy()], replace(EVERYTHING, sends=EVERYTHING.sends - {group}))


def test_a_provider_follows_the_coverage_and_whoever_has_none_has_no_loop() -> None:
    text = write([make_policy()], replace(PROFILE, sends=frozenset({FieldGroup.PROVIDER})))
    assert "REF*1L*A0638M~LX*1~NM1*P3*1******SV*P-774*72~N3*4437 S CICERO AVE~N4*CHICAGO*IL*60632~LS*2700~" in text
    assert text.count("NM1*P3*") == 1, "nobody was chosen for the others, and the carrier decides"


def test_a_carrier_that_knows_providers_by_npi_is_told_those_who_have_one() -> None:
    by_npi = replace(EVERYTHING, provider_qualifier=ProviderNumberKind.NPI)
    nameless = replace(BEN, provider=MemberProvider("P-775"))
    text = write([make_policy(members=(ADA, nameless))], by_npi)
    assert [one for one in segments_of(text, "NM1") if "*P3*" in one] == ["NM1*P3*1******XX*2000001174*72"]
    assert "P-775" not in text
    by_pcp_id = write([make_policy(members=(ADA, nameless))], EVERYTHING)
    assert "NM1*P3*1******SV*P-775*72~LS*2700~" in by_pcp_id, "without an office that nobody knows"


def test_a_number_that_nobody_gave_is_left_out_and_not_made_up() -> None:
    text = write([make_policy(members=(replace(ADA, ssn=""),))], EVERYTHING)
    assert "NM1*IL*1*SAMPLE*ADA*M~" in text


def test_several_races_are_repetitions_each_once() -> None:
    mia = replace(ADA, identities=("white", "chinese"), ethnicities=("mexican", "chicano", "other"))
    text = write([make_policy(members=(mia,))], EVERYTHING)
    assert segments_of(text, "DMG") == ["DMG*D8*19880114*F**:RET:2106-3^:RET:2034-7^:RET:2148-5^:RET:2135-2"]


def test_a_disabled_dependent_is_a_ward() -> None:
    child = replace(MIA, date_of_birth=date(1990, 5, 1), disabled_dependent=True)
    assert loop_of(write([make_policy(members=(ADA, child))]), 1)[0] == "INS*N*15*021*EC*A"


def test_mailing_address_and_who_stands_for_a_child_are_told_once() -> None:
    mail = MemberAddress("PO BOX 12", "CHICAGO", "IL", "60601-0012", county_fips="17031")
    parent = Guardian(MemberName("SAMPLE", "EVA"), mail)
    text = write([make_policy(mailing_address=mail, custodial_parent=parent, responsible_person=parent)])
    assert "NM1*31*1~N3*PO BOX 12~N4*CHICAGO*IL*606010012~NM1*S3*1*SAMPLE*EVA~" in text
    assert text.count("NM1*31*") == text.count("NM1*S3*") == text.count("NM1*S1*") == 1


def test_the_payment_transaction_is_named_at_the_subscriber() -> None:
    text = write([make_policy(payment_transaction_id="0000000000017")])
    assert text.count("REF*6O*0000000000017~") == 1
    assert "REF*17*124301~REF*6O*" in text


def test_the_members_share_is_told_where_the_carrier_wants_it() -> None:
    assert segments_of(write([make_policy()], EVERYTHING), "AMT") == ["AMT*P3*1080.30"]
    assert segments_of(write([make_policy()]), "AMT") == []


def test_a_plan_id_is_written_with_its_variant_and_without_a_dash() -> None:
    assert "REF*CE*12345IL099000600~" in write([make_policy(plan_id="12345IL0990006-00")])
    assert "REF*CE*12345IL099000601~" in write([make_policy(plan_id="12345IL0990006-01")])


def test_twenty_people_are_one_transaction() -> None:
    children = tuple(replace(MIA, member_id=f"1243{number:02d}", premium=Money(100)) for number in range(3, 21))
    text = write([make_policy(members=(ADA, BEN, *children))])
    assert segments_of(text, "QTY") == ["QTY*TO*20", "QTY*DT*19"]
    assert len(segments_of(text, "INS")) == 20


def test_nothing_of_a_number_shows_in_the_repr_of_a_member() -> None:
    member: Member = ADA
    assert "219099999" not in repr(make_policy(members=(member,)))
