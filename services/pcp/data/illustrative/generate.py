"""Writes the illustrative provider directory: MADE-UP doctors and medical groups in the CMS layout, at real addresses.

Run once (``python services/pcp/data/illustrative/generate.py``); ``providers.json`` beside it is committed. The same
run always gives the same file. SOURCE.md says what is invented and how it can be told. Its five states are an example:
another state brings a directory, not a line here.
"""

from __future__ import annotations

import csv
import json
import random
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from math import cos, hypot, radians
from pathlib import Path

HERE = Path(__file__).parent
PLANS = HERE.parents[2] / "quote/data/illustrative"
OFFICES = HERE / "offices.csv"
YEARS = (2026, 2027)
UPDATED = "2026-01-02"

# State, city, its first ZIP digits, medical groups, doctors, and whether the HMO and POS networks reach it.
CITIES = (
    ("IL", "Chicago", "606", 5, 60, True),
    ("IL", "Evanston", "602", 1, 14, True),
    ("IL", "Naperville", "605", 1, 16, True),
    ("IL", "Rockford", "611", 1, 14, False),
    ("IL", "Peoria", "616", 1, 12, False),
    ("IL", "Springfield", "627", 1, 12, False),
    ("MT", "Billings", "591", 2, 22, True),
    ("MT", "Missoula", "598", 1, 14, True),
    ("MT", "Great Falls", "594", 1, 12, True),
    ("MT", "Bozeman", "597", 1, 10, True),
    ("MT", "Helena", "596", 1, 10, True),
    ("NM", "Albuquerque", "871", 3, 34, True),
    ("NM", "Santa Fe", "875", 1, 14, True),
    ("NM", "Las Cruces", "880", 1, 12, True),
    ("NM", "Farmington", "874", 1, 8, True),
    ("OK", "Oklahoma City", "731", 3, 32, True),
    ("OK", "Tulsa", "741", 2, 26, True),
    ("OK", "Norman", "730", 1, 12, True),
    ("OK", "Lawton", "735", 1, 8, True),
    ("TX", "Houston", "770", 4, 48, True),
    ("TX", "Dallas", "752", 3, 36, True),
    ("TX", "San Antonio", "782", 3, 30, True),
    ("TX", "Austin", "787", 2, 26, True),
    ("TX", "Fort Worth", "761", 2, 24, True),
    ("TX", "El Paso", "799", 1, 14, False),
)
AREA_CODES = {"IL": "312", "MT": "406", "NM": "505", "OK": "405", "TX": "214"}
FIRST_GROUP = {"IL": 201, "MT": 30101, "NM": 35101, "OK": 40101, "TX": 48101}
WOMENS_NAMES = (
    *("Ada", "Amara", "Anika", "Beatriz", "Carmen", "Clara", "Dalia", "Elena", "Esther", "Fiona", "Grace", "Hana"),
    *("Imani", "Ines", "Joanna", "Keiko", "Lena", "Lucia", "Mabel", "Mei", "Naomi", "Olive", "Paloma", "Priya"),
    *("Renata", "Rosa", "Selma", "Thea", "Uma", "Valeria", "Wanda", "Yara", "Zelda"),
)
MENS_NAMES = (
    *("Andre", "Arturo", "Calvin", "Chidi", "Desmond", "Emeka", "Farid", "Gideon", "Hugo", "Ivan", "Jasper", "Kamal"),
    *("Leon", "Marco", "Nikhil", "Omar", "Pavel", "Quentin", "Rafael", "Samir", "Tariq", "Tobias", "Victor"),
    *("Xavier", "Yusuf"),
)
NAME_STARTS = (
    *("Amber", "Bram", "Cinder", "Clover", "Copper", "Elder", "Fern", "Flint", "Hazel", "Juniper", "Larch", "Lark"),
    *("Linden", "Maple", "Marsh", "Otter", "Pebble", "Quill", "Raven", "Rowan", "Sorrel", "Thistle", "Willow", "Wren"),
)
NAME_ENDS = ("bourne", "brook", "field", "ford", "grove", "haven", "hollow", "meadow", "mere", "stead", "wick", "worth")
GROUP_NAMES = (
    *(
        "Lantern",
        "Harbor Lane",
        "Cornerstone Oak",
        "Bluestem",
        "Two Rivers",
        "Morning Kite",
        "Stone Bridge",
        "Red Clover",
    ),
    *("Open Gate", "Silver Birch", "North Lamp", "Paper Crane", "Copper Kettle", "High Meadow", "Green Door"),
)
# Share of each specialty; family doctors see everybody.
SPECIALTIES = (
    *(*("Family Medicine",) * 8, *("Internal Medicine",) * 6, *("Pediatrics",) * 5),
    *("General Practice", "Geriatric Medicine"),
)
# About one doctor in eight takes no new patients.
CLOSED_ONE_IN = 8
# Everybody speaks English; so many in a hundred Spanish, and one in eight each of the others.
SPANISH_PERCENT = {"IL": 30, "MT": 10, "NM": 55, "OK": 25, "TX": 50}
OTHER_LANGUAGES = {
    "IL": ("Polish", "Chinese", "Tagalog", "Arabic", "Hindi"),
    "MT": ("German", "French"),
    "NM": ("Navajo", "Vietnamese"),
    "OK": ("Vietnamese", "Cherokee", "Chinese"),
    "TX": ("Vietnamese", "Chinese", "Arabic", "Hindi", "Korean"),
}
OTHER_LANGUAGE_ONE_IN = 8
MILES_IN_DEGREE = 69.0
# Draws at each address that decide nothing. Without them all who follow would get other names and ids.
DRAWN_IN_VAIN = (98, 6)
# HMO, POS and PPO medical networks; dental ones have no primary care.
HMO, POS, PPO = "002", "003", "001"

