"""A plan's network, and the points between which distances are told."""

from __future__ import annotations

from dataclasses import dataclass


def component_id(plan_id: str) -> str:
    """The standard component of a HIOS plan id: networks do not depend on the variant ("-00", "-01")."""
    return plan_id.partition("-")[0]


@dataclass(frozen=True, slots=True, order=True)
class PlanNetwork:
    """The providers of one plan in one plan year, whichever variant of the plan was named."""

    plan_id: str
    plan_year: int

    @classmethod
    def of_plan(cls, plan_id: str, plan_year: int) -> PlanNetwork:
        return cls(component_id(plan_id), plan_year)

    @property
    def state(self) -> str:
        """A HIOS plan id names it behind the issuer."""
        return self.plan_id[5:7]


@dataclass(frozen=True, slots=True)
class GeoPoint:
    """Where distances are counted from, in degrees."""

    latitude: float
    longitude: float
    # The middle of the neighbouring ZIPs, where the list lacks this one.
    estimated: bool = False


@dataclass(frozen=True, slots=True)
class Place:
    """Where somebody looks for providers; ``name`` is a ZIP code, or a city with its state."""

    name: str
    point: GeoPoint
