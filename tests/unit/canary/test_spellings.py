"""The scanner for values of people finds each in every spelling, and nothing in what only looks like one."""

from __future__ import annotations

import base64
import gzip
import json
import zlib
from collections.abc import Callable, Mapping
from datetime import date
from urllib.parse import quote, urlencode

import pytest

from tests.canary.people import Canary, Kind, make_people
from tests.canary.spellings import Scanner

PERSON, OTHER = make_people(2)
SCANNER = Scanner(PERSON.canaries)
BORN = PERSON.born
SSN, CARD = PERSON.ssn, PERSON.card

NUMBERS = {
    "bare": (Kind.SSN, SSN),
    "dashes": (Kind.SSN, f"{SSN[:3]}-{SSN[3:5]}-{SSN[5:]}"),
    "blanks": (Kind.SSN, f"{SSN[:3]} {SSN[3:5]} {SSN[5:]}"),
    "in a sentence": (Kind.SSN, f"no. {SSN}, or so"),
    "behind another number": (Kind.SSN, f"12 {SSN}"),
    "card": (Kind.CARD, CARD),
    "card in fours": (Kind.CARD, " ".join(CARD[n : n + 4] for n in range(0, 16, 4))),
    "card in fours with dashes": (Kind.CARD, "-".join(CARD[n : n + 4] for n in range(0, 16, 4))),
    "card within a number": (Kind.CARD, f"00{CARD}7"),
    "account": (Kind.ACCOUNT, PERSON.account),
    "account with blanks": (Kind.ACCOUNT, f"{PERSON.account[:4]} {PERSON.account[4:8]} {PERSON.account[8:]}"),
}
DATES = {
    "ISO": BORN.isoformat(),
    "ISO with a time": f"{BORN.isoformat()}T00:00:00Z",
    "as filed": f"{BORN:%Y%m%d}",
    "as typed": f"{BORN:%m%d%Y}",
    "US": f"{BORN:%m/%d/%Y}",
    "US, short": f"{BORN.month}/{BORN.day}/{BORN.year}",
    "European": f"{BORN.day}.{BORN.month}.{BORN.year}",
    "US with dashes": f"{BORN:%m-%d-%Y}",
    "month's name": f"{BORN:%B} {BORN.day}, {BORN.year}",
    "month's short name": f"{BORN.day} {BORN:%b} {BORN.year}",
    "fields of a form": urlencode({"month": BORN.month, "day": BORN.day, "year": BORN.year}),
    "fields of a document": json.dumps({"year": BORN.year, "month": BORN.month, "day": BORN.day}),
    "a date in protobuf": bytes([8, BORN.year & 0x7F | 0x80, 0x0F, 16, BORN.month, 24, BORN.day]).decode("latin-1"),
}
SHORT = {"six digits": f"{BORN:%y%m%d}", "six digits, US": f"{BORN:%m%d%y}", "short year": f"{BORN:%m/%d/%y}"}
ENCODINGS: Mapping[str, Callable[[bytes], bytes]] = {
    "base64": base64.b64encode,
    "base64 for URLs, unpadded": lambda data: base64.urlsafe_b64encode(data).rstrip(b"="),
    "hex": lambda data: data.hex().encode(),
    "bytes of a dump": lambda data: b"\\\\x" + data.hex().encode(),
    "URL": lambda data: quote(data, safe="").replace("-", "%2D").encode(),
    "UTF-16": lambda data: data.decode("latin-1").encode("utf-16-le"),
    "gzip": gzip.compress,
    "deflate": lambda data: b"stream\n" + zlib.compress(data),
    "gzip in base64": lambda data: base64.b64encode(gzip.compress(data)),
    "base64 in hex in gzip": lambda data: gzip.compress(base64.b64encode(data).hex().encode()),
}


@pytest.mark.parametrize("name", NUMBERS)
def test_a_number_is_found_however_it_is_written(name: str) -> None:
    kind, text = NUMBERS[name]
    assert {one.kind for one in SCANNER.find(text.encode())} == {kind}


@pytest.mark.parametrize("name", DATES)
def test_a_birth_date_is_found_however_it_is_written(name: str) -> None:
    assert SCANNER.find(DATES[name].encode("latin-1")) == {Canary(Kind.BIRTH_DATE, BORN.isoformat())}


def test_a_birth_date_is_found_in_spanish() -> None:
    scanner = Scanner([Canary(Kind.BIRTH_DATE, "1971-08-14")])
    assert scanner.find(b"nacida el 14 de agosto de 1971")


@pytest.mark.parametrize("name", SHORT)
def test_a_short_birth_date_is_found_where_it_is_looked_for(name: str) -> None:
    text = f"born {SHORT[name]} here".encode()
    assert SCANNER.find(text, short_dates=True) == {Canary(Kind.BIRTH_DATE, BORN.isoformat())}
    assert SCANNER.find(text) == set()


@pytest.mark.parametrize("encoding", ENCODINGS)
@pytest.mark.parametrize("position", [0, 1, 2])
def test_values_are_found_below_encodings(encoding: str, position: int) -> None:
    text = f"{'.' * position}the number {SSN} and {BORN.isoformat()} and {CARD}."
    found = SCANNER.find(b"a line: " + ENCODINGS[encoding](text.encode()) + b" and on")
    assert {one.kind for one in found} == {Kind.SSN, Kind.BIRTH_DATE, Kind.CARD}


def test_a_bare_number_in_base64_is_found() -> None:
    assert SCANNER.find(b'{"value": "' + base64.b64encode(SSN.encode()) + b'"}')


def test_other_people_are_not_found() -> None:
    text = " ".join([OTHER.ssn, OTHER.born.isoformat(), OTHER.card, OTHER.account])
    assert SCANNER.find(text.encode(), short_dates=True) == set()


def test_digits_inside_a_longer_number_are_another_number() -> None:
    assert SCANNER.find(f"1{SSN} {SSN}1 2026-11-30T10:00:00.{BORN:%y%m%d}Z".encode(), short_dates=True) == set()


def test_people_are_alike_for_one_seed_and_have_nothing_in_common() -> None:
    people = make_people(60)
    assert people == make_people(60)
    assert len({canary for one in people for canary in one.canaries}) == 4 * 60
    assert all(date(1964, 1, 1) < one.born < date(1987, 1, 1) for one in people)
