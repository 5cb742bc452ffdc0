"""Step 2: what one save may not do, two saves may not do either (R46)."""

from typing import Any

import pytest
from suite.common.v1 import common_pb2 as common
from suite.enrollment.v1 import application_pb2 as pb

from chassis.kernel import Conflict, InvalidInput


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
