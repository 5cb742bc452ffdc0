"""The client reviews an application by a link and signs it (45 CFR 155.220(j)(2)(ii)-(iii))."""

from __future__ import annotations

import hashlib
from datetime import datetime

import pytest
from suite.common.v1 import common_pb2 as common
from suite.enrollment.v1 import client_review_pb2 as pb
from suite.enrollment.v1 import records_pb2, steps_pb2

from chassis.kernel import Conflict, InvalidInput, NotReady, Stale
from tests.unit.services.enrollment.harness import EnrollmentHarness
from tests.unit.services.enrollment.review_harness import by_review, messages, opened, reviews, send
from tests.unit.services.enrollment.samples import household

UNSIGNED = "The client has not signed yet. Send the application to the client for review."


def test_an_application_authorized_by_review_lacks_the_signature_until_the_client_signed(
    harness: EnrollmentHarness,
) -> None:
    app = by_review(harness)
    assert messages(harness, app.record_number) == [UNSIGNED]
    # of no step: every one of them can be finished before the link is sent
    assert harness.missing(app) == [(0, "client_review")]
    with pytest.raises(NotReady):
        harness.submit(app)
    consent = opened(harness, app).sign()
    assert messages(harness, app.record_number) == []
    stored = harness.get(app).client_review
    assert stored == consent
    assert stored.current
    assert (stored.signer_name, stored.signer) == ("Ada Sample", records_pb2.REVIEW_SIGNER_APPLICANT)
    assert (stored.language, stored.producer_name, stored.keep_until) == ("en", "FRITZ, CALVIN C", "2036-05-20")
    assert [text.kind for text in stored.texts] == ["client-review", "terms", "text-messages"]
    assert harness.submit(app).status == 3


def test_a_record_signed_late_in_the_evening_is_kept_from_that_day_in_the_state(harness: EnrollmentHarness) -> None:
    app = by_review(harness)
    harness.clock.set(datetime.fromisoformat("2026-05-20T23:09:00-05:00"))
    client = opened(harness, app)
    consent = client.sign()
    assert consent.keep_until == "2036-05-20"
    [listed] = reviews(harness, app)
    assert listed.consent.keep_until == harness.get(app).client_review.keep_until == "2036-05-20"


def test_the_other_two_authorizations_need_no_review(harness: EnrollmentHarness) -> None:
    assert harness.missing(harness.complete()) == []


def test_the_hash_is_of_the_canonical_form_that_was_shown(harness: EnrollmentHarness) -> None:
    app = by_review(harness)
    client = opened(harness, app)
    shown = client.read()
    consent = client.sign()
    kept = harness.call("GetReview", pb.GetReviewRequest(record_number=app.record_number, review_id=consent.review_id))
    assert hashlib.sha256(kept.canonical_form.encode()).hexdigest() == consent.sha256 == shown.sha256
    assert list(kept.sections) == list(shown.sections)


def test_the_client_sees_every_section_with_its_answers(harness: EnrollmentHarness) -> None:
    shown = opened(harness, by_review(harness)).read()
    assert [(one.key, one.person) for one in shown.sections] == [
        ("coverage", 0),
        ("plans", 0),
        ("person", 1),
        ("person", 2),
        ("contact", 0),
        ("other_coverage", 0),
        ("signatures", 0),
        ("producer", 0),
    ]
    lines = {line.label: line.value for line in shown.sections[2].lines}
    assert lines["name"] == "Ada Sample"
    assert lines["date_of_birth"] == "1987-06-14"
    assert lines["sex"] == "female"


def test_the_county_is_told_apart_from_its_address_and_is_a_part_of_it_in_what_is_signed(
    harness: EnrollmentHarness,
) -> None:
    app = by_review(harness)
    client = opened(harness, app)
    shown = client.read()
    home, mailing = next(one for one in shown.sections if one.key == "contact").lines[:2]
    assert (home.value, home.county) == ("200 E Randolph St, Chicago, IL 60601", "Cook")
    assert (mailing.value, mailing.county) == ("same_as_home", "")
    assert {line.county for one in shown.sections for line in one.lines} == {"", "Cook"}
    consent = client.sign()
    kept = harness.call("GetReview", pb.GetReviewRequest(record_number=app.record_number, review_id=consent.review_id))
    assert '"kind":"text","label":"home_address"' in kept.canonical_form
    assert '"200 E Randolph St, Chicago, IL 60601, Cook County"' in kept.canonical_form
    assert list(kept.sections) == list(shown.sections)


def test_the_client_is_told_the_premium_and_the_first_payment_as_the_producer_is(harness: EnrollmentHarness) -> None:
    app = by_review(harness)
    client = opened(harness, app)
    shown, told = client.read(), harness.get(app)
    assert shown.monthly_premium == told.header.monthly_premium and shown.monthly_premium.cents > 0
    assert shown.first_payment == told.first_payment and shown.first_payment.cents > 0
    assert list(shown.first_payment_months) == list(told.first_payment_months)


@pytest.mark.parametrize("name", ["ada sample", "Ada  SAMPLE", "Ada Q. Sample", "Ada Sample Jr."])
def test_the_signature_may_differ_in_what_people_leave_out_or_add(harness: EnrollmentHarness, name: str) -> None:
    assert opened(harness, by_review(harness)).sign(name).signer_name == name


@pytest.mark.parametrize("name", ["Dee Sample", "Sample", "x"])
def test_another_name_is_refused_as_signature(harness: EnrollmentHarness, name: str) -> None:
    app = by_review(harness)
    with pytest.raises(InvalidInput) as refused:
        opened(harness, app).sign(name)
    assert refused.value.problems[0].field == "signature"
    assert not harness.get(app).HasField("client_review")


def test_a_guardian_signs_for_children_alone(harness: EnrollmentHarness) -> None:
    child = household("2012-05-10").people[1]
    child.relationship = common.RELATIONSHIP_SELF
    app = by_review(harness, people=[child])
    guardian = steps_pb2.Signer(first_name="Ada", last_name="Sample", relationship_to_applicant="Mother")
    choice = steps_pb2.PAYMENT_CHOICE_PAY_NOW
    app = harness.save(app, signatures=steps_pb2.SignaturesStep(guardian=guardian, payment_choice=choice))
    client = send(harness, app)
    client.open("2012-05-10")
    assert [one.name for one in client.read().signers] == ["Ada Sample"]
    assert client.sign("Ada Sample").signer == records_pb2.REVIEW_SIGNER_GUARDIAN
    assert messages(harness, app.record_number) == []


def test_what_changed_while_it_was_read_cannot_be_signed(harness: EnrollmentHarness) -> None:
    app = by_review(harness)
    client = opened(harness, app)
    seen = client.read().sha256
    harness.save(app, household=household(authorization=3, contact=steps_pb2.Contact(phone="312-555-0199")))
    with pytest.raises(Stale):
        client.sign(sha256=seen)


def test_a_submitted_application_can_not_be_signed(harness: EnrollmentHarness) -> None:
    app = harness.complete()
    client = opened(harness, app)
    harness.submit(app)
    with pytest.raises(Conflict) as refused:
        client.sign()
    assert refused.value.code == "already_submitted"
