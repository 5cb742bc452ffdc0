"""Domain: what a carrier's payment page is told about the subscriber. No social security number, no birth date."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date

from chassis.kernel import Money

# As carriers and the 834 (REF 6O) write it.
TRANSACTION_ID_DIGITS = 13


@dataclass(frozen=True, slots=True)
class MemberName:
    """Of one person who is covered; ``suffix`` may be empty."""

    first_name: str = field(repr=False)
    last_name: str = field(repr=False)
    suffix: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class SubscriberDetails:
    """The primary applicant of one application, and the plans that are paid for: medical before dental."""

    client_app_id: int
    # 16 characters, without a dash.
    plan_ids: tuple[str, ...]
    # Of a month, all plans together.
    monthly_premium: Money
    effective_date: date
    first_name: str = field(repr=False)
    middle_name: str = field(repr=False)
    last_name: str = field(repr=False)
    street: str = field(repr=False)
    unit: str = field(repr=False)
    city: str = field(repr=False)
    state: str
    zip_code: str = field(repr=False)
    email: str = field(repr=False)
    # Everybody who is covered, the subscriber first; nobody where the carrier does not ask for them.
    members: tuple[MemberName, ...] = ()


def payment_transaction_id(record_number: str) -> str:
    """The digits of "A-0638": what the carrier sends back, and the 834 names, so that both lead to one application."""
    digits = "".join(letter for letter in record_number if letter.isdigit())
    return digits.rjust(TRANSACTION_ID_DIGITS, "0")
