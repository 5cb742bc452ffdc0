"""Remote: a processor's hosted payment page, to which the payer's browser posts a signed form.

``signature`` is the HMAC-SHA256, in hex, over all other fields: sorted by name, percent-encoded as ``name=value`` and
joined by ``&``. The payer holds the form, so the processor has to refuse what is altered, expired or used before.
"""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, timedelta
from urllib.parse import quote, urlencode

from chassis.kernel import Clock
from services.payment.domain.attempt import CURRENCY, Attempt, MethodKind
from services.payment.domain.payment import Payment
from services.payment.usecases.one_time_secrets import create_secret
from services.payment.usecases.ports import HandoffForm

# Time to read the page and press the button, as for a link to the page; a form that is kept is of no use afterwards.
FORM_LIFE = timedelta(minutes=10)


@dataclass(frozen=True, slots=True)
class HostedPage:
    """The port ``HandoffPage``. ``name`` is how payers know the processor; ``moments`` is the real time."""

    name: str
    url: str
    key: bytes = field(repr=False)
    moments: Clock
    kind: MethodKind = MethodKind.PROCESSOR_PAGE

    def make_form(self, payment: Payment, attempt: Attempt, return_url: str) -> HandoffForm:
        expires = (self.moments.now() + FORM_LIFE).astimezone(UTC)
        fields = {
            "amount": f"{attempt.amount.dollars:.2f}",
            "currency": CURRENCY,
            "reference": attempt.id,
            "confirmation_number": attempt.confirmation_number,
            "return_url": return_url,
            "expires_at": expires.strftime("%Y-%m-%dT%H:%M:%SZ"),
            "one_time_id": create_secret(),
        }
        return HandoffForm(self.url, {**fields, "signature": sign_fields(self.key, fields)})


def sign_fields(key: bytes, fields: Mapping[str, str]) -> str:
    text = urlencode(sorted(fields.items()), quote_via=quote)
    return hmac.new(key, text.encode(), hashlib.sha256).hexdigest()
