"""Use case: a new or changed quote makes or finds the client."""

from __future__ import annotations

from dataclasses import dataclass

from services.enrollment.domain.client import ClientProfile
from services.enrollment.domain.enums import Relationship
from services.enrollment.domain.events import ClientCreated
from services.enrollment.domain.names import split_suffix
from services.enrollment.domain.steps import Address
from services.enrollment.usecases.application_service import ApplicationService
from services.enrollment.usecases.dtos import SavedQuote
from services.enrollment.usecases.ports import QuoteService


@dataclass(frozen=True, slots=True)
class OnQuoteCreated:
    """One client for each person of a producer, however many quotes there are and however often the event arrives.

    Publishes ClientCreated for somebody new. A quote without names makes nobody known.
    """

    service: ApplicationService
    quotes: QuoteService

    def __call__(self, queue: str, message_id: str, quote_id: str) -> None:
        quote = self.quotes.quote(quote_id)
        profile = profile_in(quote)
        with self.service.transactions() as work:
            if not work.accept_message(queue, message_id) or profile is None:
                return
            now, number = self.service.now(), profile.writing_number
            client_id, unknown = work.clients.keep(profile, now)
            work.clients.quoted(client_id, quote_id, quote.effective_date, now)
            if unknown:
                work.publish_event(ClientCreated(client_id, profile.home_address.state, number, quote_id))
                work.record_audit(now, "quote", client_id, "client.created", "Known from a quote.", number)


def profile_in(quote: SavedQuote) -> ClientProfile | None:
    """The quote's primary applicant; None without both names."""
    primary = next(member for member in quote.members if member.rated.relationship is Relationship.SELF)
    if not (primary.first_name and primary.last_name):
        return None
    producer = quote.producer
    last_name, suffix = split_suffix(primary.last_name)
    return ClientProfile(
        writing_number=producer.writing_number,
        first_name=primary.first_name,
        last_name=last_name,
        suffix=suffix,
        date_of_birth=primary.rated.date_of_birth,
        sex=primary.rated.sex,
        home_address=Address(
            state=producer.state, zip=quote.zip, county_fips=quote.county_fips, county_name=quote.county_name
        ),
    )
