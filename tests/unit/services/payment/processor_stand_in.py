"""A stand-in for a processor's hosted payment page: it judges forms by the how-to, and by no code of the suite."""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Mapping
from datetime import datetime
from urllib.parse import quote

CURRENCIES = {"USD"}


class FormRefused(Exception):
    """Why the stand-in takes no payment by this form."""


class ProcessorStandIn:
    """Takes each form once, until it expires, as it was signed."""

    def __init__(self, key: bytes) -> None:
        self._key = key
        self._used: set[str] = set()

    def accept(self, form: Mapping[str, str], now: datetime) -> str:
        """Give the reference under which money would be taken."""
        pairs = (f"{quote(name)}={quote(form[name], safe='')}" for name in sorted(form) if name != "signature")
        expected = hmac.new(self._key, "&".join(pairs).encode(), hashlib.sha256).hexdigest()
        if not hmac.compare_digest(expected, form["signature"]):
            raise FormRefused("signature")
        if datetime.fromisoformat(form["expires_at"]) <= now:
            raise FormRefused("expired")
        if form["currency"] not in CURRENCIES:
            raise FormRefused("currency")
        if form["one_time_id"] in self._used:
            raise FormRefused("used")
        self._used.add(form["one_time_id"])
        return form["reference"]
