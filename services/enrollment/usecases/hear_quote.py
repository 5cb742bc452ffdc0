"""Use case: a quote makes or finds the client."""

from __future__ import annotations

from dataclasses import dataclass

from services.enrollment.domain.events import ClientCreated
from services.enrollment.domain.prospect import Prospect
from services.enrollment.domain.steps import Address
from services.enrollment.domain.vocabulary import Relationship
from services.enrollment.usecases.desk import Desk
from services.enrollment.usecases.ports import Quotes
from services.enrollment.usecases.records import SavedQuote


@dataclass(frozen=True, slots=True)
class HearQuote:
    """One client for each person of a producer, however many quotes there are and however often one is heard.

    Publishes ClientCreated for somebody new. A quote without names makes nobody known.
    """

    desk: Desk
    quotes: Quotes

    def __call__(self, queue: str, message_id: str, quote_id: str) -> None:
        prospect = _prospect(self.quotes.quote(quote_id))
        with self.desk.transactions() as work:
            if not work.accept(queue, message_id) or prospect is None:
                return
            client_id = work.clients.keep(prospect, self.desk.now())
            if client_id is None:
                return
            number = prospect.writing_number
            work.publish(ClientCreated(client_id, prospect.home_address.state, number, quote_id))
            work.record(self.desk.now(), "quote", client_id, "client.created", "Known from a quote.", number)


def _prospect(quote: SavedQuote) -> Prospect | None:
    primary = next(member for member in quote.members if member.rated.relationship is Relationship.SELF)
    if not (primary.first_name and primary.last_name):
        return None
    producer = quote.producer
    return Prospect(
        writing_number=producer.writing_number,
        first_name=primary.first_name,
        last_name=primary.last_name,
        date_of_birth=primary.rated.date_of_birth,
        sex=primary.rated.sex,
        home_address=Address(
            state=producer.state, zip=quote.zip, county_fips=quote.county_fips, county_name=quote.county_name
        ),
        quote_id=quote.quote_id,
    )
