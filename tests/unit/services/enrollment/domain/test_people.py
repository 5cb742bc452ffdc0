"""People of a household that is saved again are matched to those before, and keep their social security numbers."""

from dataclasses import replace
from datetime import date

from services.enrollment.domain.dates import months_before
from services.enrollment.domain.enums import Relationship
from services.enrollment.domain.people import Person
from services.enrollment.domain.person_matching import find_moved_positions, match_people

ADA = Person(Relationship.SELF, "Ada", "", "Sample", date(1987, 6, 14))
CAL = Person(Relationship.CHILD, "Cal", "", "Sample", date(2019, 9, 3))
DEE = replace(CAL, first_name="Dee")


def stored(*people: Person) -> tuple[Person, ...]:
    """As they come back from the store: with ids and last four digits, without numbers."""
    given = match_people((), [replace(person, ssn=f"12345000{place}") for place, person in enumerate(people)])
    return tuple(replace(person, ssn="") for person in given)


def test_everybody_who_stays_keeps_id_and_number_wherever_they_move() -> None:
    before = stored(ADA, CAL, DEE)
    after = match_people(before, [ADA, DEE, CAL])
    assert [person.person_id for person in after] == [before[i].person_id for i in (0, 2, 1)]
    assert [person.ssn_last_four for person in after] == ["0000", "0002", "0001"]
    assert find_moved_positions(before, after) == {0: 0, 1: 2, 2: 1}


def test_a_corrected_last_name_or_birth_date_keeps_the_number() -> None:
    before = stored(ADA)
    for corrected in (replace(ADA, last_name="Simple"), replace(ADA, date_of_birth=date(1987, 6, 15))):
        assert match_people(before, [corrected])[0].ssn_last_four == "0000"


def test_a_name_typed_another_way_is_no_other_name() -> None:
    before = stored(replace(ADA, last_name="O'Neil"))
    [ada] = match_people(before, [replace(ADA, first_name="ÁDA", last_name="ONEIL", date_of_birth=date(1987, 6, 15))])
    assert (ada.person_id, ada.ssn_last_four) == (before[0].person_id, "0000")


def test_a_number_never_goes_to_a_twin() -> None:
    before = stored(ADA, CAL)
    [_, twin] = match_people(before, [ADA, DEE])
    assert twin.ssn_last_four == ""
    assert twin.person_id == before[1].person_id


def test_a_new_number_replaces_the_old_one() -> None:
    [ada] = match_people(stored(ADA), [replace(ADA, ssn="123456789")])
    assert (ada.ssn, ada.ssn_last_four) == ("123456789", "6789")


def test_the_number_is_not_shown_when_a_person_is_printed() -> None:
    assert "123456789" not in repr(replace(ADA, ssn="123456789"))


def test_a_person_who_was_removed_does_not_move_the_others() -> None:
    before = stored(ADA, CAL)
    assert find_moved_positions(before, match_people(before, [ADA])) == {0: 0}


def test_a_birthday_on_29_february_comes_on_1_march() -> None:
    leap = replace(ADA, date_of_birth=date(2008, 2, 29))
    assert leap.age_on(date(2026, 2, 28)) == 17
    assert leap.age_on(date(2026, 3, 1)) == 18


def test_six_months_before_a_day_that_the_month_lacks_is_its_last_day() -> None:
    days = [date(2026, 8, 31), date(2028, 8, 30), date(2026, 3, 15), date(2026, 6, 30)]
    assert [months_before(day, 6).isoformat() for day in days] == [
        "2026-02-28",
        "2028-02-29",
        "2025-09-15",
        "2025-12-30",
    ]
