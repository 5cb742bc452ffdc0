"""Writes a synthetic filing of full size in the layouts of the CMS public use files, for measuring the importer.

    python -m benchmarks.generate_rate_puf FOLDER [--plans-per-state 760] [--plan-year 2027]

With its defaults ``rates.csv`` has more than 2 million rows of our carriers (one for each plan, rating area and
age) and a tenth as many of another carrier, which the importer has to pass over. All of it is made up.
"""

from __future__ import annotations

import csv
from collections.abc import Iterable, Iterator, Sequence
from itertools import chain
from pathlib import Path
from typing import Annotated

import typer
from rich.progress import track

from chassis.kernel import get_markets
from chassis.settings import load_markets
from services.quote.catalogue.sources import geography_source

# An issuer of none of our carriers.
STRANGER = "99999"
AGES = ("0-14", *(str(age) for age in range(15, 64)), "64 and over")
METALS = ("Bronze", "Expanded Bronze", "Silver", "Gold", "Platinum")
TYPES = ("HMO", "PPO", "EPO", "POS")
# 760 plans in 54 rating areas at 51 ages are 2,093,040 rates.
PLANS_PER_STATE = 760

PLANS = (
    *("BusinessYear", "StateCode", "IssuerId", "IssuerMarketPlaceMarketingName", "MarketCoverage", "DentalOnlyPlan"),
    *("StandardComponentId", "PlanMarketingName", "NetworkId", "ServiceAreaId", "PlanType", "MetalLevel"),
    *("ChildOnlyOffering", "PlanId", "TEHBDedInnTier1Individual", "TEHBInnTier1IndividualMOOP", "IsHSAEligible"),
)
RATES = (
    *("BusinessYear", "StateCode", "IssuerId", "SourceName", "ImportDate", "RateEffectiveDate", "RateExpirationDate"),
    *("PlanId", "RatingAreaId", "Tobacco", "Age", "IndividualRate", "IndividualTobaccoRate"),
)
AREA_COLUMNS = (
    *("BusinessYear", "StateCode", "IssuerId", "ServiceAreaId", "ServiceAreaName", "CoverEntireState", "County"),
    *("PartialCounty", "ZipCodes", "MarketCoverage"),
)


def components(state: str, issuer: str, count: int) -> list[str]:
    return [f"{issuer}{state}88{number:05}" for number in range(1, count + 1)]


def _issuers() -> list[tuple[str, str]]:
    return [(state, market.carrier.issuer_id) for state, market in get_markets().by_state.items()]


def plan_rows(year: int, count: int) -> Iterator[Sequence[object]]:
    for state, issuer in _issuers():
        for number, component in enumerate(components(state, issuer, count)):
            metal, kind = METALS[number % len(METALS)], TYPES[number % len(TYPES)]
            facts = (component, f"Synthetic {metal} {kind} {number}", f"{state}N001", f"{state}S001", kind, metal)
            amounts = (f"${1_000 + number % 70 * 100:,}", "$9,000", "Yes" if number % 3 == 0 else "No")
            carrier = (year, state, issuer, f"Synthetic carrier {state}", "Individual", "No")
            yield (*carrier, *facts, "Allows Adult and Child-Only", f"{component}-01", *amounts)


def rate_rows(year: int, areas: Iterable[int], state: str, issuer: str, count: int) -> Iterator[Sequence[object]]:
    period = (f"{year}-01-01", f"{year}-12-31")
    carrier = (year, state, issuer, "Synthetic", f"{year - 1}-10-01 00:00:00", *period)
    for number, component in enumerate(components(state, issuer, count)):
        for area in areas:
            for place, age in enumerate(AGES):
                cents = 20_000 + number * 13 + area * 101 + place * 997
                tobacco = cents * 6 // 5 if place > 6 else cents
                rated = (f"{cents // 100}.{cents % 100:02}", f"{tobacco // 100}.{tobacco % 100:02}")
                yield (*carrier, component, f"Rating Area {area}", "Tobacco User/Non-Tobacco User", age, *rated)


def area_rows(year: int) -> Iterator[Sequence[object]]:
    for state, issuer in _issuers():
        yield (year, state, issuer, f"{state}S001", "Statewide (synthetic)", "Yes", "", "", "", "Individual")


def write(path: Path, header: Sequence[str], rows: Iterable[Sequence[object]]) -> None:
    with path.open("w", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(header)
        writer.writerows(rows)


def main(
    folder: Path,
    plans_per_state: Annotated[int, typer.Option(min=1, max=99_999)] = PLANS_PER_STATE,
    plan_year: Annotated[int, typer.Option(min=2025, max=2099)] = 2027,
) -> None:
    """Write plan_attributes.csv, rates.csv and service_areas.csv into FOLDER."""
    load_markets()
    folder.mkdir(parents=True, exist_ok=True)
    write(folder / "plan_attributes.csv", PLANS, plan_rows(plan_year, plans_per_state))
    write(folder / "service_areas.csv", AREA_COLUMNS, area_rows(plan_year))
    carriers = [*((state, issuer, plans_per_state) for state, issuer in _issuers())]
    carriers.append((carriers[-1][0], STRANGER, plans_per_state // 5))
    areas = geography_source().read().rating_areas(plan_year)
    parts = (rate_rows(plan_year, sorted(areas[one[0]]), *one) for one in track(carriers, "rates.csv"))
    write(folder / "rates.csv", RATES, chain.from_iterable(parts))


if __name__ == "__main__":
    typer.run(main)
