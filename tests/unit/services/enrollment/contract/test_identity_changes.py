"""Step 2: a draft takes one correction after the other; who was submitted does not become another (R46)."""

from itertools import permutations
from typing import Any

import pytest
from suite.common.v1 import common_pb2 as common
from suite.enrollment.v1 import application_pb2
from suite.enrollment.v1 import steps_pb2 as pb

from chassis.kernel import Conflict, InvalidInput
from services.enrollment.domain import person_matching
from tests.unit.services.enrollment import samples
from tests.unit.services.enrollment.harness import EnrollmentHarness


def numbered() -> Any:
    """Two people with their social security numbers."""
    people = samples.household().people
    people[0].ssn, people[1].ssn = "123-45-0001", "123-45-0002"
    return people


@pytest.fixture
def app(harness: EnrollmentHarness) -> Any:
    return harness.save(harness.start(), household=samples.household(people=numbered()))


@pytest.fixture
def failed(harness: EnrollmentHarness) -> Any:
    """The same two on an application that was submitted, and failed for nothing of theirs."""
    app = harness.complete(people=numbered())
    harness.quotes.failure = Conflict("No rate is filed.", code="rate_not_filed")
    app = harness.submit(app)
    harness.quotes.failure = None
    assert app.status == application_pb2.APPLICATION_STATUS_FAILED
    return app


def edit(harness: EnrollmentHarness, app: Any, place: int, **changes: Any) -> Any:
    people = harness.get(app).household.people
    for name, value in changes.items():
        setattr(people[place], name, value)
    return harness.save(harness.get(app), household=samples.household(people=people))


def test_the_applicant_is_not_removed_to_make_room_for_another(harness: EnrollmentHarness, app: Any) -> None:
    with pytest.raises(Conflict) as refused:
        harness.save(app, household=samples.household(people=[]))
    assert [(one.field, one.rule) for one in refused.value.problems] == [("people", "R46")]
    assert harness.get(app) == app


def test_an_applicant_of_whom_nothing_is_known_yet_may_go(harness: EnrollmentHarness) -> None:
    nobody = pb.Person(relationship=common.RELATIONSHIP_SELF)
    app = harness.save(harness.start(), household=samples.household(people=[nobody]))
    assert not harness.save(app, household=samples.household(people=[])).household.people


def test_the_applicant_is_not_emptied_to_be_filled_in_as_another(harness: EnrollmentHarness, app: Any) -> None:
    ada, dee = app.household.people
    ada.first_name = ada.last_name = ada.date_of_birth = ""
    with pytest.raises(Conflict) as refused:
        harness.save(app, household=samples.household(people=[ada, dee]))
    assert refused.value.code == "another_person"
    assert harness.get(app).version == app.version


def test_a_number_does_not_stay_with_somebody_whose_names_were_emptied(harness: EnrollmentHarness, app: Any) -> None:
    ada, dee = app.household.people
    dee.first_name = dee.last_name = ""
    saved = harness.save(app, household=samples.household(people=[ada, dee])).household.people[1]
    assert (saved.person_id, saved.ssn_last_four) == (dee.person_id, "")


def test_emptying_one_thing_takes_no_number_away(harness: EnrollmentHarness, app: Any) -> None:
    ada, dee = app.household.people
    ada.date_of_birth = ""
    saved = harness.save(app, household=samples.household(people=[ada, dee])).household.people[0]
    assert (saved.person_id, saved.ssn_last_four) == (ada.person_id, "0001")


def test_a_number_given_by_mistake_is_taken_away_alone(harness: EnrollmentHarness, app: Any) -> None:
    ada, dee = app.household.people
    ada.remove_ssn = True
    saved = harness.save(app, household=samples.household(people=[ada, dee]))
    assert [(one.person_id, one.ssn_last_four) for one in saved.household.people] == [
        (ada.person_id, ""),
        (dee.person_id, "0002"),
    ]
    assert harness.save(saved, household=saved.household).household == saved.household


def test_a_number_is_not_taken_away_together_with_a_name(harness: EnrollmentHarness, app: Any) -> None:
    ada, dee = app.household.people
    ada.remove_ssn, ada.first_name = True, "Zoe"
    with pytest.raises(Conflict):
        harness.save(app, household=samples.household(people=[ada, dee]))


