"""Catalogue: the CMS Rate PUF, read a row at a time however long it is.

Rows that are read and left out: other carriers' and years', and plans that are not in Plan Attributes. A row of the age
"Family Option" has a price for each kind of family as a whole; stand-alone dental plans file them. What is in the
place of a rate (``Row.filed_cents``) is not filed, and counted.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from decimal import Decimal
from pathlib import Path

from chassis.kernel import get_markets
from services.quote.catalogue.rows import BadCell, Row, Watch, calendar_day, ignore_progress, stream_rows
from services.quote.domain.filing import FiledFamilyRate, FiledRate, NotFiledCounts, RatingAreas
from services.quote.domain.plan import Rate, RateSource
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
TIER_COLUMNS = tuple(_TIERS.values())

RATE_COLUMNS = (
    *("BusinessYear", "StateCode", "IssuerId", "PlanId", "RatingAreaId", "Tobacco", "Age"),
    *("IndividualRate", "IndividualTobaccoRate"),
)
TOBACCO_RATED = {"No Preference": False, "Tobacco User/Non-Tobacco User": True}
# Both rates of a pair are rounded to the cent, so a ratio at the maximum may look half a cent higher on each side.
ROUNDING_CENTS = 1


@dataclass(frozen=True, slots=True)
class RateFile:
    """The rates of known plans; opens the file again each time. Raises ``FilingRefused`` on the way. Repeated rows are
    for the reader to find, who may have millions of them to compare."""

    path: Path
    plan_year: int
    # Component id -> state.
    components: dict[str, str]
    source: RateSource
    watch: Watch = ignore_progress
    # State -> its rating areas in the plan year; None: not checked.
    areas: RatingAreas | None = None
    tally: NotFiledCounts = field(default_factory=NotFiledCounts)

    def __iter__(self) -> Iterator[FiledRate | FiledFamilyRate]:
        self.tally.clear()
        return filter(None, stream_rows(self.path, RATE_COLUMNS, self.read_row, self._wanted, watch=self.watch))

    def _wanted(self, row: Row) -> bool:
        return (
            row.text("PlanId") in self.components
            and row.text("BusinessYear") == str(self.plan_year)
            and get_markets().issuer_of(row.text("StateCode")) == row.text("IssuerId")
        )

    def read_row(self, row: Row) -> FiledRate | FiledFamilyRate | None:
        """None where a placeholder stands for the rate. Raises ``BadCell``."""
        self._refuse_part_of_a_year(row)
        component, area = row.text("PlanId"), row.rating_area("RatingAreaId")
        state = self.components[component]
        if self.areas is not None and area not in self.areas[state]:
            raise BadCell("RatingAreaId", _no_such_area(state, self.plan_year, self.areas[state]))
        if row.text("Age") == FAMILY_OPTION:
            family = _family(row, self.source, self.tally)
            return FiledFamilyRate(component, state, area, family, row.line) if family else None
        first, last = row.ages("Age")
        rate = _price(row, component, state, self.source, self.tally)
        return FiledRate(component, state, area, first, last, rate, row.line) if rate else None

    def _refuse_part_of_a_year(self, row: Row) -> None:
        """Individual rates hold for a plan year (45 CFR 156.80(d)); an older file has no dates."""
        for column, month, day in (("RateEffectiveDate", 1, 1), ("RateExpirationDate", 12, 31)):
            text = row.text(column)
            if text and calendar_day(column, text) != (self.plan_year, month, day):
                wanted = f"{self.plan_year}-{month:02}-{day:02}"
                raise BadCell(column, f"is not {wanted}: a rate holds for the whole plan year")


def _no_such_area(state: str, plan_year: int, areas: frozenset[int]) -> str:
    known = f"{min(areas)} to {max(areas)}" if areas else "not known here"
    return f"is not a rating area of {state} in {plan_year}; correct it (the state's areas are {known})"


def _family(row: Row, source: RateSource, tally: NotFiledCounts) -> FamilyRates | None:
    """A tier without an amount, or with a placeholder, is not filed."""
    if row.choice("Tobacco", TOBACCO_RATED):
        raise BadCell("Tobacco", "a family rate is the same with and without tobacco")
    said = {tier: row.filed_cents(column) for tier, column in _TIERS.items() if row.text(column)}
    if not said:
        raise BadCell("IndividualRate", "is empty, and so is every other family rate of the row")
    cents = {tier: amount for tier, amount in said.items() if amount is not None}
    tally.count(row.text("PlanId"), len(said) - len(cents))
    return FamilyRates(cents, source) if cents else None


def _price(row: Row, component: str, state: str, source: RateSource, tally: NotFiledCounts) -> Rate | None:
    cents, tobacco_rated = row.filed_cents("IndividualRate"), row.choice("Tobacco", TOBACCO_RATED)
    if cents is None:
        tally.count(component)
        return None
    if not tobacco_rated:
        return Rate(cents, cents, source)
    if not row.text("IndividualTobaccoRate"):
        return Rate(cents, None, source)
    tobacco = row.filed_cents("IndividualTobaccoRate")
    if tobacco is None:
        tally.count(component)
    elif Decimal(tobacco) > cents * (maximum := get_markets()[state].tobacco_maximum) + ROUNDING_CENTS:
        raise BadCell("IndividualTobaccoRate", f"is above {maximum} times the other rate")
    return Rate(cents, tobacco, source)
