"""What the plan page is narrowed and ordered by: a query that holds nothing about people (R9)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from starlette.datastructures import QueryParams
from suite.common.v1 import common_pb2
from suite.quote.v1 import quote_pb2, quote_service_pb2

from gateway.pages.forms.typed_values import AMOUNT_ADVICE, parse_amount

# The most that one answer holds: the page shows all plans of a county at once.
WHOLE_LIST = 200
# The contract's bound; what is longer is cut, since a filter is corrected by looking at what it finds.
MOST_LETTERS = 100
_EXCHANGES = {"off": common_pb2.EXCHANGE_OFF, "on": common_pb2.EXCHANGE_ON}
_SORTS = {
    "premium": quote_service_pb2.PLAN_SORT_PREMIUM,
    "deductible": quote_service_pb2.PLAN_SORT_DEDUCTIBLE,
    "out_of_pocket": quote_service_pb2.PLAN_SORT_OUT_OF_POCKET_MAXIMUM,
    "name": quote_service_pb2.PLAN_SORT_NAME,
}
SORT_LABELS = {
    "premium": "Lowest premium",
    "deductible": "Lowest deductible",
    "out_of_pocket": "Lowest out-of-pocket maximum",
    "name": "Name",
}
_AMOUNTS = ("premium_max", "deductible_max")


@dataclass(frozen=True, slots=True)
class PlanFilters:
    """As they stand in the address; amounts as they were typed."""

    exchange: str = "any"
    metal: tuple[str, ...] = ()
    type: tuple[str, ...] = ()
    premium_max: str = ""
    deductible_max: str = ""
    hsa: bool = False
    name: str = ""
    sort: str = "premium"
    errors: Mapping[str, str] = field(default_factory=dict)

    @classmethod
    def from_query(cls, query: QueryParams) -> PlanFilters:
        amounts = {name: query.get(name, "").strip() for name in _AMOUNTS}
        wrong = {name: AMOUNT_ADVICE for name in _AMOUNTS if _is_wrong(amounts[name])}
        exchange, sort = query.get("exchange", "any"), query.get("sort", "premium")
        return cls(
            exchange=exchange if exchange in _EXCHANGES else "any",
            metal=tuple(query.getlist("metal")),
            type=tuple(query.getlist("type")),
            premium_max=amounts["premium_max"],
            deductible_max=amounts["deductible_max"],
            hsa="hsa" in query,
            name=query.get("name", "").strip()[:MOST_LETTERS],
            sort=sort if sort in _SORTS else "premium",
            errors=wrong,
        )

    @property
    def narrows(self) -> bool:
        """Whether plans may be left out."""
        return self != PlanFilters(sort=self.sort)

    def to_search(
        self, quote: quote_pb2.Quote, coverage: common_pb2.Coverage.ValueType
    ) -> quote_service_pb2.SearchPlansRequest:
        """Metal level, type, amounts and HSA are those of medical plans; the rest narrows dental plans too."""
        asked = quote_service_pb2.SearchPlansRequest(
            state=quote.state,
            zip=quote.zip,
            county_fips=quote.county.fips,
            effective_date=quote.effective_date,
            coverage=coverage,
            exchange=_EXCHANGES.get(self.exchange, common_pb2.EXCHANGE_ANY),
            members=quote.members,
            plan_name=self.name if len(self.name) > 1 else "",
            sort=_SORTS[self.sort],
            page=common_pb2.Page(size=WHOLE_LIST),
        )
        if coverage == common_pb2.COVERAGE_MEDICAL:
            asked.metal_levels.extend(self.metal)
            asked.plan_types.extend(self.type)
            for name in _AMOUNTS:
                if (cents := parse_amount(getattr(self, name))) is not None:
                    getattr(asked, name).cents = cents
            if self.hsa:
                asked.hsa_eligible = True
        return asked


def _is_wrong(typed: str) -> bool:
    return bool(typed) and parse_amount(typed) is None
