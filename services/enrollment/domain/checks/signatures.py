"""Domain: step 5, who signs, disclosures, payment choice (R80-R85)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date

from chassis.kernel import Problem
from services.enrollment.domain.checks import text
from services.enrollment.domain.people import Person
from services.enrollment.domain.pricing import PlanLine
from services.enrollment.domain.rule_pack import Circumstances
from services.enrollment.domain.steps import SignaturesStep, Signer
from services.enrollment.domain.texts import TextKind

# R81: an application on which everybody is younger needs a parent or guardian. The day of signing decides, not the
# effective date: who is a minor then cannot sign for a policy that begins later (rules.md 4a).
OF_AGE = 18


def find_invalid(
    step: SignaturesStep, people: Sequence[Person], lines: Sequence[PlanLine], c: Circumstances
) -> Iterator[Problem]:
    signers = (
        ("authorized_representative", step.authorized_representative, "R80"),
        ("guardian", step.guardian, "R81"),
    )
    for name, signer, rule in signers:
        if signer:
            names = {"first_name": signer.first_name, "last_name": signer.last_name}
            yield from text.check_names(f"{name}.", names | {"middle_initial": signer.middle_initial}, rule)
            yield from text.check_text(f"{name}.relationship_to_applicant", signer.relationship_to_applicant)
    if step.guardian and covers_adults(people, c.today):
        message = f"A person of {OF_AGE} or older is covered and signs. Remove the parent or guardian."
        yield Problem("guardian", message, "R81")
    # before the plans are priced nobody knows whether one of them asks for it: steps may come in any order
    if step.consumer_choice_agreed and lines and not any(line.consumer_choice_disclosure for line in lines):
        message = "No selected plan requires this disclosure. Remove it, or select the plan first."
        yield Problem("consumer_choice_agreed", message, "R82")
    version = step.consumer_choice_version
    yield from text.check_version("consumer_choice_version", version, TextKind.CONSUMER_CHOICE, c.pack, "R82")


def find_incomplete(
    step: SignaturesStep, people: Sequence[Person], lines: Sequence[PlanLine], c: Circumstances
) -> Iterator[Problem]:
    if step.authorized_representative:
        yield from text.check_required("authorized_representative.", {**_parts(step.authorized_representative)}, "R80")
    if step.guardian:
        yield from text.check_required("guardian.", {**_parts(step.guardian)}, "R81")
    elif _is_child_only(people, c.today):
        message = "Everyone is under 18. Enter the parent or legal guardian who signs."
        yield Problem("guardian", message, "R81")
    if any(line.consumer_choice_disclosure for line in lines) and not step.consumer_choice_agreed:
        yield Problem("consumer_choice_agreed", "The applicant has to agree to the Consumer Choice Disclosure.", "R82")
    if step.payment_choice is None:
        yield Problem("payment_choice", "Choose Pay Now or Pay Later.", "R85")


def covers_adults(people: Sequence[Person], day: date) -> bool:
    """Somebody who is known to be of age signs for the others."""
    return any(age is not None and age >= OF_AGE for age in (person.age_on(day) for person in people))


def _parts(signer: Signer) -> dict[str, str]:
    return {
        "first_name": signer.first_name,
        "last_name": signer.last_name,
        "relationship_to_applicant": signer.relationship_to_applicant,
    }


def _is_child_only(people: Sequence[Person], day: date) -> bool:
    ages = [person.age_on(day) for person in people]
    return bool(ages) and all(age is not None and age < OF_AGE for age in ages)
