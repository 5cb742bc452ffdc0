"""Walks from the sign-in page to the organization's provider and back, and the people who take them."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from html import unescape
from typing import Any
from urllib.parse import parse_qsl, urlencode, urlsplit

from sqlalchemy import select

from chassis.db import Database
from chassis.identity import CallerKind
from gateway.identity.organization_sign_in import ANSWER_PATH
from gateway.identity.user_administration import UserAdministration
from gateway.store.database import GatewayDatabase
from gateway.store.tables import organization_accounts, users, writing_numbers
from tests.integration.gateway.harness import ORIGIN, GatewayHarness, RealClock
from tests.integration.gateway.organization_sign_in.openid_stand_in import (
    CLIENT_ID,
    CLIENT_SECRET,
    OrganizationProvider,
)
from tests.integration.gateway.test_pages import SAME_ORIGIN

PATH, COOKIE, NAME = "/sign-in/organization", "organization-sign-in", "Prairie Agency"
ANNA = {"email": "anna@prairie.example", "email_verified": True, "roles": ["producer", "staff"]}
DAN = {"email": "dan@prairie.example", "email_verified": True, "roles": "delegate"}
PEOPLE = {"anna-1": ANNA, "dan-1": DAN}
# What the sign-in page says, by the code of the refusal in its address.
TOLD = {
    "late": "That took too long",
    "declined": "You were not signed in at Prairie Agency.",
    "away": "The sign-in of Prairie Agency does not answer.",
    "untrusted": "The answer of Prairie Agency is not one that the portal may accept.",
    "unknown": "no account here goes with it",
    "no_role": "it gives you no role in this portal",
    "changed_role": "your account here still has what belongs to the old one",
}


def settings(provider: OrganizationProvider, **changed: Any) -> dict[str, Any]:
    given = {"oidc_issuer": provider.issuer, "oidc_client_id": CLIENT_ID, "oidc_client_secret": CLIENT_SECRET}
    return given | {"oidc_name": NAME, "oidc_scopes": "openid email roles"} | changed


@dataclass
class OrganizationPeople:
    """What an operator does about accounts, and what the database has of them."""

    url: str

    def administer(self, act: Callable[[UserAdministration], Awaitable[object]]) -> None:
        async def run() -> None:
            database = GatewayDatabase(self.url.replace("postgresql://", "postgresql+psycopg://", 1))
            try:
                await act(UserAdministration(database, RealClock()))
            finally:
                await database.close()

        asyncio.run(run())

    def add(self, email: str, role: CallerKind) -> None:
        self.administer(lambda users: users.add_to_organization(email, "Somebody", role))

    def rows(self, query: Any) -> list[Any]:
        database = Database(self.url)
        with database.engine.begin() as connection:
            found = connection.execute(query)
            rows = list(found) if found.returns_rows else []
        database.close()
        return rows

    def subjects(self) -> dict[str, str | None]:
        account = organization_accounts.c
        query = select(users.c.email, account.subject).select_from(users.join(organization_accounts))
        return {row.email: row.subject for row in self.rows(query)}

    def role(self, email: str) -> str:
        [row] = self.rows(select(users.c.role).where(users.c.email == email))
        return str(row.role)

    def remove(self) -> None:
        mine = select(users.c.user_id).where(users.c.email.endswith("@prairie.example"))
        self.rows(writing_numbers.delete().where(writing_numbers.c.user_id.in_(mine)))
        self.rows(users.delete().where(users.c.user_id.in_(mine)))


def begin(portal: GatewayHarness, next_path: str = "/account") -> str:
    """The address of the provider's page."""
    answer = portal.client.get(PATH, params={"next": next_path}, headers=SAME_ORIGIN)
    assert answer.status_code == 303
    return str(answer.headers["location"])


def come_back(portal: GatewayHarness, address: str) -> str:
    """Where the portal leads somebody whom the provider sends there."""
    assert address.startswith(f"{ORIGIN}{ANSWER_PATH}?"), address
    answer = portal.client.get(address.removeprefix(ORIGIN), headers={"Sec-Fetch-Site": "cross-site"})
    assert answer.status_code == 303, answer.text
    return str(answer.headers["location"])


def sign_in(portal: GatewayHarness, provider: OrganizationProvider, subject: str = "anna-1") -> str:
    """The whole walk: where it ends."""
    return come_back(portal, provider.sign_in(begin(portal), subject))


def who_is_in(portal: GatewayHarness) -> str:
    """The address of the person who is signed in in the test's browser; "" for nobody."""
    answer = portal.client.get("/account")
    found = re.search(r"Email address</dt><dd>([^<]+)<", answer.text)
    return unescape(found[1]) if answer.status_code == 200 and found else ""


def refusal(portal: GatewayHarness, led_to: str) -> str:
    """The code of the refusal, after a look at what the page says of it, and that nobody was signed in."""
    path, _, query = led_to.partition("?")
    code = dict(parse_qsl(query))["refused"]
    page = portal.client.get(led_to)
    assert (path, page.status_code) == ("/sign-in", 200)
    assert TOLD[code] in unescape(page.text) and "We could not sign you in" in page.text
    assert who_is_in(portal) == ""
    return code


def query_of(address: str) -> dict[str, str]:
    return dict(parse_qsl(urlsplit(address).query))


def with_query(address: str, **changed: str | None) -> str:
    """Without the parts that are None."""
    parts = {name: value for name, value in (query_of(address) | changed).items() if value is not None}
    return f"{address.partition('?')[0]}?{urlencode(parts)}"
