"""Step 2: what one save may not do, two saves may not do either (R46)."""

from itertools import permutations
from typing import Any

import pytest
from suite.common.v1 import common_pb2 as common
from suite.enrollment.v1 import steps_pb2 as pb

from chassis.kernel import Conflict, InvalidInput
from services.enrollment.domain import who_is_who


@pytest.fixture
def app(office: Any, make: Any) -> Any:
    """Two people with their social security numbers."""
    people = make.household().people
    people[0].ssn, people[1].ssn = "123-45-0001", "123-45-0002"
    return office.save(office.start(), household=make.household(people=people))


def test_the_applicant_is_not_removed_to_make_room_for_another(office: Any, make: Any, app: Any) -> None:
    with pytest.raises(Conflict) as refused:
        office.save(app, household=make.household(people=[]))
    assert [(one.field, one.rule) for one in refused.value.problems] == [("people", "R46")]
    assert office.get(app) == app


def test_an_applicant_of_whom_nothing_is_known_yet_may_go(office: Any, make: Any) -> None:
    nobody = pb.Person(relationship=common.RELATIONSHIP_SELF)
    app = office.save(office.start(), household=make.household(people=[nobody]))
    assert not office.save(app, household=make.household(people=[])).household.people


def test_the_applicant_is_not_emptied_to_be_filled_in_as_another(office: Any, make: Any, app: Any) -> None:
    ada, dee = app.household.people
    ada.first_name = ada.last_name = ada.date_of_birth = ""
    with pytest.raises(Conflict) as refused:
        office.save(app, household=make.household(people=[ada, dee]))
    assert refused.value.code == "another_person"
    assert office.get(app).version == app.version


def test_a_number_does_not_stay_with_somebody_whose_names_were_emptied(office: Any, make: Any, app: Any) -> None:
    ada, dee = app.household.people
    dee.first_name = dee.last_name = ""
    saved = office.save(app, household=make.household(people=[ada, dee])).household.people[1]
    assert (saved.person_id, saved.ssn_last_four) == (dee.person_id, "")


def test_emptying_one_thing_takes_no_number_away(office: Any, make: Any, app: Any) -> None:
    ada, dee = app.household.people
    ada.date_of_birth = ""
    saved = office.save(app, household=make.household(people=[ada, dee])).household.people[0]
    assert (saved.person_id, saved.ssn_last_four) == (ada.person_id, "0001")


def test_a_number_given_by_mistake_is_taken_away_alone(office: Any, make: Any, app: Any) -> None:
    ada, dee = app.household.people
    ada.remove_ssn = True
    saved = office.save(app, household=make.household(people=[ada, dee]))
    assert [(one.person_id, one.ssn_last_four) for one in saved.household.people] == [
        (ada.person_id, ""),
        (dee.person_id, "0002"),
    ]
    assert office.save(saved, household=saved.household).household == saved.household


def test_a_number_is_not_taken_away_together_with_a_name(office: Any, make: Any, app: Any) -> None:
    ada, dee = app.household.people
    ada.remove_ssn, ada.first_name = True, "Zoe"
    with pytest.raises(Conflict):
        office.save(app, household=make.household(people=[ada, dee]))


def test_one_number_is_not_given_and_removed_at_once(office: Any, make: Any, app: Any) -> None:
    ada, dee = app.household.people
    ada.remove_ssn, ada.ssn = True, "123-45-0003"
    with pytest.raises(InvalidInput) as refused:
        office.save(app, household=make.household(people=[ada, dee]))
    assert [(one.field, one.rule) for one in refused.value.problems] == [("people[0].remove_ssn", "R46")]


# each of them alone is a correction; the applicant, the child
ONE_BY_ONE = {"first_name": "Zoe", "date_of_birth": "1990-02-03", "ssn": "123-45-0009", "last_name": "Other"}


