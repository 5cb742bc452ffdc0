"""Store: the directory, read by network and distance.

Statements are built once and read plain rows: for a search that takes milliseconds, building them and keeping rows as
objects took as long again.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from sqlalchemy import bindparam, func, select
from sqlalchemy.orm import Session

from chassis.kernel.zip_prefixes import PREFIX_DIGITS
from services.pcp.domain.names import find_similar_keys, fold_name, is_similar
from services.pcp.domain.network import GeoPoint, PlanNetwork
from services.pcp.domain.provider import (
    Gender,
    MedicalGroup,
    NearbyProvider,
    NewPatients,
    Office,
    Panel,
    Provider,
)
from services.pcp.store.provider_search import (
    IN_NETWORK,
    LOCATION,
    PROVIDERS,
    ZIP_POINT,
    Query,
    SearchShape,
    condition_values,
    place_values,
    search_statement,
)
from services.pcp.store.tables import NameWordRow, NetworkRow
from services.pcp.usecases.ports import FilterOptions, FoundProviders, ProviderCursor, ProviderFilter

# The best first: that of a provider is the best of his or her offices.
_OPEN_FIRST = (NewPatients.ACCEPTING, NewPatients.SOME_LOCATIONS, NewPatients.NOT_ACCEPTING)
_OF_ZIP = select(ZIP_POINT.c.latitude, ZIP_POINT.c.longitude).where(ZIP_POINT.c.zip == bindparam("zip"))
_OF_PREFIX = select(func.avg(ZIP_POINT.c.latitude), func.avg(ZIP_POINT.c.longitude)).where(
    ZIP_POINT.c.zip.startswith(bindparam("prefix"))
)
_NETWORK = NetworkRow.__table__
_OF_PLAN = select(_NETWORK).where(
    _NETWORK.c.plan_id == bindparam("plan_id"), _NETWORK.c.plan_year == bindparam("plan_year")
)
_NEWEST_YEAR = select(func.max(_NETWORK.c.plan_year)).where(_NETWORK.c.plan_id == bindparam("plan_id"))
_OF_PROVIDER = PROVIDERS.where(LOCATION.c.pcp_id == bindparam("pcp_id")).order_by(LOCATION.c.place)
_OF_MEMBER = _OF_PROVIDER.where(IN_NETWORK)
_OF_GROUP = select(LOCATION.c.pcp_id).where(LOCATION.c.group_id == bindparam("group_id"), IN_NETWORK).limit(1)
_SIMILAR_WORDS = select(NameWordRow.word).where(NameWordRow.key.in_(bindparam("keys", expanding=True))).distinct()


class ProviderRepository:
    def __init__(self, session: Session) -> None:
        self._session = session
        self._networks: dict[PlanNetwork, Any] = {}

    def locate_zip(self, zip_code: str) -> GeoPoint | None:
        row = self._session.execute(_OF_ZIP, {"zip": zip_code}).first()
        return GeoPoint(*row) if row else self._middle_of(zip_code[:PREFIX_DIGITS])

    def _middle_of(self, prefix: str) -> GeoPoint | None:
        latitude, longitude = self._session.execute(_OF_PREFIX, {"prefix": prefix}).one()
        return None if latitude is None else GeoPoint(latitude, longitude, estimated=True)

    def has_network(self, network: PlanNetwork) -> bool:
        return self._network(network) is not None

    def find_newest_year(self, plan_id: str) -> int | None:
        newest: int | None = self._session.scalar(_NEWEST_YEAR, {"plan_id": plan_id})
        return newest

    def find_provider(self, pcp_id: str) -> Provider | None:
        return self._best(_OF_PROVIDER, {"pcp_id": pcp_id})

    def list_offices(self, pcp_id: str) -> tuple[Office, ...]:
        return tuple(dict.fromkeys(map(_office, self._session.execute(_OF_PROVIDER, {"pcp_id": pcp_id}))))

    def find_member(self, network: PlanNetwork, pcp_id: str) -> Provider | None:
        return self._best(_OF_MEMBER, {"pcp_id": pcp_id, "plan_lists": self._plan_lists(network)})

    def has_group(self, network: PlanNetwork, group_id: str) -> bool:
        asked = {"group_id": group_id, "plan_lists": self._plan_lists(network)}
        return self._session.execute(_OF_GROUP, asked).first() is not None

    def find_nearest(
        self,
        network: PlanNetwork,
        point: GeoPoint,
        criteria: ProviderFilter,
        limit: int,
        after: ProviderCursor | None = None,
        *,
        most_counted: int = 0,
    ) -> FoundProviders:
        shape, asked = self._ask(network, point, criteria)
        asked |= {"size": limit, "most": max(limit, most_counted)}
        if after:
            shape = replace(shape, after=True)
            asked |= {"after_miles": after.tenth_miles, "after_pcp_id": after.pcp_id}
        rows = self._session.execute(search_statement(shape), asked).all() if _can_match(criteria) else ()
        return FoundProviders(tuple(map(_nearby, rows)), rows[0].counted if rows else 0)

    def find_first(self, network: PlanNetwork, point: GeoPoint, criteria: ProviderFilter) -> NearbyProvider | None:
        return next(iter(self.find_nearest(network, point, criteria, limit=1).providers), None)

    def _ask(
        self, network: PlanNetwork, point: GeoPoint, criteria: ProviderFilter
    ) -> tuple[SearchShape, dict[str, Any]]:
        """What the statement depends on, and the values of its parameters."""
        words = fold_name(criteria.name).split()
        asked = condition_values(criteria)
        shape = SearchShape(
            tuple(asked), len(words), similar=criteria.similar_names, within_radius=criteria.radius_miles > 0
        )
        asked |= place_values(point, criteria.radius_miles) | {"plan_lists": self._plan_lists(network)}
        asked |= {f"word_{place}": word for place, word in enumerate(words)}
        if criteria.similar_names:
            asked |= {f"similar_{place}": self._similar(word) for place, word in enumerate(words)}
        return shape, asked

    def list_options(self, network: PlanNetwork) -> FilterOptions:
        row = self._network(network)
        return FilterOptions(tuple(row.specialties), tuple(row.languages)) if row else FilterOptions((), ())

    def _network(self, network: PlanNetwork) -> Any:
        """Read once in a transaction; None without a directory."""
        if network not in self._networks:
            asked = {"plan_id": network.plan_id, "plan_year": network.plan_year}
            self._networks[network] = self._session.execute(_OF_PLAN, asked).first()
        return self._networks[network]

    def _plan_lists(self, network: PlanNetwork) -> list[int]:
        row = self._network(network)
        return list(row.plan_lists) if row else []

    def _similar(self, word: str) -> list[str]:
        found = self._session.scalars(_SIMILAR_WORDS, {"keys": list(find_similar_keys(word))})
        return [other for other in found if is_similar(word, other)]

    def _best(self, query: Query, asked: dict[str, Any]) -> Provider | None:
        """Of one provider's offices: the first of those that take new patients."""
        found = map(_to_domain, self._session.execute(query, asked))
        return min(found, key=lambda one: _OPEN_FIRST.index(one.new_patients), default=None)


def _can_match(criteria: ProviderFilter) -> bool:
    """What has no letter or digit is nobody's name."""
    return not criteria.name.strip() or bool(fold_name(criteria.name))


def _nearby(row: Any) -> NearbyProvider:
    return NearbyProvider(_to_domain(row), row.tenth_miles)


def _office(row: Any) -> Office:
    return Office(row.address, row.city, row.state, row.zip, row.phone)


def _to_domain(row: Any) -> Provider:
    return Provider(
        pcp_id=row.pcp_id,
        npi=row.npi,
        name=row.name,
        specialty=row.specialty,
        office=_office(row),
        new_patients=NewPatients(row.new_patients),
        panel=Panel(row.panel),
        group=None if row.group_name is None else MedicalGroup(row.group_id, row.group_name),
        illustrative=row.illustrative,
        languages=tuple(row.languages),
        gender=Gender(row.gender) if row.gender else None,
        last_updated_on=row.last_updated_on,
        deactivated_on=row.deactivated_on,
    )
