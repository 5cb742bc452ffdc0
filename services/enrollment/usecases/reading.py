"""Use cases that only read: one application, the lists, the timeline, clients, addresses."""

from __future__ import annotations

from dataclasses import dataclass

from chassis.kernel import Caller, InvalidInput
from services.enrollment.domain.prospect import identity
from services.enrollment.domain.steps import Address
from services.enrollment.usecases.desk import ApplicationView, Desk
from services.enrollment.usecases.ports import Numbers
from services.enrollment.usecases.records import Client

# A name part or the beginning of an address that is shorter would match half of everything.
SHORTEST_SEARCH = 2
MOST_CLIENTS = 20
MOST_ADDRESSES = 10


@dataclass(frozen=True, slots=True)
class Reading:
    desk: Desk

    def application(self, caller: Caller, record_number: str) -> ApplicationView:
        with self.desk.transactions() as work:
            return self.desk.view(self.desk.find(work, caller, record_number))

    def clients(self, caller: Caller, name: str) -> list[Client]:
        """Applicants and prospects in order of name; somebody who is both comes once, from the application."""
        wanted, numbers = _long_enough("name", name), _visible(caller)
        with self.desk.transactions() as work:
            found = work.applications.applicants(wanted, numbers, MOST_CLIENTS)
            prospects = work.clients.search(wanted, numbers, MOST_CLIENTS)
        known = {_identity(client) for client in found}
        found += [client for client in prospects if _identity(client) not in known]
        return sorted(found, key=_identity)[:MOST_CLIENTS]

    def addresses(self, text: str, state: str) -> list[Address]:
        wanted = _long_enough("text", text)
        with self.desk.transactions() as work:
            return work.places.addresses(wanted, state, MOST_ADDRESSES)


def _identity(client: Client) -> str:
    return identity(client.first_name, client.last_name, client.date_of_birth)


def _long_enough(field: str, text: str) -> str:
    if len(text.strip()) < SHORTEST_SEARCH:
        raise InvalidInput.at(field, f"Type at least {SHORTEST_SEARCH} characters.")
    return text.strip()


def _visible(caller: Caller) -> Numbers:
    return None if caller.is_service else caller.numbers
