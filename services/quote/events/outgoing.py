"""Events that quote publishes. It subscribes to none."""

from __future__ import annotations

from suite.quote.v1 import quote_events_pb2 as pb

from chassis.contract_options import event_type
from chassis.db import OutgoingEvent
from chassis.mapping import ToProto
from services.quote.domain.events import QuoteCreated, QuoteDelivered, QuoteExpired, QuoteSelected, QuoteUpdated

CREATED = event_type(pb.QuoteCreated)
UPDATED = event_type(pb.QuoteUpdated)
SELECTED = event_type(pb.QuoteSelected)
EXPIRED = event_type(pb.QuoteExpired)
DELIVERED = event_type(pb.QuoteDelivered)

_created = ToProto(QuoteCreated, pb.QuoteCreated)
_updated = ToProto(QuoteUpdated, pb.QuoteUpdated)
_selected = ToProto(QuoteSelected, pb.QuoteSelected)
_expired = ToProto(QuoteExpired, pb.QuoteExpired)
_delivered = ToProto(QuoteDelivered, pb.QuoteDelivered)


def event_to_proto(event: object) -> OutgoingEvent:
    """The wire form of a domain event."""
    match event:
        case QuoteCreated():
            return OutgoingEvent(CREATED, event.quote_id, _created(event))
        case QuoteUpdated():
            return OutgoingEvent(UPDATED, event.quote_id, _updated(event))
        case QuoteSelected():
            return OutgoingEvent(SELECTED, event.quote_id, _selected(event))
        case QuoteExpired():
            return OutgoingEvent(EXPIRED, event.quote_id, _expired(event))
        case QuoteDelivered():
            return OutgoingEvent(DELIVERED, event.quote_id, _delivered(event))
    raise TypeError(f"{type(event).__name__} has no wire form")
