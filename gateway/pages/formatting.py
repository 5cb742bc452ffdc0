"""How dates, amounts and states of things are written on pages (R106)."""

from __future__ import annotations

import re
from calendar import month_name
from datetime import date, datetime
from html import escape
from typing import Any

from google.protobuf.timestamp_pb2 import Timestamp
from jinja2.filters import do_mark_safe

from chassis.kernel import format_date, get_markets
from gateway.edge.enum_names import enum_word

_RECORD_NUMBER = re.compile(r"\bA-\d+", re.ASCII)
NOTHING = "–"  # noqa: RUF001  # the dash of an empty field (R21)


def state_name(state: str) -> str:
    """ "IL" is Illinois."""
    return get_markets().find_name(state)


def states_served() -> str:
    """ "Illinois, Montana and Texas" """
    return get_markets().join_names("and")


def help_line() -> str:
    """Whom producers call (R101); empty for nobody."""
    return get_markets().help_line


def format_day(iso: str) -> str:
    """ "2025-05-23" is 5/23/2025; empty is a dash."""
    try:
        given = date.fromisoformat(iso)
    except ValueError:
        return NOTHING
    return format_date(given)


def format_month(iso: str) -> str:
    """ "2026-12" is "December 2026"; empty is a dash."""
    try:
        given = date.fromisoformat(f"{iso}-01")
    except ValueError:
        return NOTHING
    return f"{month_name[given.month]} {given.year}"


def format_moment(at: Timestamp, state: str = "") -> str:
    """ "5/21/2025, 9:24 AM" where the application's state keeps its clocks."""
    return _write_moment(local_time(at, state)) if at.seconds else NOTHING


def clock_time(at: datetime) -> str:
    """The same in the home market's zone, which is named: "5/21/2025, 9:24 AM CDT"."""
    local = at.astimezone(get_markets().home.zone)
    return f"{_write_moment(local)} {local:%Z}"


def local_time(at: Timestamp, state: str = "") -> datetime:
    """Where the state keeps its clocks, or else the home market."""
    market = get_markets().find(state) or get_markets().home
    return at.ToDatetime(tzinfo=market.zone)


def write_clock(local: datetime) -> str:
    """ "9:24 AM" """
    return f"{local.hour % 12 or 12}:{local:%M} {local:%p}"


def _write_moment(local: datetime) -> str:
    return f"{format_date(local)}, {write_clock(local)}"


def format_money(message: Any, field: str = "monthly_premium") -> str:
    """ "$1,458.81"; a dash while there is no amount."""
    if not message.HasField(field):
        return NOTHING
    return format_cents(getattr(message, field))


def format_cents(amount: Any) -> str:
    """ "$1,458.81" of a Money."""
    return f"${amount.cents // 100:,}.{amount.cents % 100:02d}"


def format_dollars(message: Any, field: str) -> str:
    """Whole dollars of a deductible: "$2,500"; cents only where there are any."""
    text = format_money(message, field)
    return text.removesuffix(".00")


def format_phone(number: str) -> str:
    """ "3125550142" is (312) 555-0142; what has not ten digits stays as it was typed, and empty is a dash."""
    digits = "".join(re.findall(r"[0-9]", number))
    ten = digits.removeprefix("1") if len(digits) == 11 else digits
    if len(ten) != 10 or re.search(r"[^0-9+().\s-]", number):
        return number or NOTHING
    return f"({ten[:3]}) {ten[3:6]}-{ten[6:]}"


def keep_record_numbers_whole(text: str) -> str:
    """As HTML: browsers break lines after a hyphen, and so within "A-0638"."""
    html = str(text) if hasattr(text, "__html__") else escape(text)
    return do_mark_safe(_RECORD_NUMBER.sub(r'<span class="nowrap">\g<0></span>', html))


def format_enum(enum_value: int, enum: Any) -> str:
    """ "STEP_OTHER_COVERAGE" is "Other coverage"; unspecified is a dash."""
    found = enum_word(enum.DESCRIPTOR, enum_value)
    return found.replace("_", " ").capitalize() if found else NOTHING


def format_field_path(path: str) -> str:
    """A field's path for people: "people[1].first_name" is "person 2, first name"."""
    people = re.sub(r"(?:people|members)\[(\d+)\]", lambda found: f"person {int(found[1]) + 1}", path)
    events = re.sub(r"life_events\[(\d+)\]", lambda found: f"life event {int(found[1]) + 1}", people)
    words = events.removesuffix("_fips").replace(".", ", ").replace("_", " ")
    return re.sub(r"\b(?:hra|id|pcp|ssn|zip)\b", lambda found: found[0].upper(), words)


def format_label(text: str) -> str:
    """ "bill_later" is "Bill later"; empty is a dash."""
    return text.replace("_", " ").capitalize() if text else NOTHING
