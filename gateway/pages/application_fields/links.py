"""Where a field of an application is filled in: its step, or the page of its item in a list, and its input there."""

from __future__ import annotations

import re
from collections.abc import Sequence

from suite.enrollment.v1 import application_pb2

from gateway.pages.application_fields.steps import SLUGS
from gateway.pages.error_summary import id_of

Application = application_pb2.Application

# The part of an application that is filled in on no step: the client signs it by a link that is made here (R39).
_CLIENT_REVIEW = "client_review"

# The list that holds an application, by its status; all others stand among the incomplete ones.
_LISTS = {
    application_pb2.APPLICATION_STATUS_SUBMITTED: "completed",
    application_pb2.APPLICATION_STATUS_CANCELLED: "completed",
    application_pb2.APPLICATION_STATUS_FAILED: "failed",
    application_pb2.APPLICATION_STATUS_EXPIRED: "expired",
}

_ITEM = re.compile(r"(people|life_events|replaced|others)\[(\d+)\](?:\..+)?", re.ASCII)


def link_to_list(application: Application) -> tuple[str, str]:
    """Address and title of the list that holds an application."""
    tab = _LISTS.get(application.status, "incomplete")
    return f"/enroll?tab={tab}", f"{tab.capitalize()} Applications"


def link_to_field(application: Application, step: int, field: str, came_from: str = "") -> str:
    """Address of a field; of the step alone for an empty path. The client's review is sent on Application Details.

    ``came_from`` "check-answers" lets the page lead back there, and say what it lacks.
    """
    if field == _CLIENT_REVIEW:
        return f"/applications/{application.record_number}#client-review"
    part = _item_page(application, field) or SLUGS.get(step, "general")
    query = f"?from={came_from}&check=1" if came_from else ""
    anchor = f"#{id_of(field)}" if field else ""
    return f"/applications/{application.record_number}/steps/{part}{query}{anchor}"


def link_to_continue(application: Application, missing: Sequence[application_pb2.Shortcoming] = ()) -> str:
    """Where work goes on: where a failed submission is fixed, or the first step that lacks something (R97, R100); the
    client's review once no step does.
    """
    if application.HasField("return_to"):
        return link_to_field(application, application.return_to.step, application.return_to.field)
    if missing and not any(one.step for one in missing):
        return link_to_field(application, missing[0].step, missing[0].field)
    return link_to_field(application, application.current_step, "")


def _item_page(application: Application, field: str) -> str:
    """Of the spouse and the dependents, and of whatever else has a page of its own; empty for the rest."""
    found = _ITEM.fullmatch(field)
    if not found:
        return ""
    place = int(found[2])
    if found[1] == "people":
        people = application.household.people
        return f"household/people/{people[place].person_id}" if 0 < place < len(people) else ""
    if found[1] == "life_events":
        return f"general/life-events/{place}" if place < len(application.general.life_events) else ""
    items = getattr(application.other_coverage, found[1])
    return f"other-coverage/{found[1]}/{place}" if place < len(items) else ""
