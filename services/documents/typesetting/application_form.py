"""The application as the template takes it: plain JSON, every value in the words of the page.

Made straight from enrollment's message (docs/adr/0023): a field that is printed is read here and nowhere before.
"""

from __future__ import annotations

from datetime import UTC, date
from typing import Any

from suite.common.v1 import common_pb2
from suite.enrollment.v1 import application_pb2
from suite.enrollment.v1 import steps_pb2 as pb

from chassis.kernel import Money
from services.documents.typesetting import coverage_form as coverage
from services.documents.typesetting import household_form as household
from services.documents.typesetting.application_fields import (
    is_client_review,
    is_illustrative,
    is_in_person,
    name_of,
    read_date,
    read_money,
    signer_name,
)
from services.documents.typesetting.attestations import Attestation, list_attestations
from services.documents.typesetting.carriers import CarrierBranding
from services.documents.typesetting.formatting import (
    format_day,
    format_dollars,
    format_instant,
    format_month,
    format_phone,
    format_text,
    keep_printable,
)
from services.documents.typesetting.review_record import review_record, signer_role

Row = list[str]
# R94.
PAYMENT_STATUSES = {
    "not_started": "Not started",
    "pending": "Pending",
    "successful": "Successful",
    "failed": "Failed",
    "bill_later": "Bill later",
    "cancelled": "Cancelled",
    "refund_due": "Refund due",
}
EVENTS = {"new_hra_offer": "New HRA offer", "americorps": "AmeriCorps", "cobra_exhausted": "COBRA exhausted"}


def create_application_form(
    application: application_pb2.Application, carrier: CarrierBranding, texts: list[dict[str, Any]]
) -> dict[str, Any]:
    """Keys are those that ``application.typ`` reads."""
    people = application.household.people
    return {
        "carrier": {"name": carrier.name, "color": carrier.color},
        "record_number": application.record_number,
        "illustrative": any(map(is_illustrative, application.plan_lines)),
        "summary": _summary(application),
        "reason": keep_printable(application.effective_date_reason),
        "producer": _producer(application.general.producer),
        "enrollment": _enrollment(application.general),
        "people": [household.person(place, person) for place, person in enumerate(people, start=1)],
        "contact": household.contact(application.household),
        "spouse": household.spouse(application.household),
        "identity": household.format_identities(application.household),
        "scheme": household.scheme(application.household),
        "hra": household.format_hra(application.household.hra),
        "plans": [coverage.format_plan(application, plan) for plan in application.plan_lines],
        "total": format_dollars(_monthly_premium(application)),
        "notices": [keep_printable(notice.message) for notice in application.notices],
        "pcps": coverage.pcps(application),
        "replaced": coverage.replaced(application),
        "others": coverage.others(application),
        "authorization": _authorization(application),
        "payment": _payment(application),
        "first_payment": _months(application),
        "documents_due": _documents_due(application),
        "attestations": [_attestation(application, attestation) for attestation in list_attestations(application)],
        "signatures": _signatures(application),
        "review": review_record(application, texts),
        "texts": texts,
    }


def _monthly_premium(application: application_pb2.Application) -> Money:
    return Money.total(read_money(plan.monthly_premium) for plan in application.plan_lines)


def _summary(application: application_pb2.Application) -> list[Row]:
    is_dental = application.household.form_type == pb.FORM_TYPE_DENTAL
    return [
        ["Record number", application.record_number],
        ["Client App ID", str(application.client_app_id)],
        ["Date submitted", format_day(read_date(application.submitted_on))],
        ["Effective date", format_day(read_date(application.effective_date))],
        ["Application form", "Dental" if is_dental else "Medical and dental"],
        ["State", application.state],
        ["Members", str(len(application.household.people))],
        ["Monthly premium", format_dollars(_monthly_premium(application))],
    ]


def _producer(producer: common_pb2.Producer) -> list[Row]:
    """Without the lines of what nobody knows of the producer."""
    rows = [
        ["Producer", format_text(producer.name)],
        ["Writing producer number", format_text(producer.writing_number)],
        ["Company", format_text(producer.company_name)],
        ["State", format_text(producer.state)],
    ]
    if producer.phone:
        rows.append(["Producer's phone", format_phone(producer.phone)])
    if producer.npn:
        rows.append(["National Producer Number (NPN)", format_text(producer.npn)])
    return rows


