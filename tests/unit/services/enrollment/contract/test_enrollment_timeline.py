"""The timeline: one entry for each act, by whom and for whom, with what changed and without what was typed."""

from __future__ import annotations

import inspect
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from suite.common.v1 import common_pb2 as common
from suite.enrollment.v1 import application_pb2, cancellation_pb2
from suite.enrollment.v1 import enrollment_service_pb2 as service
from suite.enrollment.v1 import steps_pb2 as pb
from suite.payment.v1.payment_events_pb2 import PaymentFailed

from chassis.bus.envelope import Delivery
from chassis.kernel import CallerKind, InvalidInput
from services.enrollment.domain.enums import PaymentStatus
from services.enrollment.events.incoming import make_subscriptions
from services.enrollment.usecases.retry_stuck_submissions import WAITS
from tests.unit.services.enrollment import samples
from tests.unit.services.enrollment.harness import EnrollmentHarness

# Typed somewhere in the application below, and nowhere else.
CANARIES = (
    "Canaryfirst",
    "Canarylast",
    "Canarystreet",
    "Canarycity",
    "canary@example.com",
    "5365550142",
    "536904399",
    "4399",
    "1987-06-14",
    "06/14/1987",
    "Canarymutual",
    "CANARYPOLICY",
    "Canaryguardian",
)


def entries(harness: EnrollmentHarness, app: application_pb2.Application, **page: Any) -> Any:
    request = service.GetTimelineRequest(record_number=app.record_number, page=common.Page(**page))
    return harness.call("GetTimeline", request)


def actions(harness: EnrollmentHarness, app: application_pb2.Application) -> list[str]:
    return [entry.action for entry in entries(harness, app).entries]


def test_each_act_leaves_exactly_one_entry(harness: EnrollmentHarness) -> None:
    app = harness.start()
    told = ["application.started"]
    assert actions(harness, app) == told

    steps: list[dict[str, Any]] = [
        {"general": samples.general(("birth", "2026-05-10"))},
        {"household": samples.household()},
        {"plans": pb.PlansStep(medical_plan_id=samples.HMO, dental_plan_id=samples.DENTAL)},
        {"other_coverage": pb.OtherCoverageStep()},
        {"signatures": pb.SignaturesStep(payment_choice=pb.PAYMENT_CHOICE_PAY_NOW)},
    ]
    for step in steps:
        app = harness.save(app, **step)
        told.append("step.saved")
        assert actions(harness, app) == told, step

    app = harness.calculate(app, "2026-06-01")
    told.append("effective_date.calculated")
    assert actions(harness, app) == told

    harness.worker_runs = False
    harness.submit(app)
    told.append("submission.requested")
    assert actions(harness, app) == told
    harness.worker_runs = True
    harness.work_off()
    harness.work_off()  # heard twice
    told.append("application.submitted")
    assert actions(harness, app) == told

    harness.on_payment_changed("payments", "paid-1", app.record_number, PaymentStatus.SUCCESSFUL)
    harness.on_payment_changed("payments", "paid-1", app.record_number, PaymentStatus.SUCCESSFUL)
    told.append("payment.successful")
    assert actions(harness, app) == told

    harness.on_document_rendered("documents", "pdf-1", app.record_number)
    harness.on_document_rendered("documents", "pdf-1", app.record_number)
    told.append("document.rendered")
    assert actions(harness, app) == told

    harness.on_proof_added("documents", "proof-1", app.record_number, "birth_certificate")
    harness.on_proof_added("documents", "proof-1", app.record_number, "birth_certificate")
    told.append("proof.added")
    assert actions(harness, app) == told

    harness.call(
        "CancelApplication",
        cancellation_pb2.CancelApplicationRequest(
            idempotency_key=harness.key(),
            record_number=app.record_number,
            reason=application_pb2.CANCEL_REASON_MOVED,
            asked_by=application_pb2.CANCEL_PARTY_CLIENT,
        ),
    )
    told.append("application.cancelled")
    assert actions(harness, app) == told


def hear_failure(harness: EnrollmentHarness, message_id: str, record_number: str, reason: str) -> None:
    """As the worker hears of it."""
    parts: dict[str, Any] = dict.fromkeys(inspect.signature(make_subscriptions).parameters)
    heard = make_subscriptions(**parts | {"on_payment_changed": harness.on_payment_changed})
    failed = next(one for one in heard if one.message is PaymentFailed)
    delivery = Delivery(message_id, failed.event_type, "payments", 1)
    failed.handler(delivery, PaymentFailed(record_number=record_number, reason=reason))


def test_each_payment_that_did_not_go_through_is_told_with_its_reason(harness: EnrollmentHarness) -> None:
    app = harness.submit(harness.complete())
    before = len(entries(harness, app).entries)
    for message, reason in (
        ("m-1", "The card was declined."),
        ("m-1", "The card was declined."),  # heard twice
        ("m-2", "The card was declined."),
        ("m-3", "There are insufficient funds for this payment."),
    ):
        harness.clock.advance(timedelta(minutes=5))
        hear_failure(harness, message, app.record_number, reason)
    harness.on_payment_changed("payments", "m-4", app.record_number, PaymentStatus.SUCCESSFUL)
    hear_failure(harness, "m-5", app.record_number, "It came late.")
    told = list(entries(harness, app).entries)[before:]
    assert [entry.summary for entry in told] == [
        "The first payment did not go through. The card was declined.",
        "The first payment did not go through. The card was declined.",
        "The first payment did not go through. There are insufficient funds for this payment.",
        "The first payment was made.",
    ]
    assert len({entry.at.seconds for entry in told[:3]}) == 3
    assert harness.get(app).payment_status == "successful"


