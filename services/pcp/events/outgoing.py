"""Events of pcp: the only room that knows their wire names. It hears none."""

from __future__ import annotations

from suite.pcp.v1 import pcp_events_pb2, pcp_pb2

from chassis.db import OutgoingEvent
from chassis.service import PublishedEvent
from services.pcp.domain.assignment import Assignment, AssignmentMade

ASSIGNMENT_MADE = "pcp.assignment.made.v1"

# Enrollment gets the assignments as the answer of its call: nobody inside the suite depends on hearing this.
PUBLISHES = {ASSIGNMENT_MADE: PublishedEvent(pcp_events_pb2.AssignmentMade)}


def translate(event: object) -> OutgoingEvent:
    if not isinstance(event, AssignmentMade):
        raise TypeError(f"{type(event).__name__} has no wire type")
    message = pcp_events_pb2.AssignmentMade(
        record_number=event.record_number, plan_id=event.plan_id, assignments=map(_assignment, event.assignments)
    )
    return OutgoingEvent(ASSIGNMENT_MADE, event.record_number, message)


def _assignment(assignment: Assignment) -> pcp_pb2.Assignment:
    return pcp_pb2.Assignment(
        member_index=assignment.member_index,
        pcp_id=assignment.pcp_id,
        medical_group_id=assignment.group_id,
        provider_name=assignment.provider_name,
        auto_assigned=assignment.auto_assigned,
    )
