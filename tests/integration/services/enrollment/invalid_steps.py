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

from tests.integration.application_machine import step_contents
from tests.integration.application_machine.fake_services import DENTAL, HMO, PPO
from tests.integration.application_machine.harness import ContractHarness

Edit = Callable[[Any], None]


@dataclass(frozen=True)
class Case:
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


def whole(step: str, app: application_pb2.Application, harness: ContractHarness) -> Any:
    """What stands in a step of an application that is ready."""
    match step:
        case "general":
            return step_contents.whole_general(harness.clock.today(), born=True)
        case "household":
            return step_contents.whole_household(app)
        case "plans":
            return step_contents.whole_plans(app)
        case "signatures":
            return step_contents.whole_signatures(app)
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
    Case("general", merge("producer", writing_number="660003012"), "producer.writing_number", "R25", "writing number"),
    Case("general", merge("producer", writing_number="107864325"), "producer.writing_number", "R26", "number for IL"),
    Case("general", merge("producer", writing_number="107864325"), "producer.writing_number", "R22", "quote fixed",
         of="q-medical"),
    Case("general", merge(special_enrollment=False), "special_enrollment", "R27", "Outside open enrollment"),
    Case("general", events(("birthday", "2026-05-10")), "life_events[0].kind", "R28", "Choose one of"),
    Case("general", events(("birth", "2016-05-10")), "life_events[0].date", "R28", "check the year"),
    Case("general", events(("birth", "2026-W20-1")), "life_events[0].date", "", "year-month-day"),
    Case("general", events(("birth", "2026-02-31")), "life_events[0].date", "", "February 2026 has no 31st day"),
    Case("general", events(("birth", "2026-13-01")), "life_events[0].date", "", "There is no month 13"),
    Case("general", events(("birth", "05/10/2026")), "life_events[0].date", "", "year-month-day"),
    Case("general", events(("birth", "")), "life_events[0].date", "R28", "Enter the date of the event"),
    Case("general", events(("", "2026-05-10")), "life_events[0].kind", "R28", "Choose the life event"),
    Case("general", events(*[("birth", "2026-05-10")] * 2), "life_events[1]", "R29", "Delete one"),
    Case("general", events(*[("birth", f"2026-05-{n:02}") for n in range(1, 12)]), "life_events", "R29", "at most 10"),
    Case("general", merge(life_events=[]), "life_events", "R30", "at least one"),
    # step 2
    Case("household", merge(form_type=pb.FORM_TYPE_DENTAL), "form_type", "R36", "quote fixed", "q-medical"),
    Case("household", merge(terms_version="1999.1"), "terms_version", "R41", "versions in force"),
    Case("household", merge(people=[SPOUSE]), "people[0].relationship", "R46", "list that person first"),
    Case("household", and_also(person(common.RELATIONSHIP_SELF)), "people[1].relationship", "R46", "List one primary"),
    Case("household", merge(ME, date_of_birth="2026-05-21"), "people[0].date_of_birth", "R46", "future"),
    Case("household", merge(ME, date_of_birth="1850-01-01"), "people[0].date_of_birth", "R46", "older than"),
    Case("household", merge(ME, middle_initial="Qu"), "people[0].middle_initial", "R46", "1 character"),
    Case("household", merge(ME, first_name=LONG), "people[0].first_name", "R46", "Shorten"),
    Case("household", merge(ME, last_name="Plo\x07kijuh"), "people[0].last_name", "", "cannot be printed"),
    Case("household", merge(ME, last_name="Plo\x00kijuh"), "people[0].last_name", "", "code 0"),
    Case("household", merge(ME, ssn="000456789"), "people[0].ssn", "R46", "not a valid number"),
    Case("household", merge(ME, ssn="53690439"), "people[0].ssn", "R46", "has 9 digits; this one has 8"),
    Case("household", merge(people=[ADA, person(ssn="536904399")]), "people[1].ssn", "R46",
         "same Social Security number"),
    Case("household", and_also(person(ssn="536904399")), "people[1].ssn", "R46", "same Social Security number",
         before=(("household", merge(ME, ssn="536904399")),)),
    Case("household", merge(ME, tobacco_use=True, tobacco_last_used="2026-06-01"), "people[0].tobacco_last_used", "R46",
         "future"),
    Case("household", merge(ME, tobacco_use=True, tobacco_last_used="2025-01-01"), "people[0].tobacco_last_used", "R46",
         "or answer no"),
    Case("household", merge(ME, tobacco_last_used="2026-05-01"), "people[0].tobacco_last_used", "R46", "Remove"),
    Case("household", merge(ME, first_name="Tamarix", date_of_birth="1958-01-31"), "people[0]", "R46",
         "one person into another"),
    Case("household", merge("home_address", zip="6060"), "home_address.zip", "R47", "This one has 4."),
    Case("household", merge("home_address", zip="10001", county_fips=""), "home_address.zip", "R47", "not in a state"),
    Case("household", merge("home_address", state="Illinois", zip=""), "home_address.state", "R47", "two-letter"),
    Case("household", merge("home_address", zip="", county_fips="Cook"), "home_address.county_fips", "R47", "counties"),
    Case("household", merge("home_address", state="TX", zip="77001", county_fips=""), "home_address.state", "R26",
         "same state"),
    Case("household", merge("home_address", zip="77001", county_fips=""), "home_address.zip", "R52",
         "not in the state"),
    Case("household", merge("home_address", county_fips="17097"), "home_address.county_fips", "R52", "not in the ZIP"),
    *(
        Case("household", merge(where, **{part: "1 \U0001f600 St"}), f"{where}.{part}", rule, "Use Latin letters")
        for where, rule in (("home_address", "R47"), ("mailing_address", "R48"))
        for part in ("street", "unit", "city")
    ),
    Case("household", merge(mailing_address=pb.Address(zip="1")), "mailing_address.zip", "R47", "This one has 1."),
    Case("household", merge("contact", phone="12"), "contact.phone", "R49", "10 digits; this one has 2"),
    Case("household", merge("contact", phone="312" + " " * 200 + "5550142"), "contact.phone", "", "Shorten"),
    Case("household", merge("contact", phone_type="pigeon"), "contact.phone_type", "R49", "mobile or landline"),
    Case("household", merge("contact", email="no address"), "contact.email", "R50", "name@example.com"),
    Case("household", merge("contact", text_messages_version="1"), "contact.text_messages_version", "R51", "in force"),
    Case("household", merge(hra=pb.Hra(employer_name="<b>")), "hra.employer_name", "R53", "Use Latin letters"),
    Case("household", merge(hra=pb.Hra(kind="FSA")), "hra.kind", "R53", "ICHRA or QSEHRA"),
    Case("household", merge(hra=pb.Hra(start_date="1999-01-01")), "hra.start_date", "R53", "check the year"),
    Case("household", merge(hra=pb.Hra(monthly_contribution=common.Money(cents=10**9))), "hra.monthly_contribution",
         "R53", "10,000"),
    *(
        Case("household", merge(hra=pb.Hra(monthly_contribution=common.Money(cents=cents))),
             "hra.monthly_contribution", "R53", "at least $0.01")
        for cents in (-1, 0)
    ),
    Case("household", merge(ME, self_identification=records_pb2.SelfIdentification(spoken_language="klingon")),
         "people[0].self_identification.spoken_language", "R54", "offered"),
    Case("household", merge(ME, self_identification=records_pb2.SelfIdentification(ethnicities=["none of yours"])),
         "people[0].self_identification.ethnicities", "R55", "offered"),
    Case("household", merge(ME, self_identification=records_pb2.SelfIdentification(scheme="mine", identities=["x"])),
         "people[0].self_identification.scheme", "R55", "sets"),
    Case("household", merge(ME, self_identification=records_pb2.SelfIdentification(identities=["none of yours"])),
         "people[0].self_identification.identities", "R56", "offered"),
    Case("household", and_also(person(tobacco_use=True)), "people[1].tobacco_use", "R58", "leave it out"),
    Case("household", and_also(person(person_id="nobody")), "people[1].person_id", "R58", "has this ID"),
    Case("household", and_also(SPOUSE, SPOUSE), "people[2].relationship", "R59", "at most one spouse"),
    Case("household", and_also(person(contact=pb.Contact(phone="3125550142"))), "people[1].contact", "R60", "spouse"),
    Case("household", and_also(*[person(first_name=f"Q{'x' * n}") for n in range(20)]), "people", "R61", "at most 20"),
    Case("household", and_also(person(), person(first_name="QUOKA")), "people[2].first_name", "R61", "as person 2"),
    Case("household", and_also(person(date_of_birth="1985-01-31")), "people[1].date_of_birth", "R61c", "until 26"),
    Case("household", and_also(person(common.RELATIONSHIP_SPOUSE)), "people[1].date_of_birth", "R61c", "16 or older"),
    Case("household", merge(ME, disabled_dependent=True), "people[0].disabled_dependent", "R61c", "Only a child"),
    Case("household", and_also(person(relationship=99)), "people[1].relationship", "R62b", "Choose one"),
    Case("household", merge(people=[]), "people", "R46", "cannot be removed"),
    # step 3
    Case("plans", merge(medical_plan_id="36096IL0000000-00"), "medical_plan_id", "R63", "Choose another"),
    Case("plans", merge(medical_plan_id=LONG), "medical_plan_id", "", "Enter the plan ID"),
    Case("plans", merge(medical_plan_id=HMO), "medical_plan_id", "R38", "leave it empty", before=(DENTAL_FORM,)),
    Case("plans", merge(pcp_same_for_all=True), "pcp_choices", "R38", "leave them out", before=(DENTAL_FORM,)),
    Case("plans", merge(pediatric_dental_attested=True), "pediatric_dental_attested", "R65", "only when no dental"),
    Case("plans", merge(pediatric_dental_version="1999.1"), "pediatric_dental_version", "R65", "in force"),
    Case("plans", merge(medical_plan_id=PPO, pcp_choices=[pb.PcpChoice(pcp_id="P7")]), "pcp_choices", "R68",
         "not require a primary"),
    Case("plans", merge(pcp_choices=[pb.PcpChoice(member_index=7)]), "pcp_choices[0].member_index", "R69", "No house"),
    Case("plans", merge(pcp_choices=[pb.PcpChoice(), pb.PcpChoice()]), "pcp_choices[1].member_index", "R69", "already"),
    Case("plans", merge(pcp_choices=[pb.PcpChoice(medical_group_id="12")]), "pcp_choices[0].medical_group_id", "R69",
         "The Medical Group Number has 3 digits; this one has 2."),
    Case("plans", merge(pcp_choices=[pb.PcpChoice(person_id="nobody")]), "pcp_choices[0].person_id", "R58", "this ID"),
    # step 4
    Case("other_coverage", merge(replaced=[pb.ReplacedCoverage(member_index=7)]), "replaced[0].member_index", "R73",
         "No household"),
    Case("other_coverage", merge(replaced=[pb.ReplacedCoverage(termination_date="2016-01-01")]),
         "replaced[0].termination_date", "R73", "check the year"),
    Case("other_coverage", merge(replaced=[pb.ReplacedCoverage(insurer="<b>")]), "replaced[0].insurer", "R73",
         "Use Latin letters"),
    Case("other_coverage", merge(others=[pb.OtherCoverage(member_number="<b>")]), "others[0].member_number", "R75",
         "Use Latin letters"),
    Case("other_coverage", merge(replaced=[pb.ReplacedCoverage()] * 41), "replaced", "R73", "at most 40"),
    Case("other_coverage", merge(replacement_rights_version="1"), "replacement_rights_version", "R74", "in force"),
    Case("other_coverage", merge(others=[pb.OtherCoverage(member_index=-1)]), "others[0].member_index", "R75",
         "No household"),
    Case("other_coverage", merge(others=[pb.OtherCoverage()] * 41), "others", "R75", "at most 40"),
    Case("other_coverage", merge(others=[pb.OtherCoverage(group_id=LONG)]), "others[0].group_id", "", "Shorten"),
    Case("other_coverage", merge(proxy_version="1"), "proxy_version", "R77", "in force"),
    # step 5
    Case("signatures", merge(authorized_representative=pb.Signer(first_name=LONG)),
         "authorized_representative.first_name", "", "Shorten"),
    Case("signatures", merge(guardian=SIGNER), "guardian", "R81", "Remove the parent"),
    Case("signatures", merge(consumer_choice_agreed=True), "consumer_choice_agreed", "R82", "Remove it"),
    Case("signatures", merge(consumer_choice_version="1"), "consumer_choice_version", "R82", "in force"),
)  # fmt: skip  # reads across, as a table

