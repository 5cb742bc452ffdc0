"""Domain: X12 read as it comes in, segment by segment, with the delimiters that its own header names."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import NamedTuple

from services.documents.domain.edi.envelope import ISA_LENGTH

Segment = list[str]
"""The elements of a segment behind its name; one that is missing at the end is not there."""

# The lengths of ISA and its elements, which X12 has fixed.
_HEADER = (3, 2, 10, 2, 10, 2, 15, 2, 15, 6, 4, 1, 5, 9, 1, 1, 1)
_BAD_HEADER = "the interchange header has not the fixed lengths of ISA, 106 characters in all"
# The longest that the 834 and its answers have is below 1,000; text without an end is no X12.
_MOST_SEGMENT = 10_000
_MOST_DIGITS = 9
# A household of twenty has about 900, the 999 for a file of 100,000 policies twice as many as policies.
_MOST_TRANSACTION = 500_000


class UnreadableFile(ValueError):
    """No X12, or none that can be read on. Says the place."""


class BadHeader(UnreadableFile):
    """An interchange header whose elements have not their fixed lengths."""


class EnvelopeSegment(NamedTuple):
    """A segment outside of transaction sets: ISA, GS, GE, IEA, TA1, or one that belongs nowhere."""

    segment: Segment


class TransactionSet(NamedTuple):
    """From ST to SE; without SE where the file ends or goes on before it."""

    segments: list[Segment]

    @property
    def control_number(self) -> str:
        return get(self.segments[0], 2)

    @property
    def is_closed(self) -> bool:
        return self.segments[-1][0] == "SE"


def get(segment: Segment, place: int) -> str:
    """The element, by X12's count from 1; empty where there is none."""
    return segment[place] if place < len(segment) else ""


def is_number(text: str) -> bool:
    """Whether it can be a control number, which has nine digits at most."""
    return text.isascii() and text.isdecimal() and len(text) <= _MOST_DIGITS


@dataclass(frozen=True, slots=True)
class Delimiters:
    element: str
    repetition: str
    component: str
    terminator: str


def read_delimiters(header: str) -> Delimiters:
    """Raises UnreadableFile unless these are the 106 characters of a header."""
    if header[:3] != "ISA":
        raise UnreadableFile("the file does not begin with ISA")
    elements = header[: ISA_LENGTH - 1].split(header[3:4])
    if tuple(map(len, elements)) != _HEADER or len(header) < ISA_LENGTH:
        raise BadHeader(_BAD_HEADER)
    return Delimiters(header[3], elements[11], elements[16], header[ISA_LENGTH - 1])


def read_segments(parts: Iterable[str]) -> Iterator[Segment]:
    """``parts``: the text in pieces of any length. Raises UnreadableFile."""
    rest, found = "", None
    for part in parts:
        rest += part
        if found is None:
            rest = rest.lstrip()
            if len(rest) < ISA_LENGTH:
                continue
            found = read_delimiters(rest)
        *whole, rest = rest.split(found.terminator)
        if len(rest) > _MOST_SEGMENT:
            raise UnreadableFile(f"a segment has more than {_MOST_SEGMENT} characters")
        for text in whole:
            if text := text.strip("\r\n"):
                segment = text.split(found.element)
                if segment[0] == "ISA" and tuple(map(len, segment)) != _HEADER:
                    raise BadHeader(_BAD_HEADER)
                yield segment
    if found is None:
        read_delimiters(rest)
    elif rest.strip():
        raise UnreadableFile("the last segment has no end")


def read_file(parts: Iterable[str]) -> Iterator[EnvelopeSegment | TransactionSet]:
    """A file as its envelope and its transactions, one at a time. Raises UnreadableFile."""
    transaction: list[Segment] = []
    for segment in read_segments(parts):
        name = segment[0]
        if transaction and name not in _OUTSIDE:
            transaction.append(segment)
            if len(transaction) > _MOST_TRANSACTION:
                raise UnreadableFile(f"a transaction has more than {_MOST_TRANSACTION} segments")
            if name != "SE":
                continue
        if transaction:
            yield TransactionSet(transaction)
            transaction = []
        if name == "ST":
            transaction = [segment]
        elif name != "SE":
            yield EnvelopeSegment(segment)
    if transaction:
        yield TransactionSet(transaction)


_OUTSIDE = frozenset(("ISA", "GS", "ST", "GE", "IEA", "TA1"))
