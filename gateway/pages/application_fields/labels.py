"""What the form calls a field, and whose it is, from its path in the contract."""

from __future__ import annotations

import re
from collections.abc import Sequence

from suite.enrollment.v1 import steps_pb2

from gateway.pages.application_fields.names import name_of

# Last part of a path, or all of it -> the form's label, where it is not the name itself.
_LABELS = {
    "authorization": "Form authorization",
    "consumer_choice_agreed": "Consumer Choice Disclosure",
    "contact": "Contact information",
    "county_fips": "County",
    "county_name": "County",
    "dental_plan_id": "Dental plan",
    "disabled_dependent": "Disabled dependent",
    "group_id": "Group ID",
    "has_representative": "Authorized representative",
    "has_other_coverage": "Other coverage",
    "hra": "Health reimbursement arrangement",
    "insurer": "Insurance company",
    "hra.kind": "Type",
    "kind": "Life event",
    "mailing_differs": "Different mailing address",
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
    "person_id": "Covered person",
    "phone": "Phone number",
    "prior_coverage_attested": "Prior coverage",
    "proxy_agreed": "Proxy statement",
    "replaced": "Coverage replacement",
    "replaces_coverage": "Coverage replacement",
    "replacement_rights_shown": "Know Your Rights notice",
    "special_enrollment": "Special enrollment period",
    "ssn": "Social Security number",
    "terms_agreed": "Terms and agreements",
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
_PERSON = re.compile(r"(people|pcp_choices|replaced|others)\[(\d+)\]", re.ASCII)
_EVENT = re.compile(r"life_events\[(\d+)\]", re.ASCII)


def label_of_field(field: str, household: steps_pb2.HouseholdStep, plans: steps_pb2.PlansStep) -> str:
    """ "people[1].last_name" is "Last name of Ann Sample"; a field in a list of others says whose it is."""
    label, owner = name_field(field, household, plans)
    return f"{label} of {owner}" if owner and label else label


def name_field(field: str, household: steps_pb2.HouseholdStep, plans: steps_pb2.PlansStep) -> tuple[str, str]:
    """The label, and whose the field is; empty where there is only one of it."""
    parts = [part.partition("[")[0] for part in field.split(".")]
    label = _LABELS.get(field) or _LABELS.get(parts[-1], parts[-1].replace("_", " ").capitalize())
    return label, _owner(field, parts[:-1], household, plans)


def _owner(field: str, parents: Sequence[str], household: steps_pb2.HouseholdStep, plans: steps_pb2.PlansStep) -> str:
    if found := _PERSON.search(field):
        place = int(found[2])
        if found[1] == "pcp_choices" and place < len(plans.pcp_choices):
            place = plans.pcp_choices[place].member_index
        return name_of(household, place) if found[1] in ("people", "pcp_choices") else f"policy {place + 1}"
    if (event := _EVENT.search(field)) and field != event[0]:
        return f"life event {int(event[1]) + 1}"
    return next((_OWNERS[parent] for parent in parents if parent in _OWNERS), "")
