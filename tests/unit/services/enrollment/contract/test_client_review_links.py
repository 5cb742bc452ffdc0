"""The link of a client review: who gets it, what opens it, and what closes it."""

from __future__ import annotations

from datetime import timedelta

import pytest
from suite.enrollment.v1 import client_review_pb2 as pb

from chassis.kernel import Caller, CallerKind, Forbidden, InvalidInput, NotFound, NotReady
from services.enrollment.contract.service import EnrollmentContract
from tests.access_rules import may_call
from tests.unit.services.enrollment import samples
from tests.unit.services.enrollment.harness import EnrollmentHarness
from tests.unit.services.enrollment.review_harness import NAME, Client, by_review, opened, reviews, send


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


@pytest.mark.parametrize("name", ["OpenReview", "ReadReview", "SignReview"])
def test_only_the_gateway_may_open_and_read_links(name: str) -> None:
    method = EnrollmentContract.descriptor.methods_by_name[name]
    for caller in (samples.PRODUCER, Caller(CallerKind.SERVICE, "documents")):
        assert not may_call(method, caller)
    assert may_call(method, Caller(CallerKind.SERVICE, "gateway"))


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