CHILD_ALONE = (("household", alone(TEEN)),)
REPLACING = pb.ReplacedCoverage(insurer="Old Mutual", policy_number="1", termination_date="2026-05-31")

MISSING = (
    Case("general", events(("birth", "2026-01-01")), "life_events[0].date", "R28", "must be between"),
    Case("general", events(("marriage", "2026-05-10")), "effective_date", "R28", "Calculate"),
    Case("household", merge(form_type=0), "form_type", "R35", "Choose the form"),
    Case("household", merge(authorization=0), "authorization", "R39", "Choose how"),
    Case("household", merge(authorization=pb.AUTHORIZATION_IN_PERSON), "terms_version", "R40", "Show the terms"),
    Case("household", merge(ME, last_name=""), "people[0].last_name", "R46", "Enter the last name"),
    Case("household", lambda s: s.people[0].ClearField("tobacco_use"), "people[0].tobacco_use", "R46", "Answer"),
    Case("household", merge(ME, tobacco_use=True), "people[0].tobacco_last_used", "R46", "date of last use"),
    Case("household", merge("home_address", street=""), "home_address.street", "R47", "Enter the street"),
    Case("household", merge("home_address", zip="60010", county_fips=""), "home_address.county_fips", "R47", "county"),
    Case("household", merge(mailing_address=pb.Address(city="Cicero")), "mailing_address.street", "R48",
         "Enter the street"),
    Case("household", merge("contact", phone=""), "contact.phone", "R49", "Enter a phone number"),
    Case("household", merge(hra=pb.Hra(kind="ICHRA")), "hra.start_date", "R53", "Enter the date"),
    Case("household", and_also(person()), "pediatric_dental_attested", "R65", "under 19",
         before=(("plans", merge(dental_plan_id="")),), lacking="plans"),
    Case("plans", merge(medical_plan_id=""), "medical_plan_id", "R64", "Choose a medical"),
    Case("plans", merge(dental_plan_id=""), "dental_plan_id", "R64", "Choose a dental", before=(DENTAL_FORM,)),
    Case("plans", merge(pcp_same_for_all=True), "pcp_choices", "R70", "applies to everyone"),
    Case("other_coverage", merge(replaces_coverage=True), "replaced", "R73", "whose coverage"),
    Case("other_coverage", merge(replaces_coverage=True, replaced=[pb.ReplacedCoverage(policy_number="P-1")]),
         "replaced[0].insurer", "R73", "Enter the insurer's name"),
    Case("other_coverage", merge(replaces_coverage=True, replaced=[REPLACING]), "replacement_rights_shown", "R74",
         "Know Your Rights"),
    Case("other_coverage", merge(has_other_coverage=True), "others", "R75", "who has other"),
    Case("other_coverage", merge(has_other_coverage=True, others=[pb.OtherCoverage(group_id="G-1")]),
         "others[0].member_number", "R75", "Enter the member number"),
    Case("signatures", merge(authorized_representative=pb.Signer(first_name="Quoka")),
         "authorized_representative.last_name", "R80", "Enter the last name"),
    Case("signatures", merge(guardian=pb.Signer(first_name="Quoka")), "guardian.last_name", "R81", "the last name",
         of="a child alone"),
    Case("signatures", merge(payment_choice=1), "guardian", "R81", "guardian who signs", of="a child alone"),
    Case("signatures", merge(consumer_choice_agreed=False), "consumer_choice_agreed", "R82", "has to agree",
         of="107864325"),
    Case("signatures", merge(payment_choice=0), "payment_choice", "R85", "Pay Now or Pay Later"),
)  # fmt: skip  # reads across, as a table
# Rules that no step can break today, and why: no form hides coverage replacement until a carrier says so (R78); what is
# priced anew is told by R67 when it can no longer be had, which needs a plan that is withdrawn (its own test).
NOT_BY_A_STEP = {"R78", "R67"}
