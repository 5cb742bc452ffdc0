"""Where a field stands on the form, and what the form calls it, from its path in the contract."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from suite.enrollment.v1 import application_pb2, steps_pb2

from gateway.pages.application_details.people import name_of

STEPS: Mapping[int, tuple[str, str]] = {
    application_pb2.STEP_GENERAL: ("general", "General Information"),
    application_pb2.STEP_HOUSEHOLD: ("household", "Household"),
    application_pb2.STEP_PLANS: ("plans", "Plan Selection"),
    application_pb2.STEP_OTHER_COVERAGE: ("other-coverage", "Other Coverage"),
    application_pb2.STEP_SIGNATURES: ("signatures", "Signatures"),
}
"""Step -> the last part of its address and its title (R110)."""

# Last part of a path -> the form's label, where it is not the name itself.
_LABELS = {
    "authorization": "Form authorization",
    "consumer_choice_agreed": "Consumer Choice Disclosure",
    "contact": "Contact information",
    "county_fips": "County",
    "county_name": "County",
    "dental_plan_id": "Dental plan",
    "disabled_dependent": "Disabled dependent",
    "has_other_coverage": "Other coverage",
    "hra": "Health reimbursement arrangement",
    "kind": "Life event",
    "medical_plan_id": "Medical plan",
    "medical_group_id": "Medical group",
    "one_name_only": "One name only",
    "others": "Other coverage",
    "payment_choice": "Payment",
    "pcp_choices": "Primary care provider",
    "pcp_id": "Primary care provider",
    "pcp_same_for_all": "Primary care provider",
    "pediatric_dental_attested": "Pediatric dental attestation",
    "people": "People",
    "phone": "Phone number",
    "prior_coverage_attested": "Prior coverage",
    "proxy_agreed": "Proxy statement",
    "replaced": "Coverage replacement",
    "replaces_coverage": "Coverage replacement",
    "replacement_rights_shown": "Know Your Rights notice",
    "special_enrollment": "Special enrollment period",
    "ssn": "Social Security number",
    "terms_version": "Terms and agreements",
    "tobacco_last_used": "Date of last tobacco use",
    "writing_number": "Writing Producer Number",
    "zip": "ZIP code",
}
_OWNERS = {
    "home_address": "home address",
    "mailing_address": "mailing address",
    "hra": "health reimbursement arrangement",
    "guardian": "parent or guardian",
    "authorized_representative": "authorized representative",
}
# The same social security number was submitted already: a reason is chosen on a page of its own.
_RULE_DUPLICATES = "R14"
_PERSON = re.compile(r"(people|pcp_choices|replaced|others)\[(\d+)\]", re.ASCII)
_EVENT = re.compile(r"life_events\[(\d+)\]", re.ASCII)


@dataclass(frozen=True, slots=True)
class Issue:
    """Something to complete or to look at, with the way to its field."""

    message: str
    label: str
    href: str


def link_to_field(record_number: str, step: int, field: str) -> str:
    """Address of a field on its step; the step alone for an empty path."""
    part, _ = STEPS.get(step, STEPS[application_pb2.STEP_GENERAL])
    anchor = f"#{id_of(field)}" if field else ""
    return f"/applications/{record_number}/steps/{part}{anchor}"


def link_to_continue(application: application_pb2.Application) -> str:
    """Where work goes on: where a failed submission is fixed, or the first step that lacks something (R97, R100)."""
    if application.HasField("return_to"):
        return link_to_field(application.record_number, application.return_to.step, application.return_to.field)
    return link_to_field(application.record_number, application.current_step, "")


def issue_of(
    application: application_pb2.Application, one: application_pb2.Shortcoming | application_pb2.Notice
) -> Issue:
    label = label_of_field(one.field, application.household, application.plans) if one.field else ""
    href = link_to_field(application.record_number, one.step, one.field)
    if one.rule == _RULE_DUPLICATES and one.field.endswith(".ssn"):
        href = f"/applications/{application.record_number}/duplicates"
    return Issue(one.message, label, href)


def id_of(field: str) -> str:
    """The id that the form's input has: as the macro ``id_of`` of parts.html makes it."""
    return field.replace("[", "-").replace("].", "-")


def label_of_field(field: str, household: steps_pb2.HouseholdStep, plans: steps_pb2.PlansStep) -> str:
    """ "people[1].last_name" is "Last name of Ann Sample"; a field in a list of others says whose it is."""
    parts = [part.partition("[")[0] for part in field.split(".")]
    label = _LABELS.get(parts[-1], parts[-1].replace("_", " ").capitalize())
    owner = _owner(field, parts[:-1], household, plans)
    return f"{label} of {owner}" if owner and label else label


def _owner(field: str, parents: Sequence[str], household: steps_pb2.HouseholdStep, plans: steps_pb2.PlansStep) -> str:
    if found := _PERSON.search(field):
        place = int(found[2])
        if found[1] == "pcp_choices" and place < len(plans.pcp_choices):
            place = plans.pcp_choices[place].member_index
        return name_of(household, place) if found[1] in ("people", "pcp_choices") else f"policy {place + 1}"
    if (event := _EVENT.search(field)) and field != event[0]:
        return f"life event {int(event[1]) + 1}"
    return next((_OWNERS[parent] for parent in parents if parent in _OWNERS), "")
