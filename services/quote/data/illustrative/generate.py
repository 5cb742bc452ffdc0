"""Writes the illustrative catalogue: MADE-UP plans and prices in the layouts of the CMS public use files.

Run once (``python -m services.quote.data.illustrative.generate``); the CSV files beside it are committed. Nothing in
it is a carrier's filing, and its five states are an example: another state brings a filing, not a line here. Plan names
are those that the portal's user guide shows in its samples, completed with invented ones; ids carry the product number
99.
"""

from __future__ import annotations

import csv
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from pathlib import Path

from chassis.market_file import read_markets
from chassis.settings import MARKETS

HERE = Path(__file__).parent
DATA = HERE.parent
CENT = Decimal("0.01")

MARKET = read_markets(MARKETS)
# Made up, below the federal maximum of 1.5. Illinois: the carrier's terms name age and geography only.
TOBACCO = {"IL": None, "MT": Decimal("1.10"), "NM": Decimal("1.15"), "OK": Decimal("1.20"), "TX": Decimal("1.25")}
# Price of the state's first rating area against Cook County, Illinois.
LEVEL = {"IL": "1.00", "MT": "1.11", "NM": "1.04", "OK": "1.12", "TX": "1.36"}
TREND = {2026: Decimal(1), 2027: Decimal("1.06")}
# HMO and POS networks serve these rating areas only; a PPO serves its whole state.
LOCAL_AREAS = {"IL": {1, 2, 3}, "MT": {1, 2}, "NM": {1, 2}, "OK": {3, 5}, "TX": {3, 8, 10, 18, 25}}
STATEWIDE, LOCAL = "S001", "S002"
BOTH, OFF = ("00", "01"), ("00",)
OUT_OF_POCKET = {"Catastrophic": "$10,600", "Bronze": "$10,000", "Silver": "$8,900", "Gold": "$7,800"}
# Since plan year 2026 a health savings account may go with any bronze or catastrophic plan.
HSA_METALS = {"Catastrophic", "Bronze"}
# Made-up variants of silver plans on the exchange: ending, CMS's name for it, deductible, out-of-pocket maximum.
REDUCTIONS = (
    ("04", "73% AV Level Silver Plan", "$3,000", "$7,000"),
    ("05", "87% AV Level Silver Plan", "$700", "$3,000"),
    ("06", "94% AV Level Silver Plan", "$0", "$2,000"),
)
# A reserved name: these pages do not exist.
SITE = "https://plans.example/illustrative"
AFTER = "after deductible"
# Benefit: what people pay at Catastrophic, Bronze, Silver, Gold. Made up.
MEDICAL_BENEFITS = {
    "Primary Care Visit to Treat an Injury or Illness": (f"No Charge {AFTER}", "$50", "$40", "$25"),
    "Specialist Visit": (f"No Charge {AFTER}", "$100", "$80", "$50"),
    "Preventive Care/Screening/Immunization": ("No Charge", "No Charge", "No Charge", "No Charge"),
    "Urgent Care Centers or Facilities": (f"No Charge {AFTER}", "$75", "$60", "$45"),
    "Emergency Room Services": (f"No Charge {AFTER}", f"50% Coinsurance {AFTER}", f"40% Coinsurance {AFTER}", "$400"),
    "Inpatient Hospital Services (e.g., Hospital Stay)": (
        *(f"No Charge {AFTER}", f"50% Coinsurance {AFTER}", f"40% Coinsurance {AFTER}", f"25% Coinsurance {AFTER}"),
    ),
    "Laboratory Outpatient and Professional Services": (
        *(f"No Charge {AFTER}", f"50% Coinsurance {AFTER}", f"40% Coinsurance {AFTER}", f"25% Coinsurance {AFTER}"),
    ),
    "Mental/Behavioral Health Outpatient Services": (f"No Charge {AFTER}", "$50", "$40", "$25"),
    "Generic Drugs": (f"No Charge {AFTER}", "$25", "$20", "$15"),
    "Preferred Brand Drugs": (f"No Charge {AFTER}", f"$50 Copay {AFTER}", "$40", "$30"),
    "Non-Preferred Brand Drugs": (f"No Charge {AFTER}", f"$100 Copay {AFTER}", f"$80 Copay {AFTER}", "$60"),
    "Specialty Drugs": (f"No Charge {AFTER}", f"$500 Copay {AFTER}", f"$350 Copay {AFTER}", "$250"),
}
METALS = ("Catastrophic", "Bronze", "Silver", "Gold")
# Benefit: what people pay at Low, High. Made up.
DENTAL_BENEFITS = {
    "Routine Dental Services (Adult)": ("No Charge", "No Charge"),
    "Basic Dental Care - Adult": (f"50% Coinsurance {AFTER}", f"20% Coinsurance {AFTER}"),
    "Major Dental Care - Adult": ("", f"50% Coinsurance {AFTER}"),
    "Dental Check-Up for Children": ("No Charge", "No Charge"),
    "Orthodontia - Child": (f"50% Coinsurance {AFTER}", f"50% Coinsurance {AFTER}"),
}
LEVELS = ("Low", "High")
LIMITS = {
    "Routine Dental Services (Adult)": ("2", "Visit(s) per Year"),
    "Dental Check-Up for Children": ("2", "Exam(s) per Year"),
}
ISSUERS = {state: (MARKET[state].carrier.issuer_id, MARKET[state].carrier.name) for state in LEVEL}