@pytest.mark.parametrize("place", [0, 1])
@pytest.mark.parametrize("order", list(permutations(ONE_BY_ONE)))
def test_nobody_becomes_another_one_thing_at_a_time(
    office: Any, make: Any, app: Any, place: int, order: tuple[str, ...]
) -> None:
    refused = []
    for name in order:
        people = office.get(app).household.people
        setattr(people[place], name, ONE_BY_ONE[name])
        try:
            app = office.save(app, household=make.household(people=people))
        except Conflict as error:
            refused.append(name)
            assert [(one.field, one.rule) for one in error.problems] == [(f"people[{place}]", "R46")]
            assert "new application" in error.message if place == 0 else "Remove this person" in error.message
    now = app.household.people[place]
    was = {"first_name": ("Ada", "Dee")[place], "ssn_last_four": f"000{place + 1}"}
    changed = [name for name, value in was.items() if getattr(now, name) != value]
    assert refused
    # the two names may both be corrected, or last name and birth date: whoever is left has the number or the first name
    assert len(changed) <= 1


def test_one_thing_at_a_time_is_what_the_first_identity_is_kept_for(
    office: Any, make: Any, app: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(who_is_who, "_leads_too_far", lambda *_: False)
    for name, value in ONE_BY_ONE.items():
        people = app.household.people
        setattr(people[0], name, value)
        app = office.save(app, household=make.household(people=people))
    assert app.household.people[0].first_name == "Zoe"
    assert app.household.people[0].ssn_last_four == "0009"


def test_the_way_over_empty_fields_leads_to_nobody_else_either(office: Any, make: Any, app: Any) -> None:
    for changes in ({"first_name": ""}, {"date_of_birth": ""}, {"last_name": ""}):
        people = app.household.people
        for name, value in changes.items():
            setattr(people[0], name, value)
        app = office.save(app, household=make.household(people=people))
    with pytest.raises(Conflict, match="cannot be removed"):
        office.save(app, household=make.household(people=[]))
    people = app.household.people
    people[0].first_name, people[0].last_name, people[0].date_of_birth = "Zoe", "Other", "1990-02-03"
    with pytest.raises(Conflict, match="another person"):
        office.save(app, household=make.household(people=people))
    people[0].first_name, people[0].last_name, people[0].date_of_birth = "Ada", "Sample", "1987-06-14"
    assert office.save(app, household=make.household(people=people)).household.people[0].first_name == "Ada"


def test_a_typing_mistake_may_be_corrected_and_corrected_again(office: Any, make: Any, app: Any) -> None:
    for day in ("1987-06-15", "1987-06-16", "1987-06-14"):
        people = app.household.people
        people[0].date_of_birth = day
        app = office.save(app, household=make.household(people=people))
    people = app.household.people
    people[0].first_name = "Adam"
    assert office.save(app, household=make.household(people=people)).household.people[0].first_name == "Adam"


def test_what_is_typed_before_a_person_is_whole_binds_nobody(office: Any, make: Any) -> None:
    person = make.household().people[0]
    born, person.date_of_birth = person.date_of_birth, ""
    app = office.start()
    for name in ("Zoe", "A", "Ada"):
        person.first_name = name
        app = office.save(app, household=make.household(people=[person]))
        person.person_id = app.household.people[0].person_id
    for day in ("1987-06-15", born):
        person.date_of_birth = day
        app = office.save(app, household=make.household(people=[person]))
    assert app.household.people[0].date_of_birth == born


def test_who_was_removed_and_added_is_somebody_new(office: Any, make: Any, app: Any) -> None:
    ada, dee = app.household.people
    dee.first_name = "Zoe"
    app = office.save(app, household=make.household(people=[ada, dee]))
    cal = pb.Person(relationship=common.RELATIONSHIP_CHILD, first_name="Cal", last_name="Other", ssn="123-45-0009")
    cal.date_of_birth = "2020-02-03"
    [_, added] = office.save(app, household=make.household(people=[ada, cal])).household.people
    assert added.person_id != dee.person_id
    assert added.ssn_last_four == "0009"
