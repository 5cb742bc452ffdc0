"""Domain: step 3, plans, pediatric dental and primary care providers (R63-R72)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date

from chassis.kernel import Problem
from chassis.kernel.number_length import wrong_length
from services.enrollment.domain.checks import text
from services.enrollment.domain.consents import PEDIATRIC_UNTIL
from services.enrollment.domain.enums import Coverage, FormType
from services.enrollment.domain.form_rules import IdentifierFormat
from services.enrollment.domain.people import Person
from services.enrollment.domain.pricing import PlanLine, line_of
from services.enrollment.domain.rule_pack import Circumstances
from services.enrollment.domain.steps import HouseholdStep, PcpChoice, PlansStep
from services.enrollment.domain.texts import TextKind


def find_invalid(step: PlansStep, household: HouseholdStep, state: str, c: Circumstances) -> Iterator[Problem]:
    yield from text.check_text("medical_plan_id", step.medical_plan_id)
    yield from text.check_text("dental_plan_id", step.dental_plan_id)
    if household.form_type is FormType.DENTAL:
        yield from _not_dental(step)
    version = step.pediatric_dental_version
    yield from text.check_version("pediatric_dental_version", version, TextKind.PEDIATRIC_DENTAL, c.pack, "R65")
    if step.pediatric_dental_attested and step.dental_plan_id:
        message = "Attest other pediatric dental coverage only when no dental plan is chosen."
        yield Problem("pediatric_dental_attested", message, "R65")
    for place, choice in enumerate(step.pcp_choices):
        yield from _choice(place, choice, step, household)
        prefix = f"pcp_choices[{place}]."
        yield from _formatted(f"{prefix}pcp_id", choice.pcp_id, c.pack.identifier("pcp_id", state))
        yield from _formatted(
            f"{prefix}medical_group_id", choice.medical_group_id, c.pack.identifier("medical_group_id", state)
        )


def _not_dental(step: PlansStep) -> Iterator[Problem]:
    if step.medical_plan_id:
        yield Problem("medical_plan_id", "A dental application has no medical plan; leave it empty.", "R38")
    if step.pcp_choices or step.pcp_same_for_all:
        yield Problem("pcp_choices", "A dental application has no primary care providers; leave them out.", "R38")
    if step.pediatric_dental_attested:
        message = "A dental application covers dental care. Remove the attestation."
        yield Problem("pediatric_dental_attested", message, "R38")


def needless_pcps(step: PlansStep, lines: Sequence[PlanLine]) -> Iterator[Problem]:
    """Only HMO and POS plans ask for a provider; known once the plan is priced (R68)."""
    medical = line_of(lines, Coverage.MEDICAL)
    if medical and not medical.uses_pcp and any(c.pcp_id or c.medical_group_id for c in step.pcp_choices):
        yield Problem("pcp_choices", "This plan does not require a primary care provider. Remove the choices.", "R68")


def find_incomplete(
    step: PlansStep, household: HouseholdStep, lines: Sequence[PlanLine], start: date | None
) -> Iterator[Problem]:
    if household.form_type is FormType.MEDICAL_DENTAL and not step.medical_plan_id:
        yield Problem("medical_plan_id", "Choose a medical plan.", "R64")
    if household.form_type is FormType.DENTAL and not step.dental_plan_id:
        yield Problem("dental_plan_id", "Choose a dental plan.", "R64")
    chosen = {"medical_plan_id": step.medical_plan_id, "dental_plan_id": step.dental_plan_id}
    priced = {line.plan_id for line in lines}
    for field, plan_id in chosen.items():
        if plan_id and plan_id not in priced:
            yield Problem(field, _no_premium(household, start), "R67")
    yield from needless_pcps(step, lines)
    if step.pcp_same_for_all and line_of(lines, Coverage.MEDICAL) and not step.choice_for(0):
        yield Problem("pcp_choices", "Enter the primary applicant's provider, which applies to everyone.", "R70")
    if owes_pediatric_dental(step, household.people, lines, start) and not step.pediatric_dental_attested:
        message = "A covered person is under 19: choose a dental plan, or attest other pediatric dental coverage."
        yield Problem("pediatric_dental_attested", message, "R65")


def _no_premium(household: HouseholdStep, start: date | None) -> str:
    home, people = household.home_address, household.people
    known = start and home.zip and home.county_fips and people and all(one.date_of_birth for one in people)
    if not known:
        return "Complete the household, the address and the effective date; then this plan has a premium."
    return "There is no premium for this plan with this household, address and date. Choose another plan."


def _choice(place: int, choice: PcpChoice, step: PlansStep, household: HouseholdStep) -> Iterator[Problem]:
    prefix = f"pcp_choices[{place}]."
    if not 0 <= choice.member_index < len(household.people):
        yield Problem(f"{prefix}member_index", "No household member has this number.", "R69")
    if choice.member_index in [other.member_index for other in step.pcp_choices[:place]]:
        yield Problem(f"{prefix}member_index", "This person already has a choice. Keep one of the two.", "R69")


def _formatted(field: str, value: str, form: IdentifierFormat) -> Iterator[Problem]:
    yield from text.check_text(field, value)
    if value and form.digits and not (value.isascii() and value.isdecimal() and len(value) == form.digits):
        called = form.label.replace(f" ({form.digits} Digits)", "")
        yield Problem(field, wrong_length(f"The {called}", form.digits, value), "R69")


def owes_pediatric_dental(
    step: PlansStep, people: Sequence[Person], lines: Sequence[PlanLine], start: date | None
) -> bool:
    """Somebody under 19 is covered, and neither plan includes pediatric dental (R65)."""
    medical = line_of(lines, Coverage.MEDICAL)
    if start is None or medical is None or step.dental_plan_id or medical.includes_pediatric_dental:
        return False
    ages = [person.age_on(start) for person in people]
    return any(age is not None and age < PEDIATRIC_UNTIL for age in ages)
