"""Catalogue: the CMS Rate PUF, read a row at a time however long it is.

Rows that are read and left out: other carriers' and years', and plans that are not in Plan Attributes. A row of the age
"Family Option" has a price for each kind of family as a whole; stand-alone dental plans file them.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path

from services.quote.catalogue.rows import BadCell, Row, Watch, stream, unwatched
from services.quote.domain.filing import FamilyRateRow, RateRow
from services.quote.domain.plan import ISSUER_IDS, TOBACCO_MAXIMUM, Rate, RateSource
from services.quote.domain.rates import FamilyRates, FamilyTier

FAMILY_OPTION = "Family Option"
_TIERS = {
    FamilyTier.INDIVIDUAL: "IndividualRate",
    FamilyTier.PRIMARY_AND_ONE: "PrimarySubscriberAndOneDependent",
    FamilyTier.PRIMARY_AND_TWO: "PrimarySubscriberAndTwoDependents",
    FamilyTier.PRIMARY_AND_THREE: "PrimarySubscriberAndThreeOrMoreDependents",
    FamilyTier.COUPLE: "Couple",
    FamilyTier.COUPLE_AND_ONE: "CoupleAndOneDependent",
    FamilyTier.COUPLE_AND_TWO: "CoupleAndTwoDependents",
    FamilyTier.COUPLE_AND_THREE: "CoupleAndThreeOrMoreDependents",
}

_COLUMNS = (
    *("BusinessYear", "StateCode", "IssuerId", "PlanId", "RatingAreaId", "Tobacco", "Age"),
    *("IndividualRate", "IndividualTobaccoRate"),
)
_TOBACCO_RATED = {"No Preference": False, "Tobacco User/Non-Tobacco User": True}
# Both rates of a pair are rounded to the cent, so a ratio at the maximum may look half a cent higher on each side.
_ROUNDING_CENTS = 1


@dataclass(frozen=True, slots=True)
class RateFile:
    """The rates of known plans; opens the file anew each time. Raises ``FileRefused`` on the way. Repeated rows are
    for the reader to find, who may have millions of them to compare."""

    path: Path
    plan_year: int
    # Component id -> state.
    components: dict[str, str]
    source: RateSource
    watch: Watch = unwatched

    def __iter__(self) -> Iterator[RateRow | FamilyRateRow]:
        return stream(self.path, _COLUMNS, self._rate, self._wanted, watch=self.watch)

    def _wanted(self, row: Row) -> bool:
        return (
            row.text("PlanId") in self.components
            and row.text("BusinessYear") == str(self.plan_year)
            and ISSUER_IDS.get(row.text("StateCode")) == row.text("IssuerId")
        )

    def _rate(self, row: Row) -> RateRow | FamilyRateRow:
        self._refuse_part_of_a_year(row)
        component, area = row.text("PlanId"), row.rating_area("RatingAreaId")
        state = self.components[component]
        if row.text("Age") == FAMILY_OPTION:
            return FamilyRateRow(component, state, area, _family(row, self.source), row.line)
        first, last = row.ages("Age")
        return RateRow(component, state, area, first, last, _price(row, state, self.source), row.line)

    def _refuse_part_of_a_year(self, row: Row) -> None:
        """Individual rates hold for a plan year (45 CFR 156.80(d)); an older file has no dates."""
        for column, day in (("RateEffectiveDate", "01-01"), ("RateExpirationDate", "12-31")):
            if row.text(column) not in {"", f"{self.plan_year}-{day}"}:
                raise BadCell(column, f"is not {self.plan_year}-{day}: a rate holds for the whole plan year")


def _family(row: Row, source: RateSource) -> FamilyRates:
    """A tier without an amount is not filed."""
    if row.choice("Tobacco", _TOBACCO_RATED):
        raise BadCell("Tobacco", "a family rate is the same with and without tobacco")
    cents = {tier: amount for tier, column in _TIERS.items() if (amount := row.optional_rate_cents(column))}
    if not cents:
        raise BadCell("IndividualRate", "is empty, and so is every other family rate of the row")
    return FamilyRates(cents, source)


def _price(row: Row, state: str, source: RateSource) -> Rate:
    cents = row.rate_cents("IndividualRate")
    if not row.choice("Tobacco", _TOBACCO_RATED):
        return Rate(cents, cents, source)
    tobacco = row.optional_rate_cents("IndividualTobaccoRate")
    if tobacco is not None and Decimal(tobacco) > cents * TOBACCO_MAXIMUM[state] + _ROUNDING_CENTS:
        raise BadCell("IndividualTobaccoRate", f"is above {TOBACCO_MAXIMUM[state]} times the other rate")
    return Rate(cents, tobacco, source)
