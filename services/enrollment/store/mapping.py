"""Store: an application to its row and back."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from services.enrollment.domain.application import Application
from services.enrollment.domain.application_list import name_key
from services.enrollment.domain.enums import PaymentStatus, Relationship, Sex, Status, Step
from services.enrollment.domain.identifiers import Identifiers
from services.enrollment.domain.people import Identity, Person
from services.enrollment.domain.steps import Producer
from services.enrollment.store import json_columns
from services.enrollment.store.birth_date_encryption import BirthDateEncryption, open_date, seal_date
from services.enrollment.store.tables import ApplicationRow

# It is in the index of the lists, whose entries have a limit of 2.7 kB; the plans themselves keep their names.
LONGEST_PRODUCT_NAME = 300
_PLAIN = (
    "rule_pack",
    "status",
    "version",
    "attempt",
    "quote_id",
    "created_at",
    "updated_at",
    "requested_at",
    "asked_again",
)
_DATES = ("quoted_at", "expires_on", "submitted_on", "provisional_date", "payment_status", "document_due_on")
_NAMES = ("first_name", "middle_initial", "last_name", "suffix", "one_name_only")
_PERSON = (*_NAMES, "tobacco_use", "tobacco_last_used", "disabled_dependent")


def values_of(app: Application, next_step: Step | None) -> dict[str, Any]:
    """Every column of the application's row."""
    premium, producer = app.monthly_premium, app.producer
    return {
        **{name: getattr(app, name) for name in (*_PLAIN, *_DATES)},
        "record_number": app.record_number,
        "number": app.identifiers.number,
        "writing_number": producer.writing_number,
        "producer_name": producer.name,
        "company_name": producer.company_name,
        "producer_phone": producer.phone,
        "producer_npn": producer.npn,
        "state": producer.state,
        **_documents(app),
        **step_values(next_step),
        "applicant_name": app.applicant_name,
        "applicant_key": _applicant_key(app),
        "product_name": ", ".join(line.name for line in app.plan_lines)[:LONGEST_PRODUCT_NAME],
        "premium_cents": premium.cents if premium else None,
        "effective_date": app.effective_date,
    }


def step_values(next_step: Step | None) -> dict[str, Any]:
    """Whoever waits for the client stands at the last step."""
    return {"current_step": next_step or Step.SIGNATURES, "awaits_client": next_step is None}


def _applicant_key(app: Application) -> str:
    applicant = app.household.applicant
    return name_key(applicant.last_name, applicant.first_name, applicant.suffix) if applicant else ""


def person_values(app: Application, position: int, person: Person, birth_dates: BirthDateEncryption) -> dict[str, Any]:
    """The columns of a person's row, but for the sealed number."""
    identity = json_columns.FIRST_IDENTITY.dump(person.first_identity)
    return {
        **{name: getattr(person, name) for name in _PERSON},
        "person_id": person.person_id,
        "record_number": app.record_number,
        "position": position,
        "relationship": person.relationship,
        "sex": person.sex,
        "ssn_last_four": person.ssn_last_four,
        "contact": json_columns.OWN_CONTACT.dump(person.contact),
        "self_identification": json_columns.SELF_IDENTIFICATION.dump(person.self_identification),
        "date_of_birth": person.date_of_birth,
        "birth_date_sealed": seal_date(birth_dates.person, person.date_of_birth, person.person_id),
        "first_identity": identity,
        "first_identity_sealed": _seal_identity(identity, person.person_id, birth_dates),
    }


PRODUCER_COLUMNS = (
    ApplicationRow.writing_number,
    ApplicationRow.producer_name,
    ApplicationRow.company_name,
    ApplicationRow.state,
    ApplicationRow.producer_phone,
    ApplicationRow.producer_npn,
)


def producer_of(row: Any) -> Producer:
    """Of an application's row, or of one that was selected with ``PRODUCER_COLUMNS``."""
    return Producer(*(getattr(row, column.key) for column in PRODUCER_COLUMNS))


