"""No value breaks a segment: delimiters, other alphabets and control characters."""

from __future__ import annotations

import string
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.documents.domain.edi.enrollment import MemberName, PolicyEnrollment
from services.documents.domain.edi.faults import Fault, Unwritable
from services.documents.domain.edi.segments import DELIMITERS, write_segment
from tests.unit.services.documents.policies import ADA, HOME, make_policy, segments_of, write


@pytest.mark.parametrize(
    ("value", "written"),
    [
        ("O*NEIL", "O NEIL"),
        ("1 A~B ST", "1 A B ST"),
        ("A^B:C", "A B C"),
        ("TWO\nLINES\tHERE", "TWO LINES HERE"),
        ("  AT  THE  ENDS  ", "AT THE ENDS"),
        ("NÚÑEZ", "NUNEZ"),
        ("Łukasz Sørensen", "Lukasz Sorensen"),
        ("ÆSA ÞÓR GROẞ", "AESA THOR GROSS"),
        ("D\u2019Angelo\u2013Roy", "D'Angelo-Roy"),
        ("ada+1@example.com", "ada+1@example.com"),
    ],
)
def test_a_value_is_written_in_ascii_and_without_delimiters(value: str, written: str) -> None:
    assert write_segment("N3", value) == f"N3*{written}~"


@pytest.mark.parametrize("value", ["陳", "Ольга", "\U0001f600"])
def test_a_letter_of_another_script_is_refused_without_naming_it(value: str) -> None:
    with pytest.raises(Unwritable) as refused:
        write_segment("NM1", "IL", value)
    assert str(refused.value) == "a value of NM1 has letters that an 834 cannot carry"


@given(st.lists(st.text(max_size=20), max_size=6))
def test_a_segment_has_the_elements_that_were_given_whatever_is_in_them(values: list[str]) -> None:
    try:
        text = write_segment("N3", *values, "END")
    except Unwritable:
        return
    assert text.isascii()
    assert text.endswith("*END~")
    assert text.count("*") == len(values) + 1
    assert text.count("~") == 1
    assert not set(text[:-1]) & set(DELIMITERS.replace("*", ""))
    assert not set(text) & set(string.whitespace.replace(" ", ""))


@pytest.mark.parametrize("typed", ["312-555-0142 x12", "(312) 555-0142 ext. 4", "+1 312 555 0142", "1-312-555-0142 x1"])
def test_a_phone_is_its_ten_digits_and_never_those_of_its_extension(typed: str) -> None:
    policy = make_policy(members=(replace(ADA, phone=typed, email=""),))
    assert "PER*IP**TE*3125550142" in segments_of(write([policy]))


def test_empty_elements_at_the_end_are_left_out() -> None:
    assert write_segment("NM1", "IL", "", "A", "", "") == "NM1*IL**A~"


def test_a_name_cannot_shift_the_elements_behind_it() -> None:
    ada = replace(ADA, name=MemberName("O*NEIL", "ADA"), ssn="")
    text = write([make_policy(members=(ada,), home_address=replace(HOME, street="1 A ST~INS*Y*18"))])
    assert segments_of(text, "NM1") == ["NM1*IL*1*O NEIL*ADA"]
    assert segments_of(text, "N3") == ["N3*1 A ST INS Y 18"]
    assert len(segments_of(text, "INS")) == 1


def test_one_policy_that_cannot_be_written_leaves_the_others_in_the_file() -> None:
    aside: list[tuple[PolicyEnrollment, tuple[Fault, ...]]] = []
    bad = make_policy(control_number=1002, members=(replace(ADA, name=MemberName("陳", "ADA")),))
    text = write([make_policy(), bad, make_policy(control_number=1003)], set_aside=aside)
    assert [one.split("*")[2] for one in segments_of(text, "ST")] == ["1001", "1003"]
    assert segments_of(text, "GE") == ["GE*2*501"]
    assert [policy.control_number for policy, _ in aside] == [1002]
