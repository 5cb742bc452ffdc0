"""Which names an 834 file can carry: Latin letters generously, and a sentence that says what to do for others."""

import pytest

from chassis.kernel.names import name_problem, transliterate


@pytest.mark.parametrize(
    "name",
    [
        "",
        "  ",
        "Ada",
        "O'Brien",
        "D\u2019Angelo",
        "Ka\u02bbahumanu",
        "Smith-Jones",
        "Smith\u2010Jones",
        "St. John",
        "Sample, Jr.",
        "de la Cruz",
        "Nu\u00f1ez",
        "Nun\u0303ez",
        "Garc\u00eda M\u00e1rquez",
        "\u0141ukasz",
        "S\u00f8ren",
        "Nguy\u1ec5n",
        "\u1ecc\u0301l\u00e1",
        "Col\u00b7lell",
        "\u0130brahim",
        "Stra\u00dfe",
        "J",
    ],
)
def test_a_name_in_latin_letters_is_taken(name: str) -> None:
    assert name_problem(name) == ""


@pytest.mark.parametrize(
    "name",
    ["12345", "<script>alert(1)</script>", "<b>12345</b>", "\U0001f600", "Ada \U0001f600", "A*B", "A~", "a_b", "'"],
)
def test_digits_markup_and_symbols_are_refused_with_what_is_allowed(name: str) -> None:
    assert name_problem(name).startswith(
        "Use Latin letters (A to Z, accents are fine), spaces, periods, hyphens and apostrophes only"
    )


@pytest.mark.parametrize(
    "name",
    [
        "\u0410\u043d\u043d\u0430",
        "\u6797",
        "\u0645\u06cc\u200c\u0646\u0627",
        "\u0dc1\u0dca\u200d\u0dbb\u0dd3",
        "Ada \u6797",
        "\uff21\uff44\uff41",
    ],
)
def test_another_script_is_refused_with_the_way_to_write_it(name: str) -> None:
    assert name_problem(name).startswith("Write the name in Latin letters (A to Z, accents are fine), as on a passport")


@pytest.mark.parametrize("name", ["Ann\u200d", "a\u202eb", "a\u200bb", "Ada\n"])
def test_what_cannot_be_seen_is_refused(name: str) -> None:
    assert name_problem(name)


@pytest.mark.parametrize(
    ("name", "written"),
    [
        ("Núñez", "Nunez"),
        ("Ọ́lá", "Ola"),
        ("Łukasz", "Lukasz"),
        ("SØREN", "SOREN"),
        ("Strauße", "Strausse"),
        ("Əliyev", "Eliyev"),
        ("Ŋali", "Nali"),
        ("D\u2019Angelo", "D'Angelo"),
        ("Col\u00b7lell", "Collell"),
        ("İbrahim", "Ibrahim"),
    ],
)
def test_a_name_that_is_taken_is_written_in_ascii(name: str, written: str) -> None:
    assert name_problem(name) == ""
    assert transliterate(name) == written


def test_a_letter_of_phonetics_that_no_passport_has_is_refused() -> None:
    assert not transliterate("ʃ").isascii()
    assert "Latin letters" in name_problem("ʃada")
