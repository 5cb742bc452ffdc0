"""Contract: a step of a request, as domain values; steps 3 to 5 are in ``to_steps``."""

from __future__ import annotations

from datetime import date

from suite.enrollment.v1 import after_submission_pb2, records_pb2
from suite.enrollment.v1 import enrollment_service_pb2 as service_pb
from suite.enrollment.v1 import steps_pb2 as pb

from chassis.kernel import Caller, InvalidInput, NotFound
from chassis.kernel.zip_prefixes import read_zip
from chassis.mapping import FromProto
from services.enrollment.contract import to_steps
from services.enrollment.contract.request_parsing import RequestParser
from services.enrollment.domain.effective_dates import DateChoice
from services.enrollment.domain.enums import Relationship
from services.enrollment.domain.names import read_suffix
from services.enrollment.domain.people import Person
from services.enrollment.domain.self_identification import SelfIdentification
from services.enrollment.domain.steps import (
    Address,
    AnyStep,
    GeneralStep,
    HouseholdStep,
    LifeEvent,
    Producer,
)
from services.enrollment.domain.termination import TerminationRequest
from services.enrollment.usecases.change_contact import ContactEdit
from services.enrollment.wire.enums import enum_from_proto


def step_to_domain(request: service_pb.SaveStepRequest, form: RequestParser) -> AnyStep:
    """``form`` has every field without a readable value afterwards; the step lacks them."""
    match request.WhichOneof("step"):
        case "general":
            return _general(request.general, form)
        case "household":
            return _household(request.household, form)
        case "plans":
            return to_steps.plans(request.plans, form)
        case "other_coverage":
            return to_steps.other_coverage(request.other_coverage, form)
        case "signatures":
            return to_steps.signatures(request.signatures, form)
        case _:
            raise InvalidInput.at("step", "Send one of the five steps.")


def producer_to_domain(message: pb.GeneralStep, caller: Caller) -> Producer | None:
    """Under one of the caller's writing numbers; what else was sent of the producer is not read."""
    if not message.producer.writing_number:
        return None
    try:
        own = caller.writing_number(message.producer.writing_number)
    except NotFound as refusal:
        raise InvalidInput.at("producer.writing_number", refusal.message, rule="R25") from None
    return Producer(own.number, own.producer_name, own.company_name, own.state, own.phone, own.npn)


def parse_day(field: str, text: str) -> date | None:
    form = RequestParser()
    read = form.day(field, text)
    form.close()
    return read


def date_choice(request: service_pb.SetEffectiveDateRequest) -> DateChoice:
    form = RequestParser()
    wanted = form.day("effective_date", request.effective_date)
    happened = form.day("life_event_date", request.life_event_date)
    form.close()
    return DateChoice(wanted, request.life_event, happened)


def termination_request(request: after_submission_pb2.TerminateCoverageRequest) -> TerminationRequest:
    form = RequestParser()
    wanted = _termination_request(request, form)
    form.close()
    return wanted


def _general(message: pb.GeneralStep, form: RequestParser) -> GeneralStep:
    events = (_read_life_event(f"life_events[{place}].", one, form) for place, one in enumerate(message.life_events))
    return GeneralStep(message.special_enrollment, tuple(events))


def _read_life_event(path: str, sent: pb.LifeEvent, form: RequestParser) -> LifeEvent:
    if not sent.kind:
        form.refuse(f"{path}kind", "Choose the life event.", "R28")
    if not sent.date:
        form.refuse(f"{path}date", "Enter the date of the event.", "R28")
    return _life_event(sent, form, path, date=form.day(f"{path}date", sent.date) or date.min)


def _household(message: pb.HouseholdStep, form: RequestParser) -> HouseholdStep:
    people = (
        _read_person(f"people[{place}].", sent, Relationship.CHILD if place else Relationship.SELF, form)
        for place, sent in enumerate(message.people)
    )
    return _household_step(message, form, people=tuple(people))


def _read_person(path: str, sent: pb.Person, default: Relationship, form: RequestParser) -> Person:
    relationship = enum_from_proto(Relationship, sent.relationship) if sent.relationship else default
    if relationship is None:
        form.refuse(f"{path}relationship", "Choose one of the offered relationships.", "R62b")
    if sent.remove_ssn and sent.ssn:
        form.refuse(f"{path}remove_ssn", "Enter a new number or remove the stored one, not both.", "R46")
    ssn = form.ssn(f"{path}ssn", sent.ssn)
    return _person(sent, form, path, relationship=relationship or Relationship.OTHER_DEPENDENT, ssn=ssn)


def _self_identification(sent: pb.Person) -> SelfIdentification | None:
    """None where nothing is answered: an empty set of answers is no answer."""
    given = _answers(sent.self_identification)
    return None if given.is_empty else given


_answers = FromProto(records_pb2.SelfIdentification, SelfIdentification)
# The name of a county is looked up, whatever is sent.
_address = FromProto(
    pb.Address,
    Address,
    unread=("county_name",),
    left=("county_name",),
    zip=lambda sent: read_zip(sent.zip) or sent.zip.strip(),
)
_life_event = FromProto(pb.LifeEvent, LifeEvent, at_call=("date",))
_person = FromProto(
    pb.Person,
    Person,
    at_call=("relationship", "ssn"),
    unread=("ssn_last_four",),
    left=("ssn_last_four", "ssn_fingerprint", "first_identity"),
    suffix=lambda sent: read_suffix(sent.suffix),
    removes_ssn="remove_ssn",
    self_identification=_self_identification,
)
_household_step = FromProto(pb.HouseholdStep, HouseholdStep, at_call=("people",))
_termination_request = FromProto(
    after_submission_pb2.TerminateCoverageRequest, TerminationRequest, unread=("idempotency_key", "record_number")
)
contact_edit = FromProto(after_submission_pb2.ChangeContactRequest, ContactEdit, unread=("idempotency_key",))
