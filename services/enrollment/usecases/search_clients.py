"""Use case: find a client by name, birth date, phone or the last four digits of the social security number (R44)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date

from chassis.contact_points import phone_advice
from chassis.kernel import Caller, InvalidInput, Problem
from services.enrollment.domain.address_tokenizer import tokenize_address
from services.enrollment.domain.client import ClientFilter, ten_digits
from services.enrollment.usecases.application_service import ApplicationService
from services.enrollment.usecases.dtos import Client

# One letter would match a tenth of everybody. The contract asks for as many characters; "J." has one letter of them.
FEWEST_LETTERS = 2
MOST_CLIENTS = 20


@dataclass(frozen=True, slots=True)
class SearchClients:
    service: ApplicationService

    def __call__(
        self, caller: Caller, name: str, date_of_birth: date | None, phone: str, ssn_last_four: str
    ) -> list[Client]:
        """Clients of the caller's writing numbers, in order of name; who is known under two of them comes once."""
        problems = tuple(_problems(name, date_of_birth, phone, ssn_last_four))
        if problems:
            raise InvalidInput("Correct the search.", problems=problems)
        wanted = ClientFilter(name, date_of_birth, ten_digits(phone), ssn_last_four)
        with self.service.transactions() as work:
            found = work.clients.search(wanted, caller.numbers, 2 * MOST_CLIENTS)
        return _each_once(found)[:MOST_CLIENTS]


def _problems(name: str, date_of_birth: date | None, phone: str, ssn_last_four: str) -> Iterator[Problem]:
    if not (name.strip() or date_of_birth or phone or ssn_last_four):
        yield Problem("name", "Enter a name, a birth date, a phone number or the last four digits.", "R44")
    if name.strip() and len("".join(tokenize_address(name))) < FEWEST_LETTERS:
        yield Problem("name", f"Type at least {FEWEST_LETTERS} letters of the name.", "R44")
    if phone and not ten_digits(phone):
        yield Problem("phone", phone_advice(phone), "R44")


def _each_once(found: list[Client]) -> list[Client]:
    """The newest row of a person, with everything counted."""
    people: dict[str, Client] = {}
    for client in found:
        known = people.get(client.profile.identity)
        people[client.profile.identity] = _together(known, client) if known else client
    return list(people.values())


def _together(known: Client, other: Client) -> Client:
    return replace(
        known,
        quotes=known.quotes + other.quotes,
        drafts=known.drafts + other.drafts,
        submissions=known.submissions + other.submissions,
    )
