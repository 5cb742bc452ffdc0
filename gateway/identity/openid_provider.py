"""The organization's OpenID provider: where it signs people in, and what it says of them (OpenID Connect Core 1.0).

Authlib builds and reads what the protocol sends; the calls themselves are made here, since each has an end in time and
size.
"""

from __future__ import annotations

import asyncio
import contextlib
import json
import ssl
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import quote_plus, urlsplit

import httpx
from authlib.oauth2.auth import ClientAuth
from authlib.oauth2.rfc6749.parameters import prepare_grant_uri, prepare_token_request
from authlib.oauth2.rfc7636 import create_s256_code_challenge
from authlib.oidc.core import CodeIDToken
from authlib.oidc.discovery import get_well_known_url
from joserfc import jwt
from joserfc.errors import InvalidKeyIdError, JoseError
from joserfc.jwk import JWKRegistry, KeySet
from joserfc.jws import JWSRegistry

from chassis.kernel import Clock
from gateway.identity.organization_accounts import Claims, find_claim
from gateway.identity.organization_refusals import OrganizationRefused, Refusal, describe_error
from gateway.settings import OrganizationSettings

# A provider answers within a second; a person who waits for longer than this presses the button again.
SECONDS_FOR_AN_ANSWER = 5.0
# The largest answer, the keys of a provider with many of them and their certificates, has some 50 kB.
LARGEST_ANSWER = 256 * 1024
# For so long at the most a key is believed that the provider has withdrawn. A new one is asked for as it turns up.
BELIEVED_FOR = timedelta(minutes=10)
# Of keys with a private half, which the portal does not know.
_KEY_TYPES = ("RSA", "EC", "OKP")
# Clocks of two organizations may differ by so much: ten times what clocks that are set over the network do.
LEEWAY_SECONDS = 60
# Signatures by a private key alone: what the portal can check it cannot make.
ALGORITHMS = ("RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512", "EdDSA")


@dataclass(frozen=True, slots=True)
class _Known:
    """What the provider has published."""

    metadata: Claims
    keys: KeySet
    read_at: datetime


