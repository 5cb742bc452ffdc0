"""The application as the template takes it: plain JSON, every value in the words of the page."""

from __future__ import annotations

from typing import Any

from chassis.kernel import Money
from services.documents.domain.application import Application, AssignedPcp, PlanLine
from services.documents.domain.attestations import Attestation, attestations
from services.documents.typesetting import household_form as household
from services.documents.typesetting.carriers import Carrier
from services.documents.typesetting.words import day, dollars, given, instant, month, printable

Row = list[str]
EVENTS = {"new_hra_offer": "New HRA offer", "americorps": "AmeriCorps", "cobra_exhausted": "COBRA exhausted"}


def form_of(application: Application, carrier: Carrier, texts: list[dict[str, Any]]) -> dict[str, Any]:
    """Keys are those that ``application.typ`` reads."""
    return {
        "carrier": {"name": carrier.name, "color": carrier.color},
        "record_number": application.record_number,
        "illustrative": application.is_illustrative,
        "summary": _summary(application),
        "reason": printable(application.effective_date_reason),
        "producer": _producer(application),
        "enrollment": _enrollment(application),
        "people": [household.person(place, person) for place, person in enumerate(application.people, start=1)],
        "contact": household.contact(application),
        "spouse": household.spouse(application),
        "identity": household.identity(application),
        "scheme": household.scheme(application),
        "hra": household.hra(application.hra) if application.hra else [],
        "plans": [_plan(application, plan) for plan in application.plans],
        "total": dollars(application.monthly_premium),
        "notices": [printable(sentence) for sentence in application.notices],
        "pcps": _pcps(application),
        "replaced": _replaced(application),
        "others": _others(application),
        "authorization": _authorization(application),
        "payment": _payment(application),
        "first_payment": _months(application),
        "attestations": [_attestation(application, attestation) for attestation in attestations(application)],
        "signatures": _signatures(application),
        "texts": texts,
    }


def _summary(application: Application) -> list[Row]:
    return [
        ["Record number", application.record_number],
        ["Client App ID", str(application.client_app_id)],
        ["Date submitted", day(application.submitted_on)],
        ["Effective date", day(application.effective_date)],
        ["Application form", application.form_type],
        ["State", application.state],
        ["Members", str(len(application.people))],
        ["Monthly premium", dollars(application.monthly_premium)],
    ]


def _producer(application: Application) -> list[Row]:
    producer = application.producer
    return [
        ["Producer", given(producer.name)],
        ["Writing producer number", given(producer.writing_number)],
        ["Company", given(producer.company)],
        ["State", given(producer.state)],
    ]


def _enrollment(application: Application) -> list[Row]:
    rows = [["Enrollment period", "Special enrollment" if application.special_enrollment else "Open enrollment"]]
    for event in application.life_events if application.special_enrollment else ():
        kind = EVENTS.get(event.kind, event.kind.replace("_", " ").capitalize())
        rows.append(["Life event", f"{given(kind)}, {day(event.date)}"])
    return rows


def _attestation(application: Application, attestation: Attestation) -> Row:
    when = instant(attestation.at, application.state) if attestation.at else day(application.submitted_on)
    by = f", by {printable(attestation.recorded_by)}" if attestation.recorded_by else ""
    return [given(attestation.statement), given(attestation.by), given(attestation.version), f"{when}{by}"]


def _plan(application: Application, plan: PlanLine) -> dict[str, Any]:
    facts = (f"{plan.coverage} coverage", plan.plan_type, plan.metal_level, f"Plan ID {plan.plan_id}")
    return {
        "name": given(plan.name),
        "facts": "  ·  ".join(printable(fact) for fact in facts if fact),
        "illustrative": plan.illustrative,
        "premium": dollars(plan.premium),
        "members": [
            [given(application.name_of(m.person)), str(m.age), given(m.explanation), dollars(m.premium)]
            for m in plan.members
        ],
    }


def _pcps(application: Application) -> list[Row]:
    return [
        [
            given(application.name_of(pcp.person)),
            given(pcp.provider),
            given(pcp.pcp_id),
            given(pcp.group_id),
            _selection(pcp),
        ]
        for pcp in application.pcps
    ]


def _selection(pcp: AssignedPcp) -> str:
    if pcp.chosen_group:
        return f"Medical group {printable(pcp.chosen_group)} chosen; provider of it assigned by the carrier"
    return "Assigned by the carrier" if pcp.auto_assigned else "Chosen"


def _replaced(application: Application) -> list[Row]:
    return [
        [
            given(application.name_of(coverage.person)),
            given(coverage.insurer),
            given(coverage.policy_number),
            day(coverage.termination_date),
        ]
        for coverage in application.replaced
    ]


def _others(application: Application) -> list[Row]:
    return [
        [
            given(application.name_of(coverage.person)),
            given(coverage.name_on_policy or application.name_of(coverage.person)),
            given(coverage.member_number),
            given(coverage.group_id),
        ]
        for coverage in application.others
    ]


def _authorization(application: Application) -> list[Row]:
    if application.in_person:
        return [
            ["Authorization", "Assisted in person"],
            ["Terms and Agreements", f"Version {given(application.terms_version)}, accepted"],
        ]
    return [["Authorization", "Paper application, signed by the client"]]


def _signatures(application: Application) -> list[Row]:
    """Name and role of whoever signs for the applicant, and of the producer. A paper's own date is not known here."""
    on_the_day = f"electronically, {day(application.submitted_on)}"
    signers = [(application.representative, "Authorized representative"), (application.guardian, "Parent or guardian")]
    rows = [[given(signer.name), f"{role}, {on_the_day}"] for signer, role in signers if signer]
    if not rows:
        in_person = f"accepted in person, {day(application.submitted_on)}"
        how = in_person if application.in_person else "signed on the paper application"
        rows = [[given(application.name_of(0)), f"Primary applicant, {how}"]]
    return [*rows, [given(application.producer.name), f"Producer of record, {on_the_day}"]]


def _payment(application: Application) -> list[Row]:
    choice, way = ("Pay Later", "A bill is sent by mail")
    if application.pay_now:
        choice, way = ("Pay Now", "Online, after submission")
    return [["Payment choice", choice], ["How the first payment is made", way]]


def _months(application: Application) -> list[Row]:
    """What the first payment covers; nothing of applications whose payment was opened without months."""
    due = application.first_payment_months
    if not due:
        return []
    rows = [[f"Premium for {month(one.month)}", dollars(one.amount)] for one in due]
    total = dollars(Money.total(one.amount for one in due))
    return [*rows, ["Total first payment", total]] if len(rows) > 1 else rows
