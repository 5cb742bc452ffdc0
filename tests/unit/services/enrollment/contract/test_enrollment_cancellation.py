"""Taking back a submitted application before its effective date."""

from dataclasses import replace
from typing import Any

import pytest
from suite.enrollment.v1 import application_pb2 as pb
from suite.enrollment.v1 import cancellation_pb2 as cancel_pb
from suite.enrollment.v1 import steps_pb2

from chassis.kernel import AlreadyExists, Conflict, InvalidInput, NotFound
from services.enrollment.domain.enums import PaymentStatus
from services.enrollment.domain.events import ApplicationCancelled, ApplicationSubmitted
from services.enrollment.events.outgoing import translate
from tests.unit.services.enrollment.samples import PRODUCER

REASON, CLIENT = pb.CANCEL_REASON_OTHER_COVERAGE, pb.CANCEL_PARTY_CLIENT


def cancel(office: Any, app: pb.Application, *, key: str = "", **changes: Any) -> pb.Application:
    values = {"reason": REASON, "asked_by": CLIENT} | changes
    request = cancel_pb.CancelApplicationRequest(
        idempotency_key=key or office.key(), record_number=app.record_number, **values
    )
    application: pb.Application = office.call("CancelApplication", request).application
    return application


def told(office: Any) -> list[ApplicationCancelled]:
    return [event for event in office.work.events if isinstance(event, ApplicationCancelled)]


def coming(office: Any) -> pb.Application:
    """Submitted on 20 May for 1 June."""
    app = office.calculate(office.complete(), "2026-06-01")
    submitted: pb.Application = office.submit(app)
    return submitted


def test_a_submitted_application_is_cancelled_until_the_day_before_its_effective_date(office: Any) -> None:
    app = coming(office)
    office.clock.set_day("2026-05-31")
    done = cancel(office, app)
    assert done.status == pb.APPLICATION_STATUS_CANCELLED
    expected = pb.Cancellation(cancelled_on="2026-05-31", reason=REASON, asked_by=CLIENT)
    assert done.cancellation == expected
    assert done.submitted_on == "2026-05-20"
    [event] = told(office)
    message: Any = translate(event).message
    assert (message.effective_date, message.reason, message.asked_by) == ("2026-06-01", REASON, CLIENT)


def test_nothing_is_to_be_paid_from_the_moment_of_the_cancellation_on(office: Any) -> None:
    app = coming(office)
    request = cancel_pb.ConfirmPayableRequest(record_number=app.record_number)
    office.call("ConfirmPayable", request)
    cancel(office, app)
    with pytest.raises(Conflict, match="Nothing is to be paid") as refused:
        office.call("ConfirmPayable", request)
    assert refused.value.code == "application_cancelled"
    stranger = replace(PRODUCER, writing_numbers=())
    with pytest.raises(NotFound):
        office.call("ConfirmPayable", request, stranger)


def test_from_the_effective_date_on_it_is_too_late(office: Any) -> None:
    app = coming(office)
    office.clock.set_day("2026-06-01")
    with pytest.raises(Conflict) as refused:
        cancel(office, app)
    assert refused.value.code == "coverage_has_begun"
    assert office.get(app).status == pb.APPLICATION_STATUS_SUBMITTED
    assert not told(office)


def test_retroactive_coverage_has_begun_when_it_is_submitted(office: Any) -> None:
    with pytest.raises(Conflict):
        cancel(office, office.submit(office.complete()))


def test_a_draft_a_failed_and_a_cancelled_application_are_not_cancelled(office: Any) -> None:
    draft = office.calculate(office.complete(), "2026-06-01")
    with pytest.raises(Conflict):
        cancel(office, draft)
    office.quotes.surcharge = 5
    failed = office.submit(draft)
    with pytest.raises(Conflict):
        cancel(office, failed)
    done = office.submit(failed)
    cancel(office, done)
    with pytest.raises(Conflict) as refused:
        cancel(office, done)
    assert refused.value.code == "not_submitted"
    assert len(told(office)) == 1


def test_the_same_key_cancels_once_and_serves_no_other_cancellation(office: Any) -> None:
    app = coming(office)
    first = cancel(office, app, key="the-same-key")
    assert cancel(office, app, key="the-same-key") == first
    with pytest.raises(AlreadyExists):
        cancel(office, app, key="the-same-key", asked_by=pb.CANCEL_PARTY_PRODUCER)
    assert len(told(office)) == 1


def test_somebody_else_finds_nothing_to_cancel(office: Any) -> None:
    app = coming(office)
    app.record_number = "A-9999"
    with pytest.raises(NotFound):
        cancel(office, app)


@pytest.mark.parametrize("field", ["reason", "asked_by"])
def test_a_reason_and_who_asked_have_to_be_known(office: Any, field: str) -> None:
    app = coming(office)
    for value in (0, 99):
        with pytest.raises(InvalidInput) as refused:
            cancel(office, app, **dict[str, Any]({field: value}))
        assert [problem.field for problem in refused.value.problems] == [field]
    assert not told(office)


def test_a_cancelled_application_is_neither_edited_nor_submitted(office: Any) -> None:
    done = cancel(office, coming(office))
    with pytest.raises(Conflict):
        office.save(done, signatures=steps_pb2.SignaturesStep())
    with pytest.raises(Conflict):
        office.submit(done)
    assert office.missing(done) == []
    assert sum(isinstance(event, ApplicationSubmitted) for event in office.work.events) == 1


@pytest.mark.parametrize(
    ("heard", "shown"),
    [
        (["cancelled"], "cancelled"),
        (["cancelled", "failed", "bill_later"], "cancelled"),
        (["successful", "cancelled"], "successful"),
        (["successful", "refund_due"], "refund_due"),
        (["refund_due", "successful"], "refund_due"),
        (["cancelled", "refund_due"], "refund_due"),
    ],
)
def test_the_payment_ends_as_payment_tells_in_whatever_order(office: Any, heard: list[str], shown: str) -> None:
    done = cancel(office, coming(office))
    for place, status in enumerate(heard):
        office.on_payment_changed("queue", f"m-{place}", done.record_number, PaymentStatus(status))
    assert office.get(done).payment_status == shown
    assert office.get(done).status == pb.APPLICATION_STATUS_CANCELLED


def test_the_timeline_tells_who_asked_and_why(office: Any) -> None:
    done = cancel(office, coming(office))
    entry = next(e for e in office.work.audit if e.subject == done.record_number and "cancelled" in e.action)
    assert entry.actor == "producer@example.com"
    assert entry.summary == "Application cancelled at the client's request: other coverage."
