"""Delegations: a producer lets a delegate act under writing numbers, within limits, and takes it back (R7, R25).

What a delegation allows is read with the person's session, and every call to a service is signed accordingly
(``gateway.edge.delegated_rpcs``): one that ended or was revoked counts within the second for which a session is
believed. Every grant, change and revocation is recorded in the same transaction.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from chassis.kernel import Clock, Forbidden, InvalidInput, NotFound, Problem, business_date, get_markets
from gateway.store import delegation_rows
from gateway.store.database import GatewayDatabase
from gateway.store.delegation_rows import Delegation, DelegationChange, DelegationTerms
from gateway.user import DelegatedAction, User

# What a page shows of the record; all of it stays in the database.
CHANGES_SHOWN = 100
# Access ends at the midnight after its last day, and the calendar has none after its own last year.
LATEST_YEAR = date.max.year - 1


@dataclass(frozen=True, slots=True)
class DelegationRequest:
    """As a producer asks for it; both days are included, by the calendar of each number's state. None: no bound."""

    email: str
    numbers: Sequence[str]
    actions: frozenset[DelegatedAction]
    first_day: date | None = None
    last_day: date | None = None


@dataclass(frozen=True, slots=True)
class Delegations:
    """``clock``: the business clock, by which the days of a delegation are counted."""

    database: GatewayDatabase
    clock: Clock

    async def of_producer(self, user: User) -> list[Delegation]:
        async with self.database.autocommit_read() as connection:
            return await delegation_rows.list_of_producer(connection, user.user_id)

    async def of_delegate(self, user: User) -> list[Delegation]:
        async with self.database.autocommit_read() as connection:
            return await delegation_rows.list_of_delegate(connection, user.user_id)

    async def changes(self, user: User) -> list[DelegationChange]:
        """The newest ones of a producer's delegations."""
        async with self.database.autocommit_read() as connection:
            return await delegation_rows.list_changes(connection, user.user_id, CHANGES_SHOWN)

    async def grant(self, user: User, wanted: DelegationRequest) -> None:
        """All of the numbers or none; a number that the delegate has already gets the new terms."""
        _must_be_producer(user)
        problems = list(self._problems(user, wanted))
        if problems:
            raise InvalidInput("Correct the access you want to give.", problems=tuple(problems))
        now = self.clock.now()
        async with self.database.transaction() as connection:
            delegate_id = await delegation_rows.find_delegate(connection, wanted.email.casefold())
            if delegate_id is None:
                message = "No delegate signs in with this email address. Check the spelling."
                raise InvalidInput.at("email", message)
            for number in (one for one in user.own_numbers if one.number in wanted.numbers):
                terms = _terms(wanted, number.state)
                is_new = await delegation_rows.put_delegation(connection, delegate_id, number.number, terms)
                await delegation_rows.record_change(
                    connection,
                    now,
                    user.user_id,
                    delegate_id,
                    number.number,
                    "granted" if is_new else "changed",
                    terms,
                )

    async def revoke(self, user: User, delegate_id: str, number: str) -> None:
        """Ends it at once. NotFound for what the producer has not granted."""
        _must_be_producer(user)
        unknown = NotFound("This delegate has no access under this writing number.")
        if number not in {one.number for one in user.own_numbers} or "\x00" in delegate_id:
            raise unknown
        async with self.database.transaction() as connection:
            terms = await delegation_rows.remove_delegation(connection, delegate_id, number)
            if terms is None:
                raise unknown
            await delegation_rows.record_change(
                connection, self.clock.now(), user.user_id, delegate_id, number, "revoked", terms
            )

    def _problems(self, user: User, wanted: DelegationRequest) -> list[Problem]:
        found, own = [], {one.number for one in user.own_numbers}
        if not wanted.email:
            found.append(Problem("email", "Enter the delegate's email address."))
        if not wanted.numbers:
            found.append(Problem("numbers", "Choose at least one writing number."))
        elif not set(wanted.numbers) <= own:
            found.append(Problem("numbers", "Choose among your own writing numbers."))
        today = business_date(self.clock.now(), get_markets().home.state)
        if wanted.last_day and wanted.last_day < today:
            found.append(Problem("last_day", "The last day has passed. Choose today or a later day."))
        elif wanted.first_day and wanted.last_day and wanted.last_day < wanted.first_day:
            found.append(Problem("last_day", "The last day is before the first day. Choose a later day."))
        elif wanted.last_day and wanted.last_day.year > LATEST_YEAR:
            found.append(Problem("last_day", "Choose an earlier day, or leave it empty for access without an end."))
        return found


def _must_be_producer(user: User) -> None:
    if user.is_delegate:
        raise Forbidden("Only the producer can give or revoke access.")


def _terms(wanted: DelegationRequest, state: str) -> DelegationTerms:
    return DelegationTerms(
        wanted.actions,
        _midnight(wanted.first_day, state) if wanted.first_day else None,
        _midnight(wanted.last_day + timedelta(days=1), state) if wanted.last_day else None,
    )


def _midnight(day: date, state: str) -> datetime:
    """Where the writing number's state keeps its clocks."""
    return datetime.combine(day, time(), get_markets()[state].zone)
