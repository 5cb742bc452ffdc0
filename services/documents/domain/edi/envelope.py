"""Domain: what stands around the transactions of a file: interchange and functional group."""

from __future__ import annotations

from datetime import datetime

from services.documents.domain.edi.carrier_profile import CarrierProfile
from services.documents.domain.edi.segments import COMPONENT, ELEMENT, REPETITION, TERMINATOR, write_date, write_segment

VERSION = "005010X220A1"
# ISA has a fixed form: every element its own length, so that delimiters are found by their place.
ISA_LENGTH = 106
PARTNER_ID_LENGTH = 15
# ISA13 has nine digits, GS06 at most nine.
MOST_CONTROL_NUMBER = 999_999_999


def write_interchange_header(profile: CarrierProfile, control_number: int, at: datetime) -> str:
    """``at``: by the profile's clock. An acknowledgment is asked for (ISA14)."""
    partners = profile.partners
    elements = (
        *("ISA", "00", " " * 10, "00", " " * 10),
        *("ZZ", partners.sender_id.ljust(PARTNER_ID_LENGTH), "ZZ", partners.receiver_id.ljust(PARTNER_ID_LENGTH)),
        *(f"{at:%y%m%d}", f"{at:%H%M}", REPETITION, "00501", f"{control_number:09d}", "1", partners.usage, COMPONENT),
    )
    return ELEMENT.join(elements) + TERMINATOR


def write_interchange_trailer(groups: int, control_number: int) -> str:
    return write_segment("IEA", str(groups), f"{control_number:09d}")


def write_group_header(profile: CarrierProfile, plan_id: str, control_number: int, at: datetime) -> str:
    sender, day, minute = profile.partners.group_sender_id, write_date(at.date()), f"{at:%H%M}"
    return write_segment("GS", "BE", sender, plan_id, day, minute, str(control_number), "X", VERSION)


def write_group_trailer(transactions: int, control_number: int) -> str:
    return write_segment("GE", str(transactions), str(control_number))
