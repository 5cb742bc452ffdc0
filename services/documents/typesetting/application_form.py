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
from services.documents.typesetting.formatting import format_dollars, format_phone, format_text, keep_printable
from services.documents.typesetting.printed_words import PrintedWords
from services.documents.typesetting.review_record import review_record, signer_role

Row = list[str]
# R94.
PAYMENT_STATUSES = ("not_started", "pending", "successful", "failed", "bill_later", "cancelled", "refund_due")


def create_application_form(
    application: application_pb2.Application,
    carrier: CarrierBranding,
    texts: list[dict[str, Any]],
    words: PrintedWords,
) -> dict[str, Any]:
    """Keys are those that ``application.typ`` reads."""
    people = application.household.people
    return {
        "carrier": {"name": carrier.name, "color": carrier.color},
        "language": words.language,
        "say": {**words.say, "title": words.fill("title", record_number=application.record_number)},
        "record_number": application.record_number,
        "illustrative": any(map(is_illustrative, application.plan_lines)),
        "summary": _summary(application, words),
        "reason": words.sentence(application.effective_date_reason),
        "producer": _producer(application.general.producer, words),
        "enrollment": _enrollment(application.general, words),
        "people": [household.person(place, person, words) for place, person in enumerate(people, start=1)],
        "contact": household.contact(application.household, words),
        "spouse": household.spouse(application.household, words),
        "identity": household.format_identities(application.household, words),
        "categories": words.fill("categories", scheme=household.scheme(application.household)),
        "hra": household.format_hra(application.household.hra, words),
        "plans": [coverage.format_plan(application, plan, words) for plan in application.plan_lines],
        "total": format_dollars(_monthly_premium(application)),
        "notices": [words.sentence(notice.message) for notice in application.notices],
        "pcps": coverage.pcps(application, words),
        "replaced": coverage.replaced(application, words),
        "others": coverage.others(application, words),
        "authorization": _authorization(application, words),
        "payment": _payment(application, words),
        "first_payment": _months(application, words),
        "documents_due": _documents_due(application, words),
        "attestations": [_attestation(application, one, words) for one in list_attestations(application, words)],
        "signatures": _signatures(application, words),
        "review": review_record(application, texts, words.language),
        "texts": texts,
    }


def _monthly_premium(application: application_pb2.Application) -> Money:
    return Money.total(read_money(plan.monthly_premium) for plan in application.plan_lines)


def _summary(application: application_pb2.Application, words: PrintedWords) -> list[Row]:
    is_dental = application.household.form_type == pb.FORM_TYPE_DENTAL
    values = {
        "record_number": application.record_number,
        "client_app_id": str(application.client_app_id),
        "date_submitted": words.day(read_date(application.submitted_on)),
        "effective_date": words.day(read_date(application.effective_date)),
        "application_form": words.say["form_dental" if is_dental else "form_medical_dental"],
        "state": application.state,
        "members": str(len(application.household.people)),
        "monthly_premium": format_dollars(_monthly_premium(application)),
    }
    return words.rows(values)


def _producer(producer: common_pb2.Producer, words: PrintedWords) -> list[Row]:
    """Without the lines of what nobody knows of the producer."""
    values = {
        "producer": format_text(producer.name),
        "writing_number": format_text(producer.writing_number),
        "company": format_text(producer.company_name),
        "state": format_text(producer.state),
        **({"producer_phone": format_phone(producer.phone)} if producer.phone else {}),
        **({"producer_npn": format_text(producer.npn)} if producer.npn else {}),
    }
    return words.rows(values)


def _enrollment(general: pb.GeneralStep, words: PrintedWords) -> list[Row]:
    period = "special_enrollment" if general.special_enrollment else "open_enrollment"
    rows = [[words.say["enrollment_period"], words.say[period]]]
    for event in general.life_events if general.special_enrollment else ():
        rows.append([words.say["life_event"], f"{words.word(event.kind)}, {words.day(read_date(event.date))}"])
    return rows


def _attestation(application: application_pb2.Application, attestation: Attestation, words: PrintedWords) -> Row:
    submitted_on = words.day(read_date(application.submitted_on))
    when = words.instant(attestation.at, application.state) if attestation.at else submitted_on
    who = keep_printable(attestation.recorded_by)
    return [
        format_text(attestation.statement),
        format_text(attestation.by),
        format_text(attestation.version),
        words.fill("recorded_by", when=when, who=who) if who else when,
    ]


def _authorization(application: application_pb2.Application, words: PrintedWords) -> list[Row]:
    if is_in_person(application):
        version = format_text(application.household.terms_version)
        return words.rows(
            {
                "authorization": words.say["assisted_in_person"],
                "terms": words.fill("accepted_version", version=version),
            }
        )
    how = "authorized_by_link" if is_client_review(application) else "authorized_on_paper"
    return words.rows({"authorization": words.say[how]})


def _signatures(application: application_pb2.Application, words: PrintedWords) -> list[Row]:
    """Name and role of the person who signs, for whom where it is not the applicant (R80, R81), and of the producer.

    A paper's own date is not known here.
    """
    submitted_on = words.day(read_date(application.submitted_on))
    in_person = is_in_person(application)
    on_the_day = words.fill("in_person", day=submitted_on) if in_person else words.say["on_paper"]
    producer = [
        format_text(application.general.producer.name),
        words.fill("producer_of_record", day=submitted_on),
    ]
    if is_client_review(application):
        consent = application.client_review
        signed = words.instant(consent.signed_at.ToDatetime(UTC), application.state)
        role = signer_role(consent, words.language)
        return [[format_text(consent.signer_name), words.fill("by_link", role=role, when=signed)], producer]
    signers = {
        "representative": application.signatures.authorized_representative,
        "guardian": application.signatures.guardian,
    }
    applicant = format_text(name_of(application, 0, words))
    rows = [
        [format_text(name), words.fill(role, applicant=applicant, how=on_the_day)]
        for role, signer in signers.items()
        if (name := signer_name(signer))
    ]
    if not rows:
        how = on_the_day if in_person else words.fill("signed", how=on_the_day)
        rows = [[applicant, words.fill("primary_applicant", how=how)]]
    return [*rows, producer]


def _payment(application: application_pb2.Application, words: PrintedWords) -> list[Row]:
    is_now = application.signatures.payment_choice == pb.PAYMENT_CHOICE_PAY_NOW
    choice, way = ("pay_now", "online") if is_now else ("pay_later", "by_mail")
    rows = words.rows({"payment_choice": words.say[choice], "first_payment_way": words.say[way]})
    if status := application.payment_status:
        shown = words.say[status] if status in PAYMENT_STATUSES else keep_printable(status)
        rows.append([words.say["payment_status"], shown])
    return rows


def _documents_due(application: application_pb2.Application, words: PrintedWords) -> list[Row]:
    """Nothing once proof has come, or where none is asked for."""
    if not application.document_due_on:
        return []
    # some have commas of their own
    kinds = "; ".join(words.proof(kind) for kind in application.proofs_asked)
    return words.rows({"proof_due": words.day(read_date(application.document_due_on)), "any_one_of": kinds})


def _months(application: application_pb2.Application, words: PrintedWords) -> list[Row]:
    """What the first payment covers; nothing of applications whose payment was opened without months."""
    due = [(date.fromisoformat(f"{one.month}-01"), read_money(one.amount)) for one in application.first_payment_months]
    rows = [[words.fill("premium_for", month=words.month(day)), format_dollars(amount)] for day, amount in due]
    if len(rows) > 1:
        rows.append([words.say["total_first_payment"], format_dollars(Money.total(amount for _, amount in due))])
    return rows