def _enrollment(general: pb.GeneralStep) -> list[Row]:
    rows = [["Enrollment period", "Special enrollment" if general.special_enrollment else "Open enrollment"]]
    for event in general.life_events if general.special_enrollment else ():
        kind = EVENTS.get(event.kind, event.kind.replace("_", " ").capitalize())
        rows.append(["Life event", f"{format_text(kind)}, {format_day(read_date(event.date))}"])
    return rows


def _attestation(application: application_pb2.Application, attestation: Attestation) -> Row:
    submitted_on = format_day(read_date(application.submitted_on))
    when = format_instant(attestation.at, application.state) if attestation.at else submitted_on
    by = f", by {keep_printable(attestation.recorded_by)}" if attestation.recorded_by else ""
    return [
        format_text(attestation.statement),
        format_text(attestation.by),
        format_text(attestation.version),
        f"{when}{by}",
    ]


def _authorization(application: application_pb2.Application) -> list[Row]:
    if is_in_person(application):
        return [
            ["Authorization", "Assisted in person"],
            ["Terms and Agreements", f"Version {format_text(application.household.terms_version)}, accepted"],
        ]
    if is_client_review(application):
        return [["Authorization", "Reviewed and signed by the client, by a link"]]
    return [["Authorization", "Paper application, signed by the client"]]


def _signatures(application: application_pb2.Application) -> list[Row]:
    """Name and role of the person who signs, for whom where it is not the applicant (R80, R81), and of the producer.

    A paper's own date is not known here.
    """
    submitted_on = format_day(read_date(application.submitted_on))
    on_the_day = f"accepted in person, {submitted_on}" if is_in_person(application) else "on the paper application"
    sent = f"Producer of record, submitted electronically, {submitted_on}"
    producer = [format_text(application.general.producer.name), sent]
    if is_client_review(application):
        consent = application.client_review
        signed = format_instant(consent.signed_at.ToDatetime(UTC), application.state)
        return [
            [format_text(consent.signer_name), f"{signer_role(consent, 'en')}, by a review link, {signed}"],
            producer,
        ]
    signers = (
        (application.signatures.authorized_representative, "Authorized representative"),
        (application.signatures.guardian, "Parent or guardian"),
    )
    applicant = format_text(name_of(application, 0))
    rows = [
        [format_text(name), f"{role}, for {applicant}, {on_the_day}"]
        for signer, role in signers
        if (name := signer_name(signer))
    ]
    if not rows:
        how = on_the_day if is_in_person(application) else f"signed {on_the_day}"
        rows = [[applicant, f"Primary applicant, {how}"]]
    return [*rows, producer]


def _payment(application: application_pb2.Application) -> list[Row]:
    choice, way = ("Pay Later", "A bill is sent by mail")
    if application.signatures.payment_choice == pb.PAYMENT_CHOICE_PAY_NOW:
        choice, way = ("Pay Now", "Online, after submission")
    rows = [["Payment choice", choice], ["How the first payment is made", way]]
    if status := application.payment_status:
        rows.append(["Payment status when this was printed", PAYMENT_STATUSES.get(status, keep_printable(status))])
    return rows


def _documents_due(application: application_pb2.Application) -> list[Row]:
    """Nothing once proof has come, or where none is asked for."""
    if not application.document_due_on:
        return []
    kinds = ", ".join(kind.replace("_", " ") for kind in application.proofs_asked)
    due = format_day(read_date(application.document_due_on))
    return [["Proof of the life event, due", due], ["Any one of", keep_printable(kinds).capitalize()]]


def _months(application: application_pb2.Application) -> list[Row]:
    """What the first payment covers; nothing of applications whose payment was opened without months."""
    due = [(date.fromisoformat(f"{one.month}-01"), read_money(one.amount)) for one in application.first_payment_months]
    if not due:
        return []
    rows = [[f"Premium for {format_month(first_day)}", format_dollars(amount)] for first_day, amount in due]
    total = format_dollars(Money.total(amount for _, amount in due))
    return [*rows, ["Total first payment", total]] if len(rows) > 1 else rows
