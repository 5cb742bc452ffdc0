"""Remote: the adapter to the sandbox processor (``python -m services.payment sandbox``).

A real processor gets an adapter of its own beside this one; nothing else changes.
"""

from __future__ import annotations

from typing import Any

import httpx

from chassis.kernel import InvalidInput, Money, Unavailable
from services.payment.domain.attempt import CURRENCY, Attempt, MethodKind, PaymentMethod
from services.payment.usecases.ports import BankDetails, CardDetails, ChargeReport, ChargeStatus

# A payer waits before the page for this; the processor answers in milliseconds when it is well.
TIMEOUT_SECONDS = 5.0


class SandboxProcessor:
    """Talks JSON over HTTP; what it says wrong becomes Unavailable, since a payer cannot fix it."""

    def __init__(self, url: str, transport: httpx.BaseTransport | None = None) -> None:
        # not by the proxy variables of the environment: typed numbers go to the processor and past nobody
        self._http = httpx.Client(base_url=url, timeout=TIMEOUT_SECONDS, transport=transport, trust_env=False)

    def tokenize(self, details: CardDetails | BankDetails) -> PaymentMethod:
        kind = MethodKind.CARD if isinstance(details, CardDetails) else MethodKind.BANK
        response = self._call("POST", "/v1/tokens", {"kind": kind.value, **_numbers(details)})
        if response.status_code == httpx.codes.UNPROCESSABLE_ENTITY:
            raise InvalidInput.at(
                _first_field(kind), "The payment processor did not accept this number. Check it and enter it again."
            )
        answer = _json(response, httpx.codes.CREATED)
        token, last_four = str(answer["token"]), str(answer["last_four"])
        if isinstance(details, CardDetails):
            return PaymentMethod(kind, token, last_four, brand=details.brand)
        return PaymentMethod(kind, token, last_four, account_type=details.account_type, holder=details.holder)

    def charge(self, attempt: Attempt) -> None:
        amount = {"amount_cents": attempt.amount.cents, "currency": CURRENCY}
        body = {"id": attempt.id, "token": attempt.method.token, **amount}
        _json(self._call("POST", "/v1/charges", body), httpx.codes.ACCEPTED)

    def get_charge(self, attempt_id: str) -> ChargeReport:
        response = self._call("GET", f"/v1/charges/{attempt_id}")
        if response.status_code == httpx.codes.NOT_FOUND:
            return ChargeReport(attempt_id, ChargeStatus.UNKNOWN)
        return report_to_domain(_json(response, httpx.codes.OK))

    def close(self) -> None:
        self._http.close()

    def _call(self, method: str, path: str, body: dict[str, Any] | None = None) -> httpx.Response:
        try:
            return self._http.request(method, path, json=body)
        except httpx.HTTPError:
            # without the cause: a transport error may carry the request, and the request typed numbers
            raise _away() from None


def report_to_domain(data: dict[str, Any]) -> ChargeReport:
    """A charge as the processor tells it, in answers and callbacks alike; raises ValueError or KeyError on others."""
    return ChargeReport(
        str(data["id"]),
        ChargeStatus(data["status"]),
        str(data.get("reason", "")),
        Money(_whole(data["amount_cents"])),
        str(data["currency"]),
        str(data["reference"]),
    )


def _whole(value: Any) -> int:
    if isinstance(value, bool) or not isinstance(value, int):
        raise ValueError("an amount is a whole number of cents")
    return value


def _numbers(details: CardDetails | BankDetails) -> dict[str, str]:
    if isinstance(details, CardDetails):
        year, month = details.expires
        return {
            "number": details.number,
            "expires": f"{year:04}-{month:02}",
            "security_code": details.security_code,
        }
    return {
        "routing_number": details.routing_number,
        "account_number": details.account_number,
        "account_type": details.account_type.value,
        "holder": details.holder,
    }


def _first_field(kind: MethodKind) -> str:
    return "card_number" if kind is MethodKind.CARD else "account_number"


def _json(response: httpx.Response, expected: int) -> dict[str, Any]:
    if response.status_code != expected:
        raise _away()
    answer: dict[str, Any] = response.json()
    return answer


def _away() -> Unavailable:
    return Unavailable("The payment processor is not responding. Try again in a minute.")
