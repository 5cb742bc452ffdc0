"""What a search and an assignment begin with: a known place, and a network with a directory."""

from __future__ import annotations

import re
from dataclasses import replace

from chassis.kernel import InvalidInput, get_markets
from chassis.kernel.zip_prefixes import five_digits
from services.pcp.domain.network import Place, PlanNetwork
from services.pcp.usecases.ports import Cities, Providers

# "Hammond, IN", and without the comma.
_WITH_STATE = re.compile(r"(.+?)[,\s]\s*([A-Za-z]{2})")


def locate_start(providers: Providers, cities: Cities, network: PlanNetwork, zip_code: str, place: str) -> Place:
    """Where a search starts: at the place, and without one at the ZIP code."""
    return _locate_place(providers, cities, place, network.state) if place else locate_zip(providers, zip_code)


def locate_zip(providers: Providers, zip_code: str) -> Place:
    found = _find_zip(providers, zip_code)
    if found is None:
        message = f"We do not recognize this ZIP code. Enter a 5-digit ZIP code in {get_markets().join_names('or')}."
        raise InvalidInput.at("zip", message, rule="R71", code="unknown_zip")
    return found


def _locate_place(providers: Providers, cities: Cities, typed: str, home_state: str) -> Place:
    """``typed``: a ZIP code, a city of ``home_state``, or a city with its state."""
    found = _find_zip(providers, typed) or cities.find_city(typed, home_state)
    if found is None and (named := _WITH_STATE.fullmatch(typed)):
        found = cities.find_city(named[1], named[2].upper())
    if found is None:
        message = "We do not recognize this place. Enter a city with its state (Hammond, IN), or a 5-digit ZIP code."
        raise InvalidInput.at("place", message, rule="R71", code="unknown_place")
    return found


def _find_zip(providers: Providers, typed: str) -> Place | None:
    digits = five_digits(typed)
    point = providers.locate_zip(digits) if digits else None
    return Place(digits, point) if digits and point else None


def network_of(providers: Providers, plan_id: str, plan_year: int) -> PlanNetwork:
    """``plan_year`` 0: the newest one that has a directory."""
    network = PlanNetwork.of_plan(plan_id, plan_year)
    newest = 0 if plan_year else providers.find_newest_year(network.plan_id)
    return replace(network, plan_year=newest) if newest else network


def must_have_network(providers: Providers, network: PlanNetwork) -> None:
    if not providers.has_network(network):
        message = "We have no provider directory for this plan and year. Check the plan ID and the plan year."
        raise InvalidInput.at("plan_id", message, rule="R71", code="no_directory")
