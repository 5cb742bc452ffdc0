"""Where a field stands on the form, and what the form calls it, from its path in the contract."""

from __future__ import annotations

from dataclasses import dataclass

from suite.enrollment.v1 import application_pb2

from gateway.pages.application_fields.labels import label_of_field
from gateway.pages.application_fields.links import link_to_field

# The same social security number was submitted already: a reason is chosen on a page of its own.
_RULE_DUPLICATES = "R14"


@dataclass(frozen=True, slots=True)
class Issue:
    """Something to complete or to look at, with the way to its field."""

    message: str
    label: str
    href: str


def issue_of(
    application: application_pb2.Application, one: application_pb2.Shortcoming | application_pb2.Notice
) -> Issue:
    label = label_of_field(one.field, application.household, application.plans) if one.field else ""
    href = link_to_field(application, one.step, one.field)
    if one.rule == _RULE_DUPLICATES and one.field.endswith(".ssn"):
        href = f"/applications/{application.record_number}/duplicates"
    return Issue(one.message, label, href)
