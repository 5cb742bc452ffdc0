"""The proposal as its template takes it: plain JSON, every value in the words of the page."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from datetime import date
from typing import Any

from chassis.kernel import Money, put_first_name_first
from services.documents.domain.proposal import InsuredMember, MemberShare, PlanOffer, Proposal, ProposalProducer
from services.documents.typesetting.carriers import CarrierBranding
from services.documents.typesetting.formatting import (
    NOT_GIVEN,
    format_day,
    format_dollars,
    format_phone,
    format_text,
    keep_printable,
    yes_or_no,
)

_RELATIONSHIPS = {"self": "Primary applicant", "other dependent": "Other dependent"}
Row = tuple[str, Callable[[PlanOffer], str]]
_PREMIUM_ROWS: tuple[Row, ...] = (
    ("Monthly premium", lambda plan: format_dollars(plan.premium)),
    ("A year", lambda plan: format_dollars(plan.premium * 12)),
    ("Metal level", lambda plan: format_text(plan.metal_level)),
    ("Plan type", lambda plan: format_text(plan.plan_type)),
    ("Network", lambda plan: format_text(plan.network)),
)
_DEDUCTIBLE: Row = ("Deductible, one person", lambda plan: _whole(plan.deductible))
_FAMILY_DEDUCTIBLE: Row = ("Deductible, family", lambda plan: _whole(plan.family_deductible))
_MAXIMUM: Row = ("Out-of-pocket maximum, one person", lambda plan: _whole(plan.out_of_pocket_maximum))
_FAMILY_MAXIMUM: Row = ("Out-of-pocket maximum, family", lambda plan: _whole(plan.family_out_of_pocket_maximum))
_HSA: Row = ("HSA-eligible", lambda plan: yes_or_no(plan.hsa_eligible))


def proposal_form(proposal: Proposal, carrier: CarrierBranding, made_on: date) -> dict[str, Any]:
    """Keys are those that ``proposal.typ`` reads."""
    primary = next((person for person in proposal.people if person.relationship == "self"), proposal.people[0])
    return {
        "carrier": {"name": carrier.name, "color": carrier.color},
        "prepared_for": primary.name,
        "made_on": format_day(made_on),
        "illustrative": proposal.is_illustrative,
        "summary": _summary(proposal, made_on),
        "total": format_dollars(proposal.total),
        "total_of": " and ".join(format_text(plan.name) for plan in proposal.selected),
        "people": [_person(place, person) for place, person in enumerate(proposal.people, start=1)],
        "selected": [_plan(plan, proposal.people) for plan in proposal.selected],
        "comparisons": [_comparison(plans, len(proposal.people)) for plans in proposal.comparisons],
        "producer": _producer(proposal.producer),
    }


def _producer(producer: ProposalProducer) -> dict[str, Any]:
    """What nobody knows of a producer is left out, and so is the company of a producer on their own."""
    company = "" if producer.company == producer.name else producer.company
    phone = format_phone(producer.phone) if producer.phone else ""
    lines = [keep_printable(line) for line in (company, producer.email, phone)]
    npn = [f"National Producer Number {keep_printable(producer.npn)}"] if producer.npn else []
    return {
        "name": put_first_name_first(format_text(producer.name)),
        "lines": list(filter(None, lines)),
        "numbers": [f"Writing producer number {producer.writing_number}", *npn],
    }


def _summary(proposal: Proposal, made_on: date) -> list[list[str]]:
    last_day = proposal.last_day_to_apply(made_on)
    return [
        ["Coverage begins", format_day(proposal.effective_date)],
        ["Valid until", format_day(last_day) if last_day else "Ask your producer: this date is past"],
        ["Where you live", f"{format_text(proposal.county)}, {proposal.state} {proposal.zip}"],
        ["People covered", str(len(proposal.people))],
        ["Sold", "On the exchange" if proposal.selected[0].on_exchange else "Directly by the carrier"],
    ]


def _person(place: int, person: InsuredMember) -> list[str]:
    relationship = _RELATIONSHIPS.get(person.relationship, person.relationship.capitalize())
    return [str(place), format_text(person.name), relationship, str(person.age)]


def _plan(plan: PlanOffer, people: tuple[InsuredMember, ...]) -> dict[str, Any]:
    kind = "Dental" if plan.dental else "Medical"
    return {
        "name": format_text(plan.name),
        "facts": " · ".join(part for part in (kind, plan.metal_level, plan.plan_type, plan.network) if part),
        "illustrative": plan.illustrative,
        "members": [_member(share, people) for share in plan.members],
        "premium": format_dollars(plan.premium),
    }


def _member(share: MemberShare, people: tuple[InsuredMember, ...]) -> list[str]:
    person = people[share.index]
    name = person.name or f"Person {share.index + 1}"
    return [
        format_text(name),
        str(person.age),
        format_text(share.explanation),
        format_dollars(share.premium) if share.premium else "$0.00",
    ]


def _comparison(plans: Sequence[PlanOffer], people: int) -> dict[str, Any]:
    """The first plan is the selected one."""
    most = max(plan.premium.cents for plan in plans)
    rows = _rows(dental=plans[0].dental, family=people > 1)
    cares = dict.fromkeys(care for plan in plans for care in plan.benefits)
    return {
        "kind": "dental" if plans[0].dental else "medical",
        "names": [format_text(plan.name) for plan in plans],
        "rows": [[label, *(words(plan) for plan in plans)] for label, words in rows],
        "care": [[format_text(care), *(format_text(plan.benefits.get(care, "")) for plan in plans)] for care in cares],
        "bars": [
            {
                "name": format_text(plan.name),
                "premium": format_dollars(plan.premium),
                "share": plan.premium.cents * 1000 // most,
            }
            for plan in plans
        ],
        "alt": "Monthly premiums: "
        + ", ".join(f"{format_text(plan.name)} {format_dollars(plan.premium)}" for plan in plans)
        + ".",
    }


def _rows(*, dental: bool, family: bool) -> Iterator[Row]:
    """A family reads its own amounts; the limit of a dental plan is that of children."""
    yield from _PREMIUM_ROWS
    yield _DEDUCTIBLE
    if family:
        yield _FAMILY_DEDUCTIBLE
    yield ("Out-of-pocket maximum, one child", _MAXIMUM[1]) if dental else _MAXIMUM
    if family:
        yield ("Out-of-pocket maximum, all children", _FAMILY_MAXIMUM[1]) if dental else _FAMILY_MAXIMUM
    if not dental:
        yield _HSA


def _whole(amount: Money | None) -> str:
    """Whole dollars where there are no cents."""
    if amount is None:
        return NOT_GIVEN
    return f"${amount.dollars:,.2f}".removesuffix(".00")
