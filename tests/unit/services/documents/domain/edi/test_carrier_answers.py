"""What a carrier sends back, read: each answer as what it is, and nothing passed over."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.documents.domain.edi.acknowledgments import (
    Acceptance,
    GroupAcknowledgment,
    InterchangeAcknowledgment,
    SegmentError,
    TransactionAcknowledgment,
)
from services.documents.domain.edi.carrier_answers import (
    CarrierEnding,
    Effectuation,
    UnexpectedAnswer,
    read_answers,
)
from services.documents.domain.edi.enrollment import Maintenance
from tests.unit.services.documents.carrier_files import (
    acknowledgment,
    effectuation,
    ending,
    group,
    interchange,
    ta1,
    taken,
    transaction,
)
from tests.unit.services.documents.policies import BEGIN, make_policy

CASES = Path(__file__).with_name("cases")
POLICY = make_policy()
CANCELLED = make_policy(maintenance=Maintenance.CANCELLATION, reason="voluntary", effective_on=BEGIN)


def test_a_999_with_its_ta1_behind_the_group() -> None:
    assert list(read_answers([(CASES / "ack_a1.999").read_text()])) == [
        GroupAcknowledgment(1, Acceptance.ACCEPTED, (), (TransactionAcknowledgment(1, Acceptance.ACCEPTED),)),
        InterchangeAcknowledgment(1, Acceptance.ACCEPTED, "000"),
    ]


@pytest.mark.parametrize(
    ("code", "acceptance"),
    [("A", Acceptance.ACCEPTED), ("E", Acceptance.WITH_ERRORS), ("R", Acceptance.REJECTED)],
)
def test_a_ta1_alone(code: str, acceptance: Acceptance) -> None:
    assert list(read_answers([interchange(ta1(7, code, "024"))])) == [InterchangeAcknowledgment(7, acceptance, "024")]


def test_a_999_names_segment_and_element_and_keeps_no_value() -> None:
    text = interchange(
        acknowledgment(*taken(1001, "R", "IK3*N4*23*2100*8", "IK4*5*309*10", "IK4*3*116*7*60601-SECRET"), code="R")
    )
    error = SegmentError("N4", 23, "2100", "8", (("5", "10"), ("3", "7")))
    policy = TransactionAcknowledgment(1001, Acceptance.REJECTED, (error,))
    assert list(read_answers([text])) == [GroupAcknowledgment(501, Acceptance.REJECTED, (), (policy,))]
    assert "SECRET" not in repr(list(read_answers([text])))


def test_an_effectuation() -> None:
    assert list(read_answers([interchange(effectuation(POLICY))])) == [
        Effectuation(
            reference=1001,
            policy_id="A0638M",
            subscriber_id="1243",
            plan_id="12345IL099000600",
            begins_on=BEGIN,
            paid_through=date(2026, 12, 20),
            premium=POLICY.premium,
            members=3,
            carrier_policy_id="C-771-01",
            carrier_subscriber_id="C-771",
        )
    ]


def test_the_premium_is_the_sum_where_the_carrier_tells_no_total() -> None:
    text = interchange(effectuation(POLICY)).replace("PRE AMT TOT", "TOTAL")
    (answer,) = read_answers([text])
    assert isinstance(answer, Effectuation)
    assert answer.premium == POLICY.premium


def test_an_effectuation_without_amounts_has_no_premium() -> None:
    (answer,) = read_answers([interchange(effectuation(POLICY)).replace("PRE AMT", "AMOUNT")])
    assert isinstance(answer, Effectuation)
    assert answer.premium is None


def test_the_carriers_cancellation() -> None:
    assert list(read_answers([interchange(ending(CANCELLED))])) == [
        CarrierEnding(1001, "A0638M", "1243", reason="59", additional="CANCEL", ends_on=BEGIN)
    ]


def test_a_file_may_mix_all_of_them() -> None:
    text = interchange(ta1(), acknowledgment(*taken()), effectuation(POLICY), ending(CANCELLED), ta1(8))
    assert [type(one).__name__ for one in read_answers([text])] == [
        "InterchangeAcknowledgment",
        "GroupAcknowledgment",
        "Effectuation",
        "CarrierEnding",
        "InterchangeAcknowledgment",
    ]


@pytest.mark.parametrize(
    ("text", "kind", "why"),
    [
        ("Dear carrier", "file", "does not begin with ISA"),
        (interchange(ta1())[:-1], "file", "has no end"),
        (interchange("TA1**261128*1200*A*000~"), "TA1", "no control number"),
        (interchange(ta1(7, "Q")), "TA1", "accepted"),
        (interchange("TA1*" + "9" * 5000 + "*261128*1200*A*000~"), "TA1", "no control number"),
        (interchange("REF*0F*1~"), "segment", "outside of a transaction"),
        (interchange(group("RA", transaction("820", "BPR*I*1080.30"))), "820", "no carrier answers"),
        (interchange(acknowledgment("AK2*834*1001")), "999", "IK5"),
        (interchange(acknowledgment(*taken(), code="?")), "999", "accepted"),
        (interchange(effectuation(POLICY)).replace("SE*", "SE*1"), "834", "not whole"),
        (interchange(effectuation(POLICY)).replace("*021*28*", "*021*EC*"), "834", "neither"),
        (interchange(effectuation(POLICY)).replace("BGN*00*1001*", "BGN*00*OURS*"), "834", "BGN02"),
        (interchange(effectuation(POLICY)).replace("INS*Y*18", "INS*N*18"), "834", "one subscriber"),
        (interchange(effectuation(POLICY)).replace("1080.30", "1E+999999"), "834", "no amount"),
        (interchange(effectuation(POLICY)).replace("348*D8*20261201", "348*D8*20261301"), "834", "date"),
    ],
)
def test_what_cannot_be_understood_is_told_and_not_lost(text: str, kind: str, why: str) -> None:
    found = [one for one in read_answers([text]) if isinstance(one, UnexpectedAnswer)]
    assert [one.kind for one in found] == [kind]
    assert why in found[0].why


def test_what_stands_before_a_broken_end_is_still_told() -> None:
    found = list(read_answers([interchange(ta1(), effectuation(POLICY))[:-40]]))
    assert isinstance(found[0], InterchangeAcknowledgment)
    assert isinstance(found[-1], UnexpectedAnswer)


TEXT = interchange(ta1(), acknowledgment(*taken()), effectuation(POLICY), ending(CANCELLED))


@given(st.data())
def test_a_damaged_file_never_ends_in_an_error(data: st.DataObject) -> None:
    place = data.draw(st.integers(0, len(TEXT)))
    noise = data.draw(st.text(st.sampled_from("*~:^0A é"), max_size=8))
    skip = data.draw(st.integers(0, 40))
    list(read_answers([TEXT[:place] + noise + TEXT[place + skip :]]))