@dataclass(frozen=True)
class PlanDesign:
    """A made-up plan; ``base`` is the monthly rate at age 21 in the state's first rating area, 2026, level 1.00."""

    states: tuple[str, ...]
    name: str
    metal: str
    kind: str
    network: str
    base: str
    deductible: str
    variants: tuple[str, ...] = BOTH
    consumer_choice: bool = True
    dental: bool = False
    # How many children under 21 a dental plan charges; for medical plans the law says it.
    cap: str = ""


ALL = tuple(ISSUERS)
NETWORKS = {
    "PPO": "Blue Choice Preferred PPO",
    "HMO": "Blue Precision HMO",
    "POS": "MyBlue Plus POS",
    "DENTAL": "BlueCare Dental PPO",
}
# 415.36 at 21 gives the guide's $886.79 (R66) at age 54 in Cook County: 415.36 x 2.135 = 886.7936.
MEDICAL = (
    PlanDesign(
        ("IL",), "Blue Precision Silver HMO Standard - Select Rx Copays", "Silver", "HMO", "HMO", "415.36", "$5,000"
    ),
    PlanDesign(("IL",), "Blue Precision Gold HMO 301", "Gold", "HMO", "HMO", "452.18", "$1,500"),
    PlanDesign(("IL", "TX"), "MyBlue Plus Bronze 903", "Bronze", "POS", "POS", "322.40", "$7,500"),
    PlanDesign(("TX",), "Blue Advantage Gold HMO 207", "Gold", "HMO", "HMO", "368.92", "$1,500", consumer_choice=False),
    PlanDesign(("TX",), "MyBlue Health Bronze Standard", "Bronze", "HMO", "HMO", "287.55", "$7,500"),
    PlanDesign(("IL", "TX"), "Blue Choice Preferred Gold PPO 204", "Gold", "PPO", "PPO", "561.07", "$750", OFF),
    PlanDesign(("MT", "NM", "OK"), "Blue Choice Preferred Gold PPO 304", "Gold", "PPO", "PPO", "498.31", "$1,000"),
    PlanDesign(("IL", "MT", "OK"), "Blue Choice Preferred Silver PPO 305", "Silver", "PPO", "PPO", "437.66", "$4,000"),
    PlanDesign(("MT", "NM", "OK"), "MyBlue Plus Silver POS 306", "Silver", "POS", "POS", "388.20", "$4,500"),
    PlanDesign(("NM", "OK"), "Blue Precision Bronze HMO 307", "Bronze", "HMO", "HMO", "301.75", "$7,500"),
    PlanDesign(ALL, "Blue Choice Preferred Security PPO 308", "Catastrophic", "PPO", "PPO", "246.10", "$10,600"),
)
# Adults, then children (0-20), in every rating area: 14.87 for an adult is the guide's price (R66).
DENTAL = (
    (PlanDesign(ALL, "BlueCare Dental 1A", "High", "PPO", "DENTAL", "42.16", "$50", dental=True, cap="3"), "31.08"),
    (PlanDesign(ALL, "BlueCare Dental 1C", "Low", "PPO", "DENTAL", "24.39", "$75", dental=True, cap="2"), "20.45"),
    (
        PlanDesign(ALL, "BlueCare Dental 1D", "Low", "PPO", "DENTAL", "14.87", "$100", dental=True, cap="No Limit"),
        "12.60",
    ),
)


def rounded(amount: Decimal) -> Decimal:
    return amount.quantize(CENT, rounding=ROUND_HALF_UP)


def read(path: Path) -> list[dict[str, str]]:
    with path.open(newline="") as file:
        return list(csv.DictReader(file))


