"""The columns of the lists (R98, R99): what a cell says on the page and in the CSV file, and what it sorts by."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC

from google.protobuf.timestamp_pb2 import Timestamp
from suite.enrollment.v1 import application_overview_pb2 as pb
from suite.enrollment.v1 import application_pb2

from chassis.kernel import Money, get_markets
from gateway.pages.application_fields.steps import CLIENT_REVIEW, TITLES
from gateway.pages.formatting import NOTHING, format_day, format_label, format_moment, format_money

Row = pb.ApplicationSummary
Text = Callable[[Row], str]
_SUBMITTING = application_pb2.APPLICATION_STATUS_SUBMITTING
_CANCELLED = application_pb2.APPLICATION_STATUS_CANCELLED


@dataclass(frozen=True, slots=True)
class ListColumn:
    """``kind``: how the page draws the cell, "link", "badge", "amount" or "text"."""

    name: str
    label: str
    order: pb.ApplicationColumn.ValueType
    text: Text
    exported: Text
    kind: str = "text"
    # Larger, later or newer first at the first click: what somebody looks for in dates and amounts.
    starts_descending: bool = False


def _plain(name: str, label: str, order: pb.ApplicationColumn.ValueType, read: Text) -> ListColumn:
    return ListColumn(name, label, order, lambda row: read(row) or NOTHING, read)


def _day(name: str, label: str, order: pb.ApplicationColumn.ValueType) -> ListColumn:
    def read(row: Row) -> str:
        return str(getattr(row, name))

    return ListColumn(name, label, order, lambda row: format_day(read(row)), read, starts_descending=True)


def _moment(name: str, label: str, order: pb.ApplicationColumn.ValueType) -> ListColumn:
    return ListColumn(
        name,
        label,
        order,
        lambda row: format_moment(getattr(row, name), row.state),
        lambda row: _local_time(getattr(row, name), row.state),
        starts_descending=True,
    )


def _local_time(at: Timestamp, state: str) -> str:
    """ "2026-05-21 09:24", where the application's state keeps its clocks."""
    market = get_markets().find(state) or get_markets().home
    return at.ToDatetime(tzinfo=UTC).astimezone(market.zone).strftime("%Y-%m-%d %H:%M") if at.seconds else ""


def _amount(row: Row) -> str:
    return f"{Money(row.monthly_premium.cents).dollars:.2f}" if row.HasField("monthly_premium") else ""


def _payment(row: Row) -> str:
    """A cancelled application is among the completed ones: its status comes before that of its payment (R99)."""
    paid = format_label(row.payment_status) if row.payment_status else ""
    if row.status == _CANCELLED:
        return f"Application cancelled, {paid.lower()}" if paid and paid != "Cancelled" else "Application cancelled"
    return paid


def _step(row: Row) -> str:
    return "Submitting" if row.status == _SUBMITTING else TITLES.get(row.next_step, CLIENT_REVIEW)


_RECORD_NUMBER = ListColumn(
    "record_number",
    "Record Number",
    pb.APPLICATION_COLUMN_RECORD_NUMBER,
    lambda row: row.record_number,
    lambda row: row.record_number,
    "link",
    starts_descending=True,
)
# It goes with the record number, 605 above its digits (R104), so it sorts the same way.
_CLIENT_APP_ID = ListColumn(
    "client_app_id",
    "Client App ID",
    pb.APPLICATION_COLUMN_RECORD_NUMBER,
    lambda row: str(row.client_app_id),
    lambda row: str(row.client_app_id),
    starts_descending=True,
)
_APPLICANT = _plain("applicant", "Applicant Name", pb.APPLICATION_COLUMN_APPLICANT, lambda row: row.applicant_name)
_STATE = _plain("state", "State", pb.APPLICATION_COLUMN_STATE, lambda row: row.state)
_SUBMITTED = _day("submitted_on", "Date Submitted", pb.APPLICATION_COLUMN_SUBMITTED_ON)
_EFFECTIVE = _day("effective_date", "Effective Date", pb.APPLICATION_COLUMN_EFFECTIVE_DATE)
_EXPIRES = _day("expires_on", "Expiration Date", pb.APPLICATION_COLUMN_EXPIRES_ON)
_CREATED = _moment("created_at", "Date Created", pb.APPLICATION_COLUMN_CREATED_AT)
_UPDATED = _moment("updated_at", "Last Modified Date", pb.APPLICATION_COLUMN_UPDATED_AT)
_PRODUCT = _plain("product_name", "Product Name", pb.APPLICATION_COLUMN_PRODUCT_NAME, lambda row: row.product_name)
_PREMIUM = ListColumn(
    "monthly_premium",
    "Monthly Premium",
    pb.APPLICATION_COLUMN_MONTHLY_PREMIUM,
    format_money,
    _amount,
    "amount",
    starts_descending=True,
)
_PAYMENT = ListColumn(
    "payment_status",
    "Payment Status",
    pb.APPLICATION_COLUMN_PAYMENT_STATUS,
    lambda row: _payment(row) or NOTHING,
    _payment,
    "badge",
)
_STEP = ListColumn("current_step", "Current Step", pb.APPLICATION_COLUMN_CURRENT_STEP, _step, _step, "badge")
_PRODUCER = _plain("producer_name", "Producer Name", pb.APPLICATION_COLUMN_PRODUCER_NAME, lambda row: row.producer.name)
_NUMBER = _plain(
    "writing_number",
    "Producer Number",
    pb.APPLICATION_COLUMN_WRITING_NUMBER,
    lambda row: row.producer.writing_number,
)

# In the guide's order. It shows no applicant in the failed list; whoever has to fix an application looks for a person.
COLUMNS = {
    "completed": (
        _RECORD_NUMBER, _CLIENT_APP_ID, _APPLICANT, _STATE, _SUBMITTED, _EFFECTIVE, _PRODUCT, _PREMIUM, _PAYMENT,
        _PRODUCER, _NUMBER, _UPDATED,
    ),
    "incomplete": (
        _RECORD_NUMBER, _CLIENT_APP_ID, _APPLICANT, _STATE, _CREATED, _EFFECTIVE, _STEP, _PRODUCER, _NUMBER, _EXPIRES,
        _UPDATED,
    ),
    "failed": (
        _RECORD_NUMBER, _CLIENT_APP_ID, _APPLICANT, _STATE, _SUBMITTED, _EFFECTIVE, _PRODUCER, _NUMBER, _EXPIRES,
        _UPDATED,
    ),
    "expired": (
        _RECORD_NUMBER, _CLIENT_APP_ID, _APPLICANT, _STATE, _CREATED, _EFFECTIVE, _PRODUCER, _NUMBER, _EXPIRES,
        _UPDATED,
    ),
}  # fmt: skip  # reads across, as a row of a table


def find_column(tab: str, name: str) -> ListColumn | None:
    return next((column for column in COLUMNS[tab] if column.name == name), None)
