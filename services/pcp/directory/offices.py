"""Addresses of an entry -> the provider's offices: each to which patients can go and whose distance can be told."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping

from chassis.kernel import get_markets
from services.pcp.directory.fields import Fields, is_fields, read_items, read_text, zip_code
from services.pcp.directory.report import EntryOutOfArea, EntryRejected
from services.pcp.domain.network import GeoPoint
from services.pcp.domain.provider import Office

_POST_OFFICE_BOX = re.compile(r"(?:p\.? ?o\.? ?|post office )box\b", re.IGNORECASE)
_STATE = re.compile(r"[A-Z]{2}")


def read_offices(entry: Fields, zip_points: Mapping[str, GeoPoint], notes: Counter[str]) -> tuple[Office, ...]:
    """Each once, in the order of the entry. Raises EntryRejected with what is wrong with the first address when none
    can be used. A post office box stands in only where there is no other address."""
    good: list[Office] = []
    faults: list[EntryRejected] = []
    for address in read_items(entry.get("addresses") or entry.get("address")):
        try:
            good.append(_read_office(address, zip_points))
        except EntryRejected as fault:
            faults.append(fault)
    if not good:
        raise faults[0] if faults else EntryRejected("there is no address")
    notes.update(f"an address was skipped: {fault}" for fault in faults)
    offices = [office for office in good if not _POST_OFFICE_BOX.match(office.address)] or good[:1]
    if len(offices) < len(good):
        notes["a post office box was skipped"] += 1
    if not all(office.phone for office in offices):
        notes["there is no phone number"] += 1
    return tuple(dict.fromkeys(offices))


def _read_office(address: object, zip_points: Mapping[str, GeoPoint]) -> Office:
    if not is_fields(address):
        raise EntryRejected("an address is not an object")
    street = ", ".join(filter(None, (read_text(address.get("address")), read_text(address.get("address_2")))))
    city, state = read_text(address.get("city")), read_text(address.get("state")).upper()
    if missing := [name for name, value in (("address", street), ("city", city)) if not value]:
        raise EntryRejected(f"an address lacks its {' and '.join(missing)}")
    if not _STATE.fullmatch(state):
        raise EntryRejected("an address lacks its state of two letters")
    code = zip_code(address.get("zip"))
    if not code:
        raise EntryRejected("a ZIP is neither 5 nor 9 digits")
    if code not in zip_points and state not in get_markets():
        raise EntryOutOfArea("an address is too far from the markets: its ZIP has no known coordinates here")
    if code not in zip_points:
        raise EntryRejected("a ZIP is unknown")
    return Office(street, city, state, code, read_text(address.get("phone")))
