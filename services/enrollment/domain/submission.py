"""Domain: what was submitted to one carrier, as its grant lets it read."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime

from services.enrollment.domain.application import Application
from services.enrollment.domain.assigned_pcp import AssignedPcp
from services.enrollment.domain.carrier_grants import CarrierGrant, FieldGroup
from services.enrollment.domain.enums import Relationship
from services.enrollment.domain.people import Person
from services.enrollment.domain.pricing import PlanLine
from services.enrollment.domain.steps import Address, Contact, Producer, Signer


@dataclass(frozen=True, slots=True)
class Submission:
    """``policies``: the carrier's own. ``people``: with their contact, and without what is not granted.

    ``providers``: of the plan that asks for them, without whom the carrier is to decide on.
    """

    record_number: str
    client_app_id: int
    state: str
    producer: Producer
    submitted_at: datetime
    effective_date: date
    life_event: str
    hra_kind: str
    policies: tuple[PlanLine, ...]
    people: tuple[Person, ...]
    home_address: Address
    mailing_address: Address | None
    guardian: Signer | None
    field_groups: tuple[FieldGroup, ...]
    providers: tuple[AssignedPcp, ...]
    # How often contact details were changed since; those that are here are the newest.
    contact_changes: int = 0
    payment_transaction_id: str = ""

    def providers_of(self, policy: PlanLine) -> tuple[AssignedPcp, ...]:
        """A carrier of the dental plan alone does not read who treats whom under another's medical one."""
        return self.providers if policy.uses_pcp else ()


def read_submission(app: Application, grant: CarrierGrant, ssns: Mapping[str, str]) -> Submission | None:
    """None for an application with none of the carrier's plans, or that was not submitted. ``ssns``: by person_id."""
    policies = tuple(line for line in app.plan_lines if grant.covers(line))
    if not (policies and app.submitted_on and app.requested_at and app.start):
        return None
    people = (_with_own(person, app.contact, ssns) for person in app.household.people)
    return Submission(
        record_number=app.record_number,
        client_app_id=app.identifiers.client_app_id,
        state=app.state,
        producer=app.producer,
        submitted_at=app.requested_at,
        effective_date=app.start.date,
        life_event=app.start.life_event or "",
        hra_kind=app.household.hra.kind if app.household.hra else "",
        policies=policies,
        people=tuple(grant.mask(person) for person in people),
        home_address=app.household.home_address,
        mailing_address=app.mailing_address,
        guardian=app.signatures.guardian,
        field_groups=tuple(sorted(grant.field_groups)),
        providers=tuple(one for one in app.assigned_pcps if grant.gives_providers and one.pcp_id),
        contact_changes=app.contact_change.number if app.contact_change else 0,
    )


def _with_own(person: Person, applicants: Contact, ssns: Mapping[str, str]) -> Person:
    """The applicant's contact stands in the step."""
    contact = person.contact if person.relationship is not Relationship.SELF else applicants
    return replace(person, contact=contact, ssn=ssns.get(person.person_id, ""))
