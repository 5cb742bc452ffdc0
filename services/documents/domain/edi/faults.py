"""Domain: what is wrong with a policy or a file, and where. No value that a person typed is ever in it."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Unwritable(ValueError):
    """A policy that cannot be written as it is. Says the place or the code, never the value."""


class FaultCode(StrEnum):
    """What our own checks find; several of them are no fault of X12's form, and carriers refuse files for each."""

    UNREADABLE = "unreadable"
    HEADER_LENGTH = "header_length"
    NOT_ASCII = "not_ascii"
    UNWRITABLE = "unwritable"
    UNCLOSED = "unclosed"
    STRAY_SEGMENT = "stray_segment"
    UNKNOWN_SEGMENT = "unknown_segment"
    TOO_MANY_ELEMENTS = "too_many_elements"
    WRONG_COUNT = "wrong_count"
    CONTROL_NUMBER = "control_number"
    REPEATED_CONTROL_NUMBER = "repeated_control_number"
    SUBSCRIBER_COUNT = "subscriber_count"
    SUBSCRIBER_ID = "subscriber_id"
    POLICY_ID = "policy_id"
    RELATIONSHIP = "relationship"
    MAINTENANCE_CODE = "maintenance_code"
    IMPOSSIBLE_DATE = "impossible_date"
    FIRST_DAYS = "first_days"
    LAST_DAY = "last_day"
    COVERAGE_DATE = "coverage_date"
    ENDED_COVERAGE = "ended_coverage"
    PREMIUM_SUM = "premium_sum"
    CATEGORY_LOOP = "category_loop"
    DUMMY_NUMBER = "dummy_number"
    READ_BACK = "read_back"


@dataclass(frozen=True, slots=True)
class Fault:
    """``transaction``: its control number, empty for what concerns the whole file."""

    code: FaultCode
    message: str
    transaction: str = ""
