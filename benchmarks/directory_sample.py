"""A made-up provider directory of any size, as a carrier's file: each line is an entry. Every name is made up."""

from __future__ import annotations

import json
from collections import defaultdict
from csv import DictReader
from pathlib import Path
from random import Random

from benchmarks.enrollment_samples import FIRST_NAMES, SYLLABLES
from services.pcp.directory.files import ZIPS

# Two networks in each of the five states, of six plans and two plan years each, as the shipped ones have.
STATES = ("IL", "MT", "NM", "OK", "TX")
NETWORKS = 10
PLANS, YEARS = 6, (2026, 2027)
# Where most people live most doctors are: so many times as likely as another ZIP.
CITIES = {"606": 6, "770": 6, "752": 6, "871": 6, "731": 6, "591": 6}
SPECIALTIES = ("Family Medicine", "Internal Medicine", "Pediatrics", "General Practice")
LANGUAGES = (("English",), ("English", "Spanish"), ("English", "Polish"), ("English", "Spanish", "Vietnamese"))
ACCEPTING = ("accepting", "accepting", "accepting", "not accepting")
# By state, ZIPs with their cities, and the weight of each.
Places = dict[str, tuple[list[tuple[str, str]], list[int]]]


def plan_id(network: int, plan: int) -> str:
    return f"{10_000 + network:05}{STATES[network % len(STATES)]}99{network:02}{plan:03}"


def write_directory(path: Path, entries: int) -> None:
    """An entry has one office, so entries are locations. The same count gives the same file."""
    random, places = Random(20260102), read_places()
    with path.open("w", encoding="utf-8") as file:
        for number in range(entries):
            file.write("[\n" if number == 0 else ",\n")
            file.write(json.dumps(_entry(number, random, places)))
        file.write("\n]\n")


def _entry(number: int, random: Random, places: Places) -> dict[str, object]:
    network = number % NETWORKS
    state = STATES[network % len(STATES)]
    (zip_code, city), *_ = random.choices(*places[state])
    last = "".join(random.choices(SYLLABLES, k=3)).capitalize()
    plans = [
        {"plan_id_type": "HIOS-PLAN-ID", "plan_id": plan_id(network, plan), "network_tier": "PREFERRED", "years": YEARS}
        for plan in range(PLANS)
    ]
    return {
        "npi": make_npi(200_000_000 + number),
        "type": "INDIVIDUAL",
        "name": {"first": random.choice(FIRST_NAMES), "middle": None, "last": last, "suffix": None},
        "addresses": [
            {
                "address": f"{random.randrange(1, 9_999)} Example Street",
                "city": city or "Somewhere",
                "state": state,
                "zip": zip_code,
                "phone": "3125550100",
            }
        ],
        "specialty": [random.choice(SPECIALTIES)],
        "accepting": random.choice(ACCEPTING),
        "gender": random.choice(("Female", "Male")),
        "languages": random.choice(LANGUAGES),
        "last_updated_on": "2026-01-02",
        "plans": plans,
    }


def make_npi(body: int) -> str:
    """Nine digits and the check digit by which 80840 and all ten pass the Luhn check (CMS, NPI check digit)."""
    total = 0
    for place, digit in enumerate(reversed(f"80840{body:09}")):
        value = int(digit) * (2 if place % 2 == 0 else 1)
        total += value // 10 + value % 10
    return f"{body:09}{-total % 10}"


def read_places() -> Places:
    found: dict[str, tuple[list[tuple[str, str]], list[int]]] = defaultdict(lambda: ([], []))
    with ZIPS.open(encoding="utf-8", newline="") as file:
        for row in DictReader(file):
            zips, weights = found[row["state"]]
            zips.append((row["zip"], row["city"]))
            weights.append(CITIES.get(row["zip"][:3], 1))
    return found
