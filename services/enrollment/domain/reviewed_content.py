"""Domain: the whole application as a client reads it before signing (45 CFR 155.220(j)(2)(ii)).

What is listed here is what is shown, what its hash is of, and what makes a signature outdated when it changes. Values
are dates, amounts and words of the form, so that the same content is shown in every language.
"""

from __future__ import annotations

import datetime
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

from chassis.kernel import Money
from services.enrollment.domain.application import Application
from services.enrollment.domain.enums import Step
from services.enrollment.domain.people import Contact, Person
from services.enrollment.domain.steps import Address, Hra, LifeEvent, Signer

_ADDRESSES = ("home_address", "mailing_address")
_COUNTY = " County"
# Plans that are made up have to be shown as such wherever they appear.
_ILLUSTRATIVE = "illustrative"


class ReviewValue(StrEnum):
    """How a value is to be read."""

    TEXT = "text"
    DATE = "date"
    MONEY = "money"
    WORD = "word"


@dataclass(frozen=True, slots=True)
class ReviewLine:
    """``field`` is the contract's path within the step; ``label`` and words have a name in each language."""

    step: Step
    field: str
    label: str
    kind: ReviewValue
    value: str

    def split_county(self) -> tuple[str, str]:
        """The value, and of an address its county without the word: another language has another word for it.

        What was signed has both in one text, in English, and stays as it is.
        """
        address, _, county = self.value.rpartition(", ")
        if self.label in _ADDRESSES and county.endswith(_COUNTY):
            return address, county.removesuffix(_COUNTY)
        return self.value, ""


@dataclass(frozen=True, slots=True)
class ReviewSection:
    """``person``: the place counted from 1, 0 where it is not about one person."""

    key: str
    person: int
    lines: tuple[ReviewLine, ...]

    def has_field(self, field: str) -> bool:
        return any(line.field == field for line in self.lines)


Value = str | bool | datetime.date | Money | StrEnum | None


def list_review_sections(app: Application) -> tuple[ReviewSection, ...]:
    """In the order in which they are read; a section without a line is left out."""
    people = enumerate(app.household.people)
    sections = (
        ReviewSection("coverage", 0, tuple(_coverage(app))),
        ReviewSection("plans", 0, tuple(_plans(app))),
        *(ReviewSection("person", place + 1, tuple(_person(app, place, person))) for place, person in people),
        ReviewSection("contact", 0, tuple(_contact(app))),
        ReviewSection("other_coverage", 0, tuple(_other_coverage(app))),
        ReviewSection("signatures", 0, tuple(_signatures(app))),
        ReviewSection("producer", 0, tuple(_producer(app))),
    )
    return tuple(section for section in sections if section.lines)


def _line(step: Step, field: str, label: str, value: Value, *, word: bool = False) -> ReviewLine:
    match value:
        case None:
            return ReviewLine(step, field, label, ReviewValue.TEXT, "")
        case bool():
            return ReviewLine(step, field, label, ReviewValue.WORD, "yes" if value else "no")
        case datetime.date():
            return ReviewLine(step, field, label, ReviewValue.DATE, value.isoformat())
        case Money():
            return ReviewLine(step, field, label, ReviewValue.MONEY, f"{value.dollars:.2f}")
        case _:
            is_word = (word or isinstance(value, StrEnum)) and value
            return ReviewLine(step, field, label, ReviewValue.WORD if is_word else ReviewValue.TEXT, str(value))


def _given(step: Step, values: list[tuple[str, str, Value]]) -> Iterator[ReviewLine]:
    """Those that were answered: what a form need not have is not shown empty."""
    yield from (_line(step, field, label, value) for field, label, value in values if value not in ("", None, False))


def _coverage(app: Application) -> Iterator[ReviewLine]:
    step, general = Step.GENERAL, app.general
    yield _line(step, "effective_date", "effective_date", app.effective_date)
    period = "special_enrollment" if general.special_enrollment else "open_enrollment"
    yield _line(step, "special_enrollment", "enrollment_period", period, word=True)
    for place, event in enumerate(general.life_events if general.special_enrollment else ()):
        yield from _life_event(f"life_events[{place}]", event)
    yield _line(Step.HOUSEHOLD, "form_type", "form_type", app.household.form_type)


