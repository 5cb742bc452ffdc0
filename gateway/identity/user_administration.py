"""What an operator does about the people who sign in: the work behind ``portal user``."""

from __future__ import annotations

import uuid
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from sqlalchemy.ext.asyncio import AsyncConnection

from chassis.contact_points import Phone, is_email, phone_advice
from chassis.identity import CallerKind, WritingNumber
from chassis.kernel import AlreadyExists, Clock, Conflict, InvalidInput, NotFound, Problem, get_markets
from gateway.identity.organization_accounts import is_subject
from gateway.identity.password_changes import LINK_LIFETIME, make_link
from gateway.store import delegation_rows, organization_rows, second_factors, sessions, user_changes
from gateway.store.database import GatewayDatabase
from gateway.store.user_changes import Account

# As wide as the columns; longer names are cut nowhere.
LONGEST_EMAIL, LONGEST_NAME = 254, 120
NUMBER_DIGITS, MOST_NPN_DIGITS = 9, 10


class UserAdministration:
    """``clock`` runs on real time. Whoever is disabled or reset is signed out within a second everywhere."""

    def __init__(self, database: GatewayDatabase, clock: Clock) -> None:
        self._database = database
        self._clock = clock

    async def list_accounts(self) -> list[tuple[Account, list[WritingNumber]]]:
        async with self._database.transaction() as connection:
            found = await user_changes.list_accounts(connection)
            return [(one, await user_changes.list_numbers(connection, one.user_id)) for one in found]

    async def add(self, email: str, name: str, role: CallerKind) -> str:
        """The secret of the link with which the person sets a password; AlreadyExists for a known address."""
        async with self._added(email, name, role) as (connection, user_id):
            return await self._make_link(connection, user_id)

    async def add_to_organization(self, email: str, name: str, role: CallerKind) -> None:
        """Without a password: the person signs in at the organization's provider, first by this address."""
        async with self._added(email, name, role) as (connection, user_id):
            await organization_rows.put_account(connection, user_id, None, None, self._clock.now())

    @asynccontextmanager
    async def _added(self, email: str, name: str, role: CallerKind) -> AsyncIterator[tuple[AsyncConnection, str]]:
        email, name = email.strip().lower(), " ".join(name.split())
        problems = []
        if len(email) > LONGEST_EMAIL or not is_email(email):
            problems.append(Problem("email", "Give the email address with which the person will sign in."))
        if not 0 < len(name) <= LONGEST_NAME:
            problems.append(Problem("name", f"Give the person's name, {LONGEST_NAME} characters at most."))
        if problems:
            raise InvalidInput("The user was not added.", problems=tuple(problems))
        async with self._database.transaction() as connection:
            user_id = str(uuid.uuid4())
            if not await user_changes.add_user(connection, user_id, email, name, role.value):
                raise AlreadyExists(f"{email} has an account already.")
            yield connection, user_id

    async def disable(self, email: str) -> None:
        """Signed out everywhere, and refused from then on; all that belongs to the person stays."""
        async with self._account(email) as (connection, account):
            await user_changes.set_active(connection, account.user_id, False)
            await sessions.remove_sessions(connection, account.user_id)

    async def enable(self, email: str) -> None:
        async with self._account(email) as (connection, account):
            await user_changes.set_active(connection, account.user_id, True)

    async def reset(self, email: str, *, two_step: bool = False) -> str:
        """The old password stops working and every session ends; the secret of the link for a new one.

        ``two_step``: two-step sign-in is off afterwards, for somebody without phone and recovery codes.
        """
        async with self._account(email) as (connection, account):
            if account.by_organization:
                advice = "`portal user use-password` gives a password instead."
                raise Conflict(f"{account.email} signs in with the organization. {advice}")
            await user_changes.set_password(connection, account.user_id, None)
            if two_step:
                await second_factors.remove(connection, account.user_id)
            await sessions.remove_sessions(connection, account.user_id)
            return await self._make_link(connection, account.user_id)

    async def use_organization(self, email: str, issuer: str = "", subject: str = "") -> None:
        """From now on at the organization's provider: password and second factor are gone, and every session ends.

        ``subject``: by which the provider of ``issuer`` knows the person. Without it, whoever comes first with the
        person's address, which the provider has to have verified.
        """
        if subject and not is_subject(subject):
            raise InvalidInput.at("subject", "Give the subject as the provider writes it, 255 characters at most.")
        async with self._account(email) as (connection, account):
            if subject:
                owner = await organization_rows.find_owner_of_subject(connection, issuer, subject)
                if owner not in (None, account.email):
                    raise Conflict(f"The subject is that of {owner}.")
            # first what a password could come from: whoever is about to set one finds no link, or loses to this
            await user_changes.remove_links(connection, account.user_id)
            await user_changes.set_password(connection, account.user_id, None)
            await second_factors.remove(connection, account.user_id)
            await organization_rows.put_account(
                connection, account.user_id, issuer if subject else None, subject or None, self._clock.now()
            )
            await sessions.remove_sessions(connection, account.user_id)

    async def use_password(self, email: str) -> str:
        """No longer at the organization's provider, where every session ends; the secret of the link for a password."""
        async with self._account(email) as (connection, account):
            if not await organization_rows.remove_account(connection, account.user_id):
                raise Conflict(f"{account.email} signs in with a password. `portal user reset` makes a new link.")
            await sessions.remove_sessions(connection, account.user_id)
            return await self._make_link(connection, account.user_id)

    async def put_number(self, email: str, number: WritingNumber) -> None:
        """A writing number of a producer, or other facts about one that the producer has."""
        if problems := list(_problems_of_number(number)):
            raise InvalidInput("The writing number was not saved.", problems=tuple(problems))
        phone = Phone.read(number.phone) if number.phone else None
        kept = WritingNumber(
            number.number,
            number.state,
            number.producer_name,
            number.company_name or number.producer_name,
            phone.ten_digits if phone else "",
            number.npn,
        )
        async with self._account(email) as (connection, account):
            if account.role != CallerKind.PRODUCER:
                raise Conflict(f"{account.email} is a delegate: producers have writing numbers, and delegate them.")
            owner = await user_changes.find_owner_of_number(connection, number.number)
            if owner not in (None, account.email):
                raise Conflict(f"{number.number} is a writing number of {owner}. Remove it there first.")
            await user_changes.put_number(connection, account.user_id, kept)

    async def remove_number(self, email: str, number: str) -> None:
        """The producer and all delegates lose it at once; quotes and applications under it stay where they are."""
        async with self._account(email) as (connection, account):
            if await user_changes.find_owner_of_number(connection, number) != account.email:
                raise NotFound(f"{account.email} has no writing number {number}.")
            for delegate_id in await user_changes.list_delegates_of_number(connection, number):
                terms = await delegation_rows.remove_delegation(connection, delegate_id, number)
                if terms is not None:
                    await delegation_rows.record_change(
                        connection, self._clock.now(), account.user_id, delegate_id, number, "revoked", terms
                    )
            await user_changes.remove_number(connection, number)

    async def _make_link(self, connection: AsyncConnection, user_id: str) -> str:
        secret, secret_hash = make_link()
        await user_changes.put_link(connection, user_id, secret_hash, self._clock.now() + LINK_LIFETIME)
        return secret

    @asynccontextmanager
    async def _account(self, email: str) -> AsyncIterator[tuple[AsyncConnection, Account]]:
        async with self._database.transaction() as connection:
            found = await user_changes.find_account(connection, email.strip().lower())
            if found is None:
                raise NotFound(f"Nobody signs in as {email}. `portal user list` shows all users.")
            yield connection, found


def _problems_of_number(number: WritingNumber) -> list[Problem]:
    problems = []
    if not (len(number.number) == NUMBER_DIGITS and number.number.isascii() and number.number.isdecimal()):
        problems.append(Problem("number", f"A writing number has {NUMBER_DIGITS} digits."))
    if number.state not in get_markets():
        problems.append(Problem("state", f"Choose one of: {', '.join(sorted(get_markets().states))}."))
    if not 0 < len(number.producer_name) <= LONGEST_NAME or len(number.company_name) > LONGEST_NAME:
        problems.append(Problem("producer_name", f"Give the name as licensed, {LONGEST_NAME} characters at most."))
    if number.phone and not _is_plain_phone(number.phone):
        problems.append(Problem("phone", phone_advice(number.phone)))
    if number.npn and not (len(number.npn) <= MOST_NPN_DIGITS and number.npn.isascii() and number.npn.isdecimal()):
        problems.append(Problem("npn", f"A National Producer Number has {MOST_NPN_DIGITS} digits at most."))
    return problems


def _is_plain_phone(typed: str) -> bool:
    found = Phone.read(typed)
    return found is not None and not found.extension
