"""Contract: the five steps of a request, as domain values."""

from __future__ import annotations

from datetime import date

from suite.enrollment.v1 import application_pb2 as pb
from suite.enrollment.v1 import enrollment_service_pb2 as service_pb

from chassis.kernel import InvalidInput
from services.enrollment.contract.reading import Form
from services.enrollment.domain.people import Person
from services.enrollment.domain.steps import (
    Address,
    AnyStep,
    Contact,
    GeneralStep,
    HouseholdStep,
    Hra,
    LifeEvent,
    OtherCoverage,
    OtherCoverageStep,
    PcpChoice,
    PlansStep,
    Producer,
    ReplacedCoverage,
    SignaturesStep,
    Signer,
)
from services.enrollment.domain.vocabulary import Authorization, FormType, PaymentChoice, Relationship, Sex
from services.enrollment.wire.words import word


def step(request: service_pb.SaveStepRequest) -> AnyStep:
    """Raises InvalidInput with every field that has no readable value."""
    form = Form()
    read: AnyStep
    match request.WhichOneof("step"):
        case "general":
            read = _general(request.general, form)
        case "household":
            read = _household(request.household, form)
        case "plans":
            read = _plans(request.plans)
        case "other_coverage":
            read = _other_coverage(request.other_coverage, form)
        case "signatures":
            read = _signatures(request.signatures)
        case _:
            raise InvalidInput.at("step", "Send one of the five steps.")
    form.close()
    return read


def producer(message: pb.GeneralStep) -> Producer | None:
    if not message.HasField("producer"):
        return None
    sent = message.producer
    return Producer(sent.writing_number, sent.name, sent.company_name, sent.state)


def day(field: str, text: str) -> date | None:
    form = Form()
    read = form.day(field, text)
    form.close()
    return read


def _general(message: pb.GeneralStep, form: Form) -> GeneralStep:
    events = []
    for index, sent in enumerate(message.life_events):
        happened = form.day(f"life_events[{index}].date", sent.date)
        if happened:
            events.append(LifeEvent(sent.kind, happened))
    return GeneralStep(message.special_enrollment, tuple(events))


def _household(message: pb.HouseholdStep, form: Form) -> HouseholdStep:
    return HouseholdStep(
        form_type=word(FormType, message.form_type),
        authorization=word(Authorization, message.authorization),
        terms_version=message.terms_version,
        people=tuple(_person(f"people[{i}].", sent, form) for i, sent in enumerate(message.people)),
        home_address=_address(message.home_address),
        mailing_address=_address(message.mailing_address) if message.HasField("mailing_address") else None,
        contact=Contact(message.contact.phone, message.contact.phone_type, message.contact.email),
        hra=_hra(message.hra, form) if message.HasField("hra") else None,
    )


def _person(prefix: str, sent: pb.Person, form: Form) -> Person:
    relationship = word(Relationship, sent.relationship)
    if relationship is None:
        form.refuse(f"{prefix}relationship", "Choose one of the relationships that are offered.", "R62b")
    return Person(
        relationship=relationship or Relationship.OTHER_DEPENDENT,
        first_name=sent.first_name.strip(),
        middle_initial=sent.middle_initial.strip(),
        last_name=sent.last_name.strip(),
        date_of_birth=form.day(f"{prefix}date_of_birth", sent.date_of_birth),
        sex=word(Sex, sent.sex),
        ssn=form.ssn(f"{prefix}ssn", sent.ssn),
        tobacco_use=sent.tobacco_use if sent.HasField("tobacco_use") else None,
        tobacco_last_used=form.day(f"{prefix}tobacco_last_used", sent.tobacco_last_used),
    )


def _address(sent: pb.Address) -> Address:
    return Address(
        street=sent.street.strip(),
        unit=sent.unit.strip(),
        city=sent.city.strip(),
        state=sent.state,
        zip=sent.zip,
        county_fips=sent.county_fips,
    )


def _hra(sent: pb.Hra, form: Form) -> Hra:
    given = sent.HasField("monthly_contribution")
    return Hra(
        kind=sent.kind,
        start_date=form.day("hra.start_date", sent.start_date),
        employer_name=sent.employer_name.strip(),
        monthly_contribution=form.money("hra.monthly_contribution", sent.monthly_contribution.cents) if given else None,
    )


def _plans(message: pb.PlansStep) -> PlansStep:
    choices = (PcpChoice(c.member_index, c.pcp_id.strip(), c.medical_group_id.strip()) for c in message.pcp_choices)
    return PlansStep(message.medical_plan_id, message.dental_plan_id, message.pediatric_dental_attested, tuple(choices))


def _other_coverage(message: pb.OtherCoverageStep, form: Form) -> OtherCoverageStep:
    replaced = []
    for index, sent in enumerate(message.replaced):
        ends = form.day(f"replaced[{index}].termination_date", sent.termination_date)
        replaced.append(ReplacedCoverage(sent.member_index, sent.insurer, sent.policy_number, ends))
    others = (OtherCoverage(o.member_index, o.name_on_policy, o.member_number, o.group_id) for o in message.others)
    return OtherCoverageStep(
        message.replaces_coverage,
        tuple(replaced),
        message.has_other_coverage,
        tuple(others),
        message.proxy_agreed,
    )


def _signatures(message: pb.SignaturesStep) -> SignaturesStep:
    return SignaturesStep(
        authorized_representative=_signer(message.authorized_representative)
        if message.HasField("authorized_representative")
        else None,
        guardian=_signer(message.guardian) if message.HasField("guardian") else None,
        consumer_choice_agreed=message.consumer_choice_agreed,
        payment_choice=word(PaymentChoice, message.payment_choice),
    )


def _signer(sent: pb.Signer) -> Signer:
    return Signer(
        sent.first_name.strip(), sent.middle_initial.strip(), sent.last_name.strip(), sent.relationship_to_applicant
    )
