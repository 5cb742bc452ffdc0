"""What a search and an assignment begin with: a known ZIP, and a network with a directory."""

from __future__ import annotations

from dataclasses import replace

from chassis.kernel import InvalidInput, get_markets
from chassis.kernel.zip_prefixes import five_digits
from services.pcp.domain.network import GeoPoint, PlanNetwork
from services.pcp.usecases.ports import Providers


def locate_zip(providers: Providers, zip_code: str) -> GeoPoint:
    digits = five_digits(zip_code)
    point = providers.locate_zip(digits) if digits else None
    if point is None:
        message = f"We do not recognize this ZIP code. Enter a 5-digit ZIP code in {get_markets().join_names('or')}."
        raise InvalidInput.at("zip", message, rule="R71", code="unknown_zip")
    return point


def network_of(providers: Providers, plan_id: str, plan_year: int) -> PlanNetwork:
    """``plan_year`` 0: the newest one that has a directory."""
    network = PlanNetwork.of_plan(plan_id, plan_year)
    newest = 0 if plan_year else providers.find_newest_year(network.plan_id)
    return replace(network, plan_year=newest) if newest else network


def must_have_network(providers: Providers, network: PlanNetwork) -> None:
    if not providers.has_network(network):
        message = "We have no provider directory for this plan and year. Check the plan ID and the plan year."
        raise InvalidInput.at("plan_id", message, rule="R71", code="no_directory")
