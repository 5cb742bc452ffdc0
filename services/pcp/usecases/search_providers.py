"""Use case: Provider Finder (R71)."""

from __future__ import annotations

from dataclasses import dataclass

from chassis.kernel import Transactions
from services.pcp.domain.provider import NearbyProvider
from services.pcp.usecases.networks import locate_zip, must_have_network, network_of
from services.pcp.usecases.ports import PcpUnitOfWork, PlanNetwork, ProviderCursor, ProviderFilter


@dataclass(frozen=True, slots=True)
class ProviderPage:
    """One page, nearest first; ``following`` is None on the last one."""

    providers: tuple[NearbyProvider, ...]
    following: ProviderCursor | None
    distances_are_estimates: bool


@dataclass(frozen=True, slots=True)
class SearchProviders:
    """Providers of a plan's network near a ZIP, for anybody who is signed in: the directory is public by law."""

    transactions: Transactions[PcpUnitOfWork]

    def __call__(
        self,
        network: PlanNetwork,
        zip_code: str,
        criteria: ProviderFilter,
        size: int,
        after: ProviderCursor | None = None,
    ) -> ProviderPage:
        """Raises InvalidInput for an unknown ZIP and a plan without directory."""
        with self.transactions() as work:
            point = locate_zip(work.providers, zip_code)
            network = network_of(work.providers, network.plan_id, network.plan_year)
            must_have_network(work.providers, network)
            # one more than asked for tells whether there is a next page
            found = work.providers.find_nearest(network, point, criteria, size + 1, after)
        page = found[:size]
        following = ProviderCursor(page[-1].tenth_miles, page[-1].provider.pcp_id) if len(found) > size else None
        return ProviderPage(tuple(page), following, point.estimated)
