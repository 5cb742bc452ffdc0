"""What each step refuses: one row for each slip, with the field, the rule and words of the sentence that comes back.

``REFUSED`` is what a save refuses; ``MISSING`` is what may be saved, since drafts may be partial (R96), and what
submission then refuses.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from google.protobuf.message import Message
from suite.common.v1 import common_pb2 as common
from suite.enrollment.v1 import application_pb2, records_pb2
from suite.enrollment.v1 import steps_pb2 as pb

from tests.integration.application_machine import content
from tests.integration.application_machine.others import DENTAL, HMO, PPO
from tests.integration.application_machine.world import World

Edit = Callable[[Any], None]


@dataclass(frozen=True)
class Slip:
    """``edit`` is made to what stands in the step; ``of`` says where the application comes from."""

    step: str
    edit: Edit
    field: str
    rule: str
    words: str
    of: str = "220002580"
    before: tuple[tuple[str, Edit], ...] = ()
    # The step that lacks something, where that is another one than the step that was saved.
    lacking: str = ""

    @property
    def where(self) -> str:
        return self.lacking or self.step

    def __str__(self) -> str:
        return f"{self.rule}-{self.field}-{self.words.split()[0]}"


def merge(into: str = "", **values: Any) -> Edit:
    """Merges into the message, or into one below: "people.0", "contact"."""

    def edit(step: Message) -> None:
        place: Any = step
        for part in into.split(".") if into else ():
            place = place[int(part)] if part.isdecimal() else getattr(place, part)
        for name, value in values.items():
            if isinstance(value, Message):
                getattr(place, name).CopyFrom(value)
            elif isinstance(value, list):
                place.ClearField(name)
                getattr(place, name).extend(value)
            else:
                setattr(place, name, value)

    return edit


def person(relationship: Any = common.RELATIONSHIP_CHILD, **values: Any) -> pb.Person:
    known = {"first_name": "Quoka", "last_name": "Plokijuh", "date_of_birth": "2015-03-02", "sex": common.SEX_MALE}
    return pb.Person(relationship=relationship, **{**known, **values})


def and_also(*people: pb.Person) -> Edit:
    return lambda step: step.people.extend(people)


def alone(child: pb.Person) -> Edit:
    return merge(people=[child])


def events(*given: tuple[str, str]) -> Edit:
    return merge(life_events=[pb.LifeEvent(kind=kind, date=day) for kind, day in given])


def whole(step: str, app: application_pb2.Application, world: World) -> Any:
    """What stands in a step of an application that is ready."""
    match step:
        case "general":
            return content.whole_general(world.clock.today(), born=True)
        case "household":
            return content.whole_household(app)
        case "plans":
            return content.whole_plans(app)
        case "signatures":
            return content.whole_signatures(app)
    return pb.OtherCoverageStep()


LONG = "x" * 200
ADA = person(
    common.RELATIONSHIP_SELF, first_name="Zebrina", date_of_birth="1987-06-14", tobacco_use=False, ssn="536904399"
)
SPOUSE = person(common.RELATIONSHIP_SPOUSE, date_of_birth="1988-01-01", tobacco_use=False)
TEEN = person(common.RELATIONSHIP_SELF, date_of_birth="2010-12-31")
DENTAL_FORM = ("household", merge(form_type=pb.FORM_TYPE_DENTAL))
PPO_PLAN = ("plans", merge(medical_plan_id=PPO, dental_plan_id=DENTAL))
SIGNER = pb.Signer(first_name="Quoka", last_name="Plokijuh", relationship_to_applicant="Mother")
ME = "people.0"

REFUSED = (
    # step 1
    Slip("general", merge("producer", writing_number="660003012"), "producer.writing_number", "R25", "writing number"),
    Slip("general", merge("producer", writing_number="107864325"), "producer.writing_number", "R26", "another state"),
    Slip("general", merge("producer", writing_number="107864325"), "producer.writing_number", "R22", "quote fixed",
         of="q-medical"),
    Slip("general", merge(special_enrollment=False), "special_enrollment", "R27", "Outside open enrollment"),
    Slip("general", events(("birthday", "2026-05-10")), "life_events[0].kind", "R28", "Choose one of"),
    Slip("general", events(("birth", "2016-05-10")), "life_events[0].date", "R28", "check the year"),
    Slip("general", events(("birth", "2026-W20-1")), "life_events[0].date", "", "year-month-day"),
    Slip("general", events(("birth", "05/10/2026")), "life_events[0].date", "", "year-month-day"),
    Slip("general", events(("birth", "")), "life_events[0].date", "", "give a value"),
    Slip("general", events(*[("birth", "2026-05-10")] * 2), "life_events[1]", "R29", "delete one"),
    Slip("general", events(*[("birth", f"2026-05-{n:02}") for n in range(1, 12)]), "life_events", "R29", "at most 10"),
    Slip("general", merge(life_events=[]), "life_events", "R30", "at least one"),
    # step 2
    Slip("household", merge(form_type=pb.FORM_TYPE_DENTAL), "form_type", "R36", "quote fixed", "q-medical"),
    Slip("household", merge(terms_version="1999.1"), "terms_version", "R41", "versions in force"),
    Slip("household", merge(people=[SPOUSE]), "people[0].relationship", "R46", "stands first"),
    Slip("household", and_also(person(common.RELATIONSHIP_SELF)), "people[1].relationship", "R46", "only one"),
    Slip("household", merge(ME, date_of_birth="2026-05-21"), "people[0].date_of_birth", "R46", "future"),
    Slip("household", merge(ME, date_of_birth="1850-01-01"), "people[0].date_of_birth", "R46", "older than"),
    Slip("household", merge(ME, middle_initial="Qu"), "people[0].middle_initial", "R46", "1 character"),
    Slip("household", merge(ME, first_name=LONG), "people[0].first_name", "R46", "Shorten"),
    Slip("household", merge(ME, last_name="Plo\x07kijuh"), "people[0].last_name", "", "cannot be printed"),
    Slip("household", merge(ME, last_name="Plo\x00kijuh"), "people[0].last_name", "", "code 0"),
    Slip("household", merge(ME, ssn="000456789"), "people[0].ssn", "R46", "no such number"),
    Slip("household", merge(ME, ssn="53690439"), "people[0].ssn", "R46", "no such number"),
    Slip("household", merge(people=[ADA, person(ssn="536904399")]), "people[1].ssn", "R46",
         "same social security number"),
    Slip("household", and_also(person(ssn="536904399")), "people[1].ssn", "R46", "same social security number",
         before=(("household", merge(ME, ssn="536904399")),)),
    Slip("household", merge(ME, tobacco_use=True, tobacco_last_used="2026-06-01"), "people[0].tobacco_last_used", "R46",
         "future"),
    Slip("household", merge(ME, tobacco_use=True, tobacco_last_used="2025-01-01"), "people[0].tobacco_last_used", "R46",
         "or answer no"),
    Slip("household", merge(ME, tobacco_last_used="2026-05-01"), "people[0].tobacco_last_used", "R46", "Leave"),
    Slip("household", merge(ME, first_name="Tamarix", date_of_birth="1958-01-31"), "people[0]", "R46",
         "one person into another"),
    Slip("household", merge("home_address", zip="6060"), "home_address.zip", "R47", "five digits"),
    Slip("household", merge("home_address", zip="10001", county_fips=""), "home_address.zip", "R47", "none of our"),
    Slip("household", merge("home_address", state="Illinois", zip=""), "home_address.state", "R47", "two-letter"),
    Slip("household", merge("home_address", zip="", county_fips="Cook"), "home_address.county_fips", "R47", "counties"),
    Slip("household", merge("home_address", state="TX", zip="77001", county_fips=""), "home_address.state", "R26",
         "same state"),
    Slip("household", merge("home_address", zip="77001", county_fips=""), "home_address.zip", "R52",
         "not in the state"),
    Slip("household", merge("home_address", county_fips="17097"), "home_address.county_fips", "R52", "not in the ZIP"),
    Slip("household", merge(mailing_address=pb.Address(zip="1")), "mailing_address.zip", "R47", "five digits"),
    Slip("household", merge("contact", phone="12"), "contact.phone", "R49", "ten digits"),
    Slip("household", merge("contact", phone="312" + " " * 200 + "5550142"), "contact.phone", "", "Shorten"),
    Slip("household", merge("contact", phone_type="pigeon"), "contact.phone_type", "R49", "mobile or landline"),
    Slip("household", merge("contact", email="no address"), "contact.email", "R50", "name@example.com"),
    Slip("household", merge("contact", text_messages_version="1"), "contact.text_messages_version", "R51", "in force"),
    Slip("household", merge(hra=pb.Hra(kind="FSA")), "hra.kind", "R53", "ICHRA or QSEHRA"),
    Slip("household", merge(hra=pb.Hra(start_date="1999-01-01")), "hra.start_date", "R53", "check the year"),
    Slip("household", merge(hra=pb.Hra(monthly_contribution=common.Money(cents=10**9))), "hra.monthly_contribution",
         "R53", "10,000"),
    Slip("household", merge(hra=pb.Hra(monthly_contribution=common.Money(cents=-1))), "hra.monthly_contribution",
         "R53", "at least $0.00"),
    Slip("household", merge(ME, self_identification=records_pb2.SelfIdentification(spoken_language="klingon")),
         "people[0].self_identification.spoken_language", "R54", "offered"),
    Slip("household", merge(ME, self_identification=records_pb2.SelfIdentification(ethnicities=["none of yours"])),
         "people[0].self_identification.ethnicities", "R55", "offered"),
    Slip("household", merge(ME, self_identification=records_pb2.SelfIdentification(scheme="mine", identities=["x"])),
         "people[0].self_identification.scheme", "R55", "sets"),
    Slip("household", merge(ME, self_identification=records_pb2.SelfIdentification(identities=["none of yours"])),
         "people[0].self_identification.identities", "R56", "offered"),
    Slip("household", and_also(person(tobacco_use=True)), "people[1].tobacco_use", "R58", "leave it out"),
    Slip("household", and_also(person(person_id="nobody")), "people[1].person_id", "R58", "has this id"),
    Slip("household", and_also(SPOUSE, SPOUSE), "people[2].relationship", "R59", "at most one spouse"),
    Slip("household", and_also(person(contact=pb.Contact(phone="3125550142"))), "people[1].contact", "R60", "spouse"),
    Slip("household", and_also(*[person(first_name=f"Q{'x' * n}") for n in range(20)]), "people", "R61", "at most 20"),
    Slip("household", and_also(person(), person(first_name="QUOKA")), "people[2].first_name", "R61", "as person 2"),
    Slip("household", and_also(person(date_of_birth="1985-01-31")), "people[1].date_of_birth", "R61c", "until 26"),
    Slip("household", and_also(person(common.RELATIONSHIP_SPOUSE)), "people[1].date_of_birth", "R61c", "16 or older"),
    Slip("household", merge(ME, disabled_dependent=True), "people[0].disabled_dependent", "R61c", "Only a child"),
    Slip("household", and_also(person(relationship=99)), "people[1].relationship", "R62b", "Choose one"),
    Slip("household", merge(people=[]), "people", "R46", "cannot be removed"),
    # step 3
    Slip("plans", merge(medical_plan_id="no-plan"), "medical_plan_id", "R63", "Choose another"),
    Slip("plans", merge(medical_plan_id=LONG), "medical_plan_id", "", "Shorten"),
    Slip("plans", merge(medical_plan_id=HMO), "medical_plan_id", "R38", "leave it empty", before=(DENTAL_FORM,)),
    Slip("plans", merge(pcp_same_for_all=True), "pcp_choices", "R38", "leave them out", before=(DENTAL_FORM,)),
    Slip("plans", merge(pediatric_dental_attested=True), "pediatric_dental_attested", "R65", "only when no dental"),
    Slip("plans", merge(pediatric_dental_version="1999.1"), "pediatric_dental_version", "R65", "in force"),
    Slip("plans", merge(medical_plan_id=PPO, pcp_choices=[pb.PcpChoice(pcp_id="P7")]), "pcp_choices", "R68",
         "no primary"),
    Slip("plans", merge(pcp_choices=[pb.PcpChoice(member_index=7)]), "pcp_choices[0].member_index", "R69", "nobody"),
    Slip("plans", merge(pcp_choices=[pb.PcpChoice(), pb.PcpChoice()]), "pcp_choices[1].member_index", "R69", "already"),
    Slip("plans", merge(pcp_choices=[pb.PcpChoice(medical_group_id="12")]), "pcp_choices[0].medical_group_id", "R69",
         "3 digits"),
    Slip("plans", merge(pcp_choices=[pb.PcpChoice(person_id="nobody")]), "pcp_choices[0].person_id", "R58", "this id"),
    # step 4
    Slip("other_coverage", merge(replaced=[pb.ReplacedCoverage(member_index=7)]), "replaced[0].member_index", "R73",
         "nobody"),
    Slip("other_coverage", merge(replaced=[pb.ReplacedCoverage(termination_date="2016-01-01")]),
         "replaced[0].termination_date", "R73", "check the year"),
    Slip("other_coverage", merge(replaced=[pb.ReplacedCoverage()] * 41), "replaced", "R73", "at most 40"),
    Slip("other_coverage", merge(replacement_rights_version="1"), "replacement_rights_version", "R74", "in force"),
    Slip("other_coverage", merge(others=[pb.OtherCoverage(member_index=-1)]), "others[0].member_index", "R75",
         "nobody"),
    Slip("other_coverage", merge(others=[pb.OtherCoverage()] * 41), "others", "R75", "at most 40"),
    Slip("other_coverage", merge(others=[pb.OtherCoverage(group_id=LONG)]), "others[0].group_id", "", "Shorten"),
    Slip("other_coverage", merge(proxy_version="1"), "proxy_version", "R77", "in force"),
    # step 5
    Slip("signatures", merge(authorized_representative=pb.Signer(first_name=LONG)),
         "authorized_representative.first_name", "", "Shorten"),
    Slip("signatures", merge(guardian=SIGNER), "guardian", "R81", "leave the parent"),
    Slip("signatures", merge(consumer_choice_agreed=True), "consumer_choice_agreed", "R82", "leave it out"),
    Slip("signatures", merge(consumer_choice_version="1"), "consumer_choice_version", "R82", "in force"),
)  # fmt: skip  # reads across, as a table

CHILD_ALONE = (("household", alone(TEEN)),)
REPLACING = pb.ReplacedCoverage(insurer="Old Mutual", policy_number="1", termination_date="2026-05-31")

MISSING = (
    Slip("general", events(("birth", "2026-01-01")), "life_events[0].date", "R28", "has to lie between"),
    Slip("general", events(("marriage", "2026-05-10")), "effective_date", "R28", "Calculate"),
    Slip("household", merge(form_type=0), "form_type", "R35", "Choose the form"),
    Slip("household", merge(authorization=0), "authorization", "R39", "Choose how"),
    Slip("household", merge(authorization=pb.AUTHORIZATION_IN_PERSON), "terms_version", "R40", "Show the terms"),
    Slip("household", merge(ME, last_name=""), "people[0].last_name", "R46", "Give the last name"),
    Slip("household", lambda s: s.people[0].ClearField("tobacco_use"), "people[0].tobacco_use", "R46", "Answer"),
    Slip("household", merge(ME, tobacco_use=True), "people[0].tobacco_last_used", "R46", "date of last use"),
    Slip("household", merge("home_address", street=""), "home_address.street", "R47", "Give the street"),
    Slip("household", merge("home_address", zip="60010", county_fips=""), "home_address.county_fips", "R47", "county"),
    Slip("household", merge(mailing_address=pb.Address(city="Cicero")), "mailing_address.street", "R48",
         "Give the street"),
    Slip("household", merge("contact", phone=""), "contact.phone", "R49", "Give a phone number"),
    Slip("household", merge(hra=pb.Hra(kind="ICHRA")), "hra.start_date", "R53", "Give the day"),
    Slip("household", and_also(person()), "pediatric_dental_attested", "R65", "under 19",
         before=(("plans", merge(dental_plan_id="")),), lacking="plans"),
    Slip("plans", merge(medical_plan_id=""), "medical_plan_id", "R64", "Choose a medical"),
    Slip("plans", merge(dental_plan_id=""), "dental_plan_id", "R64", "Choose a dental", before=(DENTAL_FORM,)),
    Slip("plans", merge(pcp_same_for_all=True), "pcp_choices", "R70", "holds for all"),
    Slip("other_coverage", merge(replaces_coverage=True), "replaced", "R73", "whose coverage"),
    Slip("other_coverage", merge(replaces_coverage=True, replaced=[pb.ReplacedCoverage()]), "replaced[0].insurer",
         "R73", "Give the name of the insurer"),
    Slip("other_coverage", merge(replaces_coverage=True, replaced=[REPLACING]), "replacement_rights_shown", "R74",
         "Know Your Rights"),
    Slip("other_coverage", merge(has_other_coverage=True), "others", "R75", "who has other"),
    Slip("other_coverage", merge(has_other_coverage=True, others=[pb.OtherCoverage()]), "others[0].member_number",
         "R75", "Give the member number"),
    Slip("signatures", merge(authorized_representative=pb.Signer(first_name="Quoka")),
         "authorized_representative.last_name", "R80", "Give the last name"),
    Slip("signatures", merge(guardian=pb.Signer(first_name="Quoka")), "guardian.last_name", "R81", "Give the last name",
         of="a child alone"),
    Slip("signatures", merge(payment_choice=1), "guardian", "R81", "guardian who signs", of="a child alone"),
    Slip("signatures", merge(consumer_choice_agreed=False), "consumer_choice_agreed", "R82", "has to agree",
         of="107864325"),
    Slip("signatures", merge(payment_choice=0), "payment_choice", "R85", "Pay Now or Pay Later"),
)  # fmt: skip  # reads across, as a table
# Rules that no step can break today, and why: no form hides coverage replacement until a carrier says so (R78); what is
# priced anew is told by R67 when it can no longer be had, which needs a plan that is withdrawn (its own test).
NOT_BY_A_STEP = {"R78", "R67"}