def _life_event(path: str, event: LifeEvent) -> Iterator[ReviewLine]:
    yield _line(Step.GENERAL, f"{path}.kind", "life_event", event.kind, word=True)
    yield _line(Step.GENERAL, f"{path}.date", "life_event_date", event.date)
    if event.prior_coverage_attested:
        yield _line(Step.GENERAL, f"{path}.prior_coverage_attested", "prior_coverage_attested", True)


def _plans(app: Application) -> Iterator[ReviewLine]:
    step = Step.PLANS
    for line in app.plan_lines:
        field = f"{line.coverage}_plan_id"
        yield _line(step, field, f"{line.coverage}_plan", line.name)
        yield _line(step, field, "plan_type", line.plan_type)
        yield _line(step, field, "metal_level", line.metal_level, word=True)
        yield _line(step, field, "plan_premium", line.monthly_premium)
        if line.catalogue == _ILLUSTRATIVE:
            yield _line(step, field, "catalogue", line.catalogue, word=True)
    if app.plan_lines:
        yield _line(step, "", "monthly_premium", app.monthly_premium)
    if app.plans.pediatric_dental_attested:
        yield _line(step, "pediatric_dental_attested", "pediatric_dental_attested", True)


def _person(app: Application, place: int, person: Person) -> Iterator[ReviewLine]:
    step, path = Step.HOUSEHOLD, f"people[{place}]"
    name_field = "last_name" if person.one_name_only else "first_name"
    yield _line(step, f"{path}.{name_field}", "name", person.name)
    yield _line(step, f"{path}.relationship", "relationship", person.relationship)
    yield _line(step, f"{path}.date_of_birth", "date_of_birth", person.date_of_birth)
    yield _line(step, f"{path}.sex", "sex", person.sex)
    yield _line(step, f"{path}.ssn", "ssn_last_four", person.ssn_last_four)
    if person.tobacco_use is not None:
        yield _line(step, f"{path}.tobacco_use", "tobacco_use", person.tobacco_use)
    others: list[tuple[str, str, Value]] = [
        (f"{path}.tobacco_last_used", "tobacco_last_used", person.tobacco_last_used),
        (f"{path}.disabled_dependent", "disabled_dependent", person.disabled_dependent),
    ]
    yield from _given(step, others)
    if person.contact:
        yield from _reached(f"{path}.contact.", person.contact)
    yield from _self_identification(f"{path}.self_identification.", person)
    yield from _pcp(app, place)


def _self_identification(path: str, person: Person) -> Iterator[ReviewLine]:
    answers = person.self_identification
    if answers is None:
        return
    words = [
        ("spoken_language", "spoken_language", [answers.spoken_language]),
        ("written_language", "written_language", [answers.written_language]),
        ("ethnicities", "ethnicity", answers.ethnicities),
        ("identities", "identity", answers.identities),
    ]
    for field, label, codes in words:
        group = "language_" if label.endswith("language") else f"{label}_"
        yield from (_line(Step.HOUSEHOLD, path + field, label, group + code, word=True) for code in codes if code)


def _pcp(app: Application, place: int) -> Iterator[ReviewLine]:
    if not any(line.uses_pcp for line in app.plan_lines):
        return
    choice = app.plans.choice_for(place)
    if choice is None or not (choice.pcp_id or choice.medical_group_id):
        yield _line(Step.PLANS, "pcp_choices", "pcp_id", "assigned_by_carrier", word=True)
        return
    found: list[tuple[str, str, Value]] = [
        ("pcp_choices", "pcp_id", choice.pcp_id),
        ("pcp_choices", "medical_group_id", choice.medical_group_id),
    ]
    yield from _given(Step.PLANS, found)


def _contact(app: Application) -> Iterator[ReviewLine]:
    step, household = Step.HOUSEHOLD, app.household
    yield _line(step, "home_address.street", "home_address", _format_address(household.home_address))
    if household.mailing_address:
        yield _line(step, "mailing_address.street", "mailing_address", _format_address(household.mailing_address))
    else:
        yield _line(step, "mailing_address", "mailing_address", "same_as_home", word=True)
    yield from _reached("contact.", household.contact)
    if household.hra:
        yield from _hra(household.hra)


