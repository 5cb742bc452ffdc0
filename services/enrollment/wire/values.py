"""Wire: dates, amounts and the small records that stand in responses and in events alike."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime

from google.protobuf.timestamp_pb2 import Timestamp
from suite.common.v1 import common_pb2
from suite.enrollment.v1 import application_pb2 as pb

from chassis.kernel import Money
from services.enrollment.domain.application import AssignedPcp
from services.enrollment.domain.first_payment import MonthDue
from services.enrollment.domain.shortcoming import Shortcoming
from services.enrollment.wire.words import number


def iso(day: date | None) -> str:
    return day.isoformat() if day else ""


def instant(at: datetime) -> Timestamp:
    stamp = Timestamp()
    stamp.FromDatetime(at)
    return stamp


def money(amount: Money | None) -> common_pb2.Money | None:
    return None if amount is None else common_pb2.Money(cents=amount.cents)


def months_due(found: Sequence[MonthDue]) -> list[common_pb2.MonthDue]:
    return [common_pb2.MonthDue(month=f"{due.month:%Y-%m}", amount=money(due.amount)) for due in found]


def month_due(message: common_pb2.MonthDue) -> MonthDue:
    return MonthDue(date.fromisoformat(f"{message.month}-01"), Money(message.amount.cents))


def shortcomings(found: Sequence[Shortcoming]) -> list[pb.Shortcoming]:
    return [
        pb.Shortcoming(
            step=number(s.step),
            field=s.field,
            message=s.message,
            rule=s.rule,
            failure_class=number(s.failure_class),
        )
        for s in found
    ]


def assigned_pcps(found: Sequence[AssignedPcp]) -> list[pb.AssignedPcp]:
    return [
        pb.AssignedPcp(
            member_index=one.member_index,
            pcp_id=one.pcp_id,
            provider_name=one.provider_name,
            medical_group_id=one.medical_group_id,
            auto_assigned=one.auto_assigned,
        )
        for one in found
    ]
