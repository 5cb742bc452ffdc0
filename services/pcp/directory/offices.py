"""Addresses of an entry -> the office that stands for the provider.

One office is kept for each provider: the first that patients can go to and whose distance can be told.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping

from chassis.kernel import get_markets
from services.pcp.directory.fields import Fields, is_fields, read_items, read_text, zip_code
from services.pcp.directory.report import EntryOutOfArea, EntryRejected
from services.pcp.domain.provider import Office
from services.pcp.usecases.ports import GeoPoint

_POST_OFFICE_BOX = re.compile(r"(?:p\.? ?o\.? ?|post office )box\b", re.IGNORECASE)
_STATE = re.compile(r"[A-Z]{2}")


def choose_office(entry: Fields, zip_points: Mapping[str, GeoPoint], notes: Counter[str]) -> Office:
    """Raises EntryRejected with what is wrong with the first address when none can be used."""
    good: list[Office] = []
    faults: list[EntryRejected] = []
    for address in read_items(entry.get("addresses")):
        try:
            good.append(_read_office(address, zip_points))
        except EntryRejected as fault:
            faults.append(fault)
    if not good:
        raise faults[0] if faults else EntryRejected("there is no address")
    notes.update(f"an address was skipped: {fault}" for fault in faults)
    if len(good) > 1:
        notes["of several offices one is kept"] += 1
    kept = next((office for office in good if not _POST_OFFICE_BOX.match(office.address)), good[0])
    if not kept.phone:
        notes["there is no phone number"] += 1
    return kept


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
        raise EntryOutOfArea("an address is in a state whose ZIPs have no known coordinates here")
    if code not in zip_points:
        raise EntryRejected("a ZIP is unknown")
    return Office(street, city, state, code, read_text(address.get("phone")))
