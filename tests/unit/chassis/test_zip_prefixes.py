"""ZIP codes and the states of their first three digits."""

import pytest

from chassis.kernel.zip_prefixes import POSTAL_STATES, five_digits, read_zip, states_of_zip


@pytest.mark.parametrize(
    ("zip_code", "states"),
    [
        pytest.param("60601", {"IL"}, id="Chicago"),
        pytest.param("90210", {"CA"}, id="Beverly Hills"),
        pytest.param("73949", {"OK", "TX"}, id="Texhoma lies in two states"),
        pytest.param("88510", {"TX"}, id="El Paso's own prefix"),
        pytest.param("00901", {"PR"}, id="San Juan"),
        pytest.param("96910", {"FM", "GU", "MH", "MP", "PW"}, id="Guam"),
        pytest.param("09012", {"AE"}, id="APO in Europe"),
        pytest.param("96201", {"AP"}, id="APO in the Pacific"),
        pytest.param("34034", {"AA"}, id="APO in the Americas"),
        pytest.param("00000", set(), id="in no use"),
    ],
)
def test_a_zip_belongs_to_the_states_of_its_prefix(zip_code: str, states: set[str]) -> None:
    assert states_of_zip(zip_code) == states


def test_the_table_has_every_state_the_district_the_territories_and_the_armed_forces() -> None:
    assert len(POSTAL_STATES) == 50 + 1 + 8 + 3


@pytest.mark.parametrize(
    ("typed", "read"),
    [("60601", "60601"), (" 60601-1234 ", "60601-1234"), ("606011234", "60601-1234"), ("60601 1234", "60601-1234")],
)
def test_zip_plus_four_is_read_however_it_is_typed(typed: str, read: str) -> None:
    assert (read_zip(typed), five_digits(typed)) == (read, "60601")


@pytest.mark.parametrize("typed", ["", "6060", "60601-", "60601-12", "6060a", "\u0666\u0660\u0666\u0660\u0661"])
def test_a_malformed_zip_code_is_not_read(typed: str) -> None:
    assert read_zip(typed) is None
