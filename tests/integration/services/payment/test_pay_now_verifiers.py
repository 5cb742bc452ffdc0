"""What two SAML libraries that share no code make of our pay-now response."""

from __future__ import annotations

import base64
import re
from collections.abc import Callable
from datetime import timedelta

import pytest

from chassis.kernel import SystemClock
from services.payment.remote.pay_now.profile import PayNowProfile
from tests.integration.services.payment.carrier_stand_in import (
    CarrierStandIn,
    NodeSaml,
    PayNowRefused,
    Python3Saml,
    Verifier,
)
from tests.unit.services.payment.pay_now_samples import PROFILE, make_form, make_key

OTHERS = [Python3Saml, NodeSaml]
other = pytest.mark.parametrize("verifier", OTHERS, ids=["python3-saml", "node-saml"])
Make = Callable[..., Verifier]


def carrier(verifier: Make, *more: str, **options: str) -> CarrierStandIn:
    return CarrierStandIn(verifier(make_key().certificate, *more, **options))


def now_form(profile: PayNowProfile = PROFILE, late: timedelta = timedelta()) -> dict[str, str]:
    return make_form(SystemClock().now() - late, profile)


def altered(form: dict[str, str], change: Callable[[str], str]) -> dict[str, str]:
    before = base64.b64decode(form["SAMLResponse"]).decode()
    after = change(before)
    assert after != before
    return form | {"SAMLResponse": base64.b64encode(after.encode()).decode()}


def refusal(carrier: CarrierStandIn, form: dict[str, str]) -> str:
    with pytest.raises(PayNowRefused) as refused:
        carrier.accept(form)
    return str(refused.value).lower()


@other
def test_a_good_one_is_accepted_once(verifier: Make) -> None:
    paying, form = carrier(verifier), now_form()
    read = paying.accept(form)
    assert (read["Total Amount Owed"], read["Payment Transaction ID"]) == (["2091.40"], ["0000000000638"])
    assert read["Assigned QHP Identifier"] == ["99999TX076000100", "99999TX001000100"]
    assert read["Last Name"] == ["O'Sample & Núñez"]
    assert refusal(paying, form) == "used"
    paying.accept(now_form())


@other
def test_another_amount_is_refused(verifier: Make) -> None:
    assert "signature" in refusal(carrier(verifier), altered(now_form(), lambda text: text.replace("2091.40", "1.40")))


@other
def test_an_expired_one_is_refused(verifier: Make) -> None:
    carrier(verifier).accept(now_form(late=timedelta(seconds=PROFILE.valid_seconds - 60)))
    told = refusal(carrier(verifier), now_form(late=timedelta(seconds=PROFILE.valid_seconds + 5)))
    assert "expired" in told or "subjectconfirmation" in told


@other
def test_an_expiry_that_was_moved_is_refused(verifier: Make) -> None:
    late = now_form(late=timedelta(hours=1))
    moved = altered(late, lambda text: re.sub(r'NotOnOrAfter="2\d{3}', 'NotOnOrAfter="2199', text))
    assert "signature" in refusal(carrier(verifier), moved)


@other
def test_one_for_another_carrier_is_refused(verifier: Make) -> None:
    assert "audience" in refusal(carrier(verifier, "https://other-carrier.example"), now_form())


@other
def test_one_under_another_key_is_refused(verifier: Make) -> None:
    form = make_form(SystemClock().now(), key=make_key("stranger.example"))
    assert "signature" in refusal(carrier(verifier), form)


@other
def test_a_second_assertion_around_the_signed_one_is_refused(verifier: Make) -> None:
    """Signature wrapping: the signed assertion stays whole, and a forged one stands before it."""

    def wrap(text: str) -> str:
        signed = re.search(r"<saml:Assertion .*</saml:Assertion>", text, re.DOTALL)
        assert signed
        forged = re.sub(r"<ds:Signature.*</ds:Signature>", "", signed[0], flags=re.DOTALL)
        return text.replace(signed[0], forged.replace("2091.40", "1.40").replace('ID="_', 'ID="_f', 1) + signed[0])

    refusal(carrier(verifier), altered(now_form(), wrap))


@other
def test_one_without_a_signature_is_refused(verifier: Make) -> None:
    bare = altered(now_form(), lambda text: re.sub(r"<ds:Signature.*</ds:Signature>", "", text, flags=re.DOTALL))
    assert "sign" in refusal(carrier(verifier), bare)


@other
def test_a_carrier_may_want_the_response_signed(verifier: Make) -> None:
    profile = PROFILE.model_validate(PROFILE.model_dump() | {"signed": "response"})
    asks = carrier(verifier, signed="response")
    assert asks.accept(now_form(profile))["Total Amount Owed"] == ["2091.40"]
    assert "signature" in refusal(asks, altered(now_form(profile), lambda text: text.replace("2091.40", "1.40")))
