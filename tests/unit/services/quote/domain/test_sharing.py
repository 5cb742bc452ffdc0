"""Share links: what opens them, and for how long."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chassis.kernel import NotFound, new_id
from services.quote.domain.sharing import ShareLink, ShareLinkSigner

NOW = datetime(2026, 5, 20, 17, 0, 0, 123456, tzinfo=UTC)
SIGNER = ShareLinkSigner(b"a key")
LINK = ShareLink.new(new_id(), "q-1", 0, NOW)
TOKEN = SIGNER.make_token(LINK)


def test_a_token_names_its_link_until_the_link_expires() -> None:
    assert SIGNER.read_link_id(TOKEN, NOW) == LINK.link_id
    last = LINK.expires_at - timedelta(seconds=1)
    assert SIGNER.read_link_id(TOKEN, last) == LINK.link_id and LINK.is_open(last)
    with pytest.raises(NotFound):
        SIGNER.read_link_id(TOKEN, LINK.expires_at)
    assert not LINK.is_open(LINK.expires_at)


def test_a_token_signed_with_another_key_is_refused() -> None:
    with pytest.raises(NotFound):
        ShareLinkSigner(b"another key").read_link_id(TOKEN, NOW)


@given(place=st.integers(0, len(TOKEN) - 2), letter=st.sampled_from("Ab9_-"))
def test_an_altered_token_is_refused(place: int, letter: str) -> None:
    altered = TOKEN[:place] + letter + TOKEN[place + 1 :]
    if altered != TOKEN:
        with pytest.raises(NotFound):
            SIGNER.read_link_id(altered, NOW)


@given(st.text(max_size=60))
def test_text_that_is_no_token_is_refused(text: str) -> None:
    with pytest.raises(NotFound):
        SIGNER.read_link_id(text, NOW)


def test_a_token_cannot_be_given_more_time() -> None:
    longer = SIGNER.make_token(replace(LINK, expires_at=LINK.expires_at + timedelta(days=1)))
    with pytest.raises(NotFound):
        SIGNER.read_link_id(longer[:28] + TOKEN[28:], LINK.expires_at)


def test_a_revoked_link_stays_closed_from_the_first_time_on() -> None:
    revoked = LINK.revoke(NOW)
    assert not revoked.is_open(NOW)
    assert revoked.revoke(NOW + timedelta(days=1)) == revoked
