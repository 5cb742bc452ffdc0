"""Domain: a change of contact details after submission, judged like the household step that it follows (R48-R51)."""

from __future__ import annotations

from datetime import datetime

from services.enrollment.domain.application import Application
from services.enrollment.domain.checks import household
from services.enrollment.domain.consents import with_consent_versions
from services.enrollment.domain.rule_pack import Circumstances
from services.enrollment.domain.step_updates import refuse_step
from services.enrollment.domain.steps import Address, Contact


def with_changed_contact(
    app: Application, contact: Contact, mailing_address: Address | None, c: Circumstances, now: datetime
) -> Application:
    """Raises InvalidInput that names every wrong or missing field. Nothing may be missing, since it was submitted."""
    if refusal := app.find_contact_change_refusal(c.today):
        raise refusal
    wrong = household.find_invalid_contact(contact, mailing_address, c)
    refuse_step([*wrong, *household.find_incomplete_contact(contact, mailing_address)])
    return app.with_contact(now, with_consent_versions(contact, c.pack), mailing_address)
