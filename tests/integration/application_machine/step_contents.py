"""What is typed into the five steps: sound wholes, edits of what stands there, and slips of the keyboard."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

from hypothesis import strategies as st
from suite.common.v1 import common_pb2 as common
from suite.enrollment.v1 import application_pb2
from suite.enrollment.v1 import steps_pb2 as pb

from tests.integration.application_machine.fake_services import DENTAL, HMO, PPO, TEXAN

Draw = Callable[[st.SearchStrategy[Any]], Any]

FIRST = ("Zebrina", "Quoka", "Tamarix", "Vexilla")
LAST = ("Plokijuh", "Wexfordqu")
NUMBERS = ("536904399", "536904398", "401558712")
PHONES = ("3125550142", "7735550199")
STREET, EMAIL, GROUP = "77 Kwyjibo Ave", "zq.plok@example.com", "GRP-QX-7741"
BORN = ("1987-06-14", "1958-01-31", "2015-03-02", "2008-05-20", "2007-02-28", "2010-12-31")
# Nothing of this may leave the application's own rows.
TYPED = (*FIRST, *LAST, *NUMBERS, *PHONES, STREET, EMAIL, GROUP, *BORN)

SLIPS = (
    "2026-02-30",
    "05/10/2026",
    "2099-01-01",
    "1850-01-01",
    "0001-01-01",
    "x" * 300,
    "\x07",
    "\N{PILE OF POO}" * 70,
)
KINDS = (
    "birth",
    "adoption",
    "marriage",
    "divorce",
    "loss_of_coverage",
    "permanent_move",
    "new_hra_offer",
    "citizenship",
    "domestic_abuse",
    "birthday",
)
OFFSETS = (-731, -61, -60, -59, -31, -30, -10, -1, 0, 1, 15, 59, 60, 61, 731)
HOMES = (("60601", "17031", "IL"), ("60010", "17097", "IL"), ("60010", "", "IL"), ("77001", "48201", "TX"))


def whole_general(today: date, born: bool) -> pb.GeneralStep:
    """A birth, whose coverage has begun, or coverage that ends soon and is followed by ours."""
    kind, days = ("birth", -10) if born else ("loss_of_coverage", 10)
    event = pb.LifeEvent(kind=kind, date=(today + timedelta(days=days)).isoformat())
    return pb.GeneralStep(special_enrollment=True, life_events=[event])


def general(draw: Draw, today: date) -> pb.GeneralStep:
    days = st.sampled_from(OFFSETS).map(lambda days: (today + timedelta(days=days)).isoformat())
    events = st.builds(
        pb.LifeEvent,
        kind=st.sampled_from(KINDS),
        date=days | days | days | st.sampled_from(SLIPS),
        prior_coverage_attested=st.booleans(),
    )
    number = draw(st.sampled_from(["", "", "220002580", "107864325", "660003012"]))
    return pb.GeneralStep(
        producer=common.Producer(writing_number=number),
        special_enrollment=draw(st.sampled_from([True, True, False])),
        life_events=draw(st.lists(events, max_size=3)),
    )


def whole_household(app: application_pb2.Application) -> pb.HouseholdStep:
    """What stands there, with everything that is missing."""
    step = pb.HouseholdStep()
    step.CopyFrom(app.household)
    step.form_type = step.form_type or pb.FORM_TYPE_MEDICAL_DENTAL
    step.authorization = step.authorization or pb.AUTHORIZATION_PAPER
    if step.authorization == pb.AUTHORIZATION_IN_PERSON:
        step.terms_version = "2026.1"
    if not step.people:
        step.people.add(relationship=common.RELATIONSHIP_SELF)
    for place, person in enumerate(step.people):
        _fill(person, place)
    zip_code, county = ("77001", "48201") if app.state == "TX" else ("60601", "17031")
    step.home_address.CopyFrom(
        pb.Address(street=STREET, city="Springfield", state=app.state, zip=zip_code, county_fips=county)
    )
    step.ClearField("mailing_address")
    step.ClearField("hra")
    step.contact.CopyFrom(pb.Contact(phone=PHONES[0], phone_type="mobile"))
    return step


def _fill(person: pb.Person, place: int) -> None:
    child = person.relationship == common.RELATIONSHIP_CHILD
    # nobody twice: another name for each place
    person.first_name = person.first_name or FIRST[place % len(FIRST)] + "a" * (place // len(FIRST))
    person.last_name = person.last_name or LAST[0]
    person.date_of_birth = person.date_of_birth or BORN[2 if child else 0]
    person.disabled_dependent = child and person.date_of_birth < "2001"
    person.sex = person.sex or common.SEX_FEMALE
    if not person.HasField("tobacco_use") and person.date_of_birth < "2000":
        person.tobacco_use = False
    if person.tobacco_use:
        person.tobacco_use = False
        person.tobacco_last_used = ""


def person(draw: Draw, ids: list[str]) -> pb.Person:
    made = pb.Person(
        relationship=draw(st.sampled_from([1, 2, 3, 3, 4, 0, 99])),
        first_name=draw(st.sampled_from(["", *FIRST])),
        last_name=draw(st.sampled_from(["", *LAST])),
        date_of_birth=draw(st.sampled_from(["", *BORN, *BORN, *SLIPS[:5]])),
        sex=draw(st.sampled_from([0, 1, 2])),
        ssn=draw(st.sampled_from(["", "", *NUMBERS, "123456789"])),
        person_id=draw(st.sampled_from(["", "", "", "nobody", *ids])),
    )
    if draw(st.booleans()):
        made.tobacco_use = draw(st.booleans())
    return made


def household(draw: Draw, app: application_pb2.Application) -> pb.HouseholdStep:
    """What stands there, with one to three edits."""
    step = pb.HouseholdStep()
    step.CopyFrom(app.household)
    for edit in draw(st.lists(st.sampled_from(_EDITS), min_size=1, max_size=3)):
        edit(draw, step)
    return step


def _add(draw: Draw, step: pb.HouseholdStep) -> None:
    step.people.append(person(draw, [one.person_id for one in step.people]))


def _crowd(draw: Draw, step: pb.HouseholdStep) -> None:
    child = pb.Person(relationship=common.RELATIONSHIP_CHILD, date_of_birth=BORN[2])
    step.people.extend([child] * draw(st.sampled_from([2, 19, 20])))


def _remove(draw: Draw, step: pb.HouseholdStep) -> None:
    if step.people:
        del step.people[draw(st.integers(0, len(step.people) - 1))]


def _empty(_draw: Draw, step: pb.HouseholdStep) -> None:
    del step.people[:]


def _reorder(draw: Draw, step: pb.HouseholdStep) -> None:
    people = draw(st.permutations(list(step.people)))
    del step.people[:]
    step.people.extend(people)


def _change(draw: Draw, step: pb.HouseholdStep) -> None:
    """One thing of one person."""
    if not step.people:
        return
    someone = step.people[draw(st.integers(0, len(step.people) - 1))]
    name = draw(st.sampled_from(["first_name", "last_name", "date_of_birth", "ssn", "person_id", "relationship"]))
    setattr(someone, name, getattr(person(draw, [one.person_id for one in step.people]), name))


def _forget_ids(_draw: Draw, step: pb.HouseholdStep) -> None:
    for one in step.people:
        one.person_id = ""


def _answer(draw: Draw, step: pb.HouseholdStep) -> None:
    step.form_type = draw(st.sampled_from([0, 1, 2, 99]))
    step.authorization = draw(st.sampled_from([0, 1, 2]))
    step.terms_version = draw(st.sampled_from(["", "2026.1", "1999.1"]))


def _move(draw: Draw, step: pb.HouseholdStep) -> None:
    zip_code, county, state = draw(st.sampled_from(HOMES))
    step.home_address.CopyFrom(
        pb.Address(street=STREET, city="Springfield", state=state, zip=zip_code, county_fips=county)
    )


def _call(draw: Draw, step: pb.HouseholdStep) -> None:
    step.contact.CopyFrom(contact(draw))


def contact(draw: Draw) -> pb.Contact:
    kind = draw(st.sampled_from(["", "mobile", "landline", "pigeon"]))
    phone, email = draw(st.sampled_from(["", *PHONES, "12"])), draw(st.sampled_from(["", EMAIL, "no address"]))
    return pb.Contact(phone=phone, phone_type=kind, email=email)


def mailing_address(draw: Draw) -> pb.Address:
    state = draw(st.sampled_from(["IL", "TX", "ZZ", ""]))
    return pb.Address(street=STREET, city="Springfield", state=state, zip=draw(st.sampled_from(["60601", "77001"])))


def _reimburse(draw: Draw, step: pb.HouseholdStep) -> None:
    cents = draw(st.sampled_from([0, 40_000, -1, 10**15]))
    kind, start = draw(st.sampled_from(["", "ICHRA", "other"])), draw(st.sampled_from(["", "2026-01-01", *SLIPS]))
    step.hra.CopyFrom(pb.Hra(kind=kind, start_date=start, monthly_contribution=common.Money(cents=cents)))


_EDITS = (
    _add,
    _add,
    _crowd,
    _remove,
    _empty,
    _reorder,
    _reorder,
    _change,
    _change,
    _change,
    _forget_ids,
    _answer,
    _move,
    _call,
    _reimburse,
)


def whole_plans(app: application_pb2.Application) -> pb.PlansStep:
    dental_form = app.household.form_type == pb.FORM_TYPE_DENTAL
    medical = "" if dental_form else (TEXAN if app.state == "TX" else HMO)
    return pb.PlansStep(medical_plan_id=medical, dental_plan_id=DENTAL)


def plans(draw: Draw, app: application_pb2.Application) -> pb.PlansStep:
    people = [one.person_id for one in app.household.people]
    choices = st.builds(
        pb.PcpChoice,
        member_index=st.integers(-1, len(people)),
        pcp_id=st.sampled_from(["", "P7", "x" * 40]),
        medical_group_id=st.sampled_from(["", "123", "12"]),
        person_id=st.sampled_from(["", "", "nobody", *people]),
    )
    return pb.PlansStep(
        medical_plan_id=draw(st.sampled_from(["", HMO, PPO, TEXAN, DENTAL, "36096IL0000000-00", "no-plan"])),
        dental_plan_id=draw(st.sampled_from(["", DENTAL, HMO])),
        pediatric_dental_attested=draw(st.booleans()),
        pcp_choices=draw(st.lists(choices, max_size=3)),
        pcp_same_for_all=draw(st.booleans()),
    )


def other_coverage(draw: Draw, app: application_pb2.Application) -> pb.OtherCoverageStep:
    people = [one.person_id for one in app.household.people]
    index, known = st.integers(-1, len(people)), st.sampled_from(["", "", "nobody", *people])
    ends = st.sampled_from(["", "2026-06-30", *SLIPS])
    replaced = st.builds(
        pb.ReplacedCoverage, member_index=index, policy_number=st.just(GROUP), termination_date=ends, person_id=known
    )
    others = st.builds(pb.OtherCoverage, member_index=index, group_id=st.just(GROUP), person_id=known)
    return pb.OtherCoverageStep(
        replaces_coverage=draw(st.booleans()),
        replaced=draw(st.lists(replaced, max_size=2)),
        has_other_coverage=draw(st.booleans()),
        others=draw(st.lists(others, max_size=2)),
        proxy_agreed=draw(st.booleans()),
        replacement_rights_shown=draw(st.booleans()),
    )


def whole_signatures(app: application_pb2.Application) -> pb.SignaturesStep:
    texan = any(line.consumer_choice_disclosure for line in app.plan_lines)
    return pb.SignaturesStep(payment_choice=pb.PAYMENT_CHOICE_PAY_NOW, consumer_choice_agreed=texan)


def signatures(draw: Draw) -> pb.SignaturesStep:
    signer = st.builds(pb.Signer, first_name=st.sampled_from(["", FIRST[1]]), last_name=st.sampled_from(["", LAST[1]]))
    return pb.SignaturesStep(
        authorized_representative=draw(st.none() | signer),
        guardian=draw(st.none() | signer),
        consumer_choice_agreed=draw(st.booleans()),
        payment_choice=draw(st.sampled_from([0, 1, 2, 99])),
    )
