"""Client reviews on PostgreSQL: every field comes back, and guesses at the same time do not outrun the limit."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest
from sqlalchemy import delete, update
from sqlalchemy.exc import IntegrityError

from chassis.kernel import DomainError, FixedClock, NotFound
from services.enrollment.domain.client_review import ClientReview, ReviewSettings, new_review
from services.enrollment.domain.enums import Status
from services.enrollment.domain.review_consent import ReviewConsent, ReviewParty, ReviewSigner
from services.enrollment.domain.review_links import ReviewLinks
from services.enrollment.store.tables import ApplicationRow
from services.enrollment.usecases.delete_reviews import DeleteReviews
from services.enrollment.usecases.open_review import GivenProof, OpenReview
from tests.integration.services.enrollment.client_harness import ADA, FRITZ, ClientHarness
from tests.stored_values import lost_fields

LINKS = ReviewLinks(b"a made-up key of thirty-two bytes", "https://portal.example")
MADE: dict[Any, Any] = {"ClientReview.wrong_proofs": lambda number: number % 1000}  # a small integer
ID = "0f8fad5b-d9cb-469f-a165-70867728950e"


def sent(harness: ClientHarness) -> ClientReview:
    app = harness.apply(ADA)
    review = new_review(ID, app.record_number, FRITZ.writing_number, "a", harness.clock.now(), ReviewSettings())
    with harness.transactions() as work:
        work.client_reviews.add(review)
    return review


def test_every_field_of_a_review_comes_back(harness: ClientHarness) -> None:
    record_number = harness.apply(ADA).record_number

    def round_trip(review: ClientReview) -> ClientReview:
        own = replace(review, record_number=record_number)
        with harness.transactions() as work:
            work.client_reviews.add(replace(own, consent=None, remarks=(), shown="", answered_at=None))
        with harness.transactions() as work:
            work.client_reviews.save(own)
        with harness.transactions() as work:
            found = work.client_reviews.get(review.review_id, lock=True)
            assert found in work.client_reviews.of_application(record_number)
        assert found
        return replace(found, record_number=review.record_number)

    assert lost_fields(ClientReview, round_trip, MADE) == set()


def test_of_many_wrong_proofs_at_once_five_are_looked_at(harness: ClientHarness) -> None:
    review = sent(harness)
    token = LINKS.make_token(review)

    def guess(day: int) -> type[DomainError]:
        with pytest.raises(DomainError) as refused:
            OpenReview(harness.service, LINKS)(token, GivenProof(date(1980, 1, day), "Sample"))
        return refused.type

    with ThreadPoolExecutor(8) as pool:
        found = list(pool.map(guess, range(1, 25)))
    assert found.count(NotFound) == 20
    with harness.transactions() as work:
        stored = work.client_reviews.get(review.review_id)
    assert stored and stored.wrong_proofs == 5


def test_an_application_with_a_review_cannot_be_deleted(harness: ClientHarness) -> None:
    review = sent(harness)
    with pytest.raises(IntegrityError), harness.transactions() as work:
        work.session.execute(delete(ApplicationRow).where(ApplicationRow.record_number == review.record_number))


def test_a_review_goes_with_its_application_to_another_writing_number(harness: ClientHarness) -> None:
    review = sent(harness)
    with harness.transactions() as work:
        work.client_reviews.move(review.record_number, "TX-1")
        found = work.client_reviews.get(review.review_id)
        assert found == replace(review, writing_number="TX-1")
        now = harness.clock.now()
        assert not work.book.awaited_reviews([FRITZ.writing_number], now, 9)
        assert [one.record_number for one in work.book.awaited_reviews(["TX-1"], now, 9)] == [review.record_number]


@pytest.mark.parametrize("status", Status)
def test_a_review_is_awaited_while_its_application_can_be_submitted(harness: ClientHarness, status: Status) -> None:
    review = sent(harness)
    with harness.transactions() as work:
        changed = update(ApplicationRow).where(ApplicationRow.record_number == review.record_number)
        work.session.execute(changed.values(status=status))
        numbers, now = [FRITZ.writing_number], harness.clock.now()
        found = work.book.awaited_reviews(numbers, now, 9)
        assert len(found) == work.book.count_awaited_reviews(numbers, now, 9)
    assert bool(found) is (status in (Status.INCOMPLETE, Status.FAILED))


def signed(harness: ClientHarness, **changes: Any) -> ClientReview:
    review = sent(harness)
    with harness.transactions() as work:
        app = work.applications.get(review.record_number)
        assert app
        consent = ReviewConsent(
            review.review_id, harness.clock.now(), "Ada Sample", ReviewSigner.APPLICANT, "en", "", (), "", "", **changes
        )
        harness.service.save(work, app.changed(harness.clock.now(), client_review=consent), read_version=app.version)
        work.client_reviews.save(review.sign(consent, "{}"))
    return review


@pytest.mark.parametrize(("years", "days", "kept"), [(0, 0, True), (10, 0, True), (10, 2, False)])
def test_the_record_of_a_signature_is_kept_ten_years_and_then_deleted(
    harness: ClientHarness, years: int, days: int, kept: bool
) -> None:
    review = signed(harness)
    now = harness.clock.now()
    later = FixedClock(now.replace(year=now.year + years) + timedelta(days=days))
    assert DeleteReviews(replace(harness.service, clock=later))() == (0 if kept else 1)
    with harness.transactions() as work:
        app = work.applications.get(review.record_number)
        assert app and (app.client_review is not None) is kept
        assert (work.client_reviews.get(review.review_id) is not None) is kept
        actions = [one.action for one in work.applications.timeline(review.record_number, 0, 99)]
    assert ("review.deleted" in actions) is not kept


def test_a_consent_that_was_taken_back_is_kept_ten_years_from_then(harness: ClientHarness) -> None:
    now = harness.clock.now()
    review = signed(harness, withdrawn_at=now + timedelta(days=30), withdrawn_by=ReviewParty.CLIENT)
    with harness.transactions() as work:
        pruned = [bool(work.client_reviews.delete_untouched_since(now + timedelta(days=days), 9)) for days in (29, 31)]
    assert pruned == [False, True]
    assert review.review_id


@pytest.mark.parametrize(("days", "kept"), [(0, True), (2, False)])
def test_a_review_without_an_answer_is_deleted_after_ten_years_too(
    harness: ClientHarness, days: int, kept: bool
) -> None:
    review = sent(harness)
    now = harness.clock.now()
    later = FixedClock(now.replace(year=now.year + 10) + timedelta(days=days))
    DeleteReviews(replace(harness.service, clock=later))()
    with harness.transactions() as work:
        assert (work.client_reviews.get(review.review_id) is not None) is kept
