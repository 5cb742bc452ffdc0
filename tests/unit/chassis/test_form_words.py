"""Words and dates for clients, in the languages of the suite."""

from __future__ import annotations

from datetime import date, datetime
from zoneinfo import ZoneInfo

from chassis.form_words import get_form_words
from chassis.kernel import format_date


def test_a_date_is_written_as_the_language_has_it() -> None:
    day = date(2026, 6, 1)
    assert get_form_words("en").day(day) == format_date(day) == "6/1/2026"
    assert get_form_words("es").day(day) == "1 de junio de 2026"
    assert get_form_words("es").month(day) == "junio de 2026"


def test_a_moment_names_its_zone() -> None:
    noon = datetime(2026, 6, 1, 12, 5, tzinfo=ZoneInfo("America/Chicago"))
    assert get_form_words("en").moment(noon) == "6/1/2026, 12:05 PM CDT"


def test_a_language_or_word_that_there_is_not_falls_back() -> None:
    assert get_form_words("xx").language == "en"
    assert get_form_words("es").word("brand_new_event") == "Brand new event"
    assert get_form_words("es").section("brand_new", 1, "Ada") == "Brand new"


def test_the_section_of_somebody_without_a_name_is_called_by_its_number() -> None:
    assert get_form_words("es").section("person", 5, "") == "Persona 5"
    assert get_form_words("en").section("person", 2, "Ada") == "Person 2: Ada"


def test_a_county_stands_behind_its_address_by_the_word_of_the_language() -> None:
    assert get_form_words("en").address("Chicago, IL 60601", "Cook") == "Chicago, IL 60601, Cook County"
    assert get_form_words("es").address("Chicago, IL 60601", "Cook") == "Chicago, IL 60601, condado de Cook"
    assert get_form_words("es").address("Chicago, IL 60601", "") == "Chicago, IL 60601"
