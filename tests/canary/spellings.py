"""Finds values of people in any spelling: as people and programs write them, and under base64, hex, URL encoding,
UTF-16 and compression, also one under the other.

It reads what looks like a number or a date and asks whether it is one of those looked for, so that a search for
hundreds of values takes as long as one for a single value.
"""

from __future__ import annotations

import base64
import binascii
import re
import zlib
from collections.abc import Iterable, Iterator
from datetime import date
from urllib.parse import unquote_to_bytes

from tests.canary.people import Canary, Kind

# Encodings one inside the other: an attachment in a message in a log line.
LAYERS = 4
# Compressed content that is met by chance in random bytes is dropped early; a document has less.
LARGEST_INFLATED = 32 * 2**20

_DIGITS = re.compile(rb"[0-9](?:(?:[ ./-]|\xc2\xa0)?[0-9]){7,24}")
_ALONE = re.compile(rb"(?<![0-9A-Za-z_.:+-])[0-9]{6}(?![0-9A-Za-z_.:+-])")
_YEAR_FIRST = re.compile(rb"(?<![0-9])([0-9]{4})[-/. ]([0-9]{1,2})[-/. ]([0-9]{1,2})(?![0-9])")
_YEAR_LAST = re.compile(rb"(?<![0-9])([0-9]{1,2})[-/. ]([0-9]{1,2})[-/. ]([0-9]{4})(?![0-9])")
_SHORT_YEAR = re.compile(rb"(?<![0-9/.-])([0-9]{1,2})([/.-])([0-9]{1,2})\2([0-9]{2})(?![0-9/.-])")
_MONTHS = {
    name[:3]: number
    for names in (
        "january february march april may june july august september october november december",
        "enero febrero marzo abril mayo junio julio agosto septiembre octubre noviembre diciembre",
    )
    for number, name in enumerate(names.encode().split(), 1)
}
_MONTH = rb"(jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec|ene|abr|ago|dic)[a-z]*\.?"
_DAY = rb"([0-9]{1,2})(?:st|nd|rd|th)?"
_MONTH_FIRST = re.compile(_MONTH + rb"[ -]+" + _DAY + rb"[ ,-]+([0-9]{4})(?![0-9])", re.IGNORECASE)
_DAY_FIRST = re.compile(
    rb"(?<![0-9])" + _DAY + rb"[ -]+(?:de )?" + _MONTH + rb"[ ,-]+(?:de )?([0-9]{4})(?![0-9])", re.IGNORECASE
)
# Three fields of a form or a document; the year is the anchor.
_YEAR_FIELD = re.compile(rb"year[\"'\]]*[=:\s]+[\"']?([0-9]{4})(?![0-9])", re.IGNORECASE)
_MONTH_FIELD = re.compile(rb"month[\"'\]]*[=:\s]+[\"']?([0-9]{1,2})(?![0-9])", re.IGNORECASE)
_DAY_FIELD = re.compile(rb"day[\"'\]]*[=:\s]+[\"']?([0-9]{1,2})(?![0-9])", re.IGNORECASE)
_FIELDS_APART = 120
# A protobuf message of year, month and day (1920 to 2047): three varints.
_PROTO_DATE = re.compile(rb"\x08([\x80-\xff])\x0f\x10([\x01-\x0c])\x18([\x01-\x1f])")

# Eight digits are eleven characters.
_BASE64 = re.compile(rb"[A-Za-z0-9+/_-]{11,}")
_HEX = re.compile(rb"(?:[0-9a-fA-F]{2}){8,}")
_PERCENT = re.compile(rb"(?:%[0-9A-Fa-f]{2}|[A-Za-z0-9._~+*/=&;!:@-]){6,}")
_WIDE = re.compile(rb"(?:[\x20-\x7e]\x00){6,}")
_DEFLATED = re.compile(rb"\x1f\x8b\x08|\x78[\x01\x5e\x9c\xda]")
_URL_SAFE = bytes.maketrans(b"-_", b"+/")


