"""Events of pcp: the only module that knows their names on the wire. It subscribes to none."""

from __future__ import annotations

from suite.pcp.v1 import pcp_events_pb2, pcp_pb2

from chassis.contract_options import event_type
from chassis.db import OutgoingEvent
from chassis.mapping import ToProto
from services.pcp.domain.assignment import Assignment, AssignmentMade

ASSIGNMENT_MADE = event_type(pcp_events_pb2.AssignmentMade)


# The office nearest to the home says where that is, and everybody hears an event.
_assignment = ToProto(
    Assignment,
    pcp_pb2.Assignment,
    medical_group_id="group_id",
    medical_group_name="group_name",
    unsent=("office",),
)
_made = ToProto(
    AssignmentMade,
    pcp_events_pb2.AssignmentMade,
    assignments=lambda event: [_assignment(one) for one in event.assignments],
)


def event_to_proto(event: object) -> OutgoingEvent:
    if not isinstance(event, AssignmentMade):
        raise TypeError(f"{type(event).__name__} has no wire type")
    return OutgoingEvent(ASSIGNMENT_MADE, event.record_number, _made(event))
