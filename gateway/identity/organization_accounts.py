"""Whom the portal lets in that the organization's provider has signed in (docs/adr/0053).

An account is found by issuer and subject. Before the first sign-in it has none: then by an address that the provider
has verified, among the accounts that an operator has given to the organization, and no others.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeGuard

from sqlalchemy.exc import IntegrityError

from chassis.identity import CallerKind
from chassis.kernel import Clock
from gateway.identity.organization_refusals import OrganizationRefused, Refusal
from gateway.settings import OrganizationSettings
from gateway.store import organization_rows
from gateway.store.database import GatewayDatabase
from gateway.store.organization_rows import OrganizationAccount

# OpenID Connect Core 1.0, 2.
LONGEST_SUBJECT = 255

Claims = Mapping[str, Any]


class OrganizationAccounts:
    """``clock`` runs on real time."""

    def __init__(self, database: GatewayDatabase, settings: OrganizationSettings, clock: Clock) -> None:
        self._database = database
        self._settings = settings
        self._clock = clock

    async def let_in(self, claims: Claims) -> str:
        """The user id of whom the claims are about, who has from now on the role that they give.

        ``claims``: checked. Raises OrganizationRefused.
        """
        role = self._read_role(claims)
        subject = claims.get("sub")
        if not is_subject(subject):
            raise OrganizationRefused(Refusal.UNTRUSTED, "subject")
        account = await self._find(subject) or await self._find_new(subject, _read_email(claims))
        if account is None:
            raise OrganizationRefused(Refusal.UNKNOWN)
        if account.role != role:
            await self._change_role(account, role)
        return account.user_id

    def _read_role(self, claims: Claims) -> CallerKind:
        given = find_claim(claims, self._settings.roles_claim)
        values = [given] if isinstance(given, str) else given if isinstance(given, list) else []
        roles = {self._settings.roles[one] for one in values if isinstance(one, str) and one in self._settings.roles}
        if len(roles) != 1:
            raise OrganizationRefused(Refusal.NO_ROLE)
        return roles.pop()

    async def _find(self, subject: str) -> OrganizationAccount | None:
        async with self._database.autocommit_read() as connection:
            return await organization_rows.find_linked(connection, self._settings.issuer, subject)

    async def _find_new(self, subject: str, email: str) -> OrganizationAccount | None:
        """The account that waits for this person; None when nobody's does."""
        if not email:
            return None
        try:
            async with self._database.transaction() as connection:
                await organization_rows.link_by_email(
                    connection, email, self._settings.issuer, subject, self._clock.now()
                )
        except IntegrityError:  # the subject got an account in another window meanwhile
            pass
        return await self._find(subject)

    async def _change_role(self, account: OrganizationAccount, role: CallerKind) -> None:
        async with self._database.transaction() as connection:
            if not await organization_rows.change_role(connection, account.user_id, role):
                raise OrganizationRefused(Refusal.CHANGED_ROLE)


def find_claim(claims: Claims, name: str) -> Any:
    """A claim of that name, or one within others: ``realm_access.roles``; None where there is none."""
    if name in claims:
        return claims[name]
    found: Any = claims
    for part in name.split("."):
        found = found.get(part) if isinstance(found, Mapping) else None
    return found


def is_subject(text: object) -> TypeGuard[str]:
    """Whether it can be one: up to 255 characters of ASCII."""
    return isinstance(text, str) and 0 < len(text) <= LONGEST_SUBJECT and text.isascii() and text.isprintable()


def _read_email(claims: Claims) -> str:
    """As accounts have it; "" unless the provider says that it has made sure of it. Some say so in a text."""
    email, verified = claims.get("email"), claims.get("email_verified")
    is_good = isinstance(email, str) and email.isprintable() and (verified is True or verified == "true")
    return str(email).strip().lower() if is_good else ""