def test_a_submission_that_failed_and_one_that_was_given_up_are_told(harness: EnrollmentHarness) -> None:
    app = harness.complete()
    harness.quotes.surcharge = 1
    harness.submit(app)
    assert actions(harness, app)[-2:] == ["submission.requested", "submission.failed"]

    other = harness.complete()
    harness.worker_runs = False
    harness.submit(other)
    for wait in (*WAITS, WAITS[-1]):
        harness.clock.advance(2 * wait)
        harness.retry_stuck_submissions()
    assert actions(harness, other)[-2:] == ["submission.requested", "submission.failed"]


@pytest.mark.parametrize("refused", ["stale", "invalid", "asking"])
def test_a_save_that_changes_nothing_adds_no_timeline_entry(harness: EnrollmentHarness, refused: str) -> None:
    app = harness.complete()
    before = actions(harness, app)
    if refused == "stale":
        with pytest.raises(Exception, match="saved"):
            harness.save(
                application_pb2.Application(record_number=app.record_number, version=1), general=samples.general()
            )
    elif refused == "invalid":
        with pytest.raises(InvalidInput):
            harness.save(
                app, household=samples.household(people=[pb.Person(relationship=common.RELATIONSHIP_CHILD)] * 2)
            )
    else:
        harness.get(app)
        harness.missing(app)
    assert actions(harness, app) == before


def test_an_entry_says_who_acted_for_whom_and_what_changed(harness: EnrollmentHarness) -> None:
    delegate = replace(samples.PRODUCER, kind=CallerKind.DELEGATE, subject="delegate@example.com")
    app = harness.start()
    request = service.SaveStepRequest(record_number=app.record_number, version=1, household=samples.household())
    app = harness.call("SaveStep", request, delegate).application
    first, saved = entries(harness, app).entries
    assert (first.actor, saved.actor) == ("producer@example.com", "delegate@example.com")
    assert {first.on_behalf_of_writing_number, saved.on_behalf_of_writing_number} == {"220002580"}
    assert saved.at.ToDatetime() == harness.clock.now().replace(tzinfo=None)
    assert {"The primary applicant added", "Dependent 1 added", "Street of home address"} <= set(saved.changed_fields)
    ada = samples.household().people[0]
    ada.first_name = "Eve"
    app = harness.save(app, household=samples.household(people=[ada, *samples.household().people[1:]]))
    assert list(entries(harness, app).entries[-1].changed_fields) == ["First name of the primary applicant"]


def test_an_entry_names_fields_that_change_as_a_consequence_of_the_step(harness: EnrollmentHarness) -> None:
    app = harness.complete()
    app = harness.save(app, general=samples.general(("marriage", "2026-05-15")))
    changed = list(entries(harness, app).entries[-1].changed_fields)
    assert changed == ["Life event 1", "Effective date"]
    assert app.header.monthly_premium.cents and app.header.date_is_provisional


def test_no_timeline_entry_contains_what_was_typed(harness: EnrollmentHarness) -> None:
    ada = pb.Person(
        relationship=common.RELATIONSHIP_SELF,
        first_name="Canaryfirst",
        last_name="Canarylast",
        date_of_birth="1987-06-14",
        sex=common.SEX_FEMALE,
        ssn="536904399",
    )
    home = pb.Address(street="1 Canarystreet", city="Canarycity", state="IL", zip="60601")
    contact = pb.Contact(phone="536-555-0142", phone_type="mobile", email="canary@example.com")
    app = harness.save(harness.start(), household=samples.household(people=[ada], home_address=home, contact=contact))
    replaced = pb.ReplacedCoverage(insurer="Canarymutual", policy_number="CANARYPOLICY", termination_date="2026-05-31")
    app = harness.save(app, other_coverage=pb.OtherCoverageStep(replaces_coverage=True, replaced=[replaced]))
    guardian = pb.Signer(first_name="Canaryguardian", last_name="Canarylast", relationship_to_applicant="mother")
    app = harness.save(app, signatures=pb.SignaturesStep(authorized_representative=guardian))
    said = str(entries(harness, app))
    assert "Social Security number" in str(
        entries(
            harness,
            harness.save(
                app,
                household=samples.household(
                    people=[pb.Person(**{**_fields(ada), "ssn": "536904398"})], home_address=home, contact=contact
                ),
            ),
        )
    )
    said += str(entries(harness, app))
    assert "Authorized representative" in said
    assert not [canary for canary in CANARIES if canary.lower() in said.lower()]


def _fields(person: pb.Person) -> dict[str, Any]:
    return {field.name: value for field, value in person.ListFields()}


def test_a_long_timeline_comes_in_pages(harness: EnrollmentHarness) -> None:
    app = harness.complete()
    whole = [entry.action for entry in entries(harness, app).entries]
    seen, token = [], ""
    while True:
        page = entries(harness, app, size=2, token=token)
        seen += [entry.action for entry in page.entries]
        token = page.next_page_token
        if not token:
            break
    assert seen == whole


def test_a_page_token_of_another_timeline_is_refused(harness: EnrollmentHarness) -> None:
    app, other = harness.complete(), harness.complete()
    token = entries(harness, app, size=2).next_page_token
    for bad in (token, "nonsense", "{}", token[:-4]):
        with pytest.raises(InvalidInput) as refusal:
            entries(harness, other, size=2, token=bad)
        assert refusal.value.problems[0].field == "page.token"
