"""Ports of payment: what its use cases need from a store and from a payment processor."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum
from typing import Protocol

from chassis.kernel import Money, Problem, UnitOfWork
from services.payment.domain.attempt import CURRENCY, AccountType, Attempt, CardBrand, MethodKind, PaymentMethod
from services.payment.domain.autopay import AutopayMandate
from services.payment.domain.payment import Payment
from services.payment.domain.subscriber import SubscriberDetails


@dataclass(frozen=True, slots=True)
class CardDetails:
    """A typed card, on its way to the processor; it lives as long as the call, and no repr shows it."""

    number: str = field(repr=False)
    # Last month of validity: full year and month.
    expires: tuple[int, int] = field(repr=False)
    security_code: str = field(repr=False)
    brand: CardBrand


@dataclass(frozen=True, slots=True)
class BankDetails:
    """A typed bank account, on its way to the processor, likewise."""

    routing_number: str = field(repr=False)
    account_number: str = field(repr=False)
    account_type: AccountType
    # The name on the account.
    holder: str = field(repr=False)


class ChargeStatus(StrEnum):
    """What the processor says about a charge."""

    # It never received it: the charge was lost on the way and may be sent again under the same id.
    UNKNOWN = "unknown"
    PROCESSING = "processing"
    APPROVED = "approved"
    DECLINED = "declined"


NOTHING = Money(0)


@dataclass(frozen=True, slots=True)
class ChargeReport:
    """The processor's answer for one attempt.

    ``reason`` is its own word for a refusal, ``amount`` what it took or is about to take in ``currency`` (ISO 4217),
    ``reference`` what it calls the charge itself. A charge that it does not know has none of them.
    """

    attempt_id: str
    status: ChargeStatus
    reason: str = ""
    amount: Money = NOTHING
    currency: str = CURRENCY
    reference: str = ""


class Processor(Protocol):
    """A payment processor outside. All three raise Unavailable when it does not answer."""

    def tokenize(self, details: CardDetails | BankDetails) -> PaymentMethod:
        """Exchange typed numbers for a token; raises InvalidInput when it does not take them."""
        ...

    def charge(self, attempt: Attempt) -> None:
        """Ask for the money; the answer comes later. Idempotent by the attempt's id."""
        ...

    def get_charge(self, attempt_id: str) -> ChargeReport: ...


@dataclass(frozen=True, slots=True)
class HandoffForm:
    """What the payer's browser posts to another's payment page."""

    action: str
    fields: Mapping[str, str] = field(repr=False)


class HandoffPage(Protocol):
    """Another's payment page: it takes the payer and the money, and tells the outcome later."""

    @property
    def name(self) -> str:
        """Whom the payer reads about: the processor or the carrier."""
        ...

    @property
    def kind(self) -> MethodKind: ...

    def make_form(self, payment: Payment, attempt: Attempt, return_url: str) -> HandoffForm:
        """Good for one use and a short time; raises PageExpired when what it would say is gone."""
        ...


class Payments(Protocol):
    def find_payment(self, record_number: str) -> Payment | None: ...

    def lock_payment(self, record_number: str) -> Payment | None:
        """The payment, kept from others until the transaction ends."""
        ...

    def add_payment(self, payment: Payment) -> bool:
        """False when there is one of this record number already."""
        ...

    def save_payment(self, payment: Payment) -> None: ...

    def list_past_due(self, before: date, limit: int) -> list[str]:
        """Record numbers of payments that may still be paid, were due before the day and not told as overdue."""
        ...

    def save_mandate(self, mandate: AutopayMandate) -> None:
        """Keep it in the place of the application's earlier one."""
        ...

    def find_mandate(self, record_number: str) -> AutopayMandate | None:
        """None where autopay was never agreed to; one that was cancelled says so."""
        ...


class Attempts(Protocol):
    def find_attempt(self, attempt_id: str) -> Attempt | None: ...

    def add_attempt(self, attempt: Attempt) -> None: ...

    def save_attempt(self, attempt: Attempt) -> None: ...

    def count_attempts(self, record_number: str) -> int: ...

    def count_mismatched(self) -> int:
        """Attempts that were charged for another amount or currency, and wait for somebody to look at them."""
        ...

    def list_unanswered(self, sent_before: datetime, limit: int) -> list[Attempt]:
        """Charges that the processor may be asked about."""
        ...

    def list_handed_over(self, sent_before: datetime, limit: int) -> list[Attempt]:
        """Payers who were handed over to another's page, of which no outcome came."""
        ...

    def find_handoff(self, record_number: str, kind: MethodKind) -> Attempt | None:
        """The latest attempt of the kind."""
        ...


