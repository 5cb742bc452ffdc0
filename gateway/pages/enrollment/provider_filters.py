"""What Provider Finder is narrowed to: as it stands in the address, and handed on to the contract, which judges it."""

from __future__ import annotations

from dataclasses import asdict, dataclass, fields
from decimal import Decimal
from urllib.parse import urlencode

from starlette.datastructures import QueryParams
from suite.pcp.v1 import pcp_pb2, pcp_service_pb2

from gateway.edge.enum_names import enum_words
from gateway.pages.render import parse_number

GENDERS = enum_words(pcp_pb2.Gender.DESCRIPTOR)
# From a walk to the most that a clinic is driven to; the contract says which of them stands at first.
RADIUS_CHOICES = (5, 10, 25, 50, 100)
ANY_DISTANCE = 0
# Neither a gender nor a distance: the contract says at the field what to send instead.
_UNREADABLE = -1


@dataclass(frozen=True, slots=True)
class ProviderFilters:
    """Each field is a parameter of the address, by the name that the contract has for it; empty for all."""

    name: str = ""
    place: str = ""
    specialty: str = ""
    language: str = ""
    gender: str = ""
    radius_miles: str = ""
    accepting_only: str = ""
    panel: str = ""

    @classmethod
    def from_query(cls, query: QueryParams) -> ProviderFilters:
        return cls(**{one.name: query.get(one.name, "").strip() for one in fields(cls)})

    def narrow(self, asked: pcp_service_pb2.SearchProvidersRequest) -> None:
        asked.name, asked.specialty, asked.language = self.name, self.specialty, self.language
        asked.place = self.place
        asked.panel, asked.accepting_only = "any" if self.panel else "", bool(self.accepting_only)
        if self.gender:
            asked.gender = GENDERS.get(self.gender, _UNREADABLE)  # type: ignore[assignment]  # a number of the enum
        if self.radius_miles:
            asked.radius_miles = parse_number(self.radius_miles, _UNREADABLE)

    def to_query(self, **other: str) -> str:
        """Of the address of the same search with ``other`` values."""
        return urlencode({name: value for name, value in (asdict(self) | other).items() if value})

    @property
    def removable(self) -> dict[str, str]:
        """The filters that are set, as a person calls them. The distance is not removed: it is widened."""
        named = {
            "name": f'the name "{self.name}"',
            "place": f"near {self.place}",
            "specialty": self.specialty,
            "language": self.language,
            "gender": f"{self.gender} providers",
            "accepting_only": "accepting new patients",
            "panel": "patients of any age",
        }
        return {name: text for name, text in named.items() if getattr(self, name)}


FILTERS = frozenset(one.name for one in fields(ProviderFilters))


def list_radii(radius_miles: int) -> list[int]:
    """What is offered, with the one that was asked for among it."""
    return sorted({*RADIUS_CHOICES, radius_miles} - {ANY_DISTANCE})


def choose_radius(nearest_miles: str) -> int:
    """The shortest that is offered and reaches so far."""
    return next((miles for miles in RADIUS_CHOICES if miles >= Decimal(nearest_miles)), ANY_DISTANCE)
