"""Domain: what a list of applications may be filtered and sorted by (R98, R99)."""

from __future__ import annotations

import unicodedata
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import TypeVar

from chassis.kernel import InvalidInput
from services.enrollment.domain.enums import PaymentStatus, Status, Step

Value = TypeVar("Value")
# Far longer than any name; one letter of some scripts becomes eighteen, and an index holds the key.
LONGEST_KEY = 150
# What each list shows: anyone who submitted a moment ago still finds the application among the incomplete ones, and a
# cancelled one stays where it was found before.
LISTS = {
    Status.INCOMPLETE: (Status.INCOMPLETE, Status.SUBMITTING),
    Status.SUBMITTED: (Status.SUBMITTED, Status.CANCELLED),
    Status.FAILED: (Status.FAILED,),
    Status.EXPIRED: (Status.EXPIRED,),
}


class Column(StrEnum):
    """A column that a list can be sorted by."""

    RECORD_NUMBER = "record_number"
    APPLICANT = "applicant"
    STATE = "state"
    SUBMITTED_ON = "submitted_on"
    EFFECTIVE_DATE = "effective_date"
    PRODUCT_NAME = "product_name"
    MONTHLY_PREMIUM = "monthly_premium"
    PAYMENT_STATUS = "payment_status"
    PRODUCER_NAME = "producer_name"
    WRITING_NUMBER = "writing_number"
    CURRENT_STEP = "current_step"
    EXPIRES_ON = "expires_on"
    CREATED_AT = "created_at"
    UPDATED_AT = "updated_at"


@dataclass(frozen=True, slots=True)
class DateRange:
    """From and to, both included; either may be open."""

    first: date | None = None
    last: date | None = None

    def must_be_in_order(self, field: str) -> None:
        if self.first and self.last and self.first > self.last:
            raise InvalidInput.at(field, "The first date is after the last date. Swap them.")


@dataclass(frozen=True, slots=True)
class ApplicationSearch:
    """Empty values ask nothing. ``applicant`` is the beginning of a last name, or of the whole name as it is shown.

    ``status`` narrows the list to one of its statuses; one that the list does not hold finds nothing.
    """

    list_of: Status
    by: Column = Column.RECORD_NUMBER
    descending: bool = True
    state: str = ""
    writing_number: str = ""
    record_number: str = ""
    client_app_id: int = 0
    applicant: str = ""
    payment_status: PaymentStatus | None = None
    current_step: Step | None = None
    status: Status | None = None
    submitted: DateRange = DateRange()
    created: DateRange = DateRange()
    effective: DateRange = DateRange()
    expires: DateRange = DateRange()

    @property
    def statuses(self) -> tuple[Status, ...]:
        held = LISTS[self.list_of]
        return held if self.status is None else tuple(one for one in held if one is self.status)


@dataclass(frozen=True, slots=True)
class ListCursor:
    """Where the next page of a sorted list begins: the value that the last row was sorted by, and its number.

    The row itself may move or vanish meanwhile: the next page begins behind the cursor all the same. ``backwards``: of
    the first row, before which the page before ends.
    """

    value: str
    number: int
    backwards: bool = False

    def read_value(self, read: Callable[[str], Value]) -> Value:
        """Raises InvalidInput for a value of another form: the page token is of an older release."""
        try:
            return read(self.value)
        except ValueError:
            message = "This page token does not belong to this list. Start again at the first page."
            raise InvalidInput.at("page.token", message) from None


def name_key(last_name: str, first_name: str, suffix: str = "") -> str:
    """What applicants are sorted and found by: last name, then first name and suffix, however they were typed."""
    return fold_text(f"{last_name} {first_name} {suffix}")[:LONGEST_KEY]


def fold_text(text: str) -> str:
    return " ".join(unicodedata.normalize("NFKC", text).casefold().replace(",", " ").split())
