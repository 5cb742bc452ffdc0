"""What a save says of the premium that it changed: both amounts, and why."""

from __future__ import annotations

from suite.enrollment.v1 import application_pb2
from suite.enrollment.v1 import steps_pb2 as pb

from chassis.kernel import InvalidInput
from tests.unit.services.enrollment import samples
from tests.unit.services.enrollment.harness import EnrollmentHarness

LAKE = pb.Address(street="1 Main St", city="Barrington", state="IL", zip="60010", county_fips="17097")


def move(harness: EnrollmentHarness, app: application_pb2.Application) -> application_pb2.Application:
    return harness.save(app, household=samples.household(home_address=LAKE))


def test_a_move_to_another_county_says_what_it_costs_and_why(harness: EnrollmentHarness) -> None:
    app = harness.complete()
    harness.quotes.surcharge = 5
    moved = move(harness, app)
    change = moved.premium_change
    assert (change.previous.cents, change.current.cents) == (2 * (110 + 20) * 100, 2 * (115 + 25) * 100)
    assert change.message == (
        "The monthly premium changed from $260.00 to $280.00 because the home address moved from Cook County to Lake "
        "County."
    )
    assert not harness.get(moved).HasField("premium_change")


def test_a_move_that_costs_the_same_says_nothing(harness: EnrollmentHarness) -> None:
    assert not move(harness, harness.complete()).HasField("premium_change")


def test_a_move_to_where_the_plans_are_not_sold_asks_for_others(harness: EnrollmentHarness) -> None:
    app = harness.complete()
    harness.quotes.failure = InvalidInput.at("medical_plan_id", "This plan is not sold there.", rule="R63")
    change = move(harness, app).premium_change
    assert not change.HasField("current")
    assert change.message == (
        "The chosen plans, $260.00 a month before, have no premium now because the home address moved from Cook County "
        "to Lake County. Choose plans again."
    )


def test_every_reason_is_named(harness: EnrollmentHarness) -> None:
    app = harness.complete()
    [adult, _child] = samples.household().people
    app = harness.save(app, household=samples.household(people=[adult]))
    assert app.premium_change.message == (
        "The monthly premium changed from $260.00 to $130.00 because 1 person is covered instead of 2."
    )
    app = harness.calculate(app, "2026-06-01")
    assert app.premium_change.message == (
        "The monthly premium changed from $130.00 to $112.00 because coverage begins on 6/1/2026 instead of 5/10/2026."
    )
    harness.quotes.surcharge = 5
    adult.tobacco_use, adult.tobacco_last_used = True, "2026-05-01"
    app = harness.save(app, household=samples.household(people=[adult]))
    assert app.premium_change.message == (
        "The monthly premium changed from $112.00 to $122.00 because an answer about the people changed that premiums "
        "depend on, such as a birth date or tobacco use."
    )
    harness.quotes.surcharge = 0
    app = harness.save(app, household=samples.household(people=[adult], home_address=LAKE))
    assert "moved from Cook County to Lake County" in app.premium_change.message


def test_plans_that_were_chosen_just_now_need_no_explanation(harness: EnrollmentHarness) -> None:
    app = harness.complete()
    app = harness.save(app, plans=pb.PlansStep(medical_plan_id=samples.HMO))
    assert not app.HasField("premium_change")


def test_a_premium_that_waits_for_an_answer_says_for_which(harness: EnrollmentHarness) -> None:
    app = harness.complete()
    newcomer = pb.Person(relationship=samples.household().people[1].relationship, first_name="Eve")
    app = harness.save(app, household=samples.household(people=[*samples.household().people, newcomer]))
    assert app.premium_change.message == (
        "The chosen plans, $260.00 a month before, have no premium now because a date of birth is missing."
    )
    app = harness.complete()
    two_counties = pb.Address(street="1 Main St", city="Barrington", state="IL", zip="60010")
    app = harness.save(app, household=samples.household(home_address=two_counties))
    assert app.premium_change.message.endswith("because the county of the home address is missing.")