def test_one_number_is_not_given_and_removed_at_once(harness: EnrollmentHarness, app: Any) -> None:
    ada, dee = app.household.people
    ada.remove_ssn, ada.ssn = True, "123-45-0003"
    with pytest.raises(InvalidInput) as refused:
        harness.save(app, household=samples.household(people=[ada, dee]))
    assert [(one.field, one.rule) for one in refused.value.problems] == [("people[0].remove_ssn", "R46")]


# each of them alone is a correction; the applicant, the child
ONE_BY_ONE = {"first_name": "Zoe", "date_of_birth": "2005-02-03", "ssn": "123-45-0009", "last_name": "Other"}


@pytest.mark.parametrize("place", [0, 1])
@pytest.mark.parametrize("order", list(permutations(ONE_BY_ONE)))
def test_a_submitted_person_cannot_become_another_one_field_at_a_time(
    harness: EnrollmentHarness, failed: Any, place: int, order: tuple[str, ...]
) -> None:
    refused = []
    for name in order:
        try:
            app = edit(harness, failed, place, **{name: ONE_BY_ONE[name]})
        except Conflict as error:
            refused.append(name)
            assert [(one.field, one.rule) for one in error.problems] == [(f"people[{place}]", "R46")]
            assert "first submitted" in error.message
            assert "new application" in error.message if place == 0 else "Remove this person" in error.message
    now = app.household.people[place]
    was = {"first_name": ("Ada", "Dee")[place], "ssn_last_four": f"000{place + 1}"}
    changed = [name for name, value in was.items() if getattr(now, name) != value]
    assert refused
    # the two names may both be corrected, or last name and birth date: whoever is left has the number or the first name
    assert len(changed) <= 1


