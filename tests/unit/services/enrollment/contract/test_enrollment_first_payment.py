"""What the first payment covers: each month since the effective date, at its own plan year's premium (rules.md 6)."""

from collections.abc import Callable
from datetime import UTC, date, datetime
from typing import Any, cast

import pytest
from google.protobuf.message import Message
from suite.common.v1 import common_pb2
from suite.enrollment.v1 import application_pb2 as pb
from suite.enrollment.v1 import enrollment_service_pb2 as service
from suite.enrollment.v1 import steps_pb2
from suite.payment.v1 import payment_pb2, payment_service_pb2

from chassis.bus.client import BusClient
from chassis.kernel import Money, Unavailable
from services.enrollment.domain.deadlines import Deadline, DeadlineKind
from services.enrollment.domain.enums import PaymentStatus
from services.enrollment.domain.first_payment import FirstPayment, FirstPaymentTerms, MonthDue
from services.enrollment.remote.payments import RemotePayments
from tests.unit.services.enrollment import samples
from tests.unit.services.enrollment.harness import EnrollmentHarness

# Two people: 100 + 31 and 10 + 31 dollars each on 31 December, 10 dollars more and day 1 in January.
DECEMBER, JANUARY = 34_400, 26_400


@pytest.fixture
def harness(harness_on: Callable[[str], EnrollmentHarness]) -> Any:
    found = harness_on("2027-01-15")
    found.quotes.dearer = {2027: 10}
    return found


@pytest.fixture
def newborn(harness: EnrollmentHarness) -> Any:
    """Born on 31 December 2026, applied for on 15 January 2027."""
    return harness.complete(event="2026-12-31")


def months(app: Any) -> list[tuple[str, int]]:
    return [(due.month, due.amount.cents) for due in app.first_payment_months]


def years(harness: EnrollmentHarness) -> list[int]:
    return [basis.effective_date.year for basis in harness.quotes.asked]


def messages(app: Any) -> list[str]:
    return [notice.message for notice in app.notices]


def at(harness: EnrollmentHarness, day: str) -> None:
    harness.clock.set_day(day)


def test_a_month_of_the_next_year_is_due_at_that_years_premium(harness: EnrollmentHarness, newborn: Any) -> None:
    assert months(newborn) == [("2026-12", DECEMBER), ("2027-01", JANUARY)]
    assert newborn.header.monthly_premium.cents == DECEMBER

    done = harness.submit(newborn)

    assert harness.payments.months == months(done) == months(newborn)
    assert done.first_payment.cents == DECEMBER + JANUARY == harness.payments.opened[0][0].cents


def test_each_plan_year_is_asked_of_quote_once_and_of_the_first_of_january(
    harness: EnrollmentHarness, newborn: Any
) -> None:
    harness.quotes.asked.clear()
    harness.save(newborn, signatures=newborn.signatures)
    assert years(harness) == []
    harness.submit(newborn)
    assert [str(basis.effective_date) for basis in harness.quotes.asked] == ["2026-12-31", "2027-01-01"]


def test_the_producer_is_told_of_the_plan_years_end_before_and_after(harness: EnrollmentHarness, newborn: Any) -> None:
    told = [
        "Plan 9900001: the plan year ends on 12/31/2026. "
        "In 2027 the same plan costs $222.00 a month for this household.",
        "Plan 9900010: the plan year ends on 12/31/2026. "
        "In 2027 the same plan costs $42.00 a month for this household.",
    ]
    assert messages(newborn) == told
    done = harness.submit(newborn)
    at(harness, "2027-06-01")
    assert messages(harness.get(done)) == told
    assert months(harness.get(done)) == months(newborn)


def test_a_month_of_one_year_is_charged_as_often_as_it_is_due(harness: EnrollmentHarness) -> None:
    at(harness, "2027-05-20")
    app = harness.complete(event="2027-04-10")
    premium = app.header.monthly_premium.cents
    assert months(app) == [("2027-04", premium), ("2027-05", premium)]
    assert not app.notices
    harness.submit(app)
    assert harness.payments.opened[0][0].cents == 2 * premium


def test_where_no_plan_is_offered_next_year_only_its_own_year_is_due(harness: EnrollmentHarness) -> None:
    harness.quotes.withdrawn = {(2027, samples.HMO), (2027, samples.DENTAL)}
    app = harness.complete(event="2026-12-31")
    assert months(app) == [("2026-12", DECEMBER)]
    assert [renewal.HasField("monthly_premium") for line in app.plan_lines for renewal in line.renewals] == [False] * 2
    assert "It is not offered to this household for 2027" in messages(app)[0]
    done = harness.submit(app)
    assert (done.status, harness.payments.opened[0][0].cents) == (pb.APPLICATION_STATUS_SUBMITTED, DECEMBER)


