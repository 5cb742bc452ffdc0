"""All blind indexes made anew under another key."""

from __future__ import annotations

import base64
from dataclasses import replace

from sqlalchemy import text

from services.enrollment.events.outgoing import event_to_proto
from services.enrollment.store.reindex import reindex_blind_indexes
from services.enrollment.store.ssn_encryption import SsnEncryption
from services.enrollment.store.work import make_transactions
from services.enrollment.usecases.application_service import ApplicationService
from tests.integration.services.enrollment.client_harness import ADA, CAL, ClientHarness, quoted

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
