"""One made-up plan and its county, which tests change as they need."""

from collections.abc import Iterable

from services.quote.domain.filing import FiledFamilyRate, FiledRate
from services.quote.domain.geography import AreaSpan, County
from services.quote.domain.plan import CatalogueKind, Coverage, Exchange, Plan

COOK = County("17031", "Cook County", "IL", (AreaSpan(2025, None, 1),))
HMO = Plan(
    plan_year=2026,
    plan_id="36096IL9900001-00",
    component_id="36096IL9900001",
    state="IL",
    issuer_id="36096",
    issuer_name="Carrier",
    name="HMO",
    coverage=Coverage.MEDICAL,
    metal_level="Silver",
    plan_type="HMO",
    exchange=Exchange.OFF,
    service_area_id="ILS001",
    network_id="ILN001",
    network_name="A network",
    child_only_offering="Allows Adult and Child-Only",
    consumer_choice_disclosure=False,
    includes_pediatric_dental=False,
    deductible=None,
    out_of_pocket_maximum=None,
    catalogue=CatalogueKind.ILLUSTRATIVE,
)


def by_age(rates: Iterable[FiledRate | FiledFamilyRate]) -> list[FiledRate]:
    """Those of a filing's rates that go by age."""
    return [row for row in rates if isinstance(row, FiledRate)]