def test_of_two_plans_the_one_that_goes_on_is_due(harness: EnrollmentHarness) -> None:
    harness.quotes.withdrawn = {(2027, samples.DENTAL)}
    app = harness.complete(event="2026-12-31")
    assert months(app) == [("2026-12", DECEMBER), ("2027-01", 22_200)]
    assert ["costs" in message for message in messages(app)] == [True, False]


def test_a_year_without_catalogue_is_not_taken_for_a_plan_that_ends(harness: EnrollmentHarness) -> None:
    harness.quotes.last_year = 2026
    app = harness.complete(event="2026-12-31")
    assert months(app) == [("2026-12", DECEMBER)]
    assert "is not known yet" in messages(app)[0]
    harness.quotes.last_year = 2027
    assert months(harness.save(app, signatures=app.signatures))[-1] == ("2027-01", JANUARY)


def test_a_next_years_premium_that_changed_is_shown_before_it_is_charged(
    harness: EnrollmentHarness, newborn: Any
) -> None:
    harness.quotes.dearer = {2027: 11}
    failed = harness.submit(newborn)
    assert failed.status == pb.APPLICATION_STATUS_FAILED
    assert "Next year's premium has changed" in failed.failures[0].message
    assert not harness.payments.opened
    assert months(failed) == [("2026-12", DECEMBER), ("2027-01", JANUARY + 400)]
    done = harness.submit(failed)
    assert (done.status, months(done)) == (pb.APPLICATION_STATUS_SUBMITTED, months(failed))


def test_what_was_saved_in_november_shows_januarys_premium_before_it_is_charged(harness: EnrollmentHarness) -> None:
    at(harness, "2026-11-28")
    app = harness.complete(event="2026-11-20")
    assert (len(app.first_payment_months), list(app.notices)) == (1, [])
    at(harness, "2027-01-10")
    failed = harness.submit(app)
    assert failed.status == pb.APPLICATION_STATUS_FAILED
    assert [month for month, _ in months(failed)] == ["2026-11", "2026-12", "2027-01"]
    assert harness.submit(failed).status == pb.APPLICATION_STATUS_SUBMITTED


def test_in_december_nobody_waits_for_next_years_premium_to_have_been_shown(harness: EnrollmentHarness) -> None:
    at(harness, "2026-11-28")
    app = harness.complete(event="2026-11-20")
    at(harness, "2026-12-02")
    done = harness.submit(app)
    assert done.status == pb.APPLICATION_STATUS_SUBMITTED
    assert [month for month, _ in months(done)] == ["2026-11", "2026-12"]
    assert "costs" in messages(done)[0]


def test_a_failed_submission_is_due_for_the_later_month_as_well(harness: EnrollmentHarness) -> None:
    at(harness, "2027-03-20")
    app = harness.complete(event="2027-03-10")
    harness.quotes.surcharge = 1
    failed = harness.submit(app)
    at(harness, "2027-04-02")
    done = harness.submit(failed)
    premium = done.header.monthly_premium.cents
    assert harness.payments.months == [("2027-03", premium), ("2027-04", premium)]


def test_open_enrollment_in_december_is_due_for_january_alone(harness: EnrollmentHarness) -> None:
    at(harness, "2026-12-10")
    app = harness.save(harness.start(), general=steps_pb2.GeneralStep(special_enrollment=False))
    app = harness.save(app, household=samples.household("2020-05-10"))
    app = harness.save(app, plans=steps_pb2.PlansStep(medical_plan_id="36096IL9900001-00"))
    assert months(app) == [("2027-01", app.header.monthly_premium.cents)]
    assert app.header.monthly_premium.cents == 2 * (100 + 1 + 10) * 100
    assert not app.notices
    assert set(years(harness)) == {2027}


def test_every_date_on_offer_says_what_its_first_payment_would_be(harness: EnrollmentHarness, newborn: Any) -> None:
    request = service.ListEffectiveDatesRequest(record_number=newborn.record_number)
    options = harness.call("ListEffectiveDates", request).options
    assert {one.effective_date: (months(one), one.first_payment.cents) for one in options} == {
        "2026-12-31": ([("2026-12", DECEMBER), ("2027-01", JANUARY)], DECEMBER + JANUARY),
        "2027-02-01": ([("2027-02", JANUARY)], JANUARY),
    }
    harness.quotes.failure = Unavailable("away")
    away = harness.call("ListEffectiveDates", request).options
    assert [one.effective_date for one in away] == [one.effective_date for one in options]


