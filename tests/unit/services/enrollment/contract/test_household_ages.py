"""Step 2: the same person twice, and people who cannot be, or hardly are, what the form says (R59, R61, R61c)."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from suite.common.v1 import common_pb2 as common
from suite.enrollment.v1 import application_pb2
from suite.enrollment.v1 import steps_pb2 as pb

from chassis.kernel import InvalidInput, NotReady
from services.enrollment.domain.checks import household_ages
from tests.unit.services.enrollment import samples
from tests.unit.services.enrollment.harness import EnrollmentHarness

SPOUSE, CHILD, OTHER = (
    common.RELATIONSHIP_SPOUSE,
    common.RELATIONSHIP_CHILD,
    common.RELATIONSHIP_OTHER_DEPENDENT,
)
HOUSEHOLD, GENERAL = application_pb2.STEP_HOUSEHOLD, application_pb2.STEP_GENERAL
# What ``harness.complete`` makes coverage begin on.
START = "5/10/2026"


def person(relationship: Any, first_name: str, born: str, **more: Any) -> pb.Person:
    values: dict[str, Any] = {"last_name": "Sample", "sex": common.SEX_MALE, "tobacco_use": False} | more
    return pb.Person(relationship=relationship, first_name=first_name, date_of_birth=born, **values)


def ada() -> Any:
    """Born on 14 June 1987."""
    return samples.household().people[0]


def refusals(harness: EnrollmentHarness, app: Any, step: Any) -> list[tuple[str, str]]:
    with pytest.raises(InvalidInput) as refused:
        harness.save(app, household=step)
    assert harness.get(app).version == app.version
    return [(one.field, one.rule) for one in refused.value.problems]


def of(*people: Any) -> Any:
    return samples.household(people=[ada(), *people])


@pytest.mark.parametrize("first_name", ["Sam", "SAM", " S\u00e1m"])
def test_the_same_child_twice_is_refused_however_the_name_is_typed(harness: EnrollmentHarness, first_name: str) -> None:
    step = of(person(CHILD, "Sam", "2015-05-05"), person(CHILD, first_name, "2015-05-05"))
    assert refusals(harness, harness.start(), step) == [("people[2].first_name", "R61")]


def test_the_applicant_as_own_spouse_is_refused(harness: EnrollmentHarness) -> None:
    step = of(person(SPOUSE, "Ada", "1987-06-14", sex=common.SEX_FEMALE))
    with pytest.raises(InvalidInput) as refused:
        harness.save(harness.start(), household=step)
    [problem] = refused.value.problems
    assert problem.field == "people[1].first_name"
    assert "primary applicant" in problem.message


def test_twins_and_namesakes_are_other_people(harness: EnrollmentHarness) -> None:
    step = of(
        person(SPOUSE, "Ada", "1988-06-14"),
        person(CHILD, "Sam", "2015-05-05"),
        person(CHILD, "Tim", "2015-05-05"),
        person(CHILD, "Sam", "2018-05-05"),
    )
    assert len(harness.save(harness.start(), household=step).household.people) == 5


def test_two_rows_that_are_not_filled_in_yet_are_nobody_twice(harness: EnrollmentHarness) -> None:
    child = pb.Person(relationship=CHILD, last_name="Sample")
    assert len(harness.save(harness.start(), household=of(child, child)).household.people) == 3


@pytest.mark.parametrize(
    ("born", "disabled", "allowed"),
    [
        ("2000-05-11", False, True),
        ("2000-05-10", False, False),
        ("2000-05-10", True, True),
        ("1985-01-01", False, False),
        ("1995-01-01", False, False),
    ],
)
def test_a_child_of_26_on_the_effective_date_is_covered_as_a_disabled_dependent_alone(
    harness: EnrollmentHarness, born: str, disabled: bool, allowed: bool
) -> None:
    app = harness.complete()
    assert app.effective_date == "2026-05-10"
    step = of(person(CHILD, "Cal", born, disabled_dependent=disabled))
    if allowed:
        assert harness.save(app, household=step).household.people[1].disabled_dependent is disabled
    else:
        assert refusals(harness, app, step) == [("people[1].date_of_birth", "R61c")]


def test_a_parent_of_the_applicant_may_be_a_dependent_of_any_age(harness: EnrollmentHarness) -> None:
    saved = harness.save(harness.complete(), household=of(person(OTHER, "Eve", "1960-01-01")))
    assert len(saved.household.people) == 2


@pytest.mark.parametrize(("born", "allowed"), [("2010-05-10", True), ("2010-05-11", False), ("2017-01-01", False)])
def test_a_spouse_is_16_or_older_on_the_effective_date(harness: EnrollmentHarness, born: str, allowed: bool) -> None:
    app, step = harness.complete(), of(person(SPOUSE, "Bo", born))
    if allowed:
        harness.save(app, household=step)
    else:
        assert refusals(harness, app, step) == [("people[1].date_of_birth", "R61c")]


@pytest.mark.parametrize(("born", "refused"), [("2010-05-10", False), ("2010-05-11", True)])
def test_an_applicant_with_a_spouse_is_16_or_older_too(harness: EnrollmentHarness, born: str, refused: bool) -> None:
    app = harness.start()
    app = harness.calculate(harness.save(app, general=samples.general(("birth", "2026-05-10"))))
    young = ada()
    young.date_of_birth = born
    step = samples.household(people=[young, person(SPOUSE, "Bo", "1988-01-01")])
    if refused:
        assert refusals(harness, app, step) == [("people[0].date_of_birth", "R61c")]
    else:
        assert (HOUSEHOLD, "people[0].date_of_birth") in noticed(harness.save(app, household=step))
    harness.save(harness.get(app), household=samples.household(people=[young]))


@pytest.mark.parametrize("late", [person(CHILD, "Cal", "1995-01-01"), person(SPOUSE, "Bo", "2017-01-01")])
def test_while_no_date_is_known_readiness_waits_and_then_blocks_submission(
    harness: EnrollmentHarness, late: Any
) -> None:
    app = harness.save(harness.start(), household=of(late, person(CHILD, "Dee", "2026-05-10")))
    assert (HOUSEHOLD, "people[1].date_of_birth") not in harness.missing(app)
    app = harness.calculate(harness.save(app, general=samples.general(("birth", "2026-05-10"))))
    assert (HOUSEHOLD, "people[1].date_of_birth") in harness.missing(app)
    with pytest.raises(NotReady) as refused:
        harness.submit(app)
    [message] = [one.message for one in refused.value.problems if one.field == "household.people[1].date_of_birth"]
    assert START in message and "Correct the birth date" in message


def test_the_ages_are_what_stops_a_child_of_31(harness: EnrollmentHarness, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(household_ages, "_unfit", lambda *_: "")
    app = harness.complete(people=[ada(), person(CHILD, "Cal", "1995-01-01")])
    assert harness.submit(app).status == application_pb2.APPLICATION_STATUS_SUBMITTED


@pytest.mark.parametrize("relationship", [common.RELATIONSHIP_SELF, SPOUSE])
def test_only_dependents_are_disabled_dependents(harness: EnrollmentHarness, relationship: Any) -> None:
    people = [ada(), person(SPOUSE, "Bo", "1988-01-01")]
    place = 0 if relationship == common.RELATIONSHIP_SELF else 1
    people[place].disabled_dependent = True
    step = samples.household(people=people)
    assert refusals(harness, harness.start(), step) == [(f"people[{place}].disabled_dependent", "R61c")]


def test_a_veteran_of_illinois_is_the_desks(harness: EnrollmentHarness) -> None:
    app = harness.complete()
    for born, named in (("1997-01-01", True), ("1995-01-01", False)):
        with pytest.raises(InvalidInput) as refused:
            harness.save(app, household=of(person(CHILD, "Cal", born)))
        assert ("veteran" in refused.value.problems[0].message) is named


def test_a_quoted_disabled_child_is_one_on_the_application_and_in_its_price(harness: EnrollmentHarness) -> None:
    quote = samples.quote()
    cal = quote.members[0]
    grown = replace(cal, rated=replace(cal.rated, date_of_birth=cal.rated.date_of_birth.replace(1990)))
    disabled = replace(grown, rated=replace(grown.rated, disabled_dependent=True))
    harness.quotes.saved = replace(quote, members=(disabled, *quote.members[1:]))
    app = harness.enroll().application
    assert [one.disabled_dependent for one in app.household.people] == [False, True]
    assert (HOUSEHOLD, "people[1].date_of_birth") not in harness.missing(app)
    stored = harness.state.applications[app.record_number]
    assert stored.basis and [one.disabled_dependent for one in stored.basis.members] == [False, True]


def noticed(app: Any) -> list[tuple[int, str]]:
    return [(one.step, one.field) for one in app.notices if one.rule == "R61c"]


@pytest.mark.parametrize(
    ("born", "noticed_as"),
    [("1999-06-14", ""), ("1999-06-13", "less than 12 years younger"), ("1987-06-13", "is older than")],
)
def test_a_child_hardly_younger_than_the_applicant_is_a_notice_and_stops_nothing(
    harness: EnrollmentHarness, born: str, noticed_as: str
) -> None:
    cal = person(CHILD, "Cal", born, disabled_dependent=True)
    app = harness.complete(people=[ada(), cal, person(CHILD, "Dee", "2026-05-10")])
    assert noticed(app) == ([(HOUSEHOLD, "people[1].date_of_birth")] if noticed_as else [])
    assert all(noticed_as in one.message and "Cal Sample" in one.message for one in app.notices)
    assert harness.submit(app).status == application_pb2.APPLICATION_STATUS_SUBMITTED


@pytest.mark.parametrize(("born", "expected"), [("2008-05-11", True), ("2008-05-10", False)])
def test_a_spouse_of_16_or_17_is_a_notice(harness: EnrollmentHarness, born: str, expected: bool) -> None:
    app = harness.complete(people=[ada(), person(SPOUSE, "Bo", born), person(CHILD, "Dee", "2026-05-10")])
    assert noticed(app) == ([(HOUSEHOLD, "people[1].date_of_birth")] if expected else [])


@pytest.mark.parametrize(
    ("born", "disabled", "expected"),
    [("2000-05-10", False, True), ("2000-05-11", False, False), ("1990-01-01", True, False)],
)
def test_another_dependent_of_26_is_a_notice(
    harness: EnrollmentHarness, born: str, disabled: bool, expected: bool
) -> None:
    other = person(OTHER, "Eve", born, disabled_dependent=disabled)
    app = harness.complete(people=[ada(), other, person(CHILD, "Dee", "2026-05-10")])
    assert noticed(app) == ([(HOUSEHOLD, "people[1].date_of_birth")] if expected else [])
    assert harness.submit(app).status == application_pb2.APPLICATION_STATUS_SUBMITTED


@pytest.mark.parametrize(
    ("event", "people", "says"),
    [
        ("birth", [], "born on 5/10/2026"),
        ("birth", [person(CHILD, "Cal", "2019-09-03")], "born on 5/10/2026"),
        ("birth", [person(CHILD, "Cal", "2026-05-10")], ""),
        ("marriage", [person(CHILD, "Cal", "2019-09-03")], "no spouse"),
        ("marriage", [person(SPOUSE, "Bo", "1988-01-01")], ""),
        ("adoption", [], "no child"),
        ("adoption", [person(CHILD, "Cal", "2019-09-03")], ""),
        ("adoption", [person(CHILD, "Cal", "2002-09-03")], "Cal Sample, was 23"),
        ("placement_for_adoption", [person(OTHER, "Cal", "2002-09-03")], "Cal Sample"),
        ("foster_placement", [person(SPOUSE, "Bo", "1988-01-01")], "no child"),
        ("permanent_move", [], ""),
    ],
)
def test_a_life_event_that_brings_somebody_who_is_not_there_is_a_notice(
    harness: EnrollmentHarness, event: str, people: list[Any], says: str
) -> None:
    app = harness.save(harness.start(), general=samples.general((event, "2026-05-10")))
    app = harness.save(app, household=of(*people))
    assert noticed(app) == ([(GENERAL, "life_events[0].kind")] if says else [])
    assert all(says in one.message for one in app.notices)


def test_before_anybody_is_on_the_application_nobody_is_missed(harness: EnrollmentHarness) -> None:
    assert not harness.save(harness.start(), general=samples.general(("birth", "2026-05-10"))).notices
