"""One made-up plan and its county, which tests change as they need."""

from collections.abc import Iterable
from dataclasses import replace

from benchmarks.sample_catalogues import COOK, make_plan
from services.quote.domain.filing import FiledFamilyRate, FiledRate

__all__ = ["COOK", "HMO", "by_age"]

HMO = replace(
    make_plan(9_900_001),
    issuer_name="Carrier",
    name="HMO",
    metal_level="Silver",
    plan_type="HMO",
    network_name="A network",
)


def by_age(rates: Iterable[FiledRate | FiledFamilyRate]) -> list[FiledRate]:
    """Those of a filing's rates that go by age."""
    return [row for row in rates if isinstance(row, FiledRate)]
