"""What a list shows, as its address says it. A client's name is never in an address: it is kept under an id."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields, replace
from urllib.parse import urlencode

from suite.common.v1 import common_pb2
from suite.enrollment.v1 import application_overview_pb2 as pb
from suite.enrollment.v1 import application_pb2

from chassis.kernel import NotFound
from gateway.edge.enum_names import enum_words
from gateway.pages.forms.typed_values import read_date
from gateway.pages.lists.columns import COLUMNS, ListColumn, find_column

STATUSES = {
    "completed": application_pb2.APPLICATION_STATUS_SUBMITTED,
    "incomplete": application_pb2.APPLICATION_STATUS_INCOMPLETE,
    "failed": application_pb2.APPLICATION_STATUS_FAILED,
    "expired": application_pb2.APPLICATION_STATUS_EXPIRED,
}
# What a list can be narrowed to, where it holds more than one status.
STATUS_CHOICES = {
    "completed": {"submitted": "Submitted", "cancelled": "Cancelled"},
    "incomplete": {"incomplete": "Incomplete", "submitting": "Submitting"},
    "failed": {},
    "expired": {},
}
# The dates of each list that a range can be asked for, the first one unless said otherwise.
DATES = {
    "completed": {"submitted": "Date Submitted", "effective": "Effective Date"},
    "incomplete": {"created": "Date Created", "effective": "Effective Date", "expires": "Expiration Date"},
    "failed": {"submitted": "Date Submitted", "effective": "Effective Date", "expires": "Expiration Date"},
    "expired": {"expires": "Expiration Date", "created": "Date Created", "effective": "Effective Date"},
}
PAYMENTS = ("not_started", "pending", "successful", "failed", "bill_later", "cancelled", "refund_due")
STEPS = enum_words(application_pb2.Step.DESCRIPTOR)
_STATUS_WORDS = enum_words(application_pb2.ApplicationStatus.DESCRIPTOR)


@dataclass(frozen=True, slots=True)
class ListQuery:
    """Each field is a parameter of the address. ``name``: the id under which the searched name is kept."""

    tab: str = "completed"
    sort: str = ""
    dir: str = ""
    state: str = ""
    producer: str = ""
    status: str = ""
    payment: str = ""
    step: str = ""
    date: str = ""
    first: str = ""
    last: str = ""
    name: str = ""
    page: str = ""
    # Which page that is, as counted by turning: shown and nothing else.
    at: str = ""

    @classmethod
    def from_parameters(cls, given: Mapping[str, str]) -> ListQuery:
        """Raises NotFound for a list that does not exist; an order or a date that the list lacks is left out."""
        found = cls(**{field.name: given.get(field.name, "").strip() for field in fields(cls)})
        tab = found.tab or "completed"
        if tab not in COLUMNS:
            raise NotFound("This list does not exist. Choose completed, incomplete, failed or expired.")
        return replace(
            found,
            tab=tab,
            sort=found.sort if find_column(tab, found.sort) else "",
            dir=found.dir if found.dir in ("up", "down") else "",
            status=found.status if found.status in STATUS_CHOICES[tab] else "",
            payment=found.payment if tab == "completed" and found.payment in PAYMENTS else "",
            step=found.step if tab == "incomplete" and found.step in STEPS else "",
            date=found.date if found.date in DATES[tab] else next(iter(DATES[tab])),
        )

    @property
    def sorted_by(self) -> ListColumn:
        return find_column(self.tab, self.sort) or COLUMNS[self.tab][0]

    @property
    def descending(self) -> bool:
        return self.dir == "down" if self.dir else self.sorted_by.starts_descending

    @property
    def page_number(self) -> int:
        return int(self.at) if self.at.isdecimal() and len(self.at) < 6 else 1

    @property
    def days(self) -> dict[str, str]:
        """The range of dates as it was typed, by field."""
        return {"first": self.first, "last": self.last}

    @property
    def is_narrowed(self) -> bool:
        return any((self.state, self.producer, self.status, self.payment, self.step, self.first, self.last))

    def address(self, path: str = "/enroll", **changed: str) -> str:
        """The address of the same list with something changed; another order or filter begins at the first page."""
        wanted = replace(self, **({"page": "", "at": ""} | changed))
        given = {name: value for field in fields(wanted) if (value := getattr(wanted, name := field.name))}
        if not (wanted.first or wanted.last):
            given.pop("date", None)
        return f"{path}?{urlencode(given)}"

    def sorting_address(self, column: ListColumn) -> str:
        """The way a click on a column's head goes: its usual direction first, then the other one."""
        turned = not self.descending if column is self.sorted_by else column.starts_descending
        return self.address(sort=column.name, dir="down" if turned else "up")

    def to_filter(self) -> pb.ApplicationFilter:
        found = pb.ApplicationFilter(
            state=self.state,
            writing_number=self.producer,
            payment_status=self.payment,
            current_step=application_pb2.Step.ValueType(STEPS.get(self.step, 0)),
            status=application_pb2.ApplicationStatus.ValueType(_STATUS_WORDS.get(self.status, 0)),
        )
        if self.first:
            setattr(found, f"{self.date}_from", read_date(self.first))
        if self.last:
            setattr(found, f"{self.date}_to", read_date(self.last))
        return found

    def to_request(self, applicant: str, size: int = 0) -> pb.SearchApplicationsRequest:
        return pb.SearchApplicationsRequest(
            status=STATUSES[self.tab],
            applicant=applicant,
            filter=self.to_filter(),
            order=pb.ApplicationOrder(by=self.sorted_by.order, descending=self.descending),
            page=common_pb2.Page(size=size, token=self.page),
        )

    def field_of(self, path: str) -> str:
        """The form's field for a field of the contract: "filter.submitted_from" is "first"."""
        ends = {"from": "first", "to": "last"}
        bare = path.removeprefix("filter.")
        if bare.partition("_")[0] == self.date:
            return ends.get(bare.rpartition("_")[2], bare)
        return {"writing_number": "producer", "applicant": "applicant"}.get(bare, bare)
