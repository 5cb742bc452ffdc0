"""Contract: a step of a request, as domain values; steps 3 to 5 stand in ``to_steps``."""

from __future__ import annotations

from datetime import date

from suite.enrollment.v1 import enrollment_service_pb2 as service_pb
from suite.enrollment.v1 import records_pb2
from suite.enrollment.v1 import steps_pb2 as pb

from chassis.kernel import Caller, InvalidInput, NotFound
from chassis.kernel.zip_prefixes import read_zip
from services.enrollment.contract import to_steps
from services.enrollment.contract.reading import Form
from services.enrollment.domain.effective_dates import DateChoice
from services.enrollment.domain.names import read_suffix
from services.enrollment.domain.people import Person
from services.enrollment.domain.self_identification import SelfIdentification
from services.enrollment.domain.steps import (
    Address,
    AnyStep,
    Contact,
    GeneralStep,
    HouseholdStep,
    Hra,
    LifeEvent,
    Producer,
)
from services.enrollment.domain.vocabulary import Authorization, FormType, Relationship, Sex
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
            read = to_steps.plans(request.plans)
        case "other_coverage":
            read = to_steps.other_coverage(request.other_coverage, form)
        case "signatures":
            read = to_steps.signatures(request.signatures)
        case _:
            raise InvalidInput.at("step", "Send one of the five steps.")
    form.close()
    return read


def producer(message: pb.GeneralStep, caller: Caller) -> Producer | None:
    """Under one of the caller's writing numbers; what else was sent of the producer is not read."""
    if not message.producer.writing_number:
        return None
    try:
        own = caller.writing_number(message.producer.writing_number)
    except NotFound as refusal:
        raise InvalidInput.at("producer.writing_number", refusal.message, rule="R25") from None
    return Producer(own.number, own.producer_name, own.company_name, own.state)


def day(field: str, text: str) -> date | None:
    form = Form()
    read = form.day(field, text)
    form.close()
    return read


def date_choice(request: service_pb.SetEffectiveDateRequest) -> DateChoice:
    form = Form()
    wanted = form.day("effective_date", request.effective_date)
    happened = form.day("life_event_date", request.life_event_date)
    form.close()
    return DateChoice(wanted, request.life_event, happened)


def _general(message: pb.GeneralStep, form: Form) -> GeneralStep:
    events = []
    for index, sent in enumerate(message.life_events):
        happened = form.day(f"life_events[{index}].date", sent.date)
        if happened:
            events.append(LifeEvent(sent.kind, happened, sent.prior_coverage_attested))
    return GeneralStep(message.special_enrollment, tuple(events))


def _household(message: pb.HouseholdStep, form: Form) -> HouseholdStep:
    return HouseholdStep(
        form_type=word(FormType, message.form_type),
        authorization=word(Authorization, message.authorization),
        terms_version=message.terms_version,
        people=tuple(
            _person(f"people[{i}].", sent, Relationship.CHILD if i else Relationship.SELF, form)
            for i, sent in enumerate(message.people)
        ),
        home_address=_address(message.home_address),
        mailing_address=_address(message.mailing_address) if message.HasField("mailing_address") else None,
        contact=_contact(message.contact),
        hra=_hra(message.hra, form) if message.HasField("hra") else None,
    )


def _person(prefix: str, sent: pb.Person, default: Relationship, form: Form) -> Person:
    relationship = word(Relationship, sent.relationship) if sent.relationship else default
    if relationship is None:
        form.refuse(f"{prefix}relationship", "Choose one of the relationships that are offered.", "R62b")
    if sent.remove_ssn and sent.ssn:
        form.refuse(f"{prefix}remove_ssn", "Give another number, or remove the one that is stored; not both.", "R46")
    return Person(
        relationship=relationship or Relationship.OTHER_DEPENDENT,
        first_name=sent.first_name.strip(),
        middle_initial=sent.middle_initial.strip(),
        last_name=sent.last_name.strip(),
        suffix=read_suffix(sent.suffix),
        one_name_only=sent.one_name_only,
        date_of_birth=form.day(f"{prefix}date_of_birth", sent.date_of_birth),
        sex=word(Sex, sent.sex),
        ssn=form.ssn(f"{prefix}ssn", sent.ssn),
        removes_ssn=sent.remove_ssn,
        tobacco_use=sent.tobacco_use if sent.HasField("tobacco_use") else None,
        tobacco_last_used=form.day(f"{prefix}tobacco_last_used", sent.tobacco_last_used),
        disabled_dependent=sent.disabled_dependent,
        person_id=sent.person_id,
        contact=_contact(sent.contact) if sent.HasField("contact") else None,
        self_identification=_self_identification(sent.self_identification),
    )


def _contact(sent: pb.Contact) -> Contact:
    return Contact(
        phone=sent.phone.strip(),
        phone_type=sent.phone_type,
        email=sent.email.strip(),
        text_messages_version=sent.text_messages_version,
        electronic_delivery_version=sent.electronic_delivery_version,
    )


def _self_identification(sent: records_pb2.SelfIdentification) -> SelfIdentification | None:
    """None where nothing is answered: an empty set of answers is no answer."""
    given = SelfIdentification(
        scheme=sent.scheme,
        spoken_language=sent.spoken_language,
        written_language=sent.written_language,
        ethnicities=tuple(sent.ethnicities),
        identities=tuple(sent.identities),
    )
    return None if given.is_empty else given


def _address(sent: pb.Address) -> Address:
    return Address(
        street=sent.street.strip(),
        unit=sent.unit.strip(),
        city=sent.city.strip(),
        state=sent.state,
        zip=read_zip(sent.zip) or sent.zip.strip(),
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
