"""Tokens: who is believed, and who is not."""

from __future__ import annotations

import json
import time
from dataclasses import asdict, replace
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from joserfc import jwt
from joserfc.jwk import OctKey, OKPKey

from chassis.identity import (
    LEEWAY_SECONDS,
    LIFETIME_SECONDS,
    REUSE_SECONDS,
    Caller,
    CallerKind,
    TokenIssuer,
    TokenVerifier,
    WritingNumber,
    generate_private_jwk,
    public_jwks,
)
from chassis.kernel import DelegatedAction, Grant, NotFound, Unauthenticated

GATEWAY, QUOTE, STRANGER = (generate_private_jwk(owner) for owner in ("gateway", "quote", "quote"))
VERIFIER = TokenVerifier(public_jwks([GATEWAY, QUOTE]))
NUMBER = WritingNumber("000000001", "TX", "DOE, JANE", "Doe Agency")
PRODUCER = Caller(CallerKind.PRODUCER, "producer@example.com", (NUMBER,), "Jane Doe")


def signed(key: str = GATEWAY, kid: str | None = None, **changes: Any) -> str:
    """A token that is good but for the changes (None takes a claim away)."""
    private = OKPKey.import_key(json.loads(key))
    now = int(time.time())
    claims = {
        "iss": "gateway",
        "aud": "suite",
        "iat": now,
        "exp": now + LIFETIME_SECONDS,
        "sub": "p@example.com",
        "kind": "producer",
        "writing_numbers": [],
    }
    claims = {name: value for name, value in (claims | changes).items() if value is not None}
    header = {"alg": "Ed25519", "kid": kid or str(private.kid)}
    return jwt.encode(header, claims, private, algorithms=["Ed25519"])


def test_what_the_gateway_signs_for_a_person_comes_out_as_it_went_in() -> None:
    assert VERIFIER.verify(TokenIssuer(GATEWAY).issue(PRODUCER)) == PRODUCER


def test_grants_come_out_as_they_went_in() -> None:
    own, other = NUMBER, replace(NUMBER, number="000000002")
    until = datetime(2026, 6, 1, tzinfo=UTC)
    for grant in (Grant(frozenset({DelegatedAction.QUOTE}), until), Grant(frozenset())):
        upline = Caller(CallerKind.PRODUCER, "p@example.com", (own, other), "Jane Doe", (None, grant))
        assert VERIFIER.verify(TokenIssuer(GATEWAY).issue(upline)) == upline


def test_an_action_of_a_later_release_is_none_that_this_one_allows() -> None:
    number = {"number": "1", "state": "TX", "producer_name": "", "company_name": ""}
    grants = {"1": {"actions": ["pay", "audit"], "ends_at": None}}
    caller = VERIFIER.verify(signed(writing_numbers=[number], grants=grants))
    assert caller.grants == (Grant(frozenset({DelegatedAction.PAY})),)


def test_a_token_of_the_release_before_names_nobody_and_no_grants() -> None:
    assert (VERIFIER.verify(signed()).name, VERIFIER.verify(signed()).grants) == ("", ())


def test_a_service_signs_for_itself() -> None:
    assert VERIFIER.verify(TokenIssuer(QUOTE).issue_for_self()) == Caller(CallerKind.SERVICE, "quote")


def test_the_helper_of_these_tests_makes_good_tokens() -> None:
    assert VERIFIER.verify(signed()).subject == "p@example.com"


now = int(time.time())


