"""What the use cases of pcp need of the outside."""

from __future__ import annotations

from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from chassis.kernel import NotFound
from services.pcp.domain.assignment import Assignment
from services.pcp.domain.provider import Directory, NearbyProvider, Provider, component_id


@dataclass(frozen=True, slots=True)
class Spot:
    """Where distances are counted from, in degrees."""

    latitude: float
    longitude: float
    # The middle of the neighbouring ZIPs, where the list lacks this one.
    estimated: bool = False


@dataclass(frozen=True, slots=True)
class Network:
    """The providers of one plan in one plan year, whichever variant of the plan was named."""

    plan_id: str
    plan_year: int

    @classmethod
    def of(cls, plan_id: str, plan_year: int) -> Network:
        return cls(component_id(plan_id), plan_year)


@dataclass(frozen=True, slots=True)
class Wish:
    """Which providers of a network are wanted. ``age``: only those who see patients of that age."""

    name: str = ""
    accepting_only: bool = False
    age: int | None = None
    group_id: str = ""


@dataclass(frozen=True, slots=True)
class Seen:
    """The last provider of the page before."""

    tenth_miles: int
    pcp_id: str


class Providers(Protocol):
    def spot(self, zip_code: str) -> Spot | None:
        """Of a ZIP that is not listed: the middle of those with the same first three digits; None without any."""
        ...

    def has_network(self, network: Network) -> bool: ...
    def get(self, pcp_id: str) -> Provider | None: ...
    def member(self, network: Network, pcp_id: str) -> Provider | None:
        """The provider if he or she is in the network."""
        ...

    def has_group(self, network: Network, group_id: str) -> bool: ...
    def nearest(
        self, network: Network, spot: Spot, wish: Wish, limit: int, after: Seen | None = None
    ) -> list[NearbyProvider]:
        """Nearest first; those of one distance in the order of their ids."""
        ...


@dataclass(frozen=True, slots=True)
class StoredAssignment:
    """``fingerprint`` tells whether a request asks for the same again."""

    fingerprint: str
    assignments: tuple[Assignment, ...]


class Assignments(Protocol):
    def claim(self, record_number: str) -> StoredAssignment | None:
        """What stands for the application; other calls for the same application wait until this transaction ends."""
        ...

    def put(self, record_number: str, plan_id: str, plan_year: int, stored: StoredAssignment) -> None: ...


class Shelf(Protocol):
    """The stored directory as a whole."""

    def lock(self) -> None:
        """Waits until nobody else is loading; held to the end of the transaction."""
        ...

    def digest(self) -> str | None: ...
    def put(self, digest: str, directory: Directory, spots: dict[str, Spot]) -> None:
        """Replaces everything."""
        ...


class Work(Protocol):
    """The open transaction."""

    @property
    def providers(self) -> Providers: ...
    @property
    def assignments(self) -> Assignments: ...
    @property
    def shelf(self) -> Shelf: ...
    def publish(self, event: object) -> None: ...
    def record(
        self, at: datetime, actor: str, subject: str, action: str, summary: str, on_behalf_of: str = ""
    ) -> None: ...


class Transactions(Protocol):
    def __call__(self) -> AbstractContextManager[Work]: ...


def provider_not_found() -> NotFound:
    return NotFound("There is no provider with this id. Look the id up in Provider Finder.")
