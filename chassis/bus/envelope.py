"""An event as it is on the wire: proto3 JSON body, CloudEvents 1.0 attributes as AMQP headers.

Outsiders need an AMQP client and nothing of ours. The publisher and the tests build envelopes here; consumers read them
here.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

CONTENT_TYPE = "application/json"
# A short string of AMQP, in bytes.
LONGEST_ID = 255


@dataclass(frozen=True, slots=True)
class Envelope:
    """One event, ready to publish."""

    event_id: str
    type: str
    subject: str
    time: datetime
    body: bytes
    # Headers of its own: the trace, and its number where it has one.
    extra: Mapping[str, Any]

    @property
    def headers(self) -> dict[str, str]:
        return {
            "cloudEvents:specversion": "1.0",
            "cloudEvents:id": self.event_id,
            "cloudEvents:source": f"/suite/{self.type.split('.', 1)[0]}",
            "cloudEvents:type": self.type,
            "cloudEvents:time": self.time.isoformat(),
            "cloudEvents:subject": self.subject,
            "cloudEvents:datacontenttype": CONTENT_TYPE,
            **self.extra,
        }


@dataclass(frozen=True, slots=True)
class Delivery:
    """What a handler is told about the message beside its body."""

    message_id: str
    event_type: str
    queue: str
    attempt: int


def message_id_of(headers: Mapping[str, Any], properties: Mapping[str, Any]) -> str:
    """Empty where there is none that every place it goes to could hold: AMQP, PostgreSQL, a log line."""
    found = str(properties.get("message_id") or headers.get("cloudEvents:id") or "")
    return found if found.isprintable() and len(found.encode()) <= LONGEST_ID else ""
