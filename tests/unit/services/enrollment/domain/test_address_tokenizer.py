"""How typed addresses are read."""

import pytest

from services.enrollment.domain.address_tokenizer import (
    TypedAddress,
    index_tokens,
    split_house,
    split_unit,
    tokenize_address,
)


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("8651 W.159th Street", ["8651", "w", "159th", "street"]),
        ("O'Fallon", ["ofallon"]),
        ("Cañada Alamosa", ["canada", "alamosa"]),
        ("%_' & | !:*", []),
    ],
)
def test_words_are_letters_and_digits_alone(text: str, found: list[str]) -> None:
    assert tokenize_address(text) == found


def test_a_street_is_found_however_its_kind_and_direction_are_written() -> None:
    short, long = (
        index_tokens("12 N Main St", "Tulsa", "OK", "74103"),
        index_tokens("12 North Main Street", "Tulsa", "OK", "74103"),
    )
    assert short == long >= {"n", "north", "st", "street", "main", "tulsa", "ok", "74103"}


def test_the_house_number_is_no_word_of_the_street() -> None:
    assert split_house("1200b W Madison St") == ("1200b", "W Madison St")
    assert split_house("FM 1960") == ("", "FM 1960")
    assert "12" not in index_tokens("12 N Main St", "Tulsa", "OK", "74103")


@pytest.mark.parametrize(
    ("street", "parts"),
    [
        ("1614 W Central Rd Ste 205", ("1614 W Central Rd", "Ste 205")),
        ("11301 W. Cermak Road, Suite 810", ("11301 W. Cermak Road", "Suite 810")),
        ("211 E. Ontario St., 12th Floor", ("211 E. Ontario St.", "12th Floor")),
        ("5 Unity Lane", ("5 Unity Lane", "")),
    ],
)
def test_suite_and_floor_stand_apart_from_the_street(street: str, parts: tuple[str, str]) -> None:
    assert split_unit(street) == parts


def test_a_typed_address_is_read_as_number_street_and_place() -> None:
    typed = TypedAddress.read("123  Main, Chi")
    assert (typed.house, typed.words) == ("123", ("main", "chi"))
    assert (typed.street, typed.place) == ("123 Main", ("chi",))
    assert TypedAddress.read("606").words == ("606",)
    assert TypedAddress.read("60601 Chicago").as_zip == TypedAddress("", ("60601", "chicago"))
    assert TypedAddress.read("123 Chicago").as_zip is None
