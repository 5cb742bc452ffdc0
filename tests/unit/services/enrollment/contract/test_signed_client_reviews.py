"""What becomes of a signature: later changes, and a consent that is withdrawn (45 CFR 155.220(j)(2))."""

from __future__ import annotations

from typing import Any

import pytest
from suite.enrollment.v1 import client_review_pb2 as pb
from suite.enrollment.v1 import records_pb2, steps_pb2

from chassis.kernel import NotReady
from services.enrollment.domain import events
from tests.unit.services.enrollment.harness import EnrollmentHarness
from tests.unit.services.enrollment.review_harness import by_review, messages, opened, reviews
from tests.unit.services.enrollment.samples import household


def test_a_later_change_outdates_the_review_and_tells_the_producer_once(harness: EnrollmentHarness) -> None:
    app = by_review(harness)
    consent = opened(harness, app).sign()
    moved = steps_pb2.Contact(phone="312-555-0199", phone_type="mobile")
    changed = harness.save(harness.get(app), household=household(authorization=3, contact=moved))
    assert not changed.client_review.current
    assert [one.status for one in reviews(harness, app)] == [pb.REVIEW_STATUS_OUTDATED]
    (message,) = messages(harness, app.record_number)
    assert (
        message == "The application changed after the client signed it. It needs a new review: send it to the client."
    )
    with pytest.raises(NotReady):
        harness.submit(app)
    told = events.ReviewOutdated(app.record_number, "IL", "220002580", consent.review_id)
    changed = harness.save(changed, other_coverage=steps_pb2.OtherCoverageStep(proxy_agreed=True))
    assert harness.work.events.count(told) == 1
    assert [row.action for row in harness.work.audit].count("review.outdated") == 1
    opened(harness, changed).sign()
    assert messages(harness, app.record_number) == []
    assert [one.status for one in reviews(harness, app)] == [pb.REVIEW_STATUS_SIGNED, pb.REVIEW_STATUS_OUTDATED]


def test_a_change_that_is_taken_back_leaves_the_signature_as_it_was(harness: EnrollmentHarness) -> None:
    app = by_review(harness)
    opened(harness, app).sign()
    changed = harness.save(
        harness.get(app), signatures=steps_pb2.SignaturesStep(payment_choice=steps_pb2.PAYMENT_CHOICE_PAY_LATER)
    )
    assert not changed.client_review.current
    back = harness.save(changed, signatures=steps_pb2.SignaturesStep(payment_choice=steps_pb2.PAYMENT_CHOICE_PAY_NOW))
    assert back.client_review.current
    assert [row.action for row in harness.work.audit][-2:] == ["review.current", "step.saved"]


def test_the_client_withdraws_the_consent(harness: EnrollmentHarness) -> None:
    app = by_review(harness)
    client = opened(harness, app)
    consent = client.sign()
    client.withdraw()
    client.withdraw()
    stored = harness.get(app).client_review
    assert (stored.current, stored.withdrawn_by) == (False, records_pb2.REVIEW_PARTY_CLIENT)
    assert messages(harness, app.record_number) == [
        "The client withdrew the consent. Send the application to the client for a new review."
    ]
    told = events.ReviewWithdrawn(app.record_number, "IL", "220002580", consent.review_id)
    assert harness.work.events.count(told) == 1
    assert client.read().status == pb.REVIEW_STATUS_WITHDRAWN


def test_the_producer_notes_that_the_client_withdrew_the_consent(harness: EnrollmentHarness) -> None:
    app = by_review(harness)
    consent = opened(harness, app).sign()
    asked = pb.RevokeReviewRequest(record_number=app.record_number, review_id=consent.review_id)
    harness.call("RevokeReview", asked)
    assert harness.get(app).client_review.withdrawn_by == records_pb2.REVIEW_PARTY_PRODUCER


def test_a_consent_withdrawn_after_submission_leaves_the_application_submitted(harness: EnrollmentHarness) -> None:
    app = by_review(harness)
    client = opened(harness, app)
    client.sign()
    assert harness.submit(app).status == 3
    client.withdraw()
    found = harness.get(app)
    assert (found.status, found.client_review.current) == (3, False)


def with_number(harness: EnrollmentHarness, app: Any, ssn: str, **changes: Any) -> Any:
    people = harness.get(app).household.people
    people[0].ssn = ssn
    return harness.save(
        harness.get(app),
        household=household(people=people, authorization=steps_pb2.AUTHORIZATION_CLIENT_REVIEW, **changes),
    )


def test_another_number_with_the_same_last_four_digits_needs_a_new_review_until_it_is_typed_back(
    harness: EnrollmentHarness,
) -> None:
    app = by_review(harness)
    app = with_number(harness, app, "123-45-0001")
    consent = opened(harness, app).sign()
    assert messages(harness, app.record_number) == []
    assert with_number(harness, app, "123-45-0001").client_review.current, "the control: the same number again"
    changed = with_number(harness, app, "321-54-0001")
    assert not changed.client_review.current
    assert [one.status for one in reviews(harness, app)] == [pb.REVIEW_STATUS_OUTDATED]
    [said] = messages(harness, app.record_number)
    assert said.startswith("The application changed after the client signed it.")
    assert with_number(harness, app, "123-45-0001").client_review == consent
    assert messages(harness, app.record_number) == []


def test_no_answer_holds_a_fingerprint_of_a_number(harness: EnrollmentHarness) -> None:
    app = with_number(harness, by_review(harness), "123-45-0001")
    client = opened(harness, app)
    client.sign()
    review = harness.work.state.reviews[reviews(harness, app)[0].review_id]
    assert review.consent and review.consent.ssn_fingerprints[0] == "of 123450001", "the control: it is kept"
    told = f"{harness.get(app)}{reviews(harness, app)}{client.read()}{review}{review.consent}"
    assert "123450001" not in told and "123-45" not in told


def test_the_timeline_asks_for_no_new_review_of_what_is_authorized_otherwise(harness: EnrollmentHarness) -> None:
    app = by_review(harness)
    opened(harness, app).sign()
    harness.save(harness.get(app), household=household(contact=steps_pb2.Contact(phone="3125550199")))
    [said] = [row.summary for row in harness.work.audit if row.action == "review.outdated"]
    assert said == "What the client signed has changed. The application is no longer authorized by the client's review."
    assert not [one for one in harness.work.events if isinstance(one, events.ReviewOutdated)]
