"""Contract: step 2 of an application, as a proto message."""

from __future__ import annotations

from suite.enrollment.v1 import records_pb2
from suite.enrollment.v1 import steps_pb2 as pb

from services.enrollment.domain.application import Application
from services.enrollment.domain.people import Person
from services.enrollment.domain.self_identification import SelfIdentification
from services.enrollment.domain.steps import Address, Contact, Hra
from services.enrollment.wire.values import iso, money
from services.enrollment.wire.words import number


def household(app: Application) -> pb.HouseholdStep:
    step = app.household
    return pb.HouseholdStep(
        form_type=number(step.form_type),
        authorization=number(step.authorization),
        terms_version=step.terms_version,
        people=[_person(person) for person in step.people],
        home_address=address(step.home_address),
        mailing_address=address(step.mailing_address) if step.mailing_address else None,
        contact=contact(step.contact),
        hra=_hra(step.hra) if step.hra else None,
    )


def address(value: Address) -> pb.Address:
    return pb.Address(
        street=value.street,
        unit=value.unit,
        city=value.city,
        state=value.state,
        zip=value.zip,
        county_fips=value.county_fips,
        county_name=value.county_name,
    )


def contact(value: Contact) -> pb.Contact:
    return pb.Contact(
        phone=value.phone,
        phone_type=value.phone_type,
        email=value.email,
        text_messages_version=value.text_messages_version,
        electronic_delivery_version=value.electronic_delivery_version,
    )


def _person(value: Person) -> pb.Person:
    return pb.Person(
        relationship=number(value.relationship),
        first_name=value.first_name,
        middle_initial=value.middle_initial,
        last_name=value.last_name,
        suffix=value.suffix,
        one_name_only=value.one_name_only,
        date_of_birth=iso(value.date_of_birth),
        sex=number(value.sex),
        ssn_last_four=value.ssn_last_four,
        tobacco_use=value.tobacco_use,
        tobacco_last_used=iso(value.tobacco_last_used),
        disabled_dependent=value.disabled_dependent,
        person_id=value.person_id,
        contact=contact(value.contact) if value.contact else None,
        self_identification=_self_identification(value.self_identification),
    )


def _self_identification(value: SelfIdentification | None) -> records_pb2.SelfIdentification | None:
    if value is None:
        return None
    return records_pb2.SelfIdentification(
        scheme=value.scheme,
        spoken_language=value.spoken_language,
        written_language=value.written_language,
        ethnicities=value.ethnicities,
        identities=value.identities,
    )


def _hra(value: Hra) -> pb.Hra:
    return pb.Hra(
        kind=value.kind,
        start_date=iso(value.start_date),
        employer_name=value.employer_name,
        monthly_contribution=money(value.monthly_contribution),
    )
