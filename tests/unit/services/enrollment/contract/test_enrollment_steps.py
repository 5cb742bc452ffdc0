"""Saving the five steps: what a draft may lack, and what it may not hold."""

from collections.abc import Callable
from typing import Any

import pytest
from suite.common.v1 import common_pb2 as common
from suite.enrollment.v1 import application_pb2
from suite.enrollment.v1 import steps_pb2 as pb

from chassis.kernel import DomainError, InvalidInput, NotReady, Stale, Unavailable
from tests.unit.services.enrollment import samples
from tests.unit.services.enrollment.harness import EnrollmentHarness


def fields(refused: pytest.ExceptionInfo[DomainError]) -> set[tuple[str, str]]:
    return {(problem.field, problem.rule) for problem in refused.value.problems}


def person(**changes: Any) -> pb.Person:
    values: dict[str, Any] = {"relationship": common.RELATIONSHIP_CHILD, "first_name": "Cal", "last_name": "Sample"}
    return pb.Person(**(values | changes))


def test_an_empty_step_is_a_fine_draft(harness: EnrollmentHarness) -> None:
    app = harness.start()
    for step in ({"household": pb.HouseholdStep()}, {"plans": pb.PlansStep()}, {"signatures": pb.SignaturesStep()}):
        app = harness.save(app, **step)
    assert app.version == 4
    assert app.current_step == application_pb2.STEP_GENERAL


def test_a_step_is_complete_when_it_was_saved_and_lacks_nothing(harness: EnrollmentHarness) -> None:
    """Step 4 lacks nothing from the start, but nobody has answered its questions before it is saved."""
    app = harness.start()
    assert not app.complete_steps
    app = harness.save(app, household=pb.HouseholdStep())
    assert not app.complete_steps
    app = harness.save(app, other_coverage=pb.OtherCoverageStep())
    assert list(app.complete_steps) == [application_pb2.STEP_OTHER_COVERAGE]
    app = harness.save(app, household=samples.household())
    expected = [application_pb2.STEP_HOUSEHOLD, application_pb2.STEP_OTHER_COVERAGE]
    assert list(harness.get(app).complete_steps) == list(app.complete_steps) == expected
    without_street = samples.household()
    without_street.home_address.ClearField("street")
    app = harness.save(app, household=without_street)
    assert list(app.complete_steps) == [application_pb2.STEP_OTHER_COVERAGE], "it lacks something again"


def test_what_a_quote_filled_in_and_a_save_that_was_refused_or_only_judged_complete_no_step(
    harness: EnrollmentHarness,
) -> None:
    app = harness.start()
    with pytest.raises(InvalidInput):
        harness.save(app, other_coverage=pb.OtherCoverageStep(replaced=[pb.ReplacedCoverage(member_index=9)]))
    harness.save(app, other_coverage=pb.OtherCoverageStep(), validate_only=True)
    assert not harness.get(app).complete_steps


def test_a_stale_version_is_refused_and_nothing_is_written(harness: EnrollmentHarness) -> None:
    app = harness.start()
    harness.save(app, household=samples.household())
    with pytest.raises(Stale):
        harness.save(app, household=pb.HouseholdStep())
    assert harness.get(app).household.people


def test_outside_open_enrollment_the_answer_is_locked_to_yes(
    harness: EnrollmentHarness, harness_on: Callable[[str], EnrollmentHarness]
) -> None:
    with pytest.raises(InvalidInput) as refused:
        harness.save(harness.start(), general=samples.general(sep=False))
    assert fields(refused) == {("special_enrollment", "R27")}
    inside = harness_on("2026-11-23")
    app = inside.save(inside.start(), general=samples.general(sep=False))
    assert app.effective_date == "2027-01-01"
    assert not app.locked


def test_changing_a_life_event_empties_the_calculated_date(harness: EnrollmentHarness) -> None:
    app = harness.save(harness.start(), general=samples.general(("birth", "2026-05-10")))
    app = harness.calculate(app)
    assert app.effective_date == "2026-05-10"
    assert harness.save(app, general=samples.general(("birth", "2026-05-10"))).effective_date == "2026-05-10"
    app = harness.get(app)
    assert harness.save(app, general=samples.general(("birth", "2026-05-11"))).effective_date == ""


@pytest.mark.parametrize("day", ["0001-01-01", "2023-05-10", "9999-12-31"])
def test_a_life_event_of_another_age_is_a_slip(harness: EnrollmentHarness, day: str) -> None:
    with pytest.raises(InvalidInput) as refused:
        harness.save(harness.start(), general=samples.general(("loss_of_coverage", day)))
    assert fields(refused) == {("life_events[0].date", "R28")}


