"""What a client is found by, and what stays known of one."""

from dataclasses import replace
from datetime import date
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.enrollment.domain.client import ClientFilter, ClientProfile, ten_digits
from services.enrollment.domain.enums import Sex
from services.enrollment.domain.steps import Address, Contact

HOME = Address("200 E Randolph St", "", "Chicago", "IL", "60601", "17031", "Cook")
PLACE = Address(state="IL", zip="60601", county_fips="17031", county_name="Cook")
ADA = ClientProfile(
    "220002580", "Ada", "Sample", date(1987, 6, 14), Sex.FEMALE, HOME, "M", Contact("3125550142"), "4399"
)
NAMES = st.lists(st.text("abcdeéñ'- ", min_size=1, max_size=20), min_size=1, max_size=3)


def finds(wanted: ClientFilter, profile: ClientProfile) -> bool:
    return wanted.terms <= profile.terms


@given(NAMES, NAMES, st.randoms(use_true_random=False))
def test_beginnings_of_some_words_find_a_name_in_any_order(first: list[str], last: list[str], random: Random) -> None:
    profile = replace(ADA, first_name=" ".join(first), last_name=" ".join(last))
    words = [word for word in (" ".join(first) + " " + " ".join(last)).split() if word.strip("'-")]
    random.shuffle(words)
    typed = " ".join(word[: 1 + len(word) // 2] for word in words)
    assert finds(ClientFilter(typed), profile)


@pytest.mark.parametrize(
    ("first", "last", "typed"),
    [
        ("José", "Núñez", "nunez jose"),
        ("Mary Ann", "De La Cruz", "cruz ann"),
        ("Seán", "O'Brien", "OBRIEN"),
        ("Li", "Wolfeschlegelsteinhausen", "wolfeschlegelstein"),
    ],
)
def test_names_are_found_without_accents_signs_and_first_words(first: str, last: str, typed: str) -> None:
    assert finds(ClientFilter(typed), replace(ADA, first_name=first, last_name=last))


def test_a_suffix_and_one_name_find_a_client() -> None:
    assert finds(ClientFilter("sample jr"), replace(ADA, suffix="Jr."))
    assert finds(ClientFilter("suhar"), replace(ADA, first_name="", last_name="Suharto", one_name_only=True))


def test_a_suffix_that_is_left_out_the_next_time_is_not_forgotten() -> None:
    junior = replace(ADA, suffix="Jr.")
    assert junior.identity == ADA.identity
    assert junior.followed_by(ADA).suffix == "Jr."


def test_the_middle_of_a_word_finds_nobody_and_nothing_wanted_matches_nothing_by_mistake() -> None:
    assert not finds(ClientFilter("ample"), ADA)
    assert not finds(ClientFilter("ada", date(1987, 6, 15)), ADA)
    assert ClientFilter().terms == frozenset(), "the use case refuses it, and the store answers nobody"


def test_a_place_of_the_same_zip_does_not_replace_a_whole_address() -> None:
    quoted = replace(ADA, home_address=PLACE, contact=Contact(), ssn_last_four="", middle_initial="", sex=None)
    assert ADA.followed_by(quoted) == ADA


def test_a_place_of_another_zip_is_where_somebody_moved() -> None:
    moved = replace(PLACE, zip="60010", county_fips="", county_name="")
    assert ADA.followed_by(replace(ADA, home_address=moved)).home_address == moved
    newer = replace(HOME, street="1 N State St")
    assert ADA.followed_by(replace(ADA, home_address=newer)).home_address == newer


@pytest.mark.parametrize(
    ("typed", "digits"),
    [
        ("(312) 555-0142", "3125550142"),
        ("+1 312.555.0142", "3125550142"),
        ("312555014", ""),
        ("2 312 555 0142", ""),
        ("", ""),
    ],
)
def test_a_phone_number_is_ten_digits_however_it_is_written(typed: str, digits: str) -> None:
    assert ten_digits(typed) == digits
