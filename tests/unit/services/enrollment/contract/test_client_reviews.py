"""The client reviews an application by a link and signs it (45 CFR 155.220(j)(2)(ii)-(iii))."""

from __future__ import annotations

import hashlib
from datetime import timedelta
from typing import Any

import pytest
from suite.common.v1 import common_pb2 as common
from suite.enrollment.v1 import client_review_pb2 as pb
from suite.enrollment.v1 import enrollment_service_pb2 as service
from suite.enrollment.v1 import records_pb2, steps_pb2

from chassis.kernel import Conflict, Forbidden, InvalidInput, NotFound, NotReady, Stale
from services.enrollment.domain import events
from tests.unit.services.enrollment.harness import EnrollmentHarness
from tests.unit.services.enrollment.review_harness import NAME, Client, by_review, opened, reviews, send
from tests.unit.services.enrollment.samples import household

UNSIGNED = "The client has not signed yet. Send the application to the client for review."


def messages(harness: EnrollmentHarness, record_number: str) -> list[str]:
    answer = harness.call("GetReadiness", service.GetReadinessRequest(record_number=record_number))
    return [one.message for one in answer.missing]


def test_an_application_authorized_by_review_lacks_the_signature_until_the_client_signed(
    harness: EnrollmentHarness,
) -> None:
    app = by_review(harness)
    assert messages(harness, app.record_number) == [UNSIGNED]
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


def test_the_client_is_told_the_premium_and_the_first_payment_as_the_producer_is(harness: EnrollmentHarness) -> None:
    app = by_review(harness)
    client = opened(harness, app)
    shown, told = client.read(), harness.get(app)
    assert shown.monthly_premium == told.header.monthly_premium and shown.monthly_premium.cents > 0
    assert shown.first_payment == told.first_payment and shown.first_payment.cents > 0
    assert list(shown.first_payment_months) == list(told.first_payment_months)


def test_a_link_opens_by_date_of_birth_and_last_name_however_it_is_typed(harness: EnrollmentHarness) -> None:
    client = send(harness, by_review(harness))
    asked = client.open(born="", name="")
    assert (asked.access, asked.proof) == ("", pb.REVIEW_PROOF_BIRTH_DATE_AND_LAST_NAME)
    assert client.open(name=" SAMPLE ").access


@pytest.mark.parametrize(("born", "name"), [("1987-06-15", NAME), ("1987-06-14", "Simple"), ("", NAME)])
def test_a_wrong_proof_opens_nothing_and_does_not_say_what_is_wrong(
    harness: EnrollmentHarness, born: str, name: str
) -> None:
    client = send(harness, by_review(harness))
    with pytest.raises(InvalidInput) as refused:
        client.open(born, name)
    assert {problem.message for problem in refused.value.problems} == {refused.value.message}
    assert client.access == ""


def test_five_wrong_birth_dates_close_the_link_for_good(harness: EnrollmentHarness) -> None:
    app = by_review(harness)
    client = send(harness, app)
    for _ in range(4):
        with pytest.raises(InvalidInput):
            client.open("1987-06-15")
    with pytest.raises(NotFound):
        client.open("1987-06-15")
    with pytest.raises(NotFound):
        client.open()
    assert [one.status for one in reviews(harness, app)] == [pb.REVIEW_STATUS_LOCKED]
    assert harness.work.audited[-1] == ("client", "review.locked")


def test_a_right_proof_in_between_lets_a_client_mistype_again(harness: EnrollmentHarness) -> None:
    client = send(harness, by_review(harness))
    for _ in range(2):
        for _ in range(4):
            with pytest.raises(InvalidInput):
                client.open("1987-06-15")
        assert client.open().access


def test_a_code_opens_the_link_and_the_birth_date_does_not(harness: EnrollmentHarness) -> None:
    client = send(harness, by_review(harness), proof=pb.REVIEW_PROOF_CODE)
    assert len(client.sent.code) == 6
    assert client.open().access == ""
    wrong = f"{(int(client.sent.code) + 1) % 10**6:06}"
    with pytest.raises(InvalidInput):
        client.open(code=wrong)
    assert client.open(code=f"{client.sent.code[:3]} {client.sent.code[3:]}").access


def test_unknown_revoked_and_expired_links_get_the_same_answer(harness: EnrollmentHarness) -> None:
    app = by_review(harness)
    revoked, client = send(harness, app), send(harness, app, days=1)
    answers = set()
    for link in (revoked, Client(harness, pb.SendForReviewResponse(url="https://x/review/" + "A" * 50))):
        with pytest.raises(NotFound) as refused:
            link.open()
        answers.add((refused.value.message, refused.value.code))
    harness.clock.advance(timedelta(days=1))
    with pytest.raises(NotFound) as refused:
        client.open()
    assert {(refused.value.message, refused.value.code)} == answers


def test_a_token_of_another_link_or_a_forged_access_opens_nothing(harness: EnrollmentHarness) -> None:
    app, other = by_review(harness), by_review(harness)
    client, stranger = opened(harness, app), opened(harness, other)
    for forged in (stranger.access, client.token, "A" * 50, client.access[:-1]):
        client.access = forged
        with pytest.raises(Forbidden):
            client.read()