def test_one_thing_at_a_time_is_what_the_submitted_identity_is_kept_for(
    harness: EnrollmentHarness, failed: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(person_matching, "_was_submitted", lambda _: False)
    for name, value in ONE_BY_ONE.items():
        app = edit(harness, failed, 0, **{name: value})
    ada = app.household.people[0]
    assert (ada.first_name, ada.last_name, ada.date_of_birth) == ("Zoe", "Other", "2005-02-03")


@pytest.mark.parametrize("place", [0, 1])
@pytest.mark.parametrize("order", list(permutations(ONE_BY_ONE)))
def test_a_draft_takes_every_correction_in_a_save_of_its_own(
    harness: EnrollmentHarness, app: Any, place: int, order: tuple[str, ...]
) -> None:
    for name in order:
        app = edit(harness, app, place, **{name: ONE_BY_ONE[name]})
    now = app.household.people[place]
    assert (now.first_name, now.last_name, now.date_of_birth) == ("Zoe", "Other", "2005-02-03")
    # a number stays until both first name and birth date are others than when it was given
    later = order[order.index("ssn") + 1 :]
    assert now.ssn_last_four == ("" if {"first_name", "date_of_birth"} <= set(later) else "0009")


def test_a_number_of_before_does_not_follow_a_draft_to_somebody_else(
    harness: EnrollmentHarness, app: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    control = harness.start()
    for name in ("first_name", "date_of_birth"):
        app = edit(harness, app, 1, **{name: ONE_BY_ONE[name]})
    assert app.household.people[1].ssn_last_four == ""
    monkeypatch.setattr(person_matching, "_differences", lambda *_: (False, False, False, False))
    control = harness.save(control, household=samples.household(people=numbered()))
    for name in ("first_name", "date_of_birth"):
        control = edit(harness, control, 1, **{name: ONE_BY_ONE[name]})
    assert control.household.people[1].ssn_last_four == "0002", "the control: nothing is held against the number"


def test_two_corrections_of_a_draft_in_one_save_are_told_to_go_one_by_one(harness: EnrollmentHarness, app: Any) -> None:
    both = {"first_name": "Zoe", "date_of_birth": "2005-02-03"}
    with pytest.raises(Conflict, match="save one after the other"):
        edit(harness, app, 0, **both)
    for name, value in both.items():
        app = edit(harness, app, 0, **{name: value})
    assert (app.household.people[0].first_name, app.household.people[0].date_of_birth) == ("Zoe", "2005-02-03")


def test_a_submitted_person_can_be_corrected_once(harness: EnrollmentHarness, failed: Any) -> None:
    app = edit(harness, failed, 0, date_of_birth="1987-06-15")
    with pytest.raises(Conflict, match="either the first name or the birth date"):
        edit(harness, failed, 0, first_name="Zoe")
    app = edit(harness, failed, 0, date_of_birth="1987-06-14")
    app = edit(harness, failed, 0, first_name="Adam")
    assert (app.household.people[0].first_name, app.household.people[0].ssn_last_four) == ("Adam", "0001")


def test_a_correction_before_the_first_submission_counts_for_nothing_afterwards(harness: EnrollmentHarness) -> None:
    app = edit(harness, harness.complete(people=numbered()), 0, first_name="Adam")
    harness.quotes.failure = Conflict("No rate is filed.", code="rate_not_filed")
    failed = harness.submit(app)
    harness.quotes.failure = None
    app = edit(harness, failed, 0, date_of_birth="1987-06-15")
    assert app.household.people[0].date_of_birth == "1987-06-15"


def test_a_person_added_to_a_failed_application_can_be_corrected_freely(
    harness: EnrollmentHarness, failed: Any
) -> None:
    cal = pb.Person(relationship=common.RELATIONSHIP_CHILD, first_name="Cal", last_name="Other")
    cal.date_of_birth = "2020-02-03"
    app = harness.save(failed, household=samples.household(people=[*failed.household.people, cal]))
    for changes in ({"first_name": "Carl"}, {"date_of_birth": "2020-03-02"}):
        app = edit(harness, app, 2, **changes)
    assert (app.household.people[2].first_name, app.household.people[2].date_of_birth) == ("Carl", "2020-03-02")


@pytest.mark.parametrize("submitted", [False, True])
def test_the_way_over_empty_fields_takes_no_number_to_somebody_else(
    harness: EnrollmentHarness, app: Any, failed: Any, submitted: bool
) -> None:
    app = failed if submitted else app
    for changes in ({"first_name": ""}, {"date_of_birth": ""}, {"last_name": ""}):
        app = edit(harness, app, 0, **changes)
    with pytest.raises(Conflict, match="cannot be removed"):
        harness.save(app, household=samples.household(people=[]))
    other = {"first_name": "Zoe", "last_name": "Other", "date_of_birth": "2005-02-03"}
    if submitted:
        with pytest.raises(Conflict, match="another person"):
            edit(harness, app, 0, **other)
        app = edit(harness, app, 0, first_name="Ada", last_name="Sample", date_of_birth="1987-06-14")
        assert app.household.people[0].first_name == "Ada"
    else:
        assert edit(harness, app, 0, **other).household.people[0].ssn_last_four == ""


def test_a_typing_mistake_may_be_corrected_and_corrected_again(harness: EnrollmentHarness, app: Any) -> None:
    for day in ("1987-06-15", "1987-06-16", "1987-06-14"):
        people = app.household.people
        people[0].date_of_birth = day
        app = harness.save(app, household=samples.household(people=people))
    people = app.household.people
    people[0].first_name = "Adam"
    assert harness.save(app, household=samples.household(people=people)).household.people[0].first_name == "Adam"


def test_identity_is_free_to_change_until_name_and_birth_date_are_complete(harness: EnrollmentHarness) -> None:
    person = samples.household().people[0]
    born, person.date_of_birth = person.date_of_birth, ""
    app = harness.start()
    for name in ("Zoe", "A", "Ada"):
        person.first_name = name
        app = harness.save(app, household=samples.household(people=[person]))
        person.person_id = app.household.people[0].person_id
    for day in ("1987-06-15", born):
        person.date_of_birth = day
        app = harness.save(app, household=samples.household(people=[person]))
    assert app.household.people[0].date_of_birth == born


def test_a_person_who_was_removed_and_added_again_is_a_new_person(harness: EnrollmentHarness, app: Any) -> None:
    ada, dee = app.household.people
    dee.first_name = "Zoe"
    app = harness.save(app, household=samples.household(people=[ada, dee]))
    cal = pb.Person(relationship=common.RELATIONSHIP_CHILD, first_name="Cal", last_name="Other", ssn="123-45-0009")
    cal.date_of_birth = "2020-02-03"
    [_, added] = harness.save(app, household=samples.household(people=[ada, cal])).household.people
    assert added.person_id != dee.person_id
    assert added.ssn_last_four == "0009"
