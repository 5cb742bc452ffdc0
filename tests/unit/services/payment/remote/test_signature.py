"""Vectors of signed callbacks."""

from __future__ import annotations

import base64
import json
import time
from datetime import UTC, datetime

import pytest
from standardwebhooks.webhooks import Webhook, WebhookVerificationError

from services.payment.remote.signature import BadSignature, secrets_of, signed_headers, verify_signature

SECRET, OLD_SECRET = b"n" * 32, b"o" * 32
BODY = b'{"type": "charge.approved", "data": {"id": "attempt", "status": "approved"}}'
NOW = 1_795_000_000
GOOD = signed_headers(SECRET, "msg_1", NOW, BODY)


def test_the_published_vector_of_standard_webhooks_holds() -> None:
    secret = base64.b64decode("MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw")
    headers = signed_headers(secret, "msg_p5jXN8AQM9LWM0D4loKWxJek", 1614265330, b'{"test": 2432232314}')

    assert headers["webhook-signature"] == "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="


def test_a_good_callback_gives_its_id() -> None:
    assert verify_signature([SECRET], GOOD, BODY, NOW) == "msg_1"


@pytest.mark.parametrize("seconds", [-300, 300])
def test_five_minutes_of_difference_are_tolerated(seconds: int) -> None:
    assert verify_signature([SECRET], GOOD, BODY, NOW + seconds) == "msg_1"


@pytest.mark.parametrize("seconds", [-301, 301])
def test_a_webhook_more_than_five_minutes_away_is_refused(seconds: int) -> None:
    with pytest.raises(BadSignature, match="timestamp"):
        verify_signature([SECRET], GOOD, BODY, NOW + seconds)


@pytest.mark.parametrize(
    "headers",
    [
        GOOD | {"webhook-signature": "v1," + base64.b64encode(b"x" * 32).decode()},
        GOOD | {"webhook-signature": GOOD["webhook-signature"].replace("v1,", "v2,")},
        GOOD | {"webhook-signature": "v1,not base64"},
        GOOD | {"webhook-signature": "v1,\xe9\xe9\xe9\xe9"},
        GOOD | {"webhook-signature": ""},
        GOOD | {"webhook-id": "msg_2"},
        GOOD | {"webhook-id": ""},
        GOOD | {"webhook-timestamp": str(NOW + 1)},
        GOOD | {"webhook-timestamp": ""},
        GOOD | {"webhook-timestamp": "9" * 5000},
        {},
    ],
)
def test_anything_altered_or_missing_is_refused(headers: dict[str, str]) -> None:
    with pytest.raises(BadSignature):
        verify_signature([SECRET], headers, BODY, NOW)


def test_an_altered_body_is_refused() -> None:
    with pytest.raises(BadSignature, match="signature"):
        verify_signature([SECRET], GOOD, BODY + b" ", NOW)


def test_one_good_signature_among_several_is_enough() -> None:
    old = signed_headers(OLD_SECRET, "msg_1", NOW, BODY)["webhook-signature"]
    both = GOOD | {"webhook-signature": f"{old} {GOOD['webhook-signature']}"}

    assert verify_signature([SECRET], both, BODY, NOW) == "msg_1"


def test_an_old_secret_verifies_only_while_it_is_configured() -> None:
    old = signed_headers(OLD_SECRET, "msg_1", NOW, BODY)

    assert verify_signature([SECRET, OLD_SECRET], old, BODY, NOW) == "msg_1"
    with pytest.raises(BadSignature):
        verify_signature([SECRET], old, BODY, NOW)


def test_a_good_signature_behind_a_long_row_of_bad_ones_is_not_looked_for() -> None:
    padded = GOOD | {"webhook-signature": "v1,AAAA " * 5 + GOOD["webhook-signature"]}

    with pytest.raises(BadSignature):
        verify_signature([SECRET], padded, BODY, NOW)


def test_a_secret_is_read_in_the_form_of_standard_webhooks() -> None:
    plain, named = base64.b64encode(OLD_SECRET).decode(), "whsec_" + base64.b64encode(SECRET).decode()

    assert secrets_of(f"{named} {plain}") == [SECRET, OLD_SECRET]


NAMED = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"


def test_the_standardwebhooks_library_takes_our_callback_under_the_same_secret() -> None:
    headers = signed_headers(secrets_of(NAMED)[0], "msg_1", int(time.time()), BODY)

    assert Webhook(NAMED).verify(BODY, headers) == json.loads(BODY)
    with pytest.raises(WebhookVerificationError):
        Webhook(NAMED).verify(BODY + b" ", headers)


def test_a_callback_of_the_standardwebhooks_library_is_taken_under_the_same_secret() -> None:
    signature = Webhook(NAMED).sign("msg_1", datetime.fromtimestamp(NOW, UTC), BODY.decode())
    headers = {"webhook-id": "msg_1", "webhook-timestamp": str(NOW), "webhook-signature": signature}

    assert verify_signature(secrets_of(NAMED), headers, BODY, NOW) == "msg_1"
    with pytest.raises(BadSignature):
        verify_signature([SECRET], headers, BODY, NOW)


@pytest.mark.parametrize("text", ["", "c2hvcnQ=", "whsec_c2hvcnQ=", "whsec_", "not base64!", "\xe9\xe9\xe9\xe9"])
def test_a_weak_or_unreadable_secret_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="random secrets"):
        secrets_of(text)
