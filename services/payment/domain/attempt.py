"""Domain: one try to pay, from review to the processor's answer. Knows tokens, never numbers."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum

from chassis.kernel import Money

# ISO 4217: premiums are charged in US dollars and nothing else.
CURRENCY = "USD"


class MethodKind(StrEnum):
    CARD = "card"
    BANK = "bank"
    # Chosen and typed at another's payment page, to which the payer was handed over.
    PROCESSOR_PAGE = "processor_page"
    CARRIER_PAGE = "carrier_page"


# Methods of which the suite learns nothing but the outcome.
OTHER_PAGES = frozenset({MethodKind.PROCESSOR_PAGE, MethodKind.CARRIER_PAGE})


class CardBrand(StrEnum):
    VISA = "visa"
    MASTERCARD = "mastercard"
    AMERICAN_EXPRESS = "american_express"
    DISCOVER = "discover"


class AccountType(StrEnum):
    """Of a bank account: an ACH debit names it, and one sent to the other type is returned by the bank."""

    CHECKING = "checking"
    SAVINGS = "savings"


class Payer(StrEnum):
    """Who pays, by the Third Party Payment Rules (R43, 45 CFR 156.1250); nobody else may pay a premium (R42)."""

    FAMILY = "family"
    RYAN_WHITE = "ryan_white"
    TRIBE = "tribe"
    GOVERNMENT = "government"
    FOUNDATION = "foundation"
    TRUSTEE = "trustee"
    EMPLOYER = "employer"
    PAYMENT_SERVICE = "payment_service"


_BRANDS = {
    CardBrand.VISA: "Visa",
    CardBrand.MASTERCARD: "Mastercard",
    CardBrand.AMERICAN_EXPRESS: "American Express",
    CardBrand.DISCOVER: "Discover",
}


@dataclass(frozen=True, slots=True)
class PaymentMethod:
    """What pays: the processor's token for it, and as much as people may see of it.

    ``brand`` is of a card, ``account_type`` and ``holder`` (the name on it) of a bank account; methods of an earlier
    release have none of them. Of another's payment page there is the kind alone.
    """

    kind: MethodKind
    token: str = ""
    last_four: str = ""
    brand: CardBrand | None = None
    account_type: AccountType | None = None
    holder: str = ""

    @property
    def label(self) -> str:
        if self.kind in OTHER_PAGES:
            return f"{self.kind.removesuffix('_page')}'s payment page"
        if self.kind is MethodKind.CARD:
            name = _BRANDS[self.brand] if self.brand else "card"
        else:
            name = f"{self.account_type} account" if self.account_type else "bank account"
        return f"{name} ending {self.last_four}"


class AttemptStatus(StrEnum):
    # Reviewed, not agreed to yet.
    DRAFT = "draft"
    SENT = "sent"
    APPROVED = "approved"
    DECLINED = "declined"
    # Approved for another amount or currency than was asked: a person has to look at it.
    MISMATCHED = "mismatched"
    # Handed over to another's page, which said nothing in time; it may still say that it was paid.
    EXPIRED = "expired"


@dataclass(frozen=True, slots=True)
class Attempt:
    """One charge. ``id`` is the idempotency key at the processor: one attempt takes money at most once."""

    id: str
    record_number: str
    amount: Money
    method: PaymentMethod
    # Shown from the review on (R91).
    confirmation_number: str
    created_at: datetime
    # The bank account that later premiums are to be taken from; autopay takes no card (R90).
    autopay: PaymentMethod | None = None
    # None of an earlier release, which did not ask.
    payer: Payer | None = None
    status: AttemptStatus = AttemptStatus.DRAFT
    sent_at: datetime | None = None
    # What the processor calls the charge; empty before it answered.
    reference: str = ""

    def __post_init__(self) -> None:
        if self.autopay is not None and self.autopay.kind is not MethodKind.BANK:
            raise ValueError("autopay takes a bank account only (R90)")

    @property
    def is_handed_over(self) -> bool:
        """The payer is at another's page, or on the way there."""
        return self.status is AttemptStatus.SENT and self.method.kind in OTHER_PAGES

    def sent(self, now: datetime) -> Attempt:
        return replace(self, status=AttemptStatus.SENT, sent_at=now)

    def answered(self, status: AttemptStatus, reference: str) -> Attempt:
        """The processor's answer; answers may come twice and out of order, so an approval is never taken back."""
        if self.status is AttemptStatus.APPROVED:
            return self
        return replace(self, status=status, reference=reference)
