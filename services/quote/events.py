"""Events that quote publishes. It hears none."""

from __future__ import annotations

from collections.abc import Mapping

from suite.quote.v1 import quote_events_pb2 as pb

from chassis.db import OutgoingEvent
from chassis.service import PublishedEvent
from services.quote.domain.events import QuoteCreated, QuoteDelivered, QuoteExpired, QuoteSelected

CREATED = "quote.quote.created.v1"
SELECTED = "quote.quote.selected.v1"
EXPIRED = "quote.quote.expired.v1"
DELIVERED = "quote.quote.delivered.v1"
# Enrollment makes a client of each new quote. The others are for the carriers.
PUBLISHES: Mapping[str, PublishedEvent] = {
    CREATED: PublishedEvent(pb.QuoteCreated, must_be_heard=True),
    SELECTED: PublishedEvent(pb.QuoteSelected),
    EXPIRED: PublishedEvent(pb.QuoteExpired),
    DELIVERED: PublishedEvent(pb.QuoteDelivered),
}


def translate(event: object) -> OutgoingEvent:
    """The wire form of a domain event."""
    match event:
        case QuoteCreated():
            created = pb.QuoteCreated(
                quote_id=event.quote_id,
                state=event.state,
                writing_number=event.writing_number,
                effective_date=event.effective_date.isoformat(),
                member_count=event.member_count,
            )
            return OutgoingEvent(CREATED, event.quote_id, created)
        case QuoteSelected():
            selected = pb.QuoteSelected(
                quote_id=event.quote_id,
                state=event.state,
                writing_number=event.writing_number,
                medical_plan_id=event.medical_plan_id or "",
                dental_plan_id=event.dental_plan_id or "",
            )
            return OutgoingEvent(SELECTED, event.quote_id, selected)
        case QuoteExpired(quote_id, state, number):
            expired = pb.QuoteExpired(quote_id=quote_id, state=state, writing_number=number)
            return OutgoingEvent(EXPIRED, quote_id, expired)
        case QuoteDelivered(quote_id, state, number, link_id):
            delivered = pb.QuoteDelivered(quote_id=quote_id, state=state, writing_number=number, link_id=link_id)
            return OutgoingEvent(DELIVERED, quote_id, delivered)
    raise TypeError(f"{type(event).__name__} has no wire form")
