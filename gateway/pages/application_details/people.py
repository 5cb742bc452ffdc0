"""The people of an application as Application Details shows them."""

from __future__ import annotations

from dataclasses import dataclass

from suite.common.v1 import common_pb2
from suite.enrollment.v1 import application_pb2, steps_pb2

from gateway.pages.application_fields.names import name_of
from gateway.pages.application_fields.providers import CARRIER_ASSIGNS, describe_choice, find_choice
from gateway.pages.formatting import format_cents

_RELATIONSHIPS = {
    common_pb2.RELATIONSHIP_SELF: "Primary applicant",
    common_pb2.RELATIONSHIP_SPOUSE: "Spouse",
    common_pb2.RELATIONSHIP_CHILD: "Child",
    common_pb2.RELATIONSHIP_OTHER_DEPENDENT: "Other dependent",
}
_SEXES = {common_pb2.SEX_FEMALE: "Female", common_pb2.SEX_MALE: "Male"}


@dataclass(frozen=True, slots=True)
class PersonRow:
    """One person; texts as they are shown, empty where there is nothing to say."""

    name: str
    relationship: str
    date_of_birth: str
    sex: str
    ssn: str
    tobacco: str
    # Age on the effective date; None until the plans were priced.
    age: int | None
    premium: str
    # Empty where no chosen plan asks for providers (R68).
    pcp: str


def list_people(application: application_pb2.Application) -> list[PersonRow]:
    return [_row(application, place, person) for place, person in enumerate(application.household.people)]


def _row(application: application_pb2.Application, place: int, person: steps_pb2.Person) -> PersonRow:
    lines = [line for plan in application.plan_lines for line in plan.members if line.member_index == place]
    total = common_pb2.Money(cents=sum(line.monthly_premium.cents for line in lines))
    relationship = person.relationship or (common_pb2.RELATIONSHIP_CHILD if place else common_pb2.RELATIONSHIP_SELF)
    return PersonRow(
        name=name_of(application.household, place),
        relationship=_RELATIONSHIPS[relationship],
        date_of_birth=person.date_of_birth,
        sex=_SEXES.get(person.sex, ""),
        ssn=f"ends in {person.ssn_last_four}" if person.ssn_last_four else "Not given",
        tobacco=_tobacco(person),
        age=lines[0].age if lines else None,
        premium=format_cents(total) if lines else "",
        pcp=_pcp(application, place),
    )


def _tobacco(person: steps_pb2.Person) -> str:
    if not person.HasField("tobacco_use"):
        return ""
    return "Yes" if person.tobacco_use else "No"


def _pcp(application: application_pb2.Application, place: int) -> str:
    assigned = next((one for one in application.assigned_pcps if one.member_index == place), None)
    if assigned and assigned.none_within_miles:
        return f"Left to the carrier: nobody who fits within {assigned.none_within_miles} miles of the home"
    if assigned:
        how = "assigned by the carrier" if assigned.auto_assigned else "chosen"
        return f"{assigned.provider_name or assigned.pcp_id}{_group(assigned)} ({how})"
    if not any(plan.uses_pcp for plan in application.plan_lines):
        return ""
    return describe_choice(find_choice(application.plans, place), {}) or CARRIER_ASSIGNS


def _group(assigned: application_pb2.AssignedPcp) -> str:
    if not assigned.medical_group_id:
        return ""
    number, name = assigned.medical_group_id, assigned.medical_group_name
    return f", {name} ({number})" if name else f", medical group {number}"
