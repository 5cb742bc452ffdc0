"""Waits until every event of a suite was sent and handled by all who subscribe to it."""

from __future__ import annotations

import time
from collections import defaultdict
from collections.abc import Mapping
from importlib import import_module
from typing import Any

from sqlalchemy import Connection, Row, text

from chassis.service import Service
from deploy.local.keys import SERVICES
from gateway.events.event_handlers import NOTIFIED_EVENTS

# A PDF takes seconds to typeset on a loaded machine.
PATIENCE_SECONDS = 60.0
PAUSE_SECONDS = 0.05
_LAST = "select coalesce(max(id), 0) from outbox"
_EVENTS = (
    "select :service as service, id, event_id, type, subject, sent_at is not null as is_sent from outbox"
    " where id > :last"
)
_NOTED = "select message_id from inbox where message_id = any(:events)"
_HANDLED = dict.fromkeys(SERVICES, _NOTED)
_HANDLED["gateway"] = "select message_id from seen_events where message_id = any(:events)"
# These need no inbox, since a repetition finds the row as it is; that they were handled is in the access log.
_HANDLED["documents"] = f"""
{_NOTED} union
select event.id from unnest(:events, :types, :subjects) as event (id, type, subject)
join access_log on operation = event.type and event.subject = any(access_log.subjects)
where event.type in (
  'enrollment.application.cancelled.v1', 'enrollment.coverage.terminated.v1', 'enrollment.contact.changed.v1'
)
"""


def _subscribers() -> Mapping[str, list[str]]:
    """The databases in which an event of a type is noted when it was handled."""
    found: defaultdict[str, list[str]] = defaultdict(list)
    for name in SERVICES:
        service: Service = import_module(f"services.{name}.__main__").SERVICE
        for event_type in service.subscribes_to:
            found[event_type].append(name)
    for notified in NOTIFIED_EVENTS:
        found[notified.queue.event_type].append("gateway")
    return found


class SuiteRest:
    """``connections``: to the databases of the suite, each statement its own transaction."""

    def __init__(self, connections: Mapping[str, Connection]) -> None:
        self._connections = connections
        self._subscribers = _subscribers()
        # What came before is over, and some of it, of other tests, nobody handles.
        self._last = {name: connections[name].scalar(text(_LAST)) for name in SERVICES}

    def wait(self) -> None:
        """Raises TimeoutError for an event that nobody handled."""
        give_up = time.monotonic() + PATIENCE_SECONDS
        # Who handles an event publishes others with it, so it is over when nothing new was published.
        while events := self._find_new():
            if waiting := self._find_waiting(events):
                if time.monotonic() > give_up:
                    raise TimeoutError(f"not handled: {sorted(waiting)}")
                time.sleep(PAUSE_SECONDS)
                continue
            for event in events:
                self._last[event.service] = max(self._last[event.service], event.id)

    def _find_new(self) -> list[Row[Any]]:
        """What was published after the last look that found everything handled."""
        return [
            row
            for service in SERVICES
            for row in self._connections[service].execute(
                text(_EVENTS), {"service": service, "last": self._last[service]}
            )
        ]

    def _find_waiting(self, events: list[Row[Any]]) -> set[str]:
        """Types of those that were not sent yet, or not handled by all who subscribe to them."""
        columns = {
            "events": [event.event_id for event in events],
            "types": [event.type for event in events],
            "subjects": [event.subject for event in events],
        }
        waiting = {event.type for event in events if not event.is_sent}
        for name, query in _HANDLED.items() if not waiting else ():
            handled = set(self._connections[name].scalars(text(query), columns))
            waiting |= {
                event.type
                for event in events
                if name in self._subscribers[event.type] and event.event_id not in handled
            }
        return waiting
