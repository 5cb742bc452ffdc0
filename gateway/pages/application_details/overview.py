"""Everything that Application Details shows, gathered and put into words (R94)."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from google.protobuf.timestamp_pb2 import Timestamp
from starlette.requests import Request
from suite.documents.v1 import proof_documents_pb2
from suite.enrollment.v1 import application_pb2, records_pb2, rules_pb2

from gateway.pages import application_reads
from gateway.pages.application_details.coverage_ends import CoverageEnd, list_coverage_ends
from gateway.pages.application_details.form_fields import Issue, issue_of
from gateway.pages.application_details.payment import PaymentPanel, build_payment_panel
from gateway.pages.application_details.people import PersonRow, list_people
from gateway.pages.application_details.reasons import CANCEL_PARTIES, CANCEL_REASONS
from gateway.pages.application_fields.links import link_to_continue
from gateway.pages.application_fields.names import full_name, signer_name
from gateway.pages.application_fields.steps import CLIENT_REVIEW, TITLES
from gateway.pages.formatting import format_label

# Services that act by themselves; everybody else is a person.
_SERVICES = frozenset({"quote", "enrollment", "pcp", "payment", "documents", "gateway", "processor", "payer"})
# Who acts by a review link.
_CLIENT = "client"


@dataclass(frozen=True, slots=True)
class AcceptanceRow:
    """A text that was agreed to or shown, and by whom."""

    title: str
    kind: str
    version: str
    person: str
    recorded_by: str
    at: Timestamp


@dataclass(frozen=True, slots=True)
class TimelineRow:
    summary: str
    who: str
    at: Timestamp
    changed: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ApplicationOverview:
    """What the template reads."""

    application: application_pb2.Application
    # Step title -> what submission would refuse there.
    missing: Mapping[str, list[Issue]]
    # Nothing is missing, and its last day has not passed.
    ready: bool
    failures: list[Issue]
    notices: list[Issue]
    people: list[PersonRow]
    panel: PaymentPanel
    agreements: list[AcceptanceRow]
    activity: list[TimelineRow]
    life_events: list[tuple[str, str]]
    coverage_ends: list[CoverageEnd]
    proofs: list[proof_documents_pb2.ProofDocument]
    # Code -> label of the documents that prove the life event.
    proof_labels: Mapping[str, str]
    continue_href: str

    def name_of(self, person_id: str) -> str:
        """Of somebody in the household, for lists that name people by their id."""
        people = {one.person_id: one for one in self.application.household.people}
        found = people.get(person_id)
        return " ".join(filter(None, (found.first_name, found.last_name))) if found else "the applicant"

    @property
    def cancel_reason(self) -> str:
        return CANCEL_REASONS.get(self.application.cancellation.reason, "")

    @property
    def cancel_party(self) -> str:
        return CANCEL_PARTIES.get(self.application.cancellation.asked_by, "")


async def read_overview(request: Request) -> ApplicationOverview:
    application, readiness, timeline = await asyncio.gather(
        application_reads.read_application(request),
        application_reads.read_readiness(request, request.path_params["record_number"]),
        application_reads.list_timeline(request),
    )
    payment, proofs, rules = await asyncio.gather(
        application_reads.find_payment(request, application),
        application_reads.list_proofs(request, application),
        application_reads.read_rules(request, application),
    )
    logins = {entry.actor for entry in timeline} | {one.added_by for one in proofs}
    names = await application_reads.read_names(request, logins)
    return ApplicationOverview(
        application=application,
        missing=_by_step(application, readiness.missing if application.status in application_reads.EDITABLE else ()),
        ready=readiness.ready,
        failures=[issue_of(application, one) for one in application.failures],
        notices=[issue_of(application, one) for one in readiness.notices],
        people=list_people(application),
        panel=build_payment_panel(application, payment),
        agreements=[_acceptance(application, one, rules) for one in application.acceptances],
        activity=[_timeline_row(entry, names) for entry in reversed(timeline)],
        life_events=_life_events(application, rules),
        coverage_ends=list_coverage_ends(application, rules.today),
        proofs=proofs,
        proof_labels=proof_labels(rules),
        continue_href=link_to_continue(application, readiness.missing),
    )


def proof_labels(rules: rules_pb2.EnrollmentRules) -> dict[str, str]:
    found = {proof.code: proof.label for event in rules.life_events for proof in event.proofs}
    return {**found, "other": "Other document"}


def _by_step(
    application: application_pb2.Application, missing: Iterable[application_pb2.Shortcoming]
) -> dict[str, list[Issue]]:
    steps: dict[str, list[Issue]] = {}
    for one in missing:
        title = TITLES.get(one.step, CLIENT_REVIEW)
        steps.setdefault(title, []).append(issue_of(application, one))
    return steps


def _acceptance(
    application: application_pb2.Application,
    one: records_pb2.Acceptance,
    rules: rules_pb2.EnrollmentRules,
) -> AcceptanceRow:
    titles = {disclosure.kind: disclosure.title for disclosure in rules.disclosures}
    people = {person.person_id: full_name(person) for person in application.household.people}
    return AcceptanceRow(
        title=titles.get(one.kind, format_label(one.kind.replace("-", "_"))),
        kind=one.kind,
        version=one.version,
        person=_given_by(application, people.get(one.person_id, "")),
        recorded_by=one.recorded_by_name or one.recorded_by,
        at=one.accepted_at,
    )


def _given_by(application: application_pb2.Application, person: str) -> str:
    """The person, or the parent or guardian, who agrees to everything where all of them are minors (R81)."""
    guardian = signer_name(application.signatures.guardian)
    return ", for ".join(filter(None, (guardian, person)))


def _timeline_row(entry: records_pb2.TimelineEntry, names: Mapping[str, str]) -> TimelineRow:
    return TimelineRow(entry.summary or entry.action, _who(entry.actor, names), entry.at, tuple(entry.changed_fields))


def _who(login: str, names: Mapping[str, str]) -> str:
    if login == _CLIENT:
        return "Client"
    return "Producer Portal" if login in _SERVICES else names.get(login, login)


def _life_events(application: application_pb2.Application, rules: rules_pb2.EnrollmentRules) -> list[tuple[str, str]]:
    labels = {event.kind: event.label for event in rules.life_events}
    return [(labels.get(one.kind, format_label(one.kind)), one.date) for one in application.general.life_events]
