"""Cities and towns by name, from the list of ZIP codes."""

from __future__ import annotations

import csv
from collections import defaultdict
from collections.abc import Collection, Mapping
from functools import cached_property

from services.pcp.directory.files import zip_files
from services.pcp.domain.names import fold_name
from services.pcp.domain.network import GeoPoint, Place

# The list writes them out.
_SHORT_FORMS = {"st": "saint", "ste": "sainte", "ft": "fort", "mt": "mount"}


class ListedCities:
    """Read when first asked for: few processes are."""

    def find_city(self, name: str, state: str) -> Place | None:
        return self._cities.get((_fold_city(name), state))

    @cached_property
    def _cities(self) -> Mapping[tuple[str, str], Place]:
        names: dict[tuple[str, str], str] = {}
        points: defaultdict[tuple[str, str], dict[str, GeoPoint]] = defaultdict(dict)
        for path in zip_files():
            with path.open(encoding="utf-8-sig", newline="") as file:
                for row in csv.DictReader(file):
                    city, state = row.get("city") or "", row["state"]  # a market's own list may lack the column
                    key = _fold_city(city), state
                    names.setdefault(key, f"{city}, {state}")
                    # a ZIP of several counties stands there for each of them
                    points[key][row["zip"]] = GeoPoint(float(row["latitude"]), float(row["longitude"]))
        return {key: Place(names[key], _middle_of(points[key].values())) for key in names if key[0]}


def _middle_of(points: Collection[GeoPoint]) -> GeoPoint:
    latitude, longitude = sum(one.latitude for one in points), sum(one.longitude for one in points)
    return GeoPoint(latitude / len(points), longitude / len(points))


def _fold_city(name: str) -> str:
    """ "De Kalb" and "DeKalb" are one; so are "St. Charles" and "Saint Charles"."""
    return "".join(_SHORT_FORMS.get(word, word) for word in fold_name(name).split())
