"""What becomes of each member's choice: the one judgement of assigning providers and of checking them (R69, R72)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from chassis.kernel import Problem
from services.pcp.domain.assignment import Assignment, AssignmentDistances, PcpSelection
from services.pcp.domain.network import GeoPoint, PlanNetwork
from services.pcp.domain.provider import NearbyProvider, Panel
from services.pcp.usecases.networks import locate_zip, must_have_network
from services.pcp.usecases.ports import ProviderFilter, Providers


def decide_members(
    providers: Providers,
    network: PlanNetwork,
    zip_code: str,
    selections: Sequence[PcpSelection],
    distances: AssignmentDistances,
) -> list[Assignment | Problem]:
    """In the order of the selections, of which a problem names the place. Raises InvalidInput for an unknown ZIP code
    and a plan without directory."""
    must_have_network(providers, network)
    decision = _Decision(providers, network, locate_zip(providers, zip_code).point, distances.greatest(zip_code))
    return [decision.decide(selection, f"members[{place}]") for place, selection in enumerate(selections)]


@dataclass(frozen=True, slots=True)
class _Decision:
    """What holds for all members of one application; the nearest provider is looked up once for those alike."""

    providers: Providers
    network: PlanNetwork
    point: GeoPoint
    greatest_miles: int
    _nearest_found: dict[tuple[tuple[Panel, ...], str, int], NearbyProvider | None] = field(default_factory=dict)

    def decide(self, selection: PcpSelection, place: str) -> Assignment | Problem:
        if selection.pcp_id:
            return self._confirmed(selection, place)
        if selection.group_id and not self.providers.has_group(self.network, selection.group_id):
            message = "This medical group is not in the plan's network. Look up its number in Provider Finder."
            return Problem(f"{place}.medical_group_id", message, "R69")
        return self._nearest(selection, place)

    def _confirmed(self, selection: PcpSelection, place: str) -> Assignment | Problem:
        provider = self.providers.find_member(self.network, selection.pcp_id)
        if provider is None:
            message = (
                "This provider is not in the plan's network. Look up the PCP ID in Provider Finder, or leave it blank."
            )
            return Problem(f"{place}.pcp_id", message, "R71")
        if refusal := provider.refusal(selection.age):
            return Problem(f"{place}.pcp_id", refusal, "R71")
        if selection.group_id and (provider.group is None or provider.group.group_id != selection.group_id):
            message = (
                "This provider belongs to a different medical group. Enter the PCP ID or the medical group, not both."
            )
            return Problem(f"{place}.medical_group_id", message, "R69")
        offices = self.providers.list_offices(provider.pcp_id)
        return Assignment.to(selection, provider, offices[0] if len(offices) == 1 else None)

    def _nearest(self, selection: PcpSelection, place: str) -> Assignment | Problem:
        """A group was chosen however far it is; the carrier's own choice has to be near."""
        nearest = self._find_nearest(selection, 0 if selection.group_id else self.greatest_miles)
        if nearest:
            return Assignment.to(selection, nearest.provider, nearest.provider.office)
        if selection.group_id:
            message = (
                "No provider in this medical group accepts new patients of this age. "
                "Choose another group, or leave it blank."
            )
            return Problem(f"{place}.medical_group_id", message, "R69")
        if self._find_nearest(selection, 0):
            return Assignment.left_to_carrier(selection, self.greatest_miles)
        message = "No provider in the plan's network accepts new patients of this age right now. Choose another plan."
        return Problem(f"{place}.pcp_id", message, "R72")

    def _find_nearest(self, selection: PcpSelection, radius_miles: int) -> NearbyProvider | None:
        alike = tuple(panel for panel in Panel if panel.takes(selection.age)), selection.group_id, radius_miles
        if alike not in self._nearest_found:
            criteria = ProviderFilter(
                open_here=True, age=selection.age, group_id=selection.group_id, radius_miles=radius_miles
            )
            self._nearest_found[alike] = self.providers.find_first(self.network, self.point, criteria)
        return self._nearest_found[alike]