@pytest.mark.parametrize(
    "token",
    [
        pytest.param(signed(exp=now - LEEWAY_SECONDS - 60), id="expired"),
        pytest.param(signed(exp=None), id="without an end"),
        pytest.param(signed(iss="payment"), id="the issuer is not who signed"),
        pytest.param(signed(iss=None), id="without an issuer"),
        pytest.param(signed(aud="another suite"), id="meant for somebody else"),
        pytest.param(signed(aud=None), id="meant for nobody"),
        pytest.param(signed(sub=None), id="about nobody"),
        pytest.param(signed(kind="king"), id="of an unknown kind"),
        pytest.param(signed(kind=None), id="of no kind"),
        pytest.param(signed(writing_numbers=None), id="without a list of writing numbers"),
        pytest.param(signed(grants=["1"]), id="with grants that are none"),
        pytest.param(
            signed(writing_numbers=[asdict(NUMBER)], grants={NUMBER.number: {}}), id="with a grant of nothing"
        ),
        pytest.param(signed(QUOTE, iss="quote"), id="a service speaks for a person"),
        pytest.param(signed(QUOTE, iss="quote", kind="delegate"), id="a service speaks for a delegate"),
        pytest.param(signed(QUOTE), id="a service says that it is the gateway"),
        pytest.param(signed(QUOTE, iss="quote", kind="service", sub="enrollment"), id="a service speaks for another"),
        pytest.param(signed(kind="service", sub="quote"), id="the gateway speaks for a service"),
        pytest.param(signed(STRANGER, iss="quote", kind="service", sub="quote"), id="a stranger's key of a known name"),
        pytest.param(signed(generate_private_jwk("nobody")), id="a key that nobody trusts"),
        pytest.param(signed(QUOTE, kid="gateway"), id="signed with another key than it says"),
        pytest.param(signed()[:-3] + "AAA", id="altered signature"),
        pytest.param("", id="empty"),
        pytest.param(None, id="none"),
        pytest.param("a.b.c", id="no token"),
        pytest.param(signed().split(".")[1], id="only the middle"),
    ],
)
def test_a_token_of_another_signer_is_refused(token: str | None) -> None:
    with pytest.raises(Unauthenticated):
        VERIFIER.verify(token)


def test_a_token_that_is_not_signed_at_all_is_refused() -> None:
    claims = signed().split(".")[1]
    with pytest.raises(Unauthenticated):
        VERIFIER.verify(f"eyJhbGciOiJub25lIiwia2lkIjoiZ2F0ZXdheSJ9.{claims}.")


def test_the_public_key_is_no_secret_to_sign_with() -> None:
    """The classic confusion: HMAC with what everybody knows."""
    public = OctKey.import_key(public_jwks([GATEWAY]))
    token = jwt.encode({"alg": "HS256", "kid": "gateway"}, {"sub": "x"}, public)
    with pytest.raises(Unauthenticated):
        VERIFIER.verify(token)


@given(st.text())
def test_any_text_instead_of_a_token_is_refused(text: str) -> None:
    with pytest.raises(Unauthenticated):
        VERIFIER.verify(text)


def test_trusted_keys_hold_no_private_half() -> None:
    assert all("d" not in key for key in json.loads(public_jwks([GATEWAY, QUOTE]))["keys"])


def test_another_producers_writing_number_answers_like_an_unknown_one() -> None:
    assert PRODUCER.writing_number("000000001") == NUMBER
    with pytest.raises(NotFound):
        PRODUCER.writing_number("000000002")


def test_a_person_sees_only_their_own_numbers_and_a_service_all() -> None:
    assert PRODUCER.may_see("000000001")
    assert not PRODUCER.may_see("000000002")
    assert Caller(CallerKind.SERVICE, "enrollment").may_see("000000002")


def test_a_token_that_was_found_good_is_refused_once_it_has_expired(monkeypatch: pytest.MonkeyPatch) -> None:
    token, now = TokenIssuer(GATEWAY).issue(PRODUCER), time.time()
    assert VERIFIER.verify(token) == PRODUCER
    monkeypatch.setattr(time, "time", lambda: now + LIFETIME_SECONDS + LEEWAY_SECONDS + 1)
    with pytest.raises(Unauthenticated):
        VERIFIER.verify(token)


def test_a_token_is_used_again_while_most_of_its_life_is_left(monkeypatch: pytest.MonkeyPatch) -> None:
    issuer, start = TokenIssuer(GATEWAY), REUSE_SECONDS * 1_000_000
    monkeypatch.setattr(time, "time", lambda: float(start))
    token = issuer.issue(PRODUCER)
    monkeypatch.setattr(time, "time", lambda: start + REUSE_SECONDS - 0.1)
    assert issuer.issue(PRODUCER) == token
    monkeypatch.setattr(time, "time", lambda: float(start + REUSE_SECONDS))
    assert issuer.issue(PRODUCER) != token


def test_a_token_lists_the_writing_numbers_of_the_moment_it_is_issued() -> None:
    issuer = TokenIssuer(GATEWAY)
    issuer.issue(PRODUCER)
    without = Caller(PRODUCER.kind, PRODUCER.subject)
    assert VERIFIER.verify(issuer.issue(without)) == without
