"""The household of an application as the template takes it."""

from services.documents.typesetting import household_form
from services.documents.typesetting.formatting import NOT_GIVEN
from services.documents.typesetting.printed_words import get_printed_words
from tests.unit.services.documents.samples import full

WORDS = get_printed_words("application", "en")


def test_parts_that_were_left_empty_are_absent_or_said_to_be_not_given() -> None:
    household = full().household
    assert household_form.format_hra(household.hra, WORDS)[0] == ["Type", "ICHRA"]
    household.home_address.Clear()
    household.mailing_address.Clear()
    household.hra.Clear()
    assert household_form.contact(household, WORDS)[:2] == [
        ["Home address", NOT_GIVEN],
        ["Mailing address", "Same as home address"],
    ]
    assert household_form.format_hra(household.hra, WORDS) == []


def test_tobacco_that_was_not_asked_is_not_a_no() -> None:
    household = full().household
    asked, not_asked = (household_form.person(place, household.people[place], WORDS)[-1] for place in (1, 2))
    assert (asked, not_asked) == ("No", NOT_GIVEN)
