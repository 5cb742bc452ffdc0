"""Values, clock and errors that a pure domain may use: standard library only, no input or output."""

from chassis.kernel.caller import (
    ALL_ACTIONS,
    Caller,
    CallerKind,
    DelegatedAction,
    EmergencyAccess,
    Grant,
    WritingNumber,
)
from chassis.kernel.clock import Clock, FixedClock, SystemClock, business_date
from chassis.kernel.dates import day_advice, format_date, missing_day, read_day
from chassis.kernel.errors import (
    AlreadyExists,
    Conflict,
    DomainError,
    Forbidden,
    InvalidInput,
    NotFound,
    NotReady,
    Problem,
    Stale,
    Unauthenticated,
    Unavailable,
)
from chassis.kernel.idempotency import Command
from chassis.kernel.ids import new_id
from chassis.kernel.market import Market, Markets, get_markets, install_markets, must_be_served, must_be_served_in
from chassis.kernel.money import Money
from chassis.kernel.names import fold_name, transliterate, without_marks
from chassis.kernel.problem_list import ProblemList
from chassis.kernel.producer_names import put_first_name_first
from chassis.kernel.report_dates import report_dates
from chassis.kernel.unit_of_work import Transactions, UnitOfWork, run_once

__all__ = [
    "ALL_ACTIONS",
    "AlreadyExists",
    "Caller",
    "CallerKind",
    "Clock",
    "Command",
    "Conflict",
    "DelegatedAction",
    "DomainError",
    "EmergencyAccess",
    "FixedClock",
    "Forbidden",
    "Grant",
    "InvalidInput",
    "Market",
    "Markets",
    "Money",
    "NotFound",
    "NotReady",
    "Problem",
    "ProblemList",
    "Stale",
    "SystemClock",
    "Transactions",
    "Unauthenticated",
    "Unavailable",
    "UnitOfWork",
    "WritingNumber",
    "business_date",
    "day_advice",
    "fold_name",
    "format_date",
    "get_markets",
    "install_markets",
    "missing_day",
    "must_be_served",
    "must_be_served_in",
    "new_id",
    "put_first_name_first",
    "read_day",
    "report_dates",
    "run_once",
    "transliterate",
    "without_marks",
]
