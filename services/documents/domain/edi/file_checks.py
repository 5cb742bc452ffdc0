"""Domain: a whole file, judged as it is read: envelope, control numbers, and each transaction of an 834."""

from __future__ import annotations

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from services.documents.domain.edi.faults import Fault, FaultCode
from services.documents.domain.edi.segment_reader import (
    BadHeader,
    Segment,
    TransactionSet,
    UnreadableFile,
    get,
    is_number,
    read_file,
)
from services.documents.domain.edi.transaction_checks import check_transaction

_ENROLLMENT = "834"
# By header: the trailer, and where both have the control number.
_TRAILERS = {"ISA": ("IEA", 13), "GS": ("GE", 6)}
_HEADERS = {"IEA": "ISA", "GE": "GS"}


def check_file(parts: Iterable[str]) -> Iterator[Fault]:
    """All faults in their order; none for a file that a carrier can take. One transaction is held at a time."""
    envelope = _Envelope()
    try:
        for one in read_file(_in_ascii(parts)):
            envelope.segments_read += len(one.segments) if isinstance(one, TransactionSet) else 1
            if isinstance(one, TransactionSet):
                yield from envelope.take_transaction(one)
                if get(one.segments[0], 1) == _ENROLLMENT:
                    yield from check_transaction(one)
            else:
                yield from envelope.take_segment(one.segment)
    except UnreadableFile as error:
        code = FaultCode.HEADER_LENGTH if isinstance(error, BadHeader) else FaultCode.UNREADABLE
        behind = f" (behind segment {envelope.segments_read} of the file)" if envelope.segments_read else ""
        yield Fault(code, f"{error}{behind}")
    except _NotAscii as error:
        yield Fault(FaultCode.NOT_ASCII, f"character {error} of the file is not ASCII")
    else:
        yield from envelope.close()


class _NotAscii(ValueError):
    """Ends the reading: what stands behind may have been counted by its bytes. Says the place, counted from 1."""


def _in_ascii(parts: Iterable[str]) -> Iterator[str]:
    before = 0
    for part in parts:
        if not part.isascii():
            raise _NotAscii(before + next(place for place, one in enumerate(part, start=1) if not one.isascii()))
        before += len(part)
        yield part


@dataclass(slots=True)
class _Envelope:
    """What is open, by the name of its header: its control number, and how many it holds so far.

    ``segments_read``: of the whole file, to the one that is judged.
    """

    opened: dict[str, tuple[str, int]] = field(default_factory=dict)
    segments_read: int = 0
    used: dict[str, _UsedNumbers] = field(default_factory=lambda: defaultdict(_UsedNumbers))

    def take_segment(self, segment: Segment) -> Iterator[Fault]:
        name = segment[0]
        if name in _TRAILERS:
            yield from self._open(name, get(segment, _TRAILERS[name][1]))
        elif name in _HEADERS:
            yield from self._close(_HEADERS[name], segment)
        elif name != "TA1":
            message = "stands between transactions, and is none of the envelope"
            yield Fault(FaultCode.STRAY_SEGMENT, f"{self._here}: {message}")

    def take_transaction(self, transaction: TransactionSet) -> Iterator[Fault]:
        if "GS" not in self.opened:
            yield Fault(FaultCode.STRAY_SEGMENT, "a transaction stands outside of a group", transaction.control_number)
        self._count("GS")
        yield from self._use("ST", transaction.control_number)

    def close(self) -> Iterator[Fault]:
        for name in self.opened:
            yield Fault(FaultCode.UNCLOSED, f"{_TRAILERS[name][0]} is missing at the end of the file")

    def _open(self, name: str, number: str) -> Iterator[Fault]:
        if name in self.opened:
            yield Fault(FaultCode.UNCLOSED, f"{self._here}: {_TRAILERS[name][0]} is missing before it")
        self.opened[name] = (number, 0)
        if name == "GS":
            self._count("ISA")
        yield from self._use(name, number)

    def _close(self, header: str, trailer: Segment) -> Iterator[Fault]:
        if header not in self.opened:
            yield Fault(FaultCode.STRAY_SEGMENT, f"{self._here}: {trailer[0]} stands without {header}")
            return
        number, count = self.opened.pop(header)
        if get(trailer, 1) != str(count):
            yield Fault(FaultCode.WRONG_COUNT, f"{self._here}: {trailer[0]}01 is not {count}")
        if get(trailer, 2) != number:
            message = f"{trailer[0]}02 is not the control number of {header}"
            yield Fault(FaultCode.CONTROL_NUMBER, f"{self._here}: {message}")

    def _count(self, header: str) -> None:
        if header in self.opened:
            number, count = self.opened[header]
            self.opened[header] = (number, count + 1)

    def _use(self, name: str, number: str) -> Iterator[Fault]:
        if not is_number(number):
            yield Fault(FaultCode.CONTROL_NUMBER, f"{self._here}: the control number of {name} is no number")
        elif not self.used[name].add(int(number)):
            message = f"the control number of {name} comes a second time"
            yield Fault(FaultCode.REPEATED_CONTROL_NUMBER, f"{self._here}: {message}")

    @property
    def _here(self) -> str:
        return f"segment {self.segments_read} of the file"


@dataclass(slots=True)
class _UsedNumbers:
    """Runs of numbers, since those of a file count up: a day's file is one run, however long it is."""

    firsts: list[int] = field(default_factory=list)
    lasts: list[int] = field(default_factory=list)

    def add(self, number: int) -> bool:
        """False for one that is there already."""
        place = bisect_right(self.firsts, number)
        if place and number <= self.lasts[place - 1]:
            return False
        if place and number == self.lasts[place - 1] + 1:
            self.lasts[place - 1] = number
        else:
            self.firsts.insert(place, number)
            self.lasts.insert(place, number)
        return True
