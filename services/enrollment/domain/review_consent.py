"""Domain: the record that a client reviewed an application and consented (45 CFR 155.220(j)(2)(ii)-(iii))."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from enum import StrEnum

from chassis.kernel import business_date

# 45 CFR 155.220(j)(2)(ii)(A)(2) and (iii)(C): "a minimum of ten years".
YEARS_KEPT = 10


class ReviewSigner(StrEnum):
    """In which role somebody signs."""

    APPLICANT = "applicant"
    AUTHORIZED_REPRESENTATIVE = "authorized_representative"
    GUARDIAN = "guardian"


class ReviewParty(StrEnum):
    """Who asked for a consent to be withdrawn."""

    CLIENT = "client"
    PRODUCER = "producer"


@dataclass(frozen=True, slots=True)
class ReviewedText:
    """A text that was read before signing."""

    kind: str
    version: str


@dataclass(frozen=True, slots=True)
class ReviewConsent:
    """Who signed what, when, in which language, by which link, with whose help."""

    review_id: str
    signed_at: datetime
    signer_name: str
    signer: ReviewSigner
    language: str
    # Hex SHA-256 of the canonical form of what was shown.
    sha256: str
    texts: tuple[ReviewedText, ...]
    producer_name: str
    writing_number: str
    # Of the social security numbers, person by person: of what was shown only the last four digits are. Empty for those
    # of earlier releases, of which nothing but what was shown is compared.
    ssn_fingerprints: tuple[str, ...] = field(default=(), repr=False)
    # Kept at the application alone: what was shown is still what it holds, as far as its last save tells.
    holds: bool = True
    withdrawn_at: datetime | None = None
    withdrawn_by: ReviewParty | None = None
    # Empty where none was known, and in records of earlier releases.
    producer_phone: str = ""
    producer_npn: str = ""

    @property
    def current(self) -> bool:
        return self.holds and self.withdrawn_at is None

    def keep_until(self, state: str) -> date:
        """Ten years from the day of the signature in the application's state; from 29 February until 1 March."""
        day = business_date(self.signed_at, state)
        try:
            return day.replace(year=day.year + YEARS_KEPT)
        except ValueError:
            return date(day.year + YEARS_KEPT, 3, 1)

    def withdraw(self, now: datetime, by: ReviewParty) -> ReviewConsent:
        """A second time changes nothing."""
        return self if self.withdrawn_at else replace(self, withdrawn_at=now, withdrawn_by=by)


def retention_start(now: datetime) -> datetime:
    """What last happened before that was kept for its years, in every time zone."""
    day = now - timedelta(days=1)
    try:
        return day.replace(year=day.year - YEARS_KEPT)
    except ValueError:  # 29 February
        return day.replace(year=day.year - YEARS_KEPT, day=28)
