"""The plans that an application can have, with their premiums; filtered and ordered as an address says (R63, R64)."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from urllib.parse import urlencode

from google.protobuf.message import Message
from starlette.datastructures import FormData
from starlette.requests import Request
from suite.common.v1 import common_pb2
from suite.quote.v1 import quote_pb2, quote_service_pb2

from chassis.kernel import Conflict, InvalidInput, Problem
from gateway.edge.basis import search_plans_on
from gateway.edge.context import get_gateway, require_session
from gateway.pages.enrollment.form import LIST

# Plans of a county on one page; no county of the five states has more.
WHOLE_LIST = 200
# What is typed into the search box; the name of a plan is shorter.
LONGEST_SEARCH = 100
SORTS = (
    ("premium", "Lowest premium"),
    ("deductible", "Lowest deductible"),
    ("maximum", "Lowest out-of-pocket maximum"),
    ("name", "Plan name"),
)
_PARTS = ("search", "metal", "type", "sort")
PricedPlans = Sequence[quote_pb2.PricedPlan]


@dataclass(frozen=True, slots=True)
class PlanList:
    """One coverage's plans as they are shown; ``missing`` is what has to be answered before they can be priced."""

    coverage: str
    wanted: Mapping[str, str]
    plans: PricedPlans = ()
    missing: Sequence[Problem] = ()
    not_filed: Sequence[quote_service_pb2.UnpricedPlan] = ()

    @property
    def metals(self) -> list[tuple[str, str]]:
        return _options(self.plans, lambda plan: plan.metal_level)

    @property
    def types(self) -> list[tuple[str, str]]:
        return _options(self.plans, lambda plan: plan.plan_type)

    def find(self, plan_id: str) -> quote_pb2.PricedPlan | None:
        return next((one for one in self.plans if one.plan.plan_id == plan_id), None)

    def matches(self, plan: quote_pb2.Plan) -> bool:
        wanted = self.wanted
        words = wanted["search"].lower().split()
        text = f"{plan.name} {plan.network_name} {plan.issuer_name}".lower()
        return (
            wanted["metal"] in ("", plan.metal_level)
            and wanted["type"] in ("", plan.plan_type)
            and all(word in text for word in words)
        )

    @property
    def shown_count(self) -> int:
        return sum(1 for one in self.plans if self.matches(one.plan))

    def in_order(self, family: bool) -> list[quote_pb2.PricedPlan]:
        """All of them: what the filter leaves out is hidden, so that a choice among it stays chosen."""
        return sorted(self.plans, key=_order(self.wanted["sort"], family))


async def search_plans(request: Request, basis: Awaitable[Message], coverage: str) -> PlanList:
    """``basis`` is read once for both coverages."""
    session = await require_session(request)
    wanted = _wanted(request.query_params, coverage)
    asked = quote_service_pb2.SearchPlansRequest(
        coverage=common_pb2.Coverage.Value(f"COVERAGE_{coverage.upper()}"), page=common_pb2.Page(size=WHOLE_LIST)
    )
    try:
        found = await search_plans_on(await basis, get_gateway(request).services, session.user.caller, asked)
    except (InvalidInput, Conflict) as refusal:
        return PlanList(coverage, wanted, missing=refusal.problems or (Problem("", refusal.message),))
    return PlanList(coverage, wanted, found.plans, not_filed=found.not_filed)


def no_plans(coverage: str) -> PlanList:
    return PlanList(coverage, dict.fromkeys(_PARTS, ""))


def list_query(fields: FormData, show_all: str = "") -> str:
    """The address's query for what was chosen in the filters; ``show_all`` names a coverage whose filter is dropped."""
    pairs = []
    for coverage in ("medical", "dental"):
        if coverage != show_all:
            texts = ((part, fields.get(f"{LIST}{coverage}.{part}")) for part in _PARTS)
            pairs += [(f"{coverage}.{part}", text[:LONGEST_SEARCH]) for part, text in texts if isinstance(text, str)]
    chosen = [(name, text) for name, text in pairs if text and (name, text) not in _DEFAULTS]
    return f"?{urlencode(chosen)}" if chosen else ""


_DEFAULTS = {("medical.sort", "premium"), ("dental.sort", "premium")}


def _wanted(query: Mapping[str, str], coverage: str) -> dict[str, str]:
    return {part: query.get(f"{coverage}.{part}", "")[:LONGEST_SEARCH] for part in _PARTS}


def _options(plans: PricedPlans, read: Callable[[quote_pb2.Plan], str]) -> list[tuple[str, str]]:
    """What a select offers: each value that some plan has, once, and how it is shown."""
    return [(word, word) for word in dict.fromkeys(read(one.plan) for one in plans) if word]


def _order(sort: str, family: bool) -> Callable[[quote_pb2.PricedPlan], tuple[object, ...]]:
    """Plans without a filed amount come last; equals by premium, then name, as a plan search orders them."""
    kind = {"deductible": "deductible", "maximum": "out_of_pocket_maximum"}.get(sort, "")
    field = f"family_{kind}" if kind and family else kind

    def key(priced: quote_pb2.PricedPlan) -> tuple[object, ...]:
        by_price = (priced.monthly_premium.cents, priced.plan.name)
        if sort == "name":
            return (priced.plan.name, *by_price)
        if not field:
            return by_price
        plan: Message = priced.plan
        return (not plan.HasField(field), getattr(plan, field).cents, *by_price)

    return key
