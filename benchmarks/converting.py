"""``python -m benchmarks.converting``: what the mapper costs beside converters of the same pairs written by hand.

Both sides convert the same values, give equal results, and take turns in one process. What the suite's converter does
by hand beside its mapper (a person's relationship and social security number) is the same on both sides.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from statistics import median
from typing import Any

from suite.common.v1 import common_pb2 as common
from suite.enrollment.v1 import records_pb2
from suite.enrollment.v1 import steps_pb2 as steps
from suite.quote.v1 import quote_pb2 as pb

from benchmarks.measurement import measure_seconds
from benchmarks.sample_catalogues import COOK, make_plan
from chassis.kernel import Money
from chassis.kernel.zip_prefixes import read_zip
from chassis.mapping.shapes import enum_numbers
from services.enrollment.contract import household_protos, to_domain
from services.enrollment.contract.request_parsing import RequestParser
from services.enrollment.domain.enums import Authorization, FormType, Relationship, Sex
from services.enrollment.domain.names import read_suffix
from services.enrollment.domain.people import Contact, Person
from services.enrollment.domain.self_identification import SelfIdentification
from services.enrollment.domain.steps import Address, HouseholdStep, Hra
from services.enrollment.wire.enums import enum_from_proto
from services.quote.contract import to_proto
from services.quote.domain.household import Relationship as QuotedRelationship
from services.quote.domain.plan import Coverage, Exchange, Plan, RateSource
from services.quote.domain.premium import MemberPremium

ROUNDS = 15
PLANS, LINES = 25, 4

_COVERAGES = {Coverage.MEDICAL: common.COVERAGE_MEDICAL, Coverage.DENTAL: common.COVERAGE_DENTAL}
_EXCHANGES = {Exchange.ON: common.EXCHANGE_ON, Exchange.OFF: common.EXCHANGE_OFF}
_QUOTED_RELATIONSHIPS: dict[Any, Any] = enum_numbers(QuotedRelationship, common.Relationship.DESCRIPTOR)
_RELATIONSHIPS: dict[Any, Any] = enum_numbers(Relationship, common.Relationship.DESCRIPTOR)
_SEXES: dict[Any, Any] = {None: 0, **enum_numbers(Sex, common.Sex.DESCRIPTOR)}
_FORMS: dict[Any, Any] = {None: 0, **enum_numbers(FormType, steps.FormType.DESCRIPTOR)}
_AUTHORIZATIONS: dict[Any, Any] = {None: 0, **enum_numbers(Authorization, steps.Authorization.DESCRIPTOR)}
_SEX_WORDS: dict[Any, Any] = {number: word for word, number in _SEXES.items()}
_FORM_WORDS: dict[Any, Any] = {number: word for word, number in _FORMS.items()}
_AUTHORIZATION_WORDS: dict[Any, Any] = {number: word for word, number in _AUTHORIZATIONS.items()}


def write_money(amount: Money) -> common.Money:
    return common.Money(cents=amount.cents)


def write_plan(plan: Plan) -> pb.Plan:
    return pb.Plan(
        plan_id=plan.plan_id,
        name=plan.name,
        coverage=_COVERAGES[plan.coverage],
        metal_level=plan.metal_level,
        plan_type=plan.plan_type,
        exchange=_EXCHANGES[plan.exchange],
        plan_year=plan.plan_year,
        state=plan.state,
        issuer_name=plan.issuer_name,
        issuer_id=plan.issuer_id,
        network_id=plan.network_id,
        network_name=plan.network_name,
        uses_pcp=plan.uses_pcp,
        consumer_choice_disclosure=plan.consumer_choice_disclosure,
        includes_pediatric_dental=plan.includes_pediatric_dental,
        deductible=write_money(plan.deductible) if plan.deductible else None,
        out_of_pocket_maximum=write_money(plan.out_of_pocket_maximum) if plan.out_of_pocket_maximum else None,
        catalogue=plan.catalogue.value,
        hsa_eligible=plan.hsa_eligible,
        charged_children_cap=plan.charged_children_cap,
    )


def write_line(line: MemberPremium) -> pb.MemberPremium:
    return pb.MemberPremium(
        member_index=line.index,
        relationship=_QUOTED_RELATIONSHIPS[line.relationship],
        age=line.age,
        monthly_premium=write_money(line.amount),
        rate_source=line.source.value,
        tobacco_rated=line.tobacco_rated,
        explanation=line.explanation,
        rating_area=line.rating_area,
    )


def read_household(sent: steps.HouseholdStep, form: RequestParser) -> HouseholdStep:
    return HouseholdStep(
        form_type=_FORM_WORDS.get(sent.form_type),
        authorization=_AUTHORIZATION_WORDS.get(sent.authorization),
        terms_version=sent.terms_version.strip(),
        people=tuple(
            read_person(f"people[{index}].", one, Relationship.CHILD if index else Relationship.SELF, form)
            for index, one in enumerate(sent.people)
        ),
        home_address=read_address(sent.home_address),
        mailing_address=read_address(sent.mailing_address) if sent.HasField("mailing_address") else None,
        contact=read_contact(sent.contact),
        hra=read_hra(sent.hra, form) if sent.HasField("hra") else None,
    )


def read_person(path: str, sent: steps.Person, default: Relationship, form: RequestParser) -> Person:
    relationship = enum_from_proto(Relationship, sent.relationship) if sent.relationship else default
    if relationship is None:
        form.refuse(f"{path}relationship", "Choose one of the relationships that are offered.", "R62b")
    if sent.remove_ssn and sent.ssn:
        form.refuse(f"{path}remove_ssn", "Give another number, or remove the one that is stored; not both.", "R46")
    return Person(
        relationship=relationship or Relationship.OTHER_DEPENDENT,
        first_name=sent.first_name.strip(),
        middle_initial=sent.middle_initial.strip(),
        last_name=sent.last_name.strip(),
        suffix=read_suffix(sent.suffix),
        one_name_only=sent.one_name_only,
        date_of_birth=form.day(f"{path}date_of_birth", sent.date_of_birth.strip()),
        sex=_SEX_WORDS.get(sent.sex),
        ssn=form.ssn(f"{path}ssn", sent.ssn),
        removes_ssn=sent.remove_ssn,
        tobacco_use=sent.tobacco_use if sent.HasField("tobacco_use") else None,
        tobacco_last_used=form.day(f"{path}tobacco_last_used", sent.tobacco_last_used.strip()),
        disabled_dependent=sent.disabled_dependent,
        person_id=sent.person_id.strip(),
        contact=read_contact(sent.contact) if sent.HasField("contact") else None,
        self_identification=read_answers(sent.self_identification),
    )


def read_answers(sent: records_pb2.SelfIdentification) -> SelfIdentification | None:
    given = SelfIdentification(
        scheme=sent.scheme.strip(),
        spoken_language=sent.spoken_language.strip(),
        written_language=sent.written_language.strip(),
        ethnicities=tuple(one.strip() for one in sent.ethnicities),
        identities=tuple(one.strip() for one in sent.identities),
    )
    return None if given.is_empty else given


def read_address(sent: steps.Address) -> Address:
    return Address(
        street=sent.street.strip(),
        unit=sent.unit.strip(),
        city=sent.city.strip(),
        state=sent.state.strip(),
        zip=read_zip(sent.zip) or sent.zip.strip(),
        county_fips=sent.county_fips.strip(),
    )


def read_contact(sent: steps.Contact) -> Contact:
    return Contact(
        phone=sent.phone.strip(),
        phone_type=sent.phone_type.strip(),
        email=sent.email.strip(),
        text_messages_version=sent.text_messages_version.strip(),
        electronic_delivery_version=sent.electronic_delivery_version.strip(),
    )


def read_hra(sent: steps.Hra, form: RequestParser) -> Hra:
    amount = form.money("hra.monthly_contribution", sent.monthly_contribution.cents)
    return Hra(
        kind=sent.kind.strip(),
        start_date=form.day("hra.start_date", sent.start_date.strip()),
        employer_name=sent.employer_name.strip(),
        monthly_contribution=amount if sent.HasField("monthly_contribution") else None,
    )


def write_household(step: HouseholdStep) -> steps.HouseholdStep:
    return steps.HouseholdStep(
        form_type=_FORMS[step.form_type],
        authorization=_AUTHORIZATIONS[step.authorization],
        terms_version=step.terms_version,
        people=[write_person(person) for person in step.people],
        home_address=write_address(step.home_address),
        mailing_address=write_address(step.mailing_address) if step.mailing_address else None,
        contact=write_contact(step.contact),
        hra=write_hra(step.hra) if step.hra else None,
    )


def write_person(person: Person) -> steps.Person:
    return steps.Person(
        relationship=_RELATIONSHIPS[person.relationship],
        first_name=person.first_name,
        middle_initial=person.middle_initial,
        last_name=person.last_name,
        date_of_birth=person.date_of_birth.isoformat() if person.date_of_birth else "",
        sex=_SEXES[person.sex],
        ssn_last_four=person.ssn_last_four,
        tobacco_use=person.tobacco_use,
        tobacco_last_used=person.tobacco_last_used.isoformat() if person.tobacco_last_used else "",
        person_id=person.person_id,
        contact=write_contact(person.contact) if person.contact else None,
        self_identification=write_answers(person.self_identification) if person.self_identification else None,
        disabled_dependent=person.disabled_dependent,
        suffix=person.suffix,
        one_name_only=person.one_name_only,
    )


def write_answers(given: SelfIdentification) -> records_pb2.SelfIdentification:
    return records_pb2.SelfIdentification(
        scheme=given.scheme,
        spoken_language=given.spoken_language,
        written_language=given.written_language,
        ethnicities=given.ethnicities,
        identities=given.identities,
    )


def write_address(address: Address) -> steps.Address:
    return steps.Address(
        street=address.street,
        unit=address.unit,
        city=address.city,
        state=address.state,
        zip=address.zip,
        county_fips=address.county_fips,
        county_name=address.county_name,
    )


def write_contact(contact: Contact) -> steps.Contact:
    return steps.Contact(
        phone=contact.phone,
        phone_type=contact.phone_type,
        email=contact.email,
        text_messages_version=contact.text_messages_version,
        electronic_delivery_version=contact.electronic_delivery_version,
    )


def write_hra(hra: Hra) -> steps.Hra:
    return steps.Hra(
        kind=hra.kind,
        start_date=hra.start_date.isoformat() if hra.start_date else "",
        employer_name=hra.employer_name,
        monthly_contribution=write_money(hra.monthly_contribution) if hra.monthly_contribution else None,
    )


def make_line(index: int) -> MemberPremium:
    return MemberPremium(index, QuotedRelationship.CHILD, 10, Money(500), RateSource.FILED, False, "Age 10", 1)


def make_household_message() -> steps.HouseholdStep:
    """Four people, as a browser sends them."""
    self_, child = common.RELATIONSHIP_SELF, common.RELATIONSHIP_CHILD
    relationships = (self_, child, child, child)
    return steps.HouseholdStep(
        form_type=steps.FORM_TYPE_MEDICAL_DENTAL,
        authorization=steps.AUTHORIZATION_IN_PERSON,
        people=[
            steps.Person(
                first_name="Ann", last_name="Lee", date_of_birth="1987-06-14", sex=common.SEX_FEMALE, relationship=one
            )
            for one in relationships
        ],
        home_address=steps.Address(
            street="1 A St", city="Chicago", state=COOK.state, zip="60601", county_fips=COOK.fips
        ),
        contact=steps.Contact(phone="312-555-0142", email="ann@example.com"),
    )


def compare(what: str, mapped: Callable[[], Any], by_hand: Callable[[], Any]) -> None:
    """Prints the middle of the rounds; in each, both sides take a turn."""
    assert mapped() == by_hand()
    turns = [
        (measure_seconds(mapped, repeat=3, number=20), measure_seconds(by_hand, repeat=3, number=20))
        for _ in range(ROUNDS)
    ]
    ratios = sorted(ours / theirs for ours, theirs in turns)
    ours, theirs = (median(times) * 1e6 for times in zip(*turns, strict=True))
    print(
        f"Mapper, {what}: {theirs:.0f} us by hand, {ours:.0f} us by the mapper: ratio {median(ratios):.2f} "
        f"({ROUNDS} rounds, {ratios[0]:.2f}-{ratios[-1]:.2f})"
    )


def main() -> None:
    plan = replace(make_plan(0), deductible=Money(100), out_of_pocket_maximum=Money(200))
    lines = [make_line(index) for index in range(LINES)]
    sent, form = make_household_message(), RequestParser()
    step = read_household(sent, form)
    compare(
        f"{PLANS} plans of {LINES} lines to messages",
        lambda: [(to_proto.plan(plan), [to_proto.premium_line(line) for line in lines]) for _ in range(PLANS)],
        lambda: [(write_plan(plan), [write_line(line) for line in lines]) for _ in range(PLANS)],
    )
    compare(
        "a household of four to a message",
        lambda: household_protos.household(step),
        lambda: write_household(step),
    )
    compare(
        "a household of four from a message",
        lambda: to_domain._household(sent, form),
        lambda: read_household(sent, form),
    )


if __name__ == "__main__":
    main()
