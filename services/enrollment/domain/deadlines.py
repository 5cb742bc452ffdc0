"""Domain: the days by which something has to happen to an application (rules.md 2, 3 and 6)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from services.enrollment.domain.application import Application
from services.enrollment.domain.enums import PaymentStatus, Status
from services.enrollment.domain.rule_pack import Circumstances, RulePack

# Nothing is waited for any more.
_SETTLED = (PaymentStatus.SUCCESSFUL, PaymentStatus.CANCELLED, PaymentStatus.REFUND_DUE)


class DeadlineKind(StrEnum):
    """What is due."""

    DRAFT_EXPIRY = "draft_expiry"
    SEP_WINDOW_END = "sep_window_end"
    OPEN_ENROLLMENT_END = "open_enrollment_end"
    FIRST_PAYMENT_DUE = "first_payment_due"
    DOCUMENT_DUE = "document_due"


@dataclass(frozen=True, slots=True)
class Deadline:
    """``due_on`` is the last day on which it can still be done, in the application's state."""

    kind: DeadlineKind
    due_on: date


def list_deadlines(app: Application, c: Circumstances) -> tuple[Deadline, ...]:
    """All that stand open; those that passed are among them until the application moves on."""
    found = {
        Status.INCOMPLETE: _before_submission,
        Status.FAILED: _before_submission,
        Status.SUBMITTED: _after_submission,
    }
    judge = found.get(app.status)
    return tuple(judge(app, c)) if judge else ()


def first_payment_due_on(begins: date, sent: date, pack: RulePack) -> date:
    """Counted from the first day of coverage, or from the day of submission when that is later."""
    return max(begins, sent) + timedelta(pack.first_payment_days)


def _before_submission(app: Application, c: Circumstances) -> Iterator[Deadline]:
    if app.expires_on:
        yield Deadline(DeadlineKind.DRAFT_EXPIRY, app.expires_on)
    if app.general.special_enrollment:
        if last := _last_day_of_events(app, c):
            yield Deadline(DeadlineKind.SEP_WINDOW_END, last)
    elif window := c.pack.window_on(app.state, c.today):
        yield Deadline(DeadlineKind.OPEN_ENROLLMENT_END, window.last_day)


def _last_day_of_events(app: Application, c: Circumstances) -> date | None:
    """Of the event that gave the date; while none did, of the event whose window closes last."""
    days = [
        event.date + timedelta(rule.days_after)
        for event in app.general.life_events
        if (rule := c.pack.life_events.get(event.kind))
        and rule.off_exchange
        and (app.start is None or app.start.is_justified_by(event))
    ]
    return max(days, default=None)


def _after_submission(app: Application, c: Circumstances) -> Iterator[Deadline]:
    begins, sent = app.effective_date, app.submitted_on
    if begins and sent and app.payment_status not in _SETTLED:
        yield Deadline(DeadlineKind.FIRST_PAYMENT_DUE, first_payment_due_on(begins, sent, c.pack))
    if app.document_due_on:
        yield Deadline(DeadlineKind.DOCUMENT_DUE, app.document_due_on)