def application_of(row: Any, people: Sequence[Any], birth_dates: BirthDateEncryption) -> Application:
    """From rows of their tables."""
    household = json_columns.HOUSEHOLD.load(row.household)
    return Application(
        identifiers=Identifiers(row.number),
        producer=producer_of(row),
        **{name: getattr(row, name) for name in (*_PLAIN, *_DATES) if name not in ("status", "payment_status")},
        status=Status(row.status),
        payment_status=PaymentStatus(row.payment_status) if row.payment_status else None,
        saved_steps=json_columns.SAVED_STEPS.load(row.saved_steps),
        general=json_columns.GENERAL.load(row.general),
        household=replace(household, people=tuple(_person(person, birth_dates) for person in people)),
        plans=json_columns.PLANS.load(row.plans),
        other_coverage=json_columns.OTHER_COVERAGE.load(row.other_coverage),
        signatures=json_columns.SIGNATURES.load(row.signatures),
        acceptances=json_columns.ACCEPTANCES.load(row.acceptances),
        start=json_columns.START.load(row.start),
        plan_lines=json_columns.PLAN_LINES.load(row.plan_lines),
        assigned_pcps=json_columns.ASSIGNED_PCPS.load(row.assigned_pcps),
        opened_months=json_columns.MONTHS_DUE.load(row.opened_months),
        failures=json_columns.FAILURES.load(row.failures),
        cancellation=json_columns.CANCELLATION.load(row.cancellation),
        terminations=json_columns.TERMINATIONS.load(row.terminations),
        contact_change=json_columns.CONTACT_CHANGE.load(row.contact_change),
        explained=json_columns.EXPLANATION.load(row.duplicates_explained),
        client_review=json_columns.REVIEW_CONSENT.load(row.client_review),
    )


def _documents(app: Application) -> dict[str, Any]:
    return {
        "saved_steps": json_columns.SAVED_STEPS.dump(app.saved_steps),
        "general": json_columns.GENERAL.dump(app.general),
        "household": json_columns.HOUSEHOLD.dump(replace(app.household, people=())),
        "plans": json_columns.PLANS.dump(app.plans),
        "other_coverage": json_columns.OTHER_COVERAGE.dump(app.other_coverage),
        "signatures": json_columns.SIGNATURES.dump(app.signatures),
        "acceptances": json_columns.ACCEPTANCES.dump(app.acceptances),
        "start": json_columns.START.dump(app.start),
        "plan_lines": json_columns.PLAN_LINES.dump(app.plan_lines),
        "assigned_pcps": json_columns.ASSIGNED_PCPS.dump(app.assigned_pcps),
        "opened_months": json_columns.MONTHS_DUE.dump(app.opened_months),
        "failures": json_columns.FAILURES.dump(app.failures),
        "cancellation": json_columns.CANCELLATION.dump(app.cancellation),
        "terminations": json_columns.TERMINATIONS.dump(app.terminations),
        "contact_change": json_columns.CONTACT_CHANGE.dump(app.contact_change),
        "duplicates_explained": json_columns.EXPLANATION.dump(app.explained),
        "client_review": json_columns.REVIEW_CONSENT.dump(app.client_review),
    }


def _person(row: Any, birth_dates: BirthDateEncryption) -> Person:
    return Person(
        relationship=Relationship(row.relationship),
        sex=Sex(row.sex) if row.sex else None,
        person_id=row.person_id,
        ssn_last_four=row.ssn_last_four,
        ssn_fingerprint=row.ssn_index or "",
        contact=json_columns.OWN_CONTACT.load(row.contact),
        self_identification=json_columns.SELF_IDENTIFICATION.load(row.self_identification),
        first_identity=_first_identity(row, birth_dates),
        date_of_birth=open_date(birth_dates.person, row.date_of_birth, row.birth_date_sealed, row.person_id),
        **{name: getattr(row, name) for name in _PERSON},
    )


def _first_identity(row: Any, birth_dates: BirthDateEncryption) -> Identity | None:
    """The plain one wins, as a plain date does."""
    stored, sealed = row.first_identity, row.first_identity_sealed
    if stored is None and sealed is not None:
        stored = json.loads(birth_dates.first_identity.open(sealed, row.person_id))
    return json_columns.FIRST_IDENTITY.load(stored)


def _seal_identity(identity: Any, person_id: str, birth_dates: BirthDateEncryption) -> bytes | None:
    return birth_dates.first_identity.seal(json.dumps(identity), person_id) if identity else None