def _reached(path: str, contact: Contact) -> Iterator[ReviewLine]:
    yield _line(Step.HOUSEHOLD, f"{path}phone", "phone", contact.phone)
    yield _line(Step.HOUSEHOLD, f"{path}phone_type", "phone_type", contact.phone_type, word=True)
    yield _line(Step.HOUSEHOLD, f"{path}email", "email", contact.email)


def _hra(hra: Hra) -> Iterator[ReviewLine]:
    step = Step.HOUSEHOLD
    yield _line(step, "hra.kind", "hra_kind", hra.kind)
    yield _line(step, "hra.start_date", "hra_start_date", hra.start_date)
    yield _line(step, "hra.employer_name", "hra_employer_name", hra.employer_name)
    yield _line(step, "hra.monthly_contribution", "hra_monthly_contribution", hra.monthly_contribution)


def _format_address(address: Address) -> str:
    """On one line, as it stands on a letter; the county behind it, since rating depends on it."""
    county = f"{address.county_name.removesuffix(_COUNTY)}{_COUNTY}" if address.county_name else ""
    place = " ".join(part for part in (address.state, address.zip) if part)
    return ", ".join(part for part in (address.street, address.unit, address.city, place, county) if part)


def _name_at(app: Application, place: int) -> str:
    people = app.household.people
    return people[place].name if 0 <= place < len(people) else ""


def _other_coverage(app: Application) -> Iterator[ReviewLine]:
    step, other = Step.OTHER_COVERAGE, app.other_coverage
    yield _line(step, "replaces_coverage", "replaces_coverage", other.replaces_coverage)
    for place, replaced in enumerate(other.replaced):
        path = f"replaced[{place}]"
        yield _line(step, f"{path}.member_index", "covered_person", _name_at(app, replaced.member_index))
        yield _line(step, f"{path}.insurer", "insurer", replaced.insurer)
        yield _line(step, f"{path}.policy_number", "policy_number", replaced.policy_number)
        yield _line(step, f"{path}.termination_date", "termination_date", replaced.termination_date)
    yield _line(step, "has_other_coverage", "has_other_coverage", other.has_other_coverage)
    for place, one in enumerate(other.others):
        path = f"others[{place}]"
        yield _line(step, f"{path}.member_index", "covered_person", _name_at(app, one.member_index))
        answers: list[tuple[str, str, Value]] = [
            (f"{path}.name_on_policy", "name_on_policy", one.name_on_policy),
            (f"{path}.member_number", "member_number", one.member_number),
            (f"{path}.group_id", "group_id", one.group_id),
        ]
        yield from _given(step, answers)
    yield _line(step, "proxy_agreed", "proxy_agreed", other.proxy_agreed)


def _signatures(app: Application) -> Iterator[ReviewLine]:
    step, signatures = Step.SIGNATURES, app.signatures
    signers = (
        ("authorized_representative", signatures.authorized_representative),
        ("guardian", signatures.guardian),
    )
    for field, signer in signers:
        if signer:
            yield _line(step, f"{field}.first_name", field, format_signer(signer))
            yield _line(
                step, f"{field}.relationship_to_applicant", "signer_relationship", signer.relationship_to_applicant
            )
    if signatures.consumer_choice_agreed:
        yield _line(step, "consumer_choice_agreed", "consumer_choice_agreed", True)
    yield _line(step, "payment_choice", "payment_choice", signatures.payment_choice)


def format_signer(signer: Signer) -> str:
    return " ".join(part for part in (signer.first_name, signer.middle_initial, signer.last_name) if part)


def _producer(app: Application) -> Iterator[ReviewLine]:
    step, producer = Step.GENERAL, app.producer
    yield _line(step, "producer", "producer_name", producer.name)
    yield _line(step, "producer", "company_name", producer.company_name)
    yield _line(step, "producer", "writing_number", producer.writing_number)
