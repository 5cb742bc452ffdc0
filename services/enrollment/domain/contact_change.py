"""Domain: how the applicant is reached after submission; the application itself stays as it was submitted."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from services.enrollment.domain.steps import Address, Contact


@dataclass(frozen=True, slots=True)
class ContactChange:
    """``number`` counts those of an application, from 1; ``changed_on``: business date in its state.

    ``mailing_address`` None is the same as home.
    """

    number: int
    changed_on: date
    contact: Contact
    mailing_address: Address | None
