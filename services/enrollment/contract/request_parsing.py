"""Contract: reads typed text out of a request and collects every problem of shape on the way."""

from __future__ import annotations

import re

from stdnum.us import ssn as us_ssn

from chassis.kernel.number_length import wrong_length
from chassis.mapping import Problems

_DIGITS = 9


class RequestParser(Problems):
    """Collects problems while a message is read; ``close`` raises them all at once."""

    def ssn(self, field: str, text: str) -> str:
        """Nine digits, of a number that could have been issued."""
        digits = re.sub(r"[\s-]", "", text)
        if digits and not re.fullmatch(r"[0-9]{9}", digits, re.ASCII):
            self.refuse(field, wrong_length("A Social Security number", _DIGITS, text), "R46")
            return ""
        if digits and not us_ssn.is_valid(digits):
            self.refuse(field, "Check the Social Security number. It is not a valid number.", "R46")
            return ""
        return digits
