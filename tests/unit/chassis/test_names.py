"""One folding for every place that asks whether two names are the same."""

import pytest

from chassis.kernel import fold_name


@pytest.mark.parametrize(
    "typed",
    [
        "O'Neil",
        "O\u2019Neil",
        "O\u2018Neil",
        "O\u02bcNeil",
        "O`Neil",
        "O\u00b4Neil",
        "ONEIL",
        " o neil ",
        "O-Neil",
        "Ó Néil",
    ],
)
def test_one_name_typed_in_many_ways_is_one_name(typed: str) -> None:
    assert fold_name(typed) == "oneil"


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Siobhán", "SIOBHAN"),
        ("Muñoz", "Munoz"),
        ("Łucja", "Lucja"),
        ("Søren", "soren"),
        ("Strauß", "STRAUSS"),
        ("Mary-Ann", "Maryann"),
        ("De La Cruz", "DelaCruz"),
        ("Jose\u0301", "José"),
        ("\uff21nn", "Ann"),
    ],
)
def test_accents_strokes_hyphens_and_capitals_tell_nobody_apart(one: str, other: str) -> None:
    assert fold_name(one) == fold_name(other)


@pytest.mark.parametrize(
    ("one", "other"),
    [("Ann", "Anne"), ("குமார்", "குமாரி"), ("王", "李"), ("குமார்", "குமர்"), ("Иван", "Ивана"), ("?", "!")],
)
def test_other_names_stay_apart_in_every_script(one: str, other: str) -> None:
    assert fold_name(one) != fold_name(other)
