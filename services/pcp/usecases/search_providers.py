"""Use case: Provider Finder (R71)."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, timedelta
from functools import partial

from chassis.kernel import Clock, Transactions, business_date, get_markets
from services.pcp.domain.network import GeoPoint, PlanNetwork
from services.pcp.domain.provider import NearbyProvider
from services.pcp.usecases.networks import locate_start, must_have_network, network_of
from services.pcp.usecases.ports import Cities, FilterOptions, PcpUnitOfWork, ProviderCursor, ProviderFilter, Providers

# Directories have to be brought up to date every 90 days (No Surprises Act, 42 U.S.C. 300gg-115).
OLD_AFTER_DAYS = 90
# Nobody reads on so far, and in a big city there are 25,000 to count.
MOST_COUNTED = 1_000


@dataclass(frozen=True, slots=True)
class ProviderPage:
    """One page, nearest first; ``following`` is None on the last one.

    ``count`` goes up to MOST_COUNTED; ``count_capped`` says that there are more.
    ``nearest_tenth_miles``: where nobody was found, how far off the nearest one is who matches but for the radius.
    """

    providers: tuple[NearbyProvider, ...]
    count: int
    count_capped: bool
    following: ProviderCursor | None
    distances_are_estimates: bool
    plan_year: int
    radius_miles: int
    nearest_tenth_miles: int | None
    directory_updated_on: date | None
    options: FilterOptions
    # Nobody has the name that was asked for.
    names_are_similar: bool
    directory_is_old: bool
    # Where distances are counted from.
    place: str


@dataclass(frozen=True, slots=True)
class SearchProviders:
    """Providers of a plan's network near a place, for anybody who is signed in: the directory is public by law."""

    transactions: Transactions[PcpUnitOfWork]
    clock: Clock
    cities: Cities

    def __call__(
        self,
        network: PlanNetwork,
        zip_code: str,
        criteria: ProviderFilter,
        size: int,
        after: ProviderCursor | None = None,
        place: str = "",
    ) -> ProviderPage:
        """``place`` goes before the ZIP code. Raises InvalidInput for unknown ones, and a plan without directory."""
        with self.transactions() as work:
            start = locate_start(work.providers, self.cities, network, zip_code, place)
            point = start.point
            network = network_of(work.providers, network.plan_id, network.plan_year)
            must_have_network(work.providers, network)
            # one more than asked for, or than may be counted, tells whether there are more
            most = 0 if after else MOST_COUNTED + 1
            find = partial(work.providers.find_nearest, network, point, limit=size + 1, after=after, most_counted=most)
            found = find(criteria)
            similar = bool(criteria.name) and not found.providers
            if similar:
                criteria = replace(criteria, similar_names=True)
                found = find(criteria)
            beyond = None if found.providers or after else _find_beyond(work.providers, network, point, criteria)
            updated_on, options = work.directory.find_updated_on(), work.providers.list_options(network)
            reported = work.reports.find_open(one.provider for one in found.providers)
        page = tuple(replace(one, reported_on=reported.get(one.provider.pcp_id)) for one in found.providers[:size])
        more, count = len(found.providers) > size, after.count if after else found.count
        return ProviderPage(
            providers=page,
            count=min(count, MOST_COUNTED),
            count_capped=count > MOST_COUNTED,
            following=ProviderCursor(page[-1].tenth_miles, page[-1].provider.pcp_id, count) if more else None,
            distances_are_estimates=point.estimated,
            plan_year=network.plan_year,
            radius_miles=criteria.radius_miles,
            nearest_tenth_miles=beyond.tenth_miles if beyond else None,
            directory_updated_on=updated_on,
            options=options,
            names_are_similar=similar and bool(page),
            directory_is_old=self._is_old(updated_on),
            place=start.name,
        )

    def _is_old(self, updated_on: date | None) -> bool:
        """The directory is of all states, so its age is counted in the home market."""
        today = business_date(self.clock.now(), get_markets().home.state)
        return updated_on is not None and updated_on < today - timedelta(days=OLD_AFTER_DAYS)


def _find_beyond(
    providers: Providers, network: PlanNetwork, point: GeoPoint, criteria: ProviderFilter
) -> NearbyProvider | None:
    if not criteria.radius_miles:
        return None
    return providers.find_first(network, point, replace(criteria, radius_miles=0))
