"""Client reviews on PostgreSQL: every field comes back, and guesses at the same time do not outrun the limit."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from sqlalchemy import delete
from sqlalchemy.exc import IntegrityError

from chassis.kernel import DomainError, NotFound
from services.enrollment.domain.client_review import ClientReview, ReviewSettings, new_review
from services.enrollment.domain.review_links import ReviewLinks
from services.enrollment.store.tables import ApplicationRow
from services.enrollment.usecases.open_review import GivenProof, OpenReview
from tests.integration.services.enrollment.client_harness import ADA, FRITZ, ClientHarness
from tests.stored_values import lost_fields

LINKS = ReviewLinks.from_secret("a made-up secret", "https://portal.example")
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
