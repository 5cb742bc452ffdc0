"""All blind indexes made anew under another key."""

from __future__ import annotations

import base64
from dataclasses import replace

import pytest
from sqlalchemy import text

from services.enrollment.domain.canonical_form import canonical_form_of, hash_form
from services.enrollment.domain.client_review import ReviewSettings, new_review
from services.enrollment.domain.enums import Step
from services.enrollment.domain.review_consent import ReviewConsent, ReviewSigner
from services.enrollment.domain.review_signing import is_as_signed, list_ssn_fingerprints
from services.enrollment.events.outgoing import event_to_proto
from services.enrollment.store.reindex import reindex_blind_indexes
from services.enrollment.store.ssn_encryption import SsnEncryption
from services.enrollment.store.work import make_transactions
from services.enrollment.usecases.application_service import ApplicationService
from tests.integration.services.enrollment.client_harness import ADA, CAL, FRITZ, ClientHarness, quoted

NEW_KEY = SsnEncryption.with_keys(base64.b64encode(b"f" * 32).decode(), base64.b64encode(b"n" * 32).decode())


def rekeyed(harness: ClientHarness) -> ClientHarness:
    opened = make_transactions(harness.database, NEW_KEY, event_to_proto)
    return replace(
        harness, transactions=opened, service=ApplicationService(opened, harness.clock, harness.service.rulebook)
    )


def test_under_another_key_everything_is_found_again_after_reindexing(harness: ClientHarness) -> None:
    first, second = harness.apply(ADA, CAL), harness.apply(ADA)
    harness.hear(quoted("Ada"))
    new = rekeyed(harness)
    assert not new.search("ada"), "the control: another key finds nothing"
    with new.transactions() as work:
        assert work.duplicates.of(second), "what is stored still matches what is stored"
    assert reindex_blind_indexes(harness.database, NEW_KEY) == 1 + 3 + 2
    [client] = new.search("ada", phone="3125550142", last_four="4399")
    assert (client.quotes, client.drafts) == (1, 2)
    third = new.apply(ADA)
    with new.transactions() as work:
        found = {one.record_number: len(one.matches) for one in work.duplicates.of(third)}
    assert found == {first.record_number: 3, second.record_number: 3, "": 1}, "and the quote"


def test_a_client_created_twice_during_a_reindex_is_merged(harness: ClientHarness) -> None:
    harness.hear(quoted(), "q-1")
    new = rekeyed(harness)
    new.hear(quoted(), "q-2")
    for _ in range(2):
        reindex_blind_indexes(harness.database, NEW_KEY)
    [client] = new.search("zoe")
    assert client.quotes == 2
    with harness.transactions() as work:
        assert work.session.scalar(text("select count(*) from client")) == 1


@pytest.mark.parametrize("changed", [False, True])
def test_what_was_signed_before_a_reindex_is_compared_by_the_new_index(harness: ClientHarness, changed: bool) -> None:
    app = harness.apply(ADA, CAL)
    now = harness.clock.now()
    consent = ReviewConsent(
        review_id="0f8fad5b-d9cb-469f-a165-70867728950e",
        signed_at=now,
        signer_name="Ada Sample",
        signer=ReviewSigner.APPLICANT,
        language="en",
        sha256=hash_form(canonical_form_of(app)),
        texts=(),
        producer_name="",
        writing_number="",
        ssn_fingerprints=list_ssn_fingerprints(app),
    )
    review = new_review(consent.review_id, app.record_number, FRITZ.writing_number, "a", now, ReviewSettings())
    with harness.transactions() as work:
        work.client_reviews.add(review.sign(consent, canonical_form_of(app)))
        work.applications.save(app.changed(now, client_review=consent), Step.PLANS, read_version=app.version)
        stored = work.applications.get(app.record_number)
    assert stored
    if changed:
        stored = harness.save(stored, replace(ADA, ssn="111114399", person_id=app.household.people[0].person_id), CAL)
    new = rekeyed(harness)
    for _ in range(2):
        reindex_blind_indexes(harness.database, NEW_KEY)
    with new.transactions() as work:
        found, kept = work.applications.get(app.record_number), work.client_reviews.get(consent.review_id)
    assert found and found.client_review and kept and kept.consent
    assert found.household.people[0].ssn_fingerprint == NEW_KEY.index.of("111114399" if changed else ADA.ssn, "ssn")
    assert is_as_signed(found, found.client_review) is not changed
    assert kept.consent.ssn_fingerprints == found.client_review.ssn_fingerprints