class Scanner:
    """Looks for the canaries; ``short_dates``: six digits too, where numbers are few enough to mean something."""

    def __init__(self, canaries: Iterable[Canary]) -> None:
        self._numbers = {one.value.encode(): one for one in canaries if one.kind is not Kind.BIRTH_DATE}
        self._dates = {date.fromisoformat(one.value): one for one in canaries if one.kind is Kind.BIRTH_DATE}
        self._lengths = sorted({len(number) for number in self._numbers}, reverse=True)

    def find(self, data: bytes, *, short_dates: bool = False) -> set[Canary]:
        return self._find(data, LAYERS, short_dates)

    def _find(self, data: bytes, layers: int, short_dates: bool) -> set[Canary]:
        found = set(self._plain(data, short_dates))
        if layers:
            for inside in _decoded(data):
                found |= self._find(inside, layers - 1, short_dates)
        return found

    def _plain(self, data: bytes, short_dates: bool) -> Iterator[Canary]:
        for match in _DIGITS.finditer(data):
            yield from self._in_digits(match[0])
        for written in _dates_in(data, short_dates):
            if found := self._dates.get(written):
                yield found

    def _in_digits(self, text: bytes) -> Iterator[Canary]:
        groups = re.findall(rb"[0-9]+", text)
        for first in range(len(groups)):
            for last in range(first, len(groups)):
                joined = b"".join(groups[first : last + 1])
                if found := self._numbers.get(joined):
                    yield found
                elif len(joined) == 8:
                    yield from (self._dates[day] for day in _dates_of_eight(joined) if day in self._dates)
        whole = b"".join(groups)
        # longer numbers are not met by chance, so they are found inside others too
        for length in (length for length in self._lengths if 12 <= length < len(whole)):
            for at in range(len(whole) - length + 1):
                if found := self._numbers.get(whole[at : at + length]):
                    yield found


def _dates_in(data: bytes, short_dates: bool) -> Iterator[date]:
    for year, month, day in _YEAR_FIRST.findall(data):
        yield from _date(year, month, day)
    for one, other, year in _YEAR_LAST.findall(data):
        yield from _both_ways(year, one, other)
    for name, day, year in _MONTH_FIRST.findall(data):
        yield from _date(year, _MONTHS[name[:3].lower()], day)
    for day, name, year in _DAY_FIRST.findall(data):
        yield from _date(year, _MONTHS[name[:3].lower()], day)
    yield from _dates_of_fields(data)
    if short_dates:
        yield from _short_dates(data)


def _dates_of_fields(data: bytes) -> Iterator[date]:
    for match in _YEAR_FIELD.finditer(data):
        around = data[max(match.start() - _FIELDS_APART, 0) : match.end() + _FIELDS_APART]
        for month in _MONTH_FIELD.findall(around):
            for day in _DAY_FIELD.findall(around):
                yield from _date(match[1], month, day)
    for low, month, day in _PROTO_DATE.findall(data):
        yield from _date((low[0] & 0x7F) | (0x0F << 7), month[0], day[0])


def _short_dates(data: bytes) -> Iterator[date]:
    for one, _, other, year in _SHORT_YEAR.findall(data):
        yield from _both_ways(b"19" + year, one, other)
    for six in _ALONE.findall(data):
        yield from _date(b"19" + six[:2], six[2:4], six[4:])
        yield from _both_ways(b"19" + six[4:], six[:2], six[2:4])


def _dates_of_eight(digits: bytes) -> Iterator[date]:
    yield from _date(digits[:4], digits[4:6], digits[6:])
    yield from _both_ways(digits[4:], digits[:2], digits[2:4])


def _both_ways(year: bytes, one: bytes, other: bytes) -> Iterator[date]:
    yield from _date(year, one, other)
    yield from _date(year, other, one)


def _date(year: bytes | int, month: bytes | int, day: bytes | int) -> Iterator[date]:
    try:
        yield date(int(year), int(month), int(day))
    except ValueError:
        return


def _decoded(data: bytes) -> Iterator[bytes]:
    """What lies one layer below; the pieces of one encoding together, each on a line of its own."""
    yield b"\n".join(map(_base64_decoded, filter(_may_be_base64, _BASE64.findall(data))))
    yield b"\n".join(binascii.unhexlify(one) for one in _HEX.findall(data))
    yield b"\n".join(unquote_to_bytes(one.replace(b"+", b" ")) for one in _PERCENT.findall(data) if b"%" in one)
    yield b"\n".join(one.replace(b"\x00", b"") for one in _WIDE.findall(data))
    yield from _inflated(data)


def _may_be_base64(text: bytes) -> bool:
    """Words, identifiers of one case and numbers are none: of three bytes one at least is written in mixed case."""
    return not text.isdigit() and not text.islower() and not text.isupper()


def _base64_decoded(text: bytes) -> bytes:
    text = text.translate(_URL_SAFE)
    return base64.b64decode(text[: len(text) - (len(text) % 4 == 1)] + b"=" * (-len(text) % 4))


def _inflated(data: bytes) -> Iterator[bytes]:
    for match in _DEFLATED.finditer(data):
        reader = zlib.decompressobj(47)  # gzip or zlib, as its header says
        try:
            yield reader.decompress(data[match.start() :], LARGEST_INFLATED)
        except zlib.error:
            continue
