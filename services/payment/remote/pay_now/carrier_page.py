"""A carrier's payment page, reached by pay-now."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from chassis.kernel import Clock
from services.payment.domain.attempt import Attempt, MethodKind
from services.payment.domain.payment import Payment
from services.payment.domain.subscriber import MemberName, SubscriberDetails, payment_transaction_id
from services.payment.remote.pay_now.profile import PayNowProfile
from services.payment.remote.pay_now.saml_response import write_response
from services.payment.remote.pay_now.signing_key import SigningKey
from services.payment.usecases.ports import HandoffForm

_SUBSCRIBER_ID_DIGITS = 10


@dataclass(frozen=True, slots=True)
class CarrierPage:
    """The port ``HandoffPage``. ``name`` is the carrier's; ``moments`` is the real time."""

    name: str
    profile: PayNowProfile
    key: SigningKey
    find_subscriber: Callable[[str], SubscriberDetails]
    moments: Clock
    kind: MethodKind = MethodKind.CARRIER_PAGE

    def make_form(self, payment: Payment, attempt: Attempt, return_url: str) -> HandoffForm:
        subscriber = self.find_subscriber(payment.record_number)
        values = self._values(attempt, subscriber, return_url)
        names = self.profile.attributes.model_dump()
        attributes = {names[key]: given for key, given in values.items() if names[key] and any(given)}
        attributes |= {name: [value] for name, value in self.profile.own_attributes.items()}
        response = write_response(self.profile, self.key, payment.record_number, attributes, self.moments.now())
        relay = {"RelayState": self.profile.relay_state} if self.profile.relay_state else {}
        return HandoffForm(self.profile.pay_url, {"SAMLResponse": response, **relay})

    def _values(self, attempt: Attempt, subscriber: SubscriberDetails, return_url: str) -> dict[str, Sequence[str]]:
        """By the profile's key. What is empty, such as a second line of the address, is not sent."""
        return {
            "payment_transaction_id": [payment_transaction_id(attempt.record_number)],
            "market_indicator": [self.profile.market_indicator],
            "plan_id": subscriber.plan_ids,
            "total_amount_owed": [str(attempt.amount)],
            "premium_total": [str(subscriber.monthly_premium)],
            "aptc_amount": ["0.00"],  # a matter of the exchange
            "effective_date": [self.profile.date_format.write(subscriber.effective_date)],
            "first_name": [subscriber.first_name],
            "middle_name": [subscriber.middle_name],
            "last_name": [subscriber.last_name],
            "street": [subscriber.street],
            "unit": [subscriber.unit],
            "city": [subscriber.city],
            "state": [subscriber.state],
            "zip_code": [subscriber.zip_code],
            "email": [subscriber.email],
            "subscriber_id": [str(subscriber.client_app_id).rjust(_SUBSCRIBER_ID_DIGITS, "0")],
            "return_url": [return_url],
            "consumer_id": [str(subscriber.client_app_id)],
            "members": [";".join(map(_write_name, subscriber.members))],
        }


def _write_name(name: MemberName) -> str:
    """No name of an application has a comma or a semicolon."""
    return f"{name.first_name},{name.last_name},{name.suffix}"
