"""Payment's ports in memory."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime

from chassis.kernel import Unavailable
from services.payment.domain.attempt import Attempt, AttemptStatus, MethodKind, PaymentMethod
from services.payment.domain.autopay import AutopayMandate
from services.payment.domain.payment import Payment
from services.payment.usecases.ports import BankDetails, CardDetails, ChargeReport, ChargeStatus, PageSession
from tests.fakes.unit_of_work import FakeUnitOfWork


class FakePayments:
    def __init__(self) -> None:
        self.rows: dict[str, Payment] = {}
        self.mandates: dict[str, AutopayMandate] = {}

    def find_payment(self, record_number: str) -> Payment | None:
        return self.rows.get(record_number)

    lock_payment = find_payment

    def add_payment(self, payment: Payment) -> bool:
        return self.rows.setdefault(payment.record_number, payment) is payment

    def save_payment(self, payment: Payment) -> None:
        self.rows[payment.record_number] = payment

    def list_past_due(self, before: date, limit: int) -> list[str]:
        due = [(one.terms.due_on, one) for one in self.rows.values() if one.is_payable and not one.overdue]
        return [one.record_number for day, one in due if day and day < before][:limit]

    def save_mandate(self, mandate: AutopayMandate) -> None:
        self.mandates[mandate.record_number] = mandate

    def find_mandate(self, record_number: str) -> AutopayMandate | None:
        return self.mandates.get(record_number)


class FakeAttempts:
    def __init__(self) -> None:
        self.rows: dict[str, Attempt] = {}

    def find_attempt(self, attempt_id: str) -> Attempt | None:
        return self.rows.get(attempt_id)

    def add_attempt(self, attempt: Attempt) -> None:
        self.rows[attempt.id] = attempt

    save_attempt = add_attempt

    def count_attempts(self, record_number: str) -> int:
        return sum(attempt.record_number == record_number for attempt in self.rows.values())

    def count_mismatched(self) -> int:
        return sum(attempt.status is AttemptStatus.MISMATCHED for attempt in self.rows.values())

    def list_unanswered(self, sent_before: datetime, limit: int) -> list[Attempt]:
        sent = [attempt for attempt in self.rows.values() if attempt.status is AttemptStatus.SENT]
        charged = [attempt for attempt in sent if not attempt.is_handed_over]
        return [attempt for attempt in charged if attempt.sent_at and attempt.sent_at < sent_before][:limit]

    def list_handed_over(self, sent_before: datetime, limit: int) -> list[Attempt]:
        gone = [attempt for attempt in self.rows.values() if attempt.is_handed_over]
        return [attempt for attempt in gone if attempt.sent_at and attempt.sent_at < sent_before][:limit]

    def find_handoff(self, record_number: str, kind: MethodKind) -> Attempt | None:
        found = [one for one in self.rows.values() if one.record_number == record_number and one.method.kind is kind]
        return found[-1] if found else None


class FakePaymentLinks:
    def __init__(self) -> None:
        self.links: dict[str, tuple[str, datetime]] = {}

    def add_link(self, digest: str, record_number: str, expires_at: datetime) -> None:
        self.links[digest] = record_number, expires_at

    def end_links(self, record_number: str, now: datetime) -> None:
        self.links = {key: link for key, link in self.links.items() if link[0] != record_number}

    def use_link(self, digest: str, now: datetime) -> str | None:
        record_number, expires_at = self.links.pop(digest, ("", now))
        return record_number if expires_at > now else None


class FakePageSessions:
    def __init__(self) -> None:
        self.sessions: dict[str, tuple[PageSession, datetime]] = {}

    def add_session(self, session: PageSession, expires_at: datetime) -> None:
        self.sessions[session.digest] = session, expires_at

    def find_session(self, digest: str, now: datetime) -> PageSession | None:
        found = self.sessions.get(digest)
        return found[0] if found and found[1] > now else None

    def set_attempt(self, digest: str, attempt_id: str) -> None:
        session, expires_at = self.sessions[digest]
        self.sessions[digest] = replace(session, attempt_id=attempt_id), expires_at

    def set_form_draft(self, digest: str, sealed: bytes) -> None:
        session, expires_at = self.sessions[digest]
        self.sessions[digest] = replace(session, form_draft=sealed), expires_at

    def end_session(self, digest: str) -> None:
        self.sessions.pop(digest, None)

    def end_sessions(self, record_number: str) -> None:
        self.sessions = {key: one for key, one in self.sessions.items() if one[0].record_number != record_number}


class FakeKeptSubscribers:
    def __init__(self) -> None:
        self.rows: dict[str, tuple[bytes, datetime]] = {}

    def keep_subscriber(self, record_number: str, sealed: bytes, expires_at: datetime) -> None:
        self.rows[record_number] = sealed, expires_at

    def find_subscriber(self, record_number: str, now: datetime) -> bytes | None:
        sealed, expires_at = self.rows.get(record_number, (None, now))
        return sealed if expires_at > now else None

    def delete_expired_subscribers(self, now: datetime) -> None:
        self.rows = {key: one for key, one in self.rows.items() if one[1] > now}


class FakeWebhooks:
    def __init__(self) -> None:
        self.rows: dict[str, tuple[ChargeReport, datetime]] = {}
        self.processed: set[str] = set()

    def add_webhook(self, webhook_id: str, report: ChargeReport, now: datetime) -> bool:
        known = webhook_id in self.rows
        self.rows.setdefault(webhook_id, (report, now))
        return not known

    def lock_unprocessed(self, webhook_id: str) -> ChargeReport | None:
        return None if webhook_id in self.processed else self.rows[webhook_id][0]

    def mark_processed(self, webhook_id: str, now: datetime) -> None:
        self.processed.add(webhook_id)

    def list_unprocessed(self, stored_before: datetime, limit: int) -> list[str]:
        return [key for key, (_, at) in self.rows.items() if key not in self.processed and at < stored_before]


class FakeWork(FakeUnitOfWork):
    def __init__(self) -> None:
        super().__init__()
        self.payments = FakePayments()
        self.attempts = FakeAttempts()
        self.payment_links = FakePaymentLinks()
        self.page_sessions = FakePageSessions()
        self.subscribers = FakeKeptSubscribers()
        self.webhooks = FakeWebhooks()


class FakeProcessor:
    """Remembers what it was asked; ``away`` makes it fail after it took the charge, as a lost answer would."""

    def __init__(self) -> None:
        self.charged: list[str] = []
        self.answers: dict[str, ChargeReport] = {}
        self.away = False

    def tokenize(self, details: CardDetails | BankDetails) -> PaymentMethod:
        if isinstance(details, CardDetails):
            return PaymentMethod(MethodKind.CARD, "tok_card", details.number[-4:])
        return PaymentMethod(MethodKind.BANK, "tok_bank", details.account_number[-4:])

    def charge(self, attempt: Attempt) -> None:
        self.charged.append(attempt.id)
        if self.away:
            raise Unavailable("away")

    def get_charge(self, attempt_id: str) -> ChargeReport:
        return self.answers.get(attempt_id, ChargeReport(attempt_id, ChargeStatus.UNKNOWN))
