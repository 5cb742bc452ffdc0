"""Entries of ``providers.json`` -> providers, medical groups and network memberships."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from stdnum import luhn

from services.pcp.domain.provider import Directory, MedicalGroup, Membership, Place, Provider, component_id, panel_of
from services.pcp.usecases.ports import Spot

# An NPI is checked as if it were a card number of the health industry: 80 (health), 840 (United States).
NPI_PREFIX = "80840"
NPI_LENGTH = 10
OPEN = ("accepting", "accepting in some locations")

Entry = Mapping[str, Any]


class Unreadable(SystemExit):
    """Ends the load with a sentence that names the file or the entry."""


def read_entries(entries: Iterable[Entry], spots: Mapping[str, Spot], illustrative: bool) -> Directory:
    """Doctors whose specialty is primary care, with their groups. Specialists and other facilities are left out."""
    listed = list(entries)
    groups = {group.group_id: group for group in _groups(listed)}
    providers, memberships = [], set()
    for entry in listed:
        provider = _provider(entry, groups, spots, illustrative)
        if provider:
            providers.append(provider)
            memberships |= set(_memberships(entry, provider.pcp_id))
    return Directory(tuple(groups.values()), tuple(providers), tuple(sorted(memberships, key=_order)))


def is_npi(text: str) -> bool:
    return len(text) == NPI_LENGTH and text.isdigit() and bool(luhn.is_valid(NPI_PREFIX + text))


def _groups(entries: Iterable[Entry]) -> Iterator[MedicalGroup]:
    for entry in entries:
        if entry.get("type") == "FACILITY" and entry.get("medical_group_id"):
            yield MedicalGroup(str(entry["medical_group_id"]), str(entry["facility_name"]))


def _provider(
    entry: Entry, groups: Mapping[str, MedicalGroup], spots: Mapping[str, Spot], illustrative: bool
) -> Provider | None:
    specialties = [str(specialty) for specialty in entry.get("specialty", [])]
    panel = panel_of(specialties)
    if entry.get("type") != "INDIVIDUAL" or panel is None:
        return None
    npi = str(entry.get("npi", ""))
    if not is_npi(npi):
        raise Unreadable(f"The entry with NPI {npi} is refused: its check digit does not hold.")
    try:
        place = _place(entry["addresses"][0])
        name = " ".join(str(entry["name"][part]) for part in ("first", "middle", "last") if entry["name"].get(part))
    except (KeyError, IndexError, TypeError):
        raise Unreadable(f"The entry with NPI {npi} lacks a name or a whole address.") from None
    if place.zip not in spots:
        raise Unreadable(f"The entry with NPI {npi} has a ZIP without known coordinates.")
    return Provider(
        pcp_id=str(entry.get("pcp_id") or npi),
        npi=npi,
        name=name,
        specialty=", ".join(specialties),
        place=place,
        accepting=entry.get("accepting") in OPEN,
        panel=panel,
        group=groups.get(str(entry.get("medical_group_id", ""))),
        illustrative=illustrative,
    )


def _place(address: Entry) -> Place:
    """The first address is the main office; the suite goes behind the street."""
    street = ", ".join(str(address[part]) for part in ("address", "address_2") if address.get(part))
    return Place(street, *(str(address[part]) for part in ("city", "state", "zip", "phone")))


def _memberships(entry: Entry, pcp_id: str) -> Iterator[Membership]:
    for plan in entry.get("plans", []):
        for year in plan["years"]:
            yield Membership(pcp_id, component_id(str(plan["plan_id"])), int(year))


def _order(membership: Membership) -> tuple[str, int, str]:
    return membership.plan_id, membership.plan_year, membership.pcp_id
