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
    format_dollars,
    format_phone,
    format_text,
    keep_printable,
)
from services.documents.typesetting.printed_words import PrintedWords

Row = tuple[str, Callable[[PlanOffer, PrintedWords], str]]
_ABOUT_THE_PLAN: tuple[Row, ...] = (
    ("monthly_premium", lambda plan, _: format_dollars(plan.premium)),
    ("a_year", lambda plan, _: format_dollars(plan.premium * 12)),
    ("metal_level", lambda plan, words: format_text(words.value(plan.metal_level))),
    ("plan_type", lambda plan, _: format_text(plan.plan_type)),
    ("network", lambda plan, _: format_text(plan.network)),
)
_DEDUCTIBLE: Row = ("deductible", lambda plan, _: _whole(plan.deductible))
_FAMILY_DEDUCTIBLE: Row = ("deductible_family", lambda plan, _: _whole(plan.family_deductible))
_MAXIMUM: Row = ("maximum", lambda plan, _: _whole(plan.out_of_pocket_maximum))
_FAMILY_MAXIMUM: Row = ("maximum_family", lambda plan, _: _whole(plan.family_out_of_pocket_maximum))
_HSA: Row = ("hsa", lambda plan, words: words.yes_or_no(plan.hsa_eligible))


def proposal_form(proposal: Proposal, carrier: CarrierBranding, made_on: date, words: PrintedWords) -> dict[str, Any]:
    """Keys are those that ``proposal.typ`` reads."""
    primary = next((person for person in proposal.people if person.relationship == "self"), proposal.people[0])
    return {
        "carrier": {"name": carrier.name, "color": carrier.color},
        "language": words.language,
        "say": dict(words.say),
        "prepared_for": words.fill("prepared_for", name=primary.name) if primary.name else "",
        "proposal_of": words.fill("proposal_of", day=words.day(made_on)),
        "illustrative": proposal.is_illustrative,
        "summary": _summary(proposal, made_on, words),
        "total": format_dollars(proposal.total),
        "total_of": f" {words.say['and']} ".join(format_text(plan.name) for plan in proposal.selected),
        "people": [_person(place, person, words) for place, person in enumerate(proposal.people, start=1)],
        "selected": [_plan(plan, proposal.people, words) for plan in proposal.selected],
        "comparisons": [_comparison(plans, len(proposal.people), words) for plans in proposal.comparisons],
        "producer": _producer(proposal.producer, words),
    }


def _producer(producer: ProposalProducer, words: PrintedWords) -> dict[str, Any]:
    """What nobody knows of a producer is left out, and so is the company of a producer on their own."""
    company = "" if producer.company == producer.name else producer.company
    phone = format_phone(producer.phone) if producer.phone else ""
    lines = [keep_printable(line) for line in (company, producer.email, phone)]
    npn = [words.fill("npn", number=keep_printable(producer.npn))] if producer.npn else []
    return {
        "name": put_first_name_first(format_text(producer.name)),
        "lines": list(filter(None, lines)),
        "numbers": [words.fill("writing_number", number=producer.writing_number), *npn],
    }


def _summary(proposal: Proposal, made_on: date, words: PrintedWords) -> list[list[str]]:
    last_day = proposal.last_day_to_apply(made_on)
    name = proposal.county
    county = words.fill("county", name=name.removesuffix(" County")) if name.endswith(" County") else name
    return words.rows(
        {
            "coverage_begins": words.day(proposal.effective_date),
            "valid_until": words.day(last_day) if last_day else words.say["date_is_past"],
            "where_you_live": f"{format_text(county)}, {proposal.state} {proposal.zip}",
            "people_covered": str(len(proposal.people)),
            "sold": words.say["on_exchange" if proposal.selected[0].on_exchange else "off_exchange"],
        }
    )


def _person(place: int, person: InsuredMember, words: PrintedWords) -> list[str]:
    relationship = words.word(person.relationship.replace(" ", "_"))
    return [str(place), format_text(person.name), relationship, str(person.age)]


def _plan(plan: PlanOffer, people: tuple[InsuredMember, ...], words: PrintedWords) -> dict[str, Any]:
    facts = (words.say[_kind(plan)], words.value(plan.metal_level), plan.plan_type, plan.network)
    return {
        "name": format_text(plan.name),
        "facts": " · ".join(filter(None, facts)),
        "illustrative": plan.illustrative,
        "members": [_member(share, people, words) for share in plan.members],
        "premium": format_dollars(plan.premium),
    }


def _kind(plan: PlanOffer) -> str:
    return "dental" if plan.dental else "medical"


def _member(share: MemberShare, people: tuple[InsuredMember, ...], words: PrintedWords) -> list[str]:
    person = people[share.index]
    name = person.name or words.fill("person_by_number", number=str(share.index + 1))
    return [
        format_text(name),
        str(person.age),
        format_text(words.sentence(share.explanation)),
        format_dollars(share.premium) if share.premium else "$0.00",
    ]


def _comparison(plans: Sequence[PlanOffer], people: int, words: PrintedWords) -> dict[str, Any]:
    """The first plan is the selected one."""
    most = max(plan.premium.cents for plan in plans)
    kind = _kind(plans[0])
    rows = _rows(dental=plans[0].dental, family=people > 1)
    cares = dict.fromkeys(care for plan in plans for care in plan.benefits)
    premiums = ", ".join(f"{format_text(plan.name)} {format_dollars(plan.premium)}" for plan in plans)
    return {
        "heading": words.say[f"your_{kind}_plan" if len(plans) == 1 else f"{kind}_compares"],
        "names": [format_text(plan.name) for plan in plans],
        "rows": [[words.say[key], *(value(plan, words) for plan in plans)] for key, value in rows],
        "care": [
            [
                format_text(words.value(care)),
                *(format_text(words.cost_share(plan.benefits.get(care, ""))) for plan in plans),
            ]
            for care in cares
        ],
        "bars": [
            {
                "name": format_text(plan.name),
                "premium": format_dollars(plan.premium),
                "share": plan.premium.cents * 1000 // most,
            }
            for plan in plans
        ],
        "alt": words.fill("monthly_premiums", list=premiums),
    }


def _rows(*, dental: bool, family: bool) -> Iterator[Row]:
    """A family reads its own amounts; the limit of a dental plan is that of children."""
    yield from _ABOUT_THE_PLAN
    yield _DEDUCTIBLE
    if family:
        yield _FAMILY_DEDUCTIBLE
    yield ("maximum_child", _MAXIMUM[1]) if dental else _MAXIMUM
    if family:
        yield ("maximum_children", _FAMILY_MAXIMUM[1]) if dental else _FAMILY_MAXIMUM
    if not dental:
        yield _HSA


def _whole(amount: Money | None) -> str:
    """Whole dollars where there are no cents."""
    if amount is None:
        return NOT_GIVEN
    return f"${amount.dollars:,.2f}".removesuffix(".00")