def test_the_last_life_event_cannot_be_deleted(harness: EnrollmentHarness) -> None:
    app = harness.save(harness.start(), general=samples.general(("birth", "2026-05-10")))
    with pytest.raises(InvalidInput) as refused:
        harness.save(app, general=samples.general())
    assert fields(refused) == {("life_events", "R30")}


def test_one_of_the_offered_dates_can_be_chosen_and_no_other(harness: EnrollmentHarness) -> None:
    app = harness.save(harness.start(), general=samples.general(("birth", "2026-05-10")))
    with pytest.raises(InvalidInput):
        harness.calculate(app, "2026-07-01")
    assert harness.calculate(app, "2026-06-01").effective_date == "2026-06-01"


def test_an_event_outside_its_window_is_explained_with_its_days(harness: EnrollmentHarness) -> None:
    app = harness.save(harness.start(), general=samples.general(("marriage", "2026-03-20")))
    with pytest.raises(NotReady) as refused:
        harness.calculate(app)
    [problem] = refused.value.problems
    assert problem.field == "life_events[0].date"
    assert "3/21/2026 and 5/20/2026" in problem.message


def test_the_quote_fixes_the_form_type(harness: EnrollmentHarness) -> None:
    harness.quotes.saved = samples.quote()
    app = harness.enroll().application
    with pytest.raises(InvalidInput) as refused:
        harness.save(app, household=samples.household(form_type=pb.FORM_TYPE_DENTAL))
    assert fields(refused) == {("form_type", "R36")}


def test_only_a_version_of_the_terms_that_is_in_force_can_be_accepted(harness: EnrollmentHarness) -> None:
    in_person: dict[str, Any] = {"authorization": pb.AUTHORIZATION_IN_PERSON}
    with pytest.raises(InvalidInput) as refused:
        harness.save(harness.start(), household=samples.household(**in_person, terms_version="zzz"))
    assert fields(refused) == {("terms_version", "R41")}
    harness.save(harness.start(), household=samples.household(**in_person, terms_version="2026.1"))


def test_every_unsound_field_is_named_at_once(harness: EnrollmentHarness) -> None:
    app = harness.start()
    people = [
        samples.household().people[0],
        person(relationship=common.RELATIONSHIP_SPOUSE),
        person(relationship=common.RELATIONSHIP_SPOUSE),
        person(relationship=common.RELATIONSHIP_SELF),
        person(date_of_birth="2026-05-21"),
        person(date_of_birth="2019-01-01", tobacco_use=True),
    ]
    contact = pb.Contact(phone="12", phone_type="pigeon", email="nobody")
    with pytest.raises(InvalidInput) as refused:
        harness.save(app, household=samples.household(people=people, contact=contact))
    assert fields(refused) == {
        ("people[2].relationship", "R59"),
        ("people[3].relationship", "R46"),
        ("people[4].date_of_birth", "R46"),
        ("people[5].tobacco_use", "R58"),
        ("contact.phone", "R49"),
        ("contact.phone_type", "R49"),
        ("contact.email", "R50"),
    }


def test_dates_and_numbers_of_no_known_shape_are_refused_at_the_edge(harness: EnrollmentHarness) -> None:
    people = [samples.household().people[0], person(date_of_birth="02/30/2019"), person(ssn="000-12-3456")]
    with pytest.raises(InvalidInput) as refused:
        harness.save(harness.start(), household=samples.household(people=people))
    assert {field for field, _ in fields(refused)} == {"people[1].date_of_birth", "people[2].ssn"}
    assert "000" not in str(refused.value.problems)


def test_twenty_people_are_covered_and_twenty_one_are_not(harness: EnrollmentHarness) -> None:
    applicant = samples.household().people[0]
    app = harness.save(harness.start(), household=samples.household(people=[applicant, *[person()] * 19]))
    with pytest.raises(InvalidInput) as refused:
        harness.save(app, household=samples.household(people=[applicant, *[person()] * 20]))
    assert ("people", "R61") in fields(refused)


@pytest.mark.parametrize(
    ("address", "field", "rule"),
    [
        ({"state": "TX", "zip": "77001"}, "home_address.state", "R26"),
        ({"state": "IL", "zip": "77001"}, "home_address.zip", "R52"),
        ({"state": "IL", "zip": "99999"}, "home_address.zip", "R47"),
        ({"state": "IL", "zip": "60601", "county_fips": "17097"}, "home_address.county_fips", "R52"),
    ],
)
def test_the_home_address_has_to_fit(harness: EnrollmentHarness, address: Any, field: str, rule: str) -> None:
    with pytest.raises(InvalidInput) as refused:
        harness.save(harness.start(), household=samples.household(home_address=pb.Address(**address)))
    assert (field, rule) in fields(refused)


