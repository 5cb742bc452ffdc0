"""Id tokens and configurations in which one thing is wrong sign nobody in."""

from __future__ import annotations

import base64
import json
from collections.abc import Callable, Mapping
from datetime import timedelta
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from joserfc import jwt
from joserfc.jwk import OctKey, RSAKey

from gateway.identity.openid_provider import BELIEVED_FOR, LEEWAY_SECONDS
from tests.integration.gateway.harness import GatewayHarness, RealClock, harness
from tests.integration.gateway.organization_sign_in.openid_stand_in import (
    CLIENT_ID,
    CLIENT_SECRET,
    CONFIGURATION,
    KEYS,
    TOKEN,
    Answer,
    OrganizationProvider,
)
from tests.integration.gateway.organization_sign_in.walk import (
    PATH,
    OrganizationPeople,
    begin,
    come_back,
    refusal,
    settings,
    sign_in,
    with_query,
)
from tests.integration.gateway.test_pages import SAME_ORIGIN

CHANGED_CLAIMS: Mapping[str, Callable[[dict[str, Any]], object]] = {
    "another nonce": lambda claims: claims.update(nonce="another"),
    "no nonce": lambda claims: claims.pop("nonce"),
    "another audience": lambda claims: claims.update(aud="another-program"),
    "another audience for our party": lambda claims: claims.update(aud="another-program", azp=CLIENT_ID),
    "no audience": lambda claims: claims.pop("aud"),
    "a second audience without the party": lambda claims: claims.update(aud=[CLIENT_ID, "another-program"]),
    "another authorized party": lambda claims: claims.update(azp="another-program"),
    "another issuer": lambda claims: claims.update(iss="https://evil.example"),
    "no issuer": lambda claims: claims.pop("iss"),
    "expired": lambda claims: claims.update(exp=claims["iat"] - LEEWAY_SECONDS - 60),
    "no end": lambda claims: claims.pop("exp"),
    "of the future": lambda claims: claims.update(iat=claims["iat"] + 3600),
    "no subject": lambda claims: claims.pop("sub"),
    "a subject that is none": lambda claims: claims.update(sub="anna\x001"),
    "another access token": lambda claims: claims.update(at_hash="AAAAAAAAAAAAAAAAAAAAAA"),
    "a nonce that is no text": lambda claims: claims.update(nonce=["n"]),
    "an end that is no number": lambda claims: claims.update(exp="later"),
}


@pytest.mark.parametrize("what", CHANGED_CLAIMS)
def test_id_token_with_a_wrong_claim_signs_nobody_in(
    portal: GatewayHarness, provider: OrganizationProvider, what: str
) -> None:
    provider.change_token(CHANGED_CLAIMS[what])
    assert refusal(portal, sign_in(portal, provider)) == "untrusted"


def test_id_token_that_was_only_signed_again_signs_in(portal: GatewayHarness, provider: OrganizationProvider) -> None:
    """The control: what is refused above is the claim, and not the signature of the stand-in."""
    provider.change_token(lambda _claims: None)
    assert sign_in(portal, provider) == "/account"


def with_token(provider: OrganizationProvider, make: Callable[[str, dict[str, Any]], str]) -> None:
    """Another id token in the place of the provider's, from that one and its claims."""

    def change(answer: Answer) -> Answer:
        token = answer.told["id_token"]
        body = token.split(".")[1]
        claims = json.loads(base64.urlsafe_b64decode(body + "=" * (-len(body) % 4)))
        return answer.telling(answer.told | {"id_token": make(token, claims)})

    provider.change_answer[TOKEN] = change


def unsigned(_token: str, claims: dict[str, Any]) -> str:
    parts = [json.dumps(one).encode() for one in ({"alg": "none"}, claims)]
    return ".".join(base64.urlsafe_b64encode(one).rstrip(b"=").decode() for one in parts) + "."


def under_the_clients_secret(_token: str, claims: dict[str, Any]) -> str:
    return jwt.encode({"alg": "HS256"}, claims, OctKey.import_key(CLIENT_SECRET), algorithms=["HS256"])


def under_another_key(_token: str, claims: dict[str, Any]) -> str:
    return jwt.encode({"alg": "RS256", "kid": "first"}, claims, RSAKey.generate_key(2048))


def under_an_unknown_key(_token: str, claims: dict[str, Any]) -> str:
    return jwt.encode({"alg": "RS256", "kid": "second"}, claims, RSAKey.generate_key(2048))


def with_another_subject(token: str, claims: dict[str, Any]) -> str:
    head, _, signature = token.split(".")
    body = base64.urlsafe_b64encode(json.dumps(claims | {"sub": "dan-1"}).encode()).rstrip(b"=").decode()
    return ".".join((head, body, signature))


@pytest.mark.parametrize(
    "make",
    [
        unsigned,
        under_the_clients_secret,
        under_another_key,
        under_an_unknown_key,
        with_another_subject,
        lambda _token, _claims: "",
        lambda _token, _claims: "no.token.at-all",
    ],
)
def test_id_token_that_the_provider_did_not_sign_signs_nobody_in(
    portal: GatewayHarness, provider: OrganizationProvider, make: Callable[[str, dict[str, Any]], str]
) -> None:
    with_token(provider, make)
    assert refusal(portal, sign_in(portal, provider)) == "untrusted"