def test_access_ends_after_an_hour_and_what_was_marked_is_kept(harness: EnrollmentHarness) -> None:
    client = opened(harness, by_review(harness))
    client.mark("plans", "", "Too dear.")
    harness.clock.advance(timedelta(hours=1))
    with pytest.raises(Forbidden):
        client.read()
    client.open()
    assert [one.remark for one in client.read().remarks] == ["Too dear."]


def test_only_the_gateway_may_open_and_read_links(harness: EnrollmentHarness) -> None:
    client = opened(harness, by_review(harness))
    with pytest.raises(Forbidden):
        harness.call("ReadReview", pb.ReadReviewRequest(review=client.credentials))
    assert client.read()


def test_a_remark_returns_the_application_with_the_step_and_field_to_correct(harness: EnrollmentHarness) -> None:
    app = by_review(harness)
    client = opened(harness, app)
    client.mark("person", "people[1].date_of_birth", "She was born on the 11th.", person=2)
    assert [list(one.remarks) for one in reviews(harness, app)] == [[]]  # still being written
    client.give_back()
    (review,) = reviews(harness, app)
    assert review.status == pb.REVIEW_STATUS_RETURNED
    (remark,) = review.remarks
    assert (remark.step, remark.field) == (2, "people[1].date_of_birth")
    assert harness.work.events[-1] == events.ReviewReturned(app.record_number, "IL", "220002580", review.review_id)
    assert all("11th" not in row.summary for row in harness.work.audit)
    with pytest.raises(Conflict) as refused:
        client.sign()
    assert refused.value.code == "review_answered"


def test_a_remark_replaces_the_one_on_the_same_field_and_an_empty_one_takes_it_back(
    harness: EnrollmentHarness,
) -> None:
    client = opened(harness, by_review(harness))
    client.mark("plans", "", "First.")
    assert [one.remark for one in client.mark("plans", "", "Second.").remarks] == ["Second."]
    assert list(client.mark("plans", "", "").remarks) == []
    with pytest.raises(Conflict) as refused:
        client.give_back()
    assert refused.value.code == "no_remarks"


@pytest.mark.parametrize(("section", "person", "field"), [("nothing", 0, ""), ("person", 3, ""), ("plans", 0, "ssn")])
def test_a_remark_on_what_was_not_shown_is_refused(
    harness: EnrollmentHarness, section: str, person: int, field: str
) -> None:
    client = opened(harness, by_review(harness))
    with pytest.raises(InvalidInput):
        client.mark(section, field, "Wrong.", person)


def test_nobody_signs_while_something_is_marked_as_wrong(harness: EnrollmentHarness) -> None:
    client = opened(harness, by_review(harness))
    client.mark("plans", "", "Too dear.")
    with pytest.raises(Conflict) as refused:
        client.sign()
    assert refused.value.code == "remarks_open"


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


def test_the_client_takes_the_consent_back(harness: EnrollmentHarness) -> None:
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


def test_a_consent_taken_back_after_submission_leaves_the_application_submitted(harness: EnrollmentHarness) -> None:
    app = by_review(harness)
    client = opened(harness, app)
    client.sign()
    assert harness.submit(app).status == 3
    client.withdraw()
    found = harness.get(app)
    assert (found.status, found.client_review.current) == (3, False)


def test_a_revoked_link_shows_nothing(harness: EnrollmentHarness) -> None:
    app = by_review(harness)
    client = opened(harness, app)
    review_id = client.sent.review.review_id
    harness.call("RevokeReview", pb.RevokeReviewRequest(record_number=app.record_number, review_id=review_id))
    with pytest.raises(NotFound):
        client.read()
    assert [one.status for one in reviews(harness, app)] == [pb.REVIEW_STATUS_REVOKED]


def test_an_incomplete_application_is_not_sent(harness: EnrollmentHarness) -> None:
    app = harness.start()
    with pytest.raises(NotReady) as refused:
        send(harness, app)
    fields = {problem.field for problem in refused.value.problems}
    assert "household.people" in fields and "household.authorization" not in fields
    assert reviews(harness, app) == []


def test_the_same_key_gives_the_same_link(harness: EnrollmentHarness) -> None:
    app = by_review(harness)
    asked = pb.SendForReviewRequest(idempotency_key="key-of-a-link", record_number=app.record_number)
    assert harness.call("SendForReview", asked).url == harness.call("SendForReview", asked).url
    assert len(reviews(harness, app)) == 1


def test_a_submitted_application_can_not_be_signed(harness: EnrollmentHarness) -> None:
    app = harness.complete()
    client = opened(harness, app)
    harness.submit(app)
    with pytest.raises(Conflict) as refused:
        client.sign()
    assert refused.value.code == "already_submitted"


def test_a_new_link_closes_the_earlier_ones_that_nobody_signed(harness: EnrollmentHarness) -> None:
    app = by_review(harness)
    returned = opened(harness, app)
    returned.mark("plans", "", "Too dear.")
    returned.give_back()
    signed = opened(harness, app)
    signed.sign()
    unread, newest = send(harness, app), opened(harness, app)
    for closed in (returned, unread):
        with pytest.raises(NotFound):
            closed.open()
    assert signed.read().status == pb.REVIEW_STATUS_SIGNED
    assert newest.read().status == pb.REVIEW_STATUS_OPENED
    statuses = [one.status for one in reviews(harness, app)]
    assert statuses[1:] == [pb.REVIEW_STATUS_REVOKED, pb.REVIEW_STATUS_SIGNED, pb.REVIEW_STATUS_RETURNED]


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