def test_a_zip_in_one_county_fills_it_and_a_zip_in_two_leaves_the_question(harness: EnrollmentHarness) -> None:
    app = harness.save(harness.start(), household=samples.household())
    assert (app.household.home_address.county_fips, app.household.home_address.county_name) == ("17031", "Cook")
    app = harness.save(app, household=samples.household(home_address=pb.Address(zip="60010", state="IL")))
    assert app.household.home_address.county_fips == ""
    assert (application_pb2.STEP_HOUSEHOLD, "home_address.county_fips") in harness.missing(app)


def test_household_address_and_date_move_the_premium(harness: EnrollmentHarness) -> None:
    app = harness.complete()
    assert app.header.monthly_premium.cents == 2 * (110 + 20) * 100
    app = harness.save(app, household=samples.household(people=[samples.household().people[0]]))
    assert app.header.monthly_premium.cents == (110 + 20) * 100
    app = harness.calculate(app, "2026-06-01")
    assert app.header.monthly_premium.cents == (101 + 11) * 100


def test_a_save_that_changes_no_price_asks_for_none(harness: EnrollmentHarness) -> None:
    app = harness.complete()
    calls = harness.quotes.calls
    app = harness.save(app, signatures=pb.SignaturesStep(payment_choice=pb.PAYMENT_CHOICE_PAY_LATER))
    app = harness.save(app, household=app.household)
    app.household.people[0].last_name = "Married"
    app.household.home_address.street = "201 E Randolph St"
    app = harness.save(app, household=app.household)
    app = harness.save(app, plans=app.plans)
    harness.calculate(app)
    assert harness.quotes.calls == calls


def test_while_quote_is_away_nothing_is_saved_that_needs_a_price(harness: EnrollmentHarness) -> None:
    app = harness.complete()
    harness.quotes.failure = Unavailable("away")
    with pytest.raises(Unavailable):
        harness.save(app, plans=pb.PlansStep(medical_plan_id=samples.PPO))
    assert harness.get(app) == app


def test_a_plan_that_is_not_sold_there_is_refused_at_its_field(harness: EnrollmentHarness) -> None:
    app = harness.complete()
    harness.quotes.failure = InvalidInput.at("medical_plan_id", "This plan is not sold there.", rule="R63")
    with pytest.raises(InvalidInput) as refused:
        harness.save(app, plans=pb.PlansStep(medical_plan_id="36096IL0000000-00"))
    assert fields(refused) == {("medical_plan_id", "R63")}


def test_a_date_on_which_the_plan_is_not_sold_leaves_it_unpriced(harness: EnrollmentHarness) -> None:
    app = harness.complete()
    harness.quotes.failure = InvalidInput.at("medical_plan_id", "This plan is not sold there.", rule="R63")
    app = harness.calculate(app, "2026-06-01")
    assert not app.plan_lines
    assert (application_pb2.STEP_PLANS, "medical_plan_id") in harness.missing(app)


def test_only_plans_with_providers_take_choices(harness: EnrollmentHarness) -> None:
    app = harness.complete()
    choice = pb.PcpChoice(member_index=1, medical_group_id="123")
    app = harness.save(
        app, plans=pb.PlansStep(medical_plan_id=samples.HMO, dental_plan_id=samples.DENTAL, pcp_choices=[choice])
    )
    for plan, wrong, field in (
        (samples.PPO, choice, "pcp_choices"),
        (samples.HMO, pb.PcpChoice(member_index=2), "pcp_choices[0].member_index"),
        (samples.HMO, pb.PcpChoice(medical_group_id="12"), "pcp_choices[0].medical_group_id"),
    ):
        with pytest.raises(InvalidInput) as refused:
            harness.save(app, plans=pb.PlansStep(medical_plan_id=plan, pcp_choices=[wrong]))
        assert field in {one for one, _ in fields(refused)}


def test_choices_follow_their_people(harness: EnrollmentHarness) -> None:
    app = harness.complete()
    choices = [pb.PcpChoice(member_index=0, pcp_id="ADA"), pb.PcpChoice(member_index=1, pcp_id="DEE")]
    app = harness.save(
        app, plans=pb.PlansStep(medical_plan_id=samples.HMO, dental_plan_id=samples.DENTAL, pcp_choices=choices)
    )
    ada, dee = app.household.people
    app = harness.save(app, household=samples.household(people=[ada, person(), dee]))
    assert [(c.member_index, c.pcp_id) for c in app.plans.pcp_choices] == [(0, "ADA"), (2, "DEE")]
    app = harness.save(app, household=samples.household(people=[ada, person()]))
    assert [(c.member_index, c.pcp_id) for c in app.plans.pcp_choices] == [(0, "ADA")]


def test_a_dental_form_drops_the_medical_plan(harness: EnrollmentHarness) -> None:
    app = harness.save(harness.complete(), household=samples.household(form_type=pb.FORM_TYPE_DENTAL))
    assert (app.plans.medical_plan_id, [line.plan_id for line in app.plan_lines]) == ("", [samples.DENTAL])