def test_new_key_of_the_provider_is_asked_for_as_it_turns_up(
    portal: GatewayHarness, provider: OrganizationProvider
) -> None:
    assert sign_in(portal, provider) == "/account"
    new = publish_another_key(provider)
    provider.change_token(lambda _claims: None, key=new)
    assert sign_in(portal, provider) == "/account"


def test_key_that_the_provider_withdrew_is_believed_for_a_while_and_no_longer(
    portal: GatewayHarness, provider: OrganizationProvider
) -> None:
    assert sign_in(portal, provider) == "/account"
    publish_another_key(provider)
    portal.client.cookies.clear()
    portal.clock.advance(BELIEVED_FOR - timedelta(minutes=5))
    assert sign_in(portal, provider) == "/account"
    portal.client.cookies.clear()
    portal.clock.advance(timedelta(minutes=5))
    assert refusal(portal, sign_in(portal, provider)) == "untrusted"


def publish_another_key(provider: OrganizationProvider) -> RSAKey:
    """In the place of the one with which the provider signs."""
    new = RSAKey.generate_key(2048, {"kid": "second", "use": "sig"})
    provider.change_answer[KEYS] = lambda answer: answer.telling({"keys": [new.as_dict(private=False)]})
    return new


def test_keys_of_kinds_that_are_not_known_are_passed_over(
    portal: GatewayHarness, provider: OrganizationProvider
) -> None:
    strange = [{"kty": "AKP", "kid": "a"}, {"kty": "RSA", "kid": "b"}, {"kty": "oct", "k": "AAAA"}, "none", 7]
    provider.change_answer[KEYS] = lambda answer: answer.telling({"keys": [*strange, *answer.told["keys"]]})
    assert sign_in(portal, provider) == "/account"


@pytest.mark.parametrize(
    ("path", "told"),
    [
        (TOKEN, {}),
        (TOKEN, {"id_token": 7, "access_token": "a"}),
        (TOKEN, {"error": "a\nline of its own"}),
        (KEYS, {"keys": []}),
        (KEYS, {"keys": "none"}),
        (CONFIGURATION, {"issuer": "https://evil.example"}),
        (CONFIGURATION, {}),
    ],
)
def test_answer_that_lacks_what_it_needs_signs_nobody_in(
    portal: GatewayHarness, provider: OrganizationProvider, path: str, told: dict[str, Any]
) -> None:
    provider.change_answer[path] = lambda answer: answer.telling(told)
    if path == CONFIGURATION:
        led_to = portal.client.get(PATH, headers=SAME_ORIGIN).headers["location"]
    else:
        led_to = sign_in(portal, provider)
    assert refusal(portal, led_to) == "untrusted"


@pytest.mark.parametrize(
    "changed",
    [
        {"issuer": "https://evil.example"},
        {"token_endpoint": "ftp://evil.example/token"},
        {"authorization_endpoint": "https://evil.example/\ud800"},
        {"authorization_endpoint": "https://evil.example/\r\nSet-Cookie: sid=a"},
        {"authorization_endpoint": "https://[evil.example"},
        {"jwks_uri": 7},
        {"userinfo_endpoint": None},
    ],
)
def test_configuration_of_another_issuer_or_with_an_unsafe_address_is_refused(
    portal: GatewayHarness, provider: OrganizationProvider, changed: dict[str, str]
) -> None:
    provider.change_answer[CONFIGURATION] = lambda answer: answer.telling(answer.told | changed)
    assert refusal(portal, portal.client.get(PATH, headers=SAME_ORIGIN).headers["location"]) == "untrusted"


@pytest.mark.parametrize("sender", ["https://evil.example", None])
def test_answer_of_another_sender_is_refused(
    portal: GatewayHarness, provider: OrganizationProvider, sender: str | None
) -> None:
    """RFC 9207; the provider's configuration says that each of its answers names it."""
    address = provider.sign_in(begin(portal), "anna-1")
    assert refusal(portal, come_back(portal, with_query(address, iss=sender))) == "untrusted"


def test_sender_may_be_missing_where_the_provider_does_not_promise_it(
    portal: GatewayHarness, provider: OrganizationProvider
) -> None:
    def without_the_promise(answer: Answer) -> Answer:
        return answer.telling(answer.told | {"authorization_response_iss_parameter_supported": False})

    provider.change_answer[CONFIGURATION] = without_the_promise
    address = provider.sign_in(begin(portal), "anna-1")
    assert come_back(portal, with_query(address, iss=None)) == "/account"


@pytest.mark.parametrize(
    ("acr", "led_to"), [("gold", "/account"), ("bronze", "untrusted"), (None, "untrusted"), (["gold"], "untrusted")]
)
def test_strength_that_the_operator_asks_for_is_held_against_the_id_token(
    provider: OrganizationProvider, people: OrganizationPeople, gateway_url: str, acr: object, led_to: str
) -> None:
    provider.change_token(lambda claims: claims.update(acr=acr))
    with harness(gateway_url, RealClock(), **settings(provider, oidc_acr_values="gold platinum")) as portal:
        asked = begin(portal)
        assert parse_qs(urlsplit(asked).query)["acr_values"] == ["gold platinum"]
        found = come_back(portal, provider.sign_in(asked, "anna-1"))
        assert (found if acr == "gold" else refusal(portal, found)) == led_to
