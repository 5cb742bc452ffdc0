"""Domain: plans with one rate for a family as a whole ("Family Option" of CMS's Rate PUF), mostly dental.

The amount is on the primary applicant's line, the others are included in it. Nobody is counted out and tobacco plays no
part: the carrier filed one price for everybody on the policy.
"""

from __future__ import annotations

from datetime import date

from chassis.kernel import Money
from services.quote.domain.household import Household, Member, Relationship
from services.quote.domain.premium import MemberPremium, RateNotFiled, UnchargedReason
from services.quote.domain.rates import FamilyRates, FamilyTier


def compute_family_lines(
    household: Household, effective_date: date, rates: FamilyRates, rating_area: int
) -> tuple[MemberPremium, ...]:
    """Raises ``RateNotFiled`` when the family's tier is missing."""
    tier = FamilyTier.from_household(household)
    cents = rates.cents.get(tier)
    if cents is None:
        place = household.members.index(household.primary)
        raise RateNotFiled(place, f"The carrier filed no family rate of this plan for {tier.words}.")
    why = f"Family rate for {tier.words}, rating area {rating_area}: {rates.source.words}."

    def line(index: int, member: Member) -> MemberPremium:
        kind, age = member.relationship, member.age_on(effective_date)
        if kind is Relationship.SELF:
            return MemberPremium(index, kind, age, Money(cents), rates.source, False, why, rating_area)
        included = "Included in the family rate, shown with the primary applicant."
        return MemberPremium(index, kind, age, Money(0), UnchargedReason.INCLUDED, False, included, rating_area)

    return tuple(line(index, member) for index, member in enumerate(household.members))
