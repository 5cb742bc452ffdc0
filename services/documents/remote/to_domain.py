"""Proto application -> what is printed of it."""

from __future__ import annotations

from datetime import UTC, date

from suite.common.v1 import common_pb2
from suite.enrollment.v1 import application_pb2
from suite.enrollment.v1 import steps_pb2 as pb

from chassis.kernel import Money
from services.documents.domain import application as domain


def application(message: application_pb2.Application) -> domain.Application:
    household, signatures = message.household, message.signatures
    return domain.Application(
        record_number=message.record_number,
        client_app_id=message.client_app_id,
        state=message.state,
        submitted_on=_date(message.submitted_on),
        effective_date=_date(message.effective_date),
        effective_date_reason=message.effective_date_reason,
        producer=_producer(message.general.producer),
        form_type="Dental" if household.form_type == pb.FORM_TYPE_DENTAL else "Medical and dental",
        special_enrollment=message.general.special_enrollment,
        life_events=tuple(
            domain.LifeEvent(e.kind, _date(e.date), e.prior_coverage_attested) for e in message.general.life_events
        ),
        in_person=household.authorization == pb.AUTHORIZATION_IN_PERSON,
        terms_version=household.terms_version,
        acceptances=_acceptances(message),
        people=tuple(map(_person, household.people)),
        home=_address(household.home_address),
        mailing=_address(household.mailing_address),
        contact=_contact(household.contact) if household.HasField("contact") else None,
        hra=_hra(household.hra) if household.HasField("hra") else None,
        plans=tuple(map(_plan, message.plan_lines)),
        pcps=_pcps(message),
        replaced=_replaced(message.other_coverage),
        others=_others(message.other_coverage),
        representative=_signer(signatures.authorized_representative),
        guardian=_signer(signatures.guardian),
        pay_now=signatures.payment_choice == pb.PAYMENT_CHOICE_PAY_NOW,
        first_payment_months=tuple(map(_month_due, message.first_payment_months)),
        notices=tuple(notice.message for notice in message.notices),
    )


def _date(text: str) -> date | None:
    return date.fromisoformat(text) if text else None


def _money(message: common_pb2.Money) -> Money:
    return Money(message.cents)


def _month_due(message: common_pb2.MonthDue) -> domain.MonthDue:
    return domain.MonthDue(date.fromisoformat(f"{message.month}-01"), _money(message.amount))


def _words(*parts: str) -> str:
    return " ".join(part for part in parts if part)


def _label(name: str, prefix: str) -> str:
    """RELATIONSHIP_OTHER_DEPENDENT -> "Other dependent"."""
    return name.removeprefix(prefix).replace("_", " ").capitalize()


def _producer(message: common_pb2.Producer) -> domain.Producer:
    return domain.Producer(message.name, message.writing_number, message.company_name, message.state)


def _person(message: pb.Person) -> domain.Person:
    relationship = _label(common_pb2.Relationship.Name(message.relationship), "RELATIONSHIP_")
    sex = "" if not message.sex else _label(common_pb2.Sex.Name(message.sex), "SEX_")
    return domain.Person(
        name=_words(message.first_name, message.middle_initial, message.last_name, message.suffix),
        relationship="Primary applicant" if message.relationship == common_pb2.RELATIONSHIP_SELF else relationship,
        date_of_birth=_date(message.date_of_birth),
        sex=sex,
        ssn_last_four=message.ssn_last_four,
        tobacco_use=message.tobacco_use if message.HasField("tobacco_use") else None,
        tobacco_last_used=_date(message.tobacco_last_used),
        disabled_dependent=message.disabled_dependent,
        contact=_contact(message.contact) if message.HasField("contact") else None,
        self_identification=_self_identification(message),
    )


def _self_identification(message: pb.Person) -> domain.SelfIdentification | None:
    if not message.HasField("self_identification"):
        return None
    found = message.self_identification
    return domain.SelfIdentification(
        found.scheme,
        found.spoken_language,
        found.written_language,
        tuple(found.ethnicities),
        tuple(found.identities),
    )


def _acceptances(message: application_pb2.Application) -> tuple[domain.Acceptance, ...]:
    """Whose id nobody has any more is the applicant."""
    places = {person.person_id: place for place, person in enumerate(message.household.people)}
    return tuple(
        domain.Acceptance(
            one.kind, one.version, one.accepted_at.ToDatetime(UTC), one.recorded_by, places.get(one.person_id, 0)
        )
        for one in message.acceptances
    )


def _address(message: pb.Address) -> domain.Address | None:
    if not (message.street or message.city or message.zip):
        return None
    street = ", ".join(part for part in (message.street, message.unit) if part)
    return domain.Address(street, message.city, message.state, message.zip, message.county_name)


def _contact(message: pb.Contact) -> domain.Contact:
    return domain.Contact(message.phone, message.phone_type, message.email)


def _hra(message: pb.Hra) -> domain.Hra | None:
    if not message.kind:
        return None
    contribution = _money(message.monthly_contribution) if message.HasField("monthly_contribution") else None
    return domain.Hra(message.kind, _date(message.start_date), message.employer_name, contribution)


def _plan(message: application_pb2.PlanLine) -> domain.PlanLine:
    lines = (
        domain.PremiumLine(m.member_index, m.age, _money(m.monthly_premium), m.explanation) for m in message.members
    )
    return domain.PlanLine(
        coverage=_label(common_pb2.Coverage.Name(message.coverage), "COVERAGE_"),
        plan_id=message.plan_id,
        name=message.name,
        plan_type=message.plan_type,
        metal_level=message.metal_level,
        premium=_money(message.monthly_premium),
        members=tuple(lines),
        illustrative=message.catalogue == "illustrative",
        consumer_choice=message.consumer_choice_disclosure,
    )


def _pcps(message: application_pb2.Application) -> tuple[domain.AssignedPcp, ...]:
    chosen = {choice.member_index: choice for choice in message.plans.pcp_choices}
    same_for_all = message.plans.pcp_same_for_all

    def group_alone(member: int) -> str:
        choice = chosen.get(0 if same_for_all else member)
        return choice.medical_group_id if choice and not choice.pcp_id else ""

    return tuple(
        domain.AssignedPcp(
            one.member_index,
            one.provider_name,
            one.pcp_id,
            one.medical_group_id,
            one.auto_assigned,
            group_alone(one.member_index) if one.auto_assigned else "",
        )
        for one in message.assigned_pcps
    )


def _replaced(step: pb.OtherCoverageStep) -> tuple[domain.ReplacedCoverage, ...]:
    rows = step.replaced if step.replaces_coverage else ()
    return tuple(
        domain.ReplacedCoverage(r.member_index, r.insurer, r.policy_number, _date(r.termination_date)) for r in rows
    )


def _others(step: pb.OtherCoverageStep) -> tuple[domain.OtherCoverage, ...]:
    rows = step.others if step.has_other_coverage else ()
    return tuple(domain.OtherCoverage(o.member_index, o.name_on_policy, o.member_number, o.group_id) for o in rows)


def _signer(message: pb.Signer) -> domain.Signer | None:
    name = _words(message.first_name, message.middle_initial, message.last_name)
    return domain.Signer(name, message.relationship_to_applicant) if name else None
