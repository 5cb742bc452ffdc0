"""Which days a producer must not miss, by status of the application."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime

import pytest

from services.enrollment.domain.application import Application
from services.enrollment.domain.coverage_effective_date import CoverageEffectiveDate
from services.enrollment.domain.deadlines import list_deadlines
from services.enrollment.domain.enums import PaymentStatus, Status
from services.enrollment.domain.identifiers import Identifiers
from services.enrollment.domain.rule_pack import Circumstances
from services.enrollment.domain.steps import GeneralStep, LifeEvent, Producer
from services.enrollment.rulebook import Rulebook

PACK = Rulebook().version("2026.1")
MAY = Circumstances(date(2026, 5, 20), PACK)
NOW = datetime(2026, 5, 20, 17, tzinfo=UTC)
DRAFT = Application(
    Identifiers(1), Producer("220002580", "FRITZ", "", "IL"), "2026.1", NOW, NOW, expires_on=date(2026, 8, 18)
)
BIRTH, MARRIAGE = LifeEvent("birth", date(2026, 5, 10)), LifeEvent("marriage", date(2026, 5, 1))
SENT = replace(DRAFT, status=Status.SUBMITTED, expires_on=None, submitted_on=date(2026, 5, 20))


def found(app: Application, c: Circumstances = MAY) -> dict[str, str]:
    return {one.kind.value: one.due_on.isoformat() for one in list_deadlines(app, c)}


def starting(app: Application, day: date, event: LifeEvent | None = None) -> Application:
    by = (event.kind, event.date) if event else ("", None)
    return replace(app, start=CoverageEffectiveDate(day, "because", "rule", *by))


def test_a_draft_expires() -> None:
    assert found(DRAFT) == {"draft_expiry": "2026-08-18"}


def test_a_failed_application_has_the_deadlines_of_a_draft() -> None:
    failed = replace(DRAFT, status=Status.FAILED, general=GeneralStep(True, (BIRTH,)))
    assert found(failed) == {"draft_expiry": "2026-08-18", "sep_window_end": "2026-07-09"}


def test_the_window_is_that_of_the_event_which_gave_the_date() -> None:
    both = replace(DRAFT, general=GeneralStep(True, (BIRTH, MARRIAGE)))
    assert found(both)["sep_window_end"] == "2026-07-09"
    assert found(starting(both, date(2026, 6, 1), MARRIAGE))["sep_window_end"] == "2026-06-30"


def test_an_event_that_the_exchange_alone_grants_opens_no_window() -> None:
    exchange_only = next(kind for kind, rule in PACK.life_events.items() if not rule.off_exchange)
    app = replace(DRAFT, general=GeneralStep(True, (LifeEvent(exchange_only, date(2026, 5, 10)),)))
    assert found(app) == {"draft_expiry": "2026-08-18"}


def test_open_enrollment_ends_for_drafts_without_a_special_enrollment_period() -> None:
    november = Circumstances(date(2026, 11, 10), PACK)
    without = replace(DRAFT, general=GeneralStep(special_enrollment=False))
    assert found(without, november)["open_enrollment_end"] == "2026-12-31"
    assert "open_enrollment_end" not in found(without)
    assert "open_enrollment_end" not in found(DRAFT, november)


@pytest.mark.parametrize(
    ("effective", "due"),
    [
        ("2026-06-01", "2026-07-01"),  # ahead: 30 days after it
        ("2026-05-21", "2026-06-20"),
        ("2026-05-20", "2026-06-19"),  # the day itself and earlier: 30 days after submission
        ("2026-04-10", "2026-06-19"),
    ],
)
def test_the_first_payment_is_due_30_days_after_the_later_of_effective_date_and_submission(
    effective: str, due: str
) -> None:
    assert found(starting(SENT, date.fromisoformat(effective))) == {"first_payment_due": due}


@pytest.mark.parametrize(
    ("status", "is_due"),
    [
        (PaymentStatus.SUCCESSFUL, False),
        (PaymentStatus.CANCELLED, False),
        (PaymentStatus.REFUND_DUE, False),
        (PaymentStatus.FAILED, True),
        (PaymentStatus.BILL_LATER, True),
        (PaymentStatus.NOT_STARTED, True),
        (None, True),
    ],
)
def test_a_payment_that_succeeded_is_due_no_more(status: PaymentStatus | None, is_due: bool) -> None:
    app = replace(starting(SENT, date(2026, 6, 1)), payment_status=status)
    assert ("first_payment_due" in found(app)) is is_due


def test_proof_is_due_until_it_came() -> None:
    paid = replace(starting(SENT, date(2026, 6, 1)), payment_status=PaymentStatus.SUCCESSFUL)
    assert found(replace(paid, document_due_on=date(2026, 6, 19))) == {"document_due": "2026-06-19"}
    assert found(paid) == {}


@pytest.mark.parametrize("status", [Status.SUBMITTING, Status.EXPIRED, Status.CANCELLED])
def test_an_application_that_ended_or_is_being_submitted_has_no_deadline(status: Status) -> None:
    app = replace(starting(SENT, date(2026, 6, 1)), status=status, expires_on=date(2026, 8, 18))
    assert found(replace(app, document_due_on=date(2026, 6, 19))) == {}
