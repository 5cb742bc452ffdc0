"""Wire: dates, amounts and the small records that are in responses and in events alike."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from suite.common.v1 import common_pb2
from suite.enrollment.v1 import application_pb2 as pb

from chassis.kernel import Money
from chassis.mapping import FromProto, ToProto
from services.enrollment.domain.assigned_pcp import AssignedPcp
from services.enrollment.domain.first_payment import MonthDue
from services.enrollment.domain.validation_issue import ValidationIssue

validation_issue = ToProto(ValidationIssue, pb.Shortcoming)
# NPI and office are for the carrier, under its grant.
assigned_pcp = ToProto(AssignedPcp, pb.AssignedPcp, unsent=("npi", "office"))
month_due_proto = ToProto(MonthDue, common_pb2.MonthDue, month=lambda due: f"{due.month:%Y-%m}")
month_due = FromProto(common_pb2.MonthDue, MonthDue, month=lambda message: date.fromisoformat(f"{message.month}-01"))


def format_iso(day: date | None) -> str:
    return day.isoformat() if day else ""


def money_to_proto(amount: Money | None) -> common_pb2.Money | None:
    return None if amount is None else common_pb2.Money(cents=amount.cents)


def months_due(found: Sequence[MonthDue]) -> list[common_pb2.MonthDue]:
    return [month_due_proto(due) for due in found]
