"""How the applicant is reached: phone, email, and a mailing address that is not the home address (R48, R49)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from chassis.kernel import Problem
from gateway.pages.enrollment.step import find_unasked
from gateway.pages.forms.form_values import Values

MAILING = tuple(f"mailing_address.{name}" for name in ("street", "unit", "city", "state", "zip"))
CONTACT = ("contact.phone", "contact.phone_type", "contact.email")
# A question of the page that no field of the contract answers by itself: whether the part is there at all.
MAILING_DIFFERS = "mailing_differs"

_UNASKED = "A mailing address is entered below. Answer Yes, or clear it."


def answer_mailing_differs(message: Any) -> str:
    """As it is saved."""
    return "yes" if message.HasField("mailing_address") else "no"


def prepare_mailing_address(message: Any, values: Values, saved: Values) -> tuple[Sequence[str], list[Problem]]:
    """The fields to put into the message's mailing address; where it is the home address, none, and it is cleared."""
    if values.get(MAILING_DIFFERS) == "yes":
        message.mailing_address.SetInParent()
        return MAILING, []
    message.ClearField("mailing_address")
    return (), find_unasked(MAILING_DIFFERS, MAILING, values, saved, _UNASKED)