@dataclass(frozen=True, slots=True)
class PageSession:
    """Who sits before the payment page: known only by the link that brought them."""

    digest: str
    record_number: str
    # The attempt under review, empty before.
    attempt_id: str = ""
    # What was chosen on the form, sealed; empty before.
    form_draft: bytes = field(default=b"", repr=False)


@dataclass(frozen=True, slots=True)
class FormDraft:
    """What a payer chose on the form, by field, and what is wrong with it. No number of a card or account is in it."""

    choices: Mapping[str, str] = field(default_factory=dict, repr=False)
    problems: tuple[Problem, ...] = ()


class FormDraftEncryption(Protocol):
    """By a key that the payer's browser alone has: its session's secret."""

    def seal(self, draft: FormDraft, session_secret: str) -> bytes: ...

    def open(self, sealed: bytes, session_secret: str) -> FormDraft:
        """An empty one for what this secret does not open."""
        ...


class PaymentLinks(Protocol):
    """One-time links to the page, kept as digests of what the browser holds."""

    def add_link(self, digest: str, record_number: str, expires_at: datetime) -> None: ...

    def use_link(self, digest: str, now: datetime) -> str | None:
        """The record number, once; None when the link was used, has expired or never was."""
        ...

    def end_links(self, record_number: str, now: datetime) -> None:
        """The payment's links open nothing any more."""
        ...


class PageSessions(Protocol):
    """Sessions of the page, kept as digests of what the browser holds."""

    def add_session(self, session: PageSession, expires_at: datetime) -> None: ...

    def find_session(self, digest: str, now: datetime) -> PageSession | None: ...

    def set_attempt(self, digest: str, attempt_id: str) -> None: ...

    def set_form_draft(self, digest: str, sealed: bytes) -> None: ...

    def end_session(self, digest: str) -> None: ...

    def end_sessions(self, record_number: str) -> None:
        """All sessions of the payment."""
        ...


class Subscribers(Protocol):
    """Enrollment, which has the application; raises Unavailable when it does not answer."""

    def get_subscriber(self, record_number: str) -> SubscriberDetails: ...


class SubscriberEncryption(Protocol):
    """Keeps names and addresses unreadable in the database."""

    def seal(self, subscriber: SubscriberDetails, record_number: str) -> bytes: ...

    def open(self, sealed: bytes, record_number: str) -> SubscriberDetails | None:
        """None when the key has changed since."""
        ...


class KeptSubscribers(Protocol):
    """What carriers' pages are told about subscribers, sealed, until nobody can pay by it any more."""

    def keep_subscriber(self, record_number: str, sealed: bytes, expires_at: datetime) -> None:
        """In the place of the application's earlier one."""
        ...

    def find_subscriber(self, record_number: str, now: datetime) -> bytes | None: ...

    def delete_expired_subscribers(self, now: datetime) -> None: ...


class Webhooks(Protocol):
    def add_webhook(self, webhook_id: str, report: ChargeReport, now: datetime) -> bool:
        """False when this id was stored before."""
        ...

    def lock_unprocessed(self, webhook_id: str) -> ChargeReport | None:
        """The report, kept from others until the transaction ends; None when it was processed already."""
        ...

    def mark_processed(self, webhook_id: str, now: datetime) -> None: ...

    def list_unprocessed(self, stored_before: datetime, limit: int) -> list[str]: ...


class PaymentUnitOfWork(UnitOfWork, Protocol):
    """The open transaction, with the repositories of payment."""

    @property
    def payments(self) -> Payments: ...

    @property
    def attempts(self) -> Attempts: ...

    @property
    def payment_links(self) -> PaymentLinks: ...

    @property
    def page_sessions(self) -> PageSessions: ...

    @property
    def subscribers(self) -> KeptSubscribers: ...

    @property
    def webhooks(self) -> Webhooks: ...
