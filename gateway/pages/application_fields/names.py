"""How the people of an application are named on pages."""

from __future__ import annotations

from suite.enrollment.v1 import steps_pb2


def full_name(person: steps_pb2.Person) -> str:
    parts = (person.first_name, person.middle_initial, person.last_name, person.suffix)
    return " ".join(part for part in parts if part)


def name_of(household: steps_pb2.HouseholdStep, place: int) -> str:
    """A person's name; "person 2" while there is none."""
    people = household.people
    return (full_name(people[place]) if place < len(people) else "") or f"person {place + 1}"


def signer_name(signer: steps_pb2.Signer) -> str:
    """Empty when nobody signs in this role."""
    return " ".join(filter(None, (signer.first_name, signer.middle_initial, signer.last_name)))