Point = tuple[float, float]


@dataclass(frozen=True)
class City:
    state: str
    name: str
    zips: Mapping[str, Point]
    groups: int
    doctors: int
    local: bool


def cities() -> Iterator[City]:
    zips: dict[tuple[str, str, str], dict[str, Point]] = defaultdict(dict)
    with (HERE.parent / "zips/zips.csv").open(newline="") as file:
        for row in csv.DictReader(file):
            point = float(row["latitude"]), float(row["longitude"])
            zips[row["state"], row["city"], row["zip"][:3]][row["zip"]] = point
    for state, name, prefix, groups, doctors, local in CITIES:
        yield City(state, name, zips[state, name, prefix], groups, doctors, local)


def miles(one: Point, other: Point) -> float:
    """On a flat map, which over a few miles is as good."""
    return MILES_IN_DEGREE * hypot(one[0] - other[0], (one[1] - other[1]) * cos(radians(one[0])))


class Offices:
    """The addresses of ``offices.csv``."""

    def __init__(self) -> None:
        self._listed = defaultdict(list)
        with OFFICES.open(encoding="utf-8", newline="") as file:
            for row in csv.DictReader(file):
                self._listed[row["state"], row["city"]].append((row["street"], row["zip"]))
        self._taken: Counter[tuple[str, str]] = Counter()

    def take(self, city: City, zip_code: str) -> tuple[str, str]:
        """Street and ZIP of an office in that ZIP or else in the city: one that the fewest have, and of those the
        nearest."""

        def rank(office: tuple[str, str]) -> tuple[bool, int, float]:
            elsewhere = office[1] != zip_code
            return elsewhere, self._taken[office], miles(city.zips[zip_code], city.zips[office[1]])

        office = min(self._listed[city.state, city.name], key=rank)
        self._taken[office] += 1
        return office


def plans_of_networks() -> dict[str, dict[str, list[int]]]:
    """Network id -> standard component id -> plan years."""
    found: dict[str, dict[str, list[int]]] = defaultdict(lambda: defaultdict(list))
    for year in YEARS:
        with (PLANS / str(year) / "plan_attributes.csv").open(newline="") as file:
            for row in csv.DictReader(file):
                years = found[row["NetworkId"]][row["StandardComponentId"]]
                if row["DentalOnlyPlan"] == "No" and year not in years:
                    years.append(year)
    return found


def npi(number: int) -> str:
    """Nine digits and the check digit by which 80840 and all ten pass the Luhn check (CMS, NPI check digit)."""
    body = f"{number:09}"
    total = 0
    for place, digit in enumerate(reversed("80840" + body)):
        value = int(digit) * (2 if place % 2 == 0 else 1)
        total += value // 10 + value % 10
    return f"{body}{-total % 10}"


