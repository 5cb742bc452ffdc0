"""Each address that takes a form is spoiled by the browser tests, or has a reason why there is nothing to spoil."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pytest
from starlette.routing import BaseRoute, Match, Route

from gateway.pages.page_routes import build_page_routes
from services.payment.page.app import build_app
from tests.browser import form_places as forms
from tests.browser.form_place import FormPlace

_BUTTON = "its form is a button, and what it is about stands in the address"
_LANGUAGE = "a button of the form that is spoiled: it keeps what was typed and judges nothing"
_PASSWORDS = "what is typed is a password or refused, and each wrong one is a try: test_passwords.py"
_CODES = "a code is right or refused, and each wrong one is a try: test_two_step_sign_in.py"
_AT = "/applications/{record_number}"
# A part of a page that a script asks for, or a form that is no page of its own: tests/browser/test_bad_requests.py.
SENT_BY_THEMSELVES = frozenset(
    {
        "/session",
        "/quotes/{quote_id}/plans",
        f"{_AT}/address-search",
        f"{_AT}/counties",
        f"{_AT}/steps/{{step}}/draft",
        f"{_AT}/steps/general/life-events/{{which}}/draft",
        f"{_AT}/steps/household/people/{{which}}/draft",
        f"{_AT}/steps/other-coverage/replaced/{{which}}/draft",
        f"{_AT}/steps/other-coverage/others/{{which}}/draft",
        f"{_AT}/steps/plans/list",
        f"{_AT}/steps/plans/check",
        f"{_AT}/steps/plans/providers",
        f"{_AT}/steps/plans/providers/{{person_id}}",
    }
)
NOTHING_TO_SPOIL = {
    "/sign-out": _BUTTON,
    "/kept-form": "it sends again what is kept, and the address that it was meant for judges that",
    "/account/ended-sessions": "a button with the id of one's own session",
    "/account/sign-out-elsewhere": _BUTTON,
    "/account/sign-out-everywhere": _BUTTON,
    "/account/password": _PASSWORDS,
    "/account/two-step": _CODES,
    "/account/two-step/off": _CODES,
    "/account/two-step/recovery-codes": _CODES,
    "/sign-in/code": _CODES,
    "/sign-in/two-step": _CODES,
    "/set-password/{token}": _PASSWORDS,
    "/notifications/read": _BUTTON,
    "/deadlines/calendars": _BUTTON,
    "/deadlines/calendars/revocations": "a button with the id of one's own calendar address",
    "/my-hierarchy/revocation": "a button with the delegation's own ids",
    "/quotes/{quote_id}/share-links/{link_id}/revoke": _BUTTON,
    "/quotes/{quote_id}/copies": _BUTTON,
    "/quotes/{quote_id}/archive": _BUTTON,
    "/quotes/{quote_id}/restore": _BUTTON,
    f"{_AT}/steps/household/people/{{which}}/remove": _BUTTON,
    f"{_AT}/submission": "a button with the version that the page showed",
    f"{_AT}/autopay-cancellation": _BUTTON,
    f"{_AT}/leave": "a button with the step that is left",
    f"{_AT}/reviews/{{review_id}}/revoke": _BUTTON,
    "/review/{token}/return": _BUTTON,
    "/review/{token}/confirm": "a button with the hash of what the page showed",
    "/review/{token}/language": _LANGUAGE,
    "/review/{token}/remarks/language": _LANGUAGE,
    "/review/{token}/sign/language": _LANGUAGE,
}
NOTHING_TO_SPOIL_IN_A_PAYMENT = {
    "/pay/cancel": _BUTTON,
    "/language/{code}": _LANGUAGE,
    "/callbacks/sandbox": "no form: the processor's signed callback",
    "/callbacks/processor": "no form: the same of a processor with a payment page",
    "/callbacks/carriers/{issuer_id}": "no form: the same of a carrier with a payment page",
}


def routes_of_forms(routes: list[BaseRoute]) -> set[str]:
    return {one.path for one in routes if isinstance(one, Route) and "POST" in (one.methods or ())}


def route_of(place: FormPlace, routes: list[BaseRoute]) -> str:
    """The route that a form's action leads to; none for a form that asks with GET."""
    if place.stored is forms.FILTERS:
        return ""
    scope = {"type": "http", "method": "POST", "path": place.action, "headers": []}
    found = (one for one in routes if isinstance(one, Route) and one.matches(scope)[0] == Match.FULL)
    return next((one.path for one in found), "")


def payment_routes() -> list[BaseRoute]:
    nothing: Any = SimpleNamespace(views=SimpleNamespace(portal_url=""), cookie=SimpleNamespace(https=False))
    for name in (
        "form",
        "enter_details",
        "review",
        "continue_elsewhere",
        "submit",
        "cancel",
        "enter",
        "choose_language",
    ):
        setattr(nothing, name, lambda _request: None)
    webhooks: Any = SimpleNamespace(processor=lambda _request: None, carrier=lambda _request: None)
    return build_app(nothing, webhooks, lambda: None).routes


@pytest.mark.parametrize(
    ("routes", "places", "others"),
    [
        (build_page_routes(), forms.PORTAL, SENT_BY_THEMSELVES | set(NOTHING_TO_SPOIL)),
        (payment_routes(), forms.PAYMENTS, set(NOTHING_TO_SPOIL_IN_A_PAYMENT)),
    ],
    ids=["portal", "payment page"],
)
def test_every_form_is_spoiled(routes: list[BaseRoute], places: tuple[FormPlace, ...], others: set[str]) -> None:
    spoiled = {route_of(place, routes) for place in places} - {""}
    assert spoiled | others == routes_of_forms(routes)
    assert not spoiled & others, "what is spoiled needs no reason"
