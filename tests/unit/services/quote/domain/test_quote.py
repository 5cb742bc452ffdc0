"""Choosing plans in a quote, where an on-exchange choice goes, and when a quote ends (R11, R16)."""

from dataclasses import replace
from datetime import UTC, date, datetime

import pytest

from chassis.kernel import Conflict, InvalidInput, Stale
from services.quote.domain.exchange import ExchangeTarget, exchange_target
from services.quote.domain.household import Household, Member, Relationship
from services.quote.domain.plan import Coverage, Exchange, Plan
from services.quote.domain.plan_year import find_plan_year
from services.quote.domain.quote import Producer, Quote, QuoteStatus, Selection
from tests.unit.services.quote.samples import HMO as MEDICAL

DENTAL = replace(MEDICAL, plan_id="36096IL9900012-00", coverage=Coverage.DENTAL, plan_type="PPO")
TODAY = date(2026, 5, 20)
NOW = datetime(2026, 5, 20, 17, 0, tzinfo=UTC)
ADULT = Household((Member(Relationship.SELF, date(1980, 1, 1)),))
QUOTE = Quote(
    quote_id="q",
    producer=Producer("220002580", "FRITZ, CALVIN C", "FRITZ, CALVIN C", "IL"),
    state="IL",
    zip="60601",
    county_fips="17031",
    effective_date=date(2026, 6, 1),
    household=ADULT,
    created_at=NOW,
    updated_at=NOW,
)


def selected(*plans: Plan) -> Quote:
    return QUOTE.select(plans, version=1, now=NOW, today=TODAY)


def test_a_medical_and_a_dental_plan_may_be_chosen_together() -> None:
    quote = selected(MEDICAL, DENTAL)
    assert quote.selection == Selection("36096IL9900001-00", "36096IL9900012-00", Exchange.OFF)
    assert (quote.status_on(TODAY), quote.version) == (QuoteStatus.SELECTED, 2)


@pytest.mark.parametrize("plan", [MEDICAL, DENTAL])
def test_one_plan_alone_is_enough(plan: Plan) -> None:
    assert selected(plan).selection is not None


@pytest.mark.parametrize(
    ("plans", "field"),
    [
        ((), "medical_plan_id"),
        ((MEDICAL, MEDICAL), "medical_plan_id"),
        ((DENTAL, DENTAL), "dental_plan_id"),
        ((MEDICAL, replace(DENTAL, issuer_id="33602")), "dental_plan_id"),
        ((MEDICAL, replace(DENTAL, exchange=Exchange.ON)), "dental_plan_id"),
    ],
)
def test_a_choice_that_cannot_be_enrolled_is_refused_at_its_field(plans: tuple[Plan, ...], field: str) -> None:
    with pytest.raises(InvalidInput) as refusal:
        selected(*plans)
    assert refusal.value.problems[0].field == field


def test_a_stale_version_is_refused_and_0_saves_without_the_check() -> None:
    with pytest.raises(Stale):
        QUOTE.select([MEDICAL], version=7, now=NOW, today=TODAY)
    assert QUOTE.select([MEDICAL], version=0, now=NOW, today=TODAY).version == 2


def test_a_quote_expires_with_its_plan_year() -> None:
    assert QUOTE.status_on(date(2026, 12, 31)) is QuoteStatus.OPEN
    assert QUOTE.status_on(date(2027, 1, 1)) is QuoteStatus.EXPIRED
    with pytest.raises(Conflict):
        QUOTE.select([MEDICAL], version=1, now=NOW, today=date(2027, 1, 1))


def test_a_quote_made_for_the_filed_year_2014_can_be_used() -> None:
    assert replace(QUOTE, effective_date=date(2014, 6, 1)).status_on(TODAY) is QuoteStatus.OPEN


def test_only_an_on_exchange_choice_has_a_target() -> None:
    assert selected(MEDICAL).exchange_target is None
    assert selected(replace(MEDICAL, exchange=Exchange.ON)).exchange_target is ExchangeTarget.SBE


@pytest.mark.parametrize(
    ("state", "year", "target"),
    [
        ("IL", 2025, "ISP"),
        ("IL", 2026, "SBE"),
        ("NM", 2026, "SBE"),
        ("MT", 2026, "ISP"),
        ("OK", 2027, "ISP"),
        ("TX", 2027, "ISP"),
    ],
)
def test_the_exchange_of_a_state_depends_on_the_plan_year(state: str, year: int, target: str) -> None:
    assert exchange_target(state, year) == target


def test_a_primary_care_provider_is_asked_for_in_hmo_and_pos_medical_plans_only() -> None:
    kinds = {kind: replace(MEDICAL, plan_type=kind).uses_pcp for kind in ("HMO", "POS", "PPO", "EPO")}
    assert kinds == {"HMO": True, "POS": True, "PPO": False, "EPO": False}
    assert not replace(DENTAL, plan_type="HMO").uses_pcp


@pytest.mark.parametrize(("born", "admitted"), [(date(1996, 1, 2), True), (date(1996, 1, 1), False)])
def test_a_catastrophic_plan_is_for_people_under_30_when_the_plan_year_begins(born: date, admitted: bool) -> None:
    plan = replace(MEDICAL, metal_level="Catastrophic")
    assert plan.admits(Household((Member(Relationship.SELF, born),)), date(2026, 6, 1)) is admitted


def test_an_adult_only_plan_does_not_admit_children_alone() -> None:
    children = Household((Member(Relationship.SELF, date(2015, 1, 1)),))
    assert not replace(MEDICAL, child_only_offering="Allows Adult-Only").admits(children, date(2026, 6, 1))
    assert MEDICAL.admits(children, date(2026, 6, 1))


@pytest.mark.parametrize(
    ("today", "advice"),
    [
        (TODAY, "Choose an effective date in 2026 or 2027"),
        (date(2027, 1, 1), "Choose an effective date in 2027"),
        (date(2028, 1, 1), "Choose another effective date"),
    ],
)
def test_an_effective_date_without_plans_is_refused_with_the_years_that_can_still_be_bought(
    today: date, advice: str
) -> None:
    loaded = {2014, 2026, 2027}
    assert find_plan_year(date(2027, 1, 1), loaded, today) == 2027
    assert find_plan_year(date(2014, 6, 1), loaded, today) == 2014
    with pytest.raises(InvalidInput) as refusal:
        find_plan_year(date(2031, 1, 1), loaded, today)
    [problem] = refusal.value.problems
    message = f"Plans for 2031 are not available. {advice}, or ask your administrator to load the plan year 2031."
    assert (problem.field, problem.message) == ("effective_date", message)