def write(path: Path, header: Sequence[str], rows: Iterable[Sequence[object]]) -> None:
    path.parent.mkdir(exist_ok=True)
    with path.open("w", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(header)
        writer.writerows(rows)


def curve() -> list[tuple[str, Decimal]]:
    """Age label and factor; ages 0 to 14 share one rate."""
    factors = [
        (row["age"], Decimal(row["factor_2018_on"])) for row in read(DATA / "age-curve/federal_default_age_curve.csv")
    ]
    return [("0-14", factors[0][1]), *factors[15:]]


def rating_areas(state: str) -> list[int]:
    counties = read(DATA / "rating-areas/county_rating_areas_5states.csv")
    return sorted({int(row["rating_area_2025"]) for row in counties if row["state"] == state})


def area_factor(area: int) -> Decimal:
    """Made-up spread of -4 % to +8 % around the first area."""
    return Decimal(1) if area == 1 else 1 + (Decimal(area * 7 % 13) - 4) / 100


def designs() -> Iterator[tuple[str, str, PlanDesign, str]]:
    """State, component id, design and a dental plan's children's rate."""
    for state, (issuer, _) in ISSUERS.items():
        everything = [*((design, "") for design in MEDICAL), *DENTAL]
        for number, (design, child) in enumerate(everything, start=1):
            if state in design.states:
                yield state, f"{issuer}{state}99{number:05}", design, child


def plan_rows(year: int) -> Iterator[list[object]]:
    for state, component, design, _ in designs():
        maximum = "$400" if design.dental else OUT_OF_POCKET[design.metal]
        for variant in design.variants:
            side = "Standard On Exchange Plan" if variant == "01" else "Standard Off Exchange Plan"
            yield plan_row(year, state, component, design, (variant, side, design.deductible, maximum))
        if design.metal == "Silver" and design.variants == BOTH:
            yield from (plan_row(year, state, component, design, reduction) for reduction in REDUCTIONS)


def plan_row(
    year: int, state: str, component: str, design: PlanDesign, variant: tuple[str, str, str, str]
) -> list[object]:
    issuer, carrier = ISSUERS[state]
    ending, title, deductible, maximum = variant
    disclosure = MARKET[state].consumer_choice_plans and not design.dental and design.consumer_choice
    hsa = "" if design.dental else "Yes" if design.metal in HSA_METALS else "No"
    pages = f"{SITE}/{year}/{component}-{ending}"
    return [
        *(year, state, issuer, carrier, "Illustrative", "Individual", "Yes" if design.dental else "No"),
        *(component, design.name, network_id(state, design.network), service_area(state, design)),
        *(design.kind, design.metal, "Both" if design.variants == BOTH else "Off the Exchange"),
        *("Allows Adult and Child-Only", f"{year}-01-01", f"{year}-12-31", f"{component}-{ending}", title),
        *(deductible, f"{twice(deductible)} per group", maximum, f"{twice(maximum)} per group", hsa),
        *(f"{pages}/summary-of-benefits", f"{pages}/brochure", "" if design.dental else f"{SITE}/{year}/{state}/drugs"),
        *("Yes" if disclosure else "No", "No", design.cap),
    ]


def twice(amount: str) -> str:
    return f"${int(amount.replace('$', '').replace(',', '')) * 2:,}"


def benefit_rows(year: int) -> Iterator[list[object]]:
    for state, component, design, _ in designs():
        benefits = DENTAL_BENEFITS if design.dental else MEDICAL_BENEFITS
        column = (LEVELS if design.dental else METALS).index(design.metal)
        outside = f"50% Coinsurance {AFTER}" if design.kind == "PPO" else "100%"
        for variant in design.variants:
            for benefit, paid in benefits.items():
                covered = "Covered" if paid[column] else "Not Covered"
                yield [
                    *(year, state, ISSUERS[state][0], component, f"{component}-{variant}", benefit),
                    *(*in_columns(paid[column]), *in_columns(outside if paid[column] else ""), covered),
                    *LIMITS.get(benefit, ("", "")),
                ]


def in_columns(paid: str) -> tuple[str, str]:
    """Copay and coinsurance, as CMS keeps them apart."""
    if not paid:
        return "", ""
    return ("Not Applicable", paid) if "%" in paid else (paid, "Not Applicable")


def network_id(state: str, network: str) -> str:
    return f"{state}N{list(NETWORKS).index(network) + 1:03}"


def service_area(state: str, design: PlanDesign) -> str:
    return f"{state}{STATEWIDE if design.kind == 'PPO' else LOCAL}"


def rate_rows(year: int) -> Iterator[list[object]]:
    for state, component, design, child in designs():
        served = rating_areas(state) if design.kind == "PPO" else sorted(LOCAL_AREAS[state])
        for area in served:
            rates = dental_rates(design, child, year) if design.dental else medical_rates(state, design, area, year)
            for age, amount, tobacco in rates:
                rated = "No Preference" if tobacco is None else "Tobacco User/Non-Tobacco User"
                issuer = ISSUERS[state][0]
                yield [year, state, issuer, component, f"Rating Area {area}", rated, age, amount, tobacco]


def medical_rates(
    state: str, design: PlanDesign, area: int, year: int
) -> Iterator[tuple[str, Decimal, Decimal | None]]:
    base = rounded(Decimal(design.base) * Decimal(LEVEL[state]) * area_factor(area) * TREND[year])
    factor = TOBACCO[state]
    for age, age_factor in curve():
        amount = rounded(base * age_factor)
        adult = age == "64 and over" or (age.isdigit() and int(age) >= 21)
        yield age, amount, factor and (rounded(amount * factor) if adult else amount)


def dental_rates(design: PlanDesign, child: str, year: int) -> Iterator[tuple[str, Decimal, None]]:
    yield "0-20", rounded(Decimal(child) * TREND[year]), None
    yield "21 and over", rounded(Decimal(design.base) * TREND[year]), None


def area_rows(year: int) -> Iterator[list[object]]:
    counties = read(DATA / "rating-areas/county_rating_areas_5states.csv")
    for state, (issuer, _) in ISSUERS.items():
        yield [year, state, issuer, f"{state}{STATEWIDE}", "Statewide (illustrative)", "Yes", "", "", "", "Individual"]
        for row in counties:
            if row["state"] == state and int(row["rating_area_2025"]) in LOCAL_AREAS[state]:
                local = f"{state}{LOCAL}"
                yield [
                    year,
                    state,
                    issuer,
                    local,
                    "Local (illustrative)",
                    "No",
                    row["county_fips"],
                    "No",
                    "",
                    "Individual",
                ]


def network_rows(year: int) -> Iterator[list[object]]:
    for state, (issuer, _) in ISSUERS.items():
        for network, name in NETWORKS.items():
            dental = "Yes" if network == "DENTAL" else "No"
            finder = f"{SITE}/{year}/{state}/providers"
            yield [year, state, issuer, name, network_id(state, network), finder, "Individual", dental]


PLAN_HEADER = (
    *("BusinessYear", "StateCode", "IssuerId", "IssuerMarketPlaceMarketingName", "SourceName", "MarketCoverage"),
    *("DentalOnlyPlan", "StandardComponentId", "PlanMarketingName", "NetworkId", "ServiceAreaId", "PlanType"),
    *("MetalLevel", "QHPNonQHPTypeId", "ChildOnlyOffering", "PlanEffectiveDate", "PlanExpirationDate", "PlanId"),
    *("CSRVariationType", "TEHBDedInnTier1Individual", "TEHBDedInnTier1FamilyPerGroup", "TEHBInnTier1IndividualMOOP"),
    *("TEHBInnTier1FamilyPerGroupMOOP", "IsHSAEligible", "URLForSummaryofBenefitsCoverage", "PlanBrochure"),
    *("FormularyURL", "ConsumerChoiceDisclosure", "PediatricDentalIncluded", "ChargedChildrenCap"),
)
RATE_HEADER = (
    *("BusinessYear", "StateCode", "IssuerId", "PlanId", "RatingAreaId", "Tobacco", "Age"),
    *("IndividualRate", "IndividualTobaccoRate"),
)
AREA_HEADER = (
    *("BusinessYear", "StateCode", "IssuerId", "ServiceAreaId", "ServiceAreaName", "CoverEntireState", "County"),
    *("PartialCounty", "ZipCodes", "MarketCoverage"),
)
NETWORK_HEADER = (
    *("BusinessYear", "StateCode", "IssuerId", "NetworkName", "NetworkId", "NetworkURL", "MarketCoverage"),
    "DentalOnlyPlan",
)

BENEFIT_HEADER = (
    *("BusinessYear", "StateCode", "IssuerId", "StandardComponentId", "PlanId", "BenefitName", "CopayInnTier1"),
    *("CoinsInnTier1", "CopayOutofNet", "CoinsOutofNet", "IsCovered", "LimitQty", "LimitUnit"),
)


def main() -> None:
    for year in TREND:
        folder = HERE / str(year)
        write(folder / "plan_attributes.csv", PLAN_HEADER, plan_rows(year))
        write(folder / "rates.csv", RATE_HEADER, rate_rows(year))
        write(folder / "service_areas.csv", AREA_HEADER, area_rows(year))
        write(folder / "networks.csv", NETWORK_HEADER, network_rows(year))
        write(folder / "benefits.csv", BENEFIT_HEADER, benefit_rows(year))


if __name__ == "__main__":
    main()