def test_a_crash_over_midnight_of_a_month_keeps_the_months_of_the_first_try(harness: EnrollmentHarness) -> None:
    at(harness, "2027-01-31")
    app = harness.complete(event="2026-12-31")
    harness.worker_runs = False
    harness.submit(app)
    harness.payments.failure = Unavailable("away")
    with pytest.raises(Unavailable):
        harness.run("queue", "m-1", app.record_number, 1)
    harness.payments.failure = None
    at(harness, "2027-02-01")
    for message in ("m-1", "m-2"):
        harness.run("queue", message, app.record_number, 1)
    assert len(harness.payments.opened) == 1
    assert months(harness.get(app)) == [("2026-12", DECEMBER), ("2027-01", JANUARY)]


def test_a_submission_that_is_asked_for_again_after_midnight_keeps_the_months_of_its_own_day(
    harness: EnrollmentHarness,
) -> None:
    at(harness, "2027-01-31")
    app = harness.complete(event="2026-12-31")
    harness.worker_runs = False
    harness.submit(app)
    at(harness, "2027-02-01")
    assert harness.retry_stuck_submissions() == 1
    harness.run("queue", "m-1", app.record_number, 1)
    assert months(harness.get(app)) == [("2026-12", DECEMBER), ("2027-01", JANUARY)]


def test_the_month_is_that_of_the_states_own_date(harness: EnrollmentHarness) -> None:
    harness.clock.set(datetime(2027, 1, 1, 5, 30, tzinfo=UTC))  # 11:30 PM of 31 December in Chicago
    app = harness.complete(event="2026-12-31")
    assert months(app) == [("2026-12", DECEMBER)]
    assert "costs" in messages(app)[0]
    harness.clock.set(datetime(2027, 1, 1, 6, 30, tzinfo=UTC))
    assert months(harness.get(app)) == [("2026-12", DECEMBER), ("2027-01", JANUARY)]


DUE = date(2027, 2, 14)


def test_the_payment_is_due_thirty_days_after_a_submission_of_the_next_year(
    harness: EnrollmentHarness, newborn: Any
) -> None:
    harness.submit(newborn)
    [found] = [one for one in harness.state.deadlines[1] if one.kind is DeadlineKind.FIRST_PAYMENT_DUE]
    assert found == Deadline(DeadlineKind.FIRST_PAYMENT_DUE, DUE)
    assert harness.payments.due_on == DUE


def test_the_application_shows_the_months_of_a_payment_that_could_not_be_changed(
    harness: EnrollmentHarness, newborn: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    paid = FirstPayment(PaymentStatus.SUCCESSFUL, (MonthDue(date(2026, 12, 1), Money(DECEMBER)),))
    monkeypatch.setattr(harness.payments, "open", lambda *_: paid)
    done = harness.submit(newborn)
    assert (done.payment_status, months(done)) == ("successful", [("2026-12", DECEMBER)])


class FixedAnswerBus:
    """A bus on which payment always answers the same."""

    def __init__(self, payment: payment_pb2.Payment) -> None:
        self.answer = payment_service_pb2.OpenPaymentResponse(payment=payment)

    def call(self, *_: object) -> Message:
        return self.answer


@pytest.mark.parametrize(
    ("cents", "named", "shown"),
    [
        (300, [("2027-02", 300)], [300]),  # what payment names holds
        (200, [], [200]),  # an earlier release names no months: the amount agrees
        (300, [], []),  # nor can they be told from an amount that does not
    ],
)
def test_payment_has_the_last_word_on_the_months(cents: int, named: list[tuple[str, int]], shown: list[int]) -> None:
    payment = payment_pb2.Payment(
        status=payment_pb2.PAYMENT_STATUS_PENDING,
        amount=common_pb2.Money(cents=cents),
        months=[common_pb2.MonthDue(month=month, amount=common_pb2.Money(cents=part)) for month, part in named],
    )
    remote = RemotePayments(cast(BusClient, FixedAnswerBus(payment)))
    due = (MonthDue(date(2027, 1, 1), Money(200)),)
    opened = remote.open(FirstPaymentTerms("A-0001", "IL", "220002580", due, DUE, True))
    assert [due.amount.cents for due in opened.months] == shown
