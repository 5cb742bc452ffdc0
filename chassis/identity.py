"""Who is calling: a short-lived signed token that travels with every gRPC call and bus message.

The gateway signs for people; each service signs for itself, with a key of its own. Services decide by the token
and look nothing up. Keys are Ed25519 JWKs; a key's ``kid`` is the name of its owner.
"""

from __future__ import annotations

import json
import time
from collections.abc import Mapping
from dataclasses import asdict
from datetime import UTC, datetime
from functools import lru_cache
from typing import Any

from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import KeySet, OKPKey

from chassis.kernel import Caller, CallerKind, DelegatedAction, EmergencyAccess, Grant, Unauthenticated, WritingNumber

# Longer than any call chain with its retries, short enough that a leaked token is soon worthless.
LIFETIME_SECONDS = 120
# A token is used again for this long instead of signing a new one: three quarters of its life always remain.
REUSE_SECONDS = 30
# Tokens at hand, signed or found good: more than the people who work through one process at a time, each with a token
# for every service; about 8 MB.
TOKENS_KEPT = 4096
# Clocks of two machines may differ by this much.
LEEWAY_SECONDS = 5
# Only the gateway may speak for people; everybody else only for itself.
PEOPLES_ISSUER = "gateway"
# In each token, beside the name of the service that it is for (docs/adr/0054).
AUDIENCE = "suite"

__all__ = [
    "Caller",
    "CallerKind",
    "TokenIssuer",
    "TokenVerifier",
    "WritingNumber",
    "generate_private_jwk",
    "public_jwks",
]


class TokenIssuer:
    """Signs tokens with one owner's key."""

    def __init__(self, private_jwk: str) -> None:
        self._key = OKPKey.import_key(json.loads(private_jwk))
        self._issuer = str(self._key.kid)
        self._kept = lru_cache(TOKENS_KEPT)(lambda caller, audience, _turn: self._sign(caller, audience))

    def issue(self, caller: Caller, audience: str = "") -> str:
        """``audience``: the service that may take it from the caller; without one, each of them may."""
        # a token's life is real time, whatever the business date
        return self._kept(caller, audience, int(time.time() / REUSE_SECONDS))

    def _sign(self, caller: Caller, audience: str) -> str:
        now = int(time.time())
        claims: dict[str, Any] = {
            "iss": self._issuer,
            "aud": [AUDIENCE, audience] if audience else AUDIENCE,
            "iat": now,
            "exp": now + LIFETIME_SECONDS,
            "sub": caller.subject,
            "name": caller.name,
            "kind": caller.kind.value,
            "writing_numbers": [asdict(number) for number in caller.writing_numbers],
            "grants": {
                number.number: _describe(grant)
                for number, grant in zip(caller.writing_numbers, caller.grants, strict=bool(caller.grants))
                if grant
            },
        }
        if caller.emergencies:
            claims["emergencies"] = [_describe_emergency(one) for one in caller.emergencies]
        return jwt.encode({"alg": "Ed25519", "kid": self._issuer}, claims, self._key, algorithms=["Ed25519"])

    def issue_for_self(self, audience: str = "") -> str:
        return self.issue(Caller(CallerKind.SERVICE, self._issuer), audience)


class TokenVerifier:
    """Believes the keys that it was given, and nobody else."""

    def __init__(self, trusted_jwks: str) -> None:
        self._keys = KeySet.import_key_set(json.loads(trusted_jwks))
        self._claims = jwt.JWTClaimsRegistry(
            leeway=LEEWAY_SECONDS,
            iss={"essential": True},
            aud={"essential": True, "value": AUDIENCE},
            exp={"essential": True},
            sub={"essential": True},
        )
        # a signature that was found good stays good; what time changes is judged again in every second, which is the
        # unit of a token's times
        self._opened = lru_cache(TOKENS_KEPT)(self._open)
        self._judged = lru_cache(TOKENS_KEPT)(self._judge)

    def verify(self, token: str | None, audience: str = "") -> Caller:
        """``audience``: the service to which it was sent, where it has to be for that service."""
        if not token:
            raise Unauthenticated("Please sign in.")
        try:
            return self._judged(token, audience, int(time.time()))
        except (JoseError, ValueError, KeyError, TypeError, AttributeError):
            raise Unauthenticated("Your sign-in has ended. Please sign in again.") from None

    def _judge(self, token: str, audience: str, _second: int) -> Caller:
        claims, caller = self._opened(token)
        self._claims.validate(claims)
        # a process of the release before names no service
        if audience and claims["aud"] != AUDIENCE and audience not in claims["aud"]:
            raise ValueError("the token is for another service")
        return caller

    def _open(self, token: str) -> tuple[dict[str, Any], Caller]:
        decoded = jwt.decode(token, self._keys, algorithms=["Ed25519"])
        return decoded.claims, self._caller(decoded.header.get("kid"), decoded.claims)

    def _caller(self, signed_by: object, claims: dict[str, Any]) -> Caller:
        kind = CallerKind(claims["kind"])
        honest = claims["iss"] == signed_by and (
            claims["iss"] == PEOPLES_ISSUER if kind is not CallerKind.SERVICE else claims["sub"] == signed_by
        )
        if not honest:
            raise ValueError("the issuer may not speak for this subject")
        numbers = tuple(WritingNumber(**number) for number in claims["writing_numbers"])
        # a gateway of the release before signs no name and no grants, but the numbers of what the call does alone
        limits = {number: _read(grant) for number, grant in claims.get("grants", {}).items()}
        grants = tuple(limits.get(number.number) for number in numbers) if limits else ()
        emergencies = tuple(map(_read_emergency, claims.get("emergencies", ())))
        return Caller(kind, claims["sub"], numbers, claims.get("name", ""), grants, emergencies=emergencies)


def _describe(grant: Grant) -> dict[str, Any]:
    actions = sorted(action.value for action in grant.actions)
    return {"actions": actions, "ends_at": grant.ends_at.timestamp() if grant.ends_at else None}


def _read(claim: Mapping[str, Any]) -> Grant:
    # an action of a later release is none that this one could allow
    actions = frozenset(map(DelegatedAction, set(claim["actions"]) & set(DelegatedAction)))
    return Grant(actions, None if claim["ends_at"] is None else datetime.fromtimestamp(claim["ends_at"], UTC))


def _describe_emergency(emergency: EmergencyAccess) -> dict[str, Any]:
    return asdict(emergency) | {"ends_at": emergency.ends_at.timestamp()}


def _read_emergency(claim: Mapping[str, Any]) -> EmergencyAccess:
    number, ends_at = WritingNumber(**claim["number"]), datetime.fromtimestamp(claim["ends_at"], UTC)
    return EmergencyAccess(claim["grant_id"], claim["record_number"], number, ends_at)


def generate_private_jwk(owner: str) -> str:
    """A new Ed25519 key for one owner, as JSON with its private half."""
    key = OKPKey.generate_key("Ed25519", {"kid": owner, "alg": "Ed25519", "use": "sig"}, private=True)
    return json.dumps(key.as_dict(private=True))


def public_jwks(private_jwks: list[str]) -> str:
    """The set of public halves that every process trusts."""
    return json.dumps({"keys": [OKPKey.import_key(json.loads(key)).as_dict(private=False) for key in private_jwks]})