class OpenIdProvider:
    """``redirect_uri``: where the provider sends people back to. ``clock`` runs on real time.

    Everything raises OrganizationRefused: AWAY where the provider does not answer as the protocol has it, UNTRUSTED
    where an answer does not prove what it says.
    """

    def __init__(self, settings: OrganizationSettings, redirect_uri: str, clock: Clock) -> None:
        self._settings = settings
        self._redirect_uri = redirect_uri
        self._clock = clock
        self._seconds = SECONDS_FOR_AN_ANSWER
        self._tls: ssl.SSLContext | None = None
        self._known: _Known | None = None
        self._reading: asyncio.Task[_Known] | None = None

    async def address_to_sign_in(self, state: str, nonce: str, verifier: str) -> str:
        """Where a person signs in."""
        metadata = (await self._find_known()).metadata
        acr_values = " ".join(self._settings.acr_values)
        return str(
            prepare_grant_uri(
                metadata["authorization_endpoint"],
                client_id=self._settings.client_id,
                response_type="code",
                redirect_uri=self._redirect_uri,
                scope=self._settings.scopes,
                state=state,
                nonce=nonce,
                code_challenge=create_s256_code_challenge(verifier),
                code_challenge_method="S256",
                acr_values=acr_values or None,
            )
        )

    async def refuse_other_sender(self, issuer: str | None) -> None:
        """RFC 9207: ``issuer`` is what the answer says of its sender, and has to where the provider promises it."""
        metadata = (await self._find_known()).metadata
        promised = metadata.get("authorization_response_iss_parameter_supported") is True
        if issuer != self._settings.issuer and (promised or issuer is not None):
            raise OrganizationRefused(Refusal.UNTRUSTED, "sender of the answer")

    async def read_claims(self, code: str, nonce: str, verifier: str) -> Claims:
        """What the provider says of the person for whom it gave ``code``: checked, and for nobody else."""
        metadata = (await self._find_known()).metadata
        answer = await self._exchange(metadata, code, verifier)
        token, access_token = answer.get("id_token"), answer.get("access_token")
        if not isinstance(token, str) or not isinstance(access_token, str):
            raise OrganizationRefused(Refusal.UNTRUSTED, "no id token")
        claims = await self._check_token(token, access_token, nonce)
        wanted = (claims.get("email"), find_claim(claims, self._settings.roles_claim))
        if None in wanted and "userinfo_endpoint" in metadata:
            told = await self._ask_for_more(metadata, access_token)
            if told.get("sub") != claims["sub"]:
                raise OrganizationRefused(Refusal.UNTRUSTED, "subject of the userinfo")
            claims = {**told, **claims}
        return claims

    async def _exchange(self, metadata: Claims, code: str, verifier: str) -> Claims:
        # RFC 6749, 2.3.1: both are written as in a form before they are put together
        client = (quote_plus(self._settings.client_id), quote_plus(self._settings.client_secret))
        offered = metadata.get("token_endpoint_auth_methods_supported") or ["client_secret_basic"]
        method = "client_secret_basic" if "client_secret_basic" in offered else "client_secret_post"
        if method == "client_secret_post":
            client = (self._settings.client_id, self._settings.client_secret)
        body = prepare_token_request(
            "authorization_code", redirect_uri=self._redirect_uri, code=code, code_verifier=verifier
        )
        headers = {"Content-Type": "application/x-www-form-urlencoded"}
        url, headers, body = ClientAuth(*client, method).prepare("POST", metadata["token_endpoint"], headers, body)
        status, answer = await self._ask("POST", url, headers, body)
        if status != httpx.codes.OK:
            raise OrganizationRefused(Refusal.UNTRUSTED, f"token: {describe_error(answer.get('error'))}")
        return answer

    async def _check_token(self, token: str, access_token: str, nonce: str) -> Claims:
        issuer, client_id = self._settings.issuer, self._settings.client_id
        try:
            try:
                signed = _read_signed(token, (await self._find_known()).keys)
            except InvalidKeyIdError:  # a new key
                signed = _read_signed(token, (await self._find_known(anew=True)).keys)
            claims = CodeIDToken(
                signed.claims,
                signed.header,
                {
                    "iss": {"essential": True, "value": issuer},
                    "aud": {"essential": True, "value": client_id},
                    "sub": {"essential": True},
                },
                {"nonce": nonce, "client_id": client_id, "access_token": access_token},
            )
            claims.validate(now=int(self._clock.now().timestamp()), leeway=LEEWAY_SECONDS)
        except (JoseError, ValueError, TypeError) as wrong:
            raise OrganizationRefused(Refusal.UNTRUSTED, f"id token: {type(wrong).__name__}") from None
        if self._settings.acr_values and claims.get("acr") not in self._settings.acr_values:
            raise OrganizationRefused(Refusal.UNTRUSTED, "acr of the id token")
        return dict(claims)

    async def _ask_for_more(self, metadata: Claims, access_token: str) -> Claims:
        headers = {"Authorization": f"Bearer {access_token}"}
        status, answer = await self._ask("GET", metadata["userinfo_endpoint"], headers)
        if status != httpx.codes.OK:
            raise OrganizationRefused(Refusal.AWAY, "userinfo")
        return answer

    async def _find_known(self, *, anew: bool = False) -> _Known:
        """Asked once for all who wait; whoever goes away meanwhile does not end it for the others."""
        if self._known and not anew and self._clock.now() - self._known.read_at < BELIEVED_FOR:
            return self._known
        if self._reading is None or self._reading.done():
            self._reading = asyncio.create_task(self._read_known())
            self._reading.add_done_callback(lambda done: done.cancelled() or done.exception())
        return await asyncio.shield(self._reading)

    async def _read_known(self) -> _Known:
        issuer = self._settings.issuer
        status, metadata = await self._ask("GET", get_well_known_url(issuer, external=True))
        if status != httpx.codes.OK:
            raise OrganizationRefused(Refusal.AWAY, "configuration")
        if metadata.get("issuer") != issuer:
            raise OrganizationRefused(Refusal.UNTRUSTED, "issuer of the configuration")
        needed = ("authorization_endpoint", "token_endpoint", "jwks_uri")
        endpoints = [metadata.get(name) for name in (*needed, "userinfo_endpoint") if name in (*needed, *metadata)]
        if not all(_is_as_safe(one, issuer) for one in endpoints):
            raise OrganizationRefused(Refusal.UNTRUSTED, "addresses of the configuration")
        status, published = await self._ask("GET", metadata["jwks_uri"])
        if status != httpx.codes.OK:
            raise OrganizationRefused(Refusal.AWAY, "keys")
        self._known = _Known(metadata, _read_keys(published), self._clock.now())
        return self._known

    async def _ask(
        self, method: str, url: str, headers: Mapping[str, str] | None = None, body: str = ""
    ) -> tuple[int, dict[str, Any]]:
        """Status and JSON object of an answer."""
        # not compressed: a small answer could be unpacked to a large one
        asked = {"Accept": "application/json", "Accept-Encoding": "identity", **(headers or {})}
        try:
            async with (
                asyncio.timeout(self._seconds),
                httpx.AsyncClient(verify=await self._find_tls(), timeout=self._seconds, trust_env=False) as http,
                http.stream(method, url, headers=asked, content=body.encode()) as answer,
            ):
                text = bytearray()
                async for part in answer.aiter_raw():
                    text += part
                    if len(text) > LARGEST_ANSWER:
                        raise OrganizationRefused(Refusal.AWAY, "answer too large")
                read = json.loads(text)
        except (httpx.HTTPError, httpx.InvalidURL, TimeoutError, ValueError, RecursionError) as failed:
            raise OrganizationRefused(Refusal.AWAY, type(failed).__name__) from None
        if not isinstance(read, dict):
            raise OrganizationRefused(Refusal.AWAY, "no JSON object")
        return answer.status_code, read

    async def _find_tls(self) -> ssl.SSLContext:
        """Made once, in a thread: reading the authorities takes a while."""
        if self._tls is None:
            self._tls = await asyncio.to_thread(httpx.create_ssl_context, trust_env=False)
            if self._settings.ca_file:
                self._tls.load_verify_locations(cafile=self._settings.ca_file)
        return self._tls


def _read_signed(token: str, keys: KeySet) -> jwt.Token:
    # headers that say nothing about the signature may stand there: providers have some of their own
    return jwt.decode(token, keys, registry=JWSRegistry(algorithms=ALGORITHMS, strict_check_header=False))


def _read_keys(published: Claims) -> KeySet:
    """Those that may check a signature; a key of a kind that is not known here is somebody else's."""
    found, listed = [], published.get("keys")
    for one in listed if isinstance(listed, list) else []:
        if isinstance(one, dict) and one.get("kty") in _KEY_TYPES and one.get("use", "sig") == "sig":
            with contextlib.suppress(JoseError, ValueError, TypeError, KeyError):
                found.append(JWKRegistry.import_key(one))
    return KeySet(found)


def _is_as_safe(address: object, issuer: str) -> bool:
    """Over TLS as the issuer, or on loopback as it; written as an address is."""
    if not isinstance(address, str) or not address.isascii() or not address.isprintable():
        return False
    try:
        return urlsplit(address).scheme in ("https", urlsplit(issuer).scheme)
    except ValueError:
        return False
