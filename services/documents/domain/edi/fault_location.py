"""Domain: where something is wrong in a transaction: segment, loop, member. No value that a person typed is in it."""

from __future__ import annotations

import re
from collections.abc import Sequence

from services.documents.domain.edi.enrollment_reader import ReadEnrollment, find
from services.documents.domain.edi.segment_reader import Segment, get
from services.documents.domain.edi.segments import INSURED, NAME

# What opens a loop of 005010X220A1: a segment, or what an N1 or a name stands for.
_LOOPS = {"INS": "2000", "DSB": "2200", "HD": "2300", "LX": "2310", "COB": "2320", "LS": "2700", "ACT": "1100C"}
_PARTIES = {"P5": "1000A", "IN": "1000B", "BO": "1000C", "TV": "1000C"}
_NAMES = {
    INSURED: "2100A",
    "74": "2100A",
    "70": "2100B",
    "31": "2100C",
    "36": "2100D",
    "M8": "2100E",
    "S3": "2100F",
    "45": "2100H",
}
_RESPONSIBLE_PERSON = "2100G"
# Behind LS, until LE.
_CATEGORY_LOOPS = {"LX": "2710", "N1": "2750", "LE": "2700"}
# A number that was given out. One of nine digits may be a social security number, which some senders put there.
_MEMBER_NUMBER = re.compile(r"[0-9]{1,8}|[0-9]{10,12}")


def name_segment(read: ReadEnrollment, segments: Sequence[Segment], place: int) -> str:
    """ "segment 24, loop 2300, member 1 (124301)". ``place`` is its index; people count from ST, which is 1."""
    loop, member, categories = "", 0, False
    for segment in segments[: place + 1]:
        if segment[0] == "INS":
            member, categories = member + 1, False
        loop = _CATEGORY_LOOPS.get(segment[0], loop) if categories else _follow(loop, segment)
        categories = segment[0] == "LS" or (categories and segment[0] != "LE")
    parts = [f"segment {place + 1}", f"loop {loop}" if loop else "", name_member(read, member) if member else ""]
    return ", ".join(filter(None, parts))


def name_member(read: ReadEnrollment, number: int) -> str:
    """ "member 2 (124302)": the place among the members, and the number of REF 17 where there is one."""
    given = find(read.members[number - 1].references, "17")
    return f"member {number} ({given})" if _MEMBER_NUMBER.fullmatch(given) else f"member {number}"


def _follow(loop: str, segment: Segment) -> str:
    """The loop of a segment that comes behind one of ``loop``."""
    name, kind = segment[0], get(segment, 1)
    if name == "N1":
        return _PARTIES.get(kind, loop)
    if name != NAME:
        return _LOOPS.get(name, loop)
    if loop.startswith("23"):  # of a provider, or of another insurer
        return "2330" if loop in ("2320", "2330") else "2310"
    return _NAMES.get(kind, _RESPONSIBLE_PERSON)