def languages(state: str, of_npi: str) -> list[str]:
    """By a source of chance of their own, so that a language more changes no other doctor."""
    chance = random.Random(of_npi)  # noqa: S311  # made-up people, no secret
    spanish = ["Spanish"] if chance.randrange(100) < SPANISH_PERCENT[state] else []
    others = [name for name in OTHER_LANGUAGES[state] if chance.randrange(OTHER_LANGUAGE_ONE_IN) == 0]
    return ["English", *spanish, *others]


class IllustrativeDirectory:
    """Draws the directory, city by city, from one seeded source of chance."""

    def __init__(self) -> None:
        self._chance = random.Random(20260102)  # noqa: S311  # made-up people, no secret
        self._plans = plans_of_networks()
        self._offices = Offices()
        self._next_npi = 200_000_101
        self._next_group = dict(FIRST_GROUP)
        self._group_names = {state: list(GROUP_NAMES) for state in AREA_CODES}
        first_names = sorted((*WOMENS_NAMES, *MENS_NAMES))
        self._names = [(first, f"{start}{end}") for first in first_names for start in NAME_STARTS for end in NAME_ENDS]
        self._chance.shuffle(self._names)

    def entries(self) -> Iterator[dict[str, object]]:
        for city in cities():
            groups = [self._group(city) for _ in range(city.groups)]
            yield from groups
            for _ in range(city.doctors):
                yield self._doctor(city, self._chance.choice(groups))

    def _group(self, city: City) -> dict[str, object]:
        number = self._next_group[city.state]
        self._next_group[city.state] += 1
        name = self._group_names[city.state].pop(0)
        return {
            "npi": self._npi(),
            "type": "FACILITY",
            "facility_name": f"{name} Medical Group",
            "facility_type": ["Medical Group"],
            "addresses": [self._address(city)],
            "last_updated_on": UPDATED,
            "plans": self._memberships(city, everything=True),
            "medical_group_id": str(number),
        }

    def _doctor(self, city: City, group: dict[str, object]) -> dict[str, object]:
        first, last = self._names.pop()
        own_npi = self._npi()
        accepting = self._chance.randrange(CLOSED_ONE_IN) > 0
        return {
            "npi": own_npi,
            "type": "INDIVIDUAL",
            "name": {"first": first, "last": last},
            "addresses": [self._address(city)],
            "specialty": [self._chance.choice(SPECIALTIES)],
            "accepting": "accepting" if accepting else "not accepting",
            "gender": "Female" if first in WOMENS_NAMES else "Male",
            "languages": languages(city.state, own_npi),
            "last_updated_on": UPDATED,
            "plans": self._memberships(city),
            "pcp_id": f"{city.state}{own_npi[3:9]}",
            "medical_group_id": group["medical_group_id"],
        }

    def _npi(self) -> str:
        self._next_npi += self._chance.randint(1, 9)
        return npi(self._next_npi)

    def _address(self, city: City) -> dict[str, str]:
        phone = f"{AREA_CODES[city.state]}55501{self._chance.randrange(100):02}"
        for choices in DRAWN_IN_VAIN:
            self._chance.randrange(choices)
        street, zip_code = self._offices.take(city, self._chance.choice(tuple(city.zips)))
        return {"address": street, "city": city.name, "state": city.state, "zip": zip_code, "phone": phone}

    def _memberships(self, city: City, everything: bool = False) -> list[dict[str, object]]:
        """Every doctor is in the PPO network; four of five local ones in the HMO network, two of three in the POS."""
        networks = [PPO]
        if city.local:
            networks += [HMO] if everything or self._chance.random() < 0.8 else []
            networks += [POS] if everything or self._chance.random() < 0.67 else []
        return [
            {"plan_id_type": "HIOS-PLAN-ID", "plan_id": plan, "network_tier": "PREFERRED", "years": years}
            for network in networks
            for plan, years in sorted(self._plans[f"{city.state}N{network}"].items())
        ]


def main() -> None:
    lines = ",\n".join(json.dumps(entry) for entry in IllustrativeDirectory().entries())
    (HERE / "providers.json").write_text(f"[\n{lines}\n]\n")


if __name__ == "__main__":
    main()
