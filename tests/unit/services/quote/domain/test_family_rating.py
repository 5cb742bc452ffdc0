"""Plans with one rate for a family as a whole: which tier, whose line, and what is missing."""

from datetime import date

import pytest

from chassis.kernel import Money
from services.quote.domain.household import Household, Member, Relationship
from services.quote.domain.plan import RateSource
from services.quote.domain.premium import RateNotFiled, UnchargedReason
from services.quote.domain.rates import FamilyRates, FamilyTier, RateTable
from tests.unit.services.quote.domain.household_premium import rate_household

DAY = date(2026, 6, 1)
SELF, SPOUSE, CHILD, OTHER = Relationship
CENTS = {tier: 1_000 + 111 * tier for tier in FamilyTier}
RATES = RateTable.from_family_rates(FamilyRates(CENTS, RateSource.FILED), rating_area=4)


def family(*kinds: Relationship) -> Household:
    return Household(
        tuple(Member(kind, date(1980 + place, 1, 1), tobacco_use=True) for place, kind in enumerate(kinds))
    )


@pytest.mark.parametrize(
    ("kinds", "tier"),
    [
        ((SELF,), FamilyTier.INDIVIDUAL),
        ((SELF, CHILD), FamilyTier.PRIMARY_AND_ONE),
        ((SELF, OTHER, CHILD), FamilyTier.PRIMARY_AND_TWO),
        ((SELF, CHILD, CHILD, CHILD), FamilyTier.PRIMARY_AND_THREE),
        ((SELF, *(CHILD,) * 7), FamilyTier.PRIMARY_AND_THREE),
        ((SELF, SPOUSE), FamilyTier.COUPLE),
        ((CHILD, SPOUSE, SELF), FamilyTier.COUPLE_AND_ONE),
        ((SELF, SPOUSE, CHILD, CHILD), FamilyTier.COUPLE_AND_TWO),
        ((SELF, SPOUSE, *(CHILD,) * 18), FamilyTier.COUPLE_AND_THREE),
    ],
)
def test_a_family_pays_the_rate_of_its_tier(kinds: tuple[Relationship, ...], tier: FamilyTier) -> None:
    assert rate_household(family(*kinds), DAY, RATES, 3).total == Money(CENTS[tier])


def test_the_family_rate_is_on_the_primary_applicants_line_and_the_others_are_included() -> None:
    spouse, primary, child = rate_household(family(SPOUSE, SELF, CHILD), DAY, RATES, 3).lines
    assert (primary.amount.cents, primary.source) == (CENTS[FamilyTier.COUPLE_AND_ONE], RateSource.FILED)
    assert primary.explanation == "Family rate for a couple with one dependent, rating area 4: rate as filed."
    assert {line.amount.cents for line in (spouse, child)} == {0}
    assert {line.source for line in (spouse, child)} == {UnchargedReason.INCLUDED}
    assert "Included in the family rate" in child.explanation
    assert not any(line.tobacco_rated for line in (spouse, primary, child))


def test_a_tier_that_was_not_filed_is_an_error_at_the_primary() -> None:
    rates = RateTable.from_family_rates(FamilyRates({FamilyTier.INDIVIDUAL: 900}, RateSource.FILED), rating_area=4)
    assert rate_household(family(SELF), DAY, rates, 3).total == Money(900)
    with pytest.raises(RateNotFiled, match="no family rate of this plan for a couple") as refusal:
        rate_household(family(SPOUSE, SELF), DAY, rates, 3)
    assert refusal.value.problems[0].field == "members[1]"
