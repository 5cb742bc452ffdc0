"""The addresses of the pages."""

from __future__ import annotations

from starlette.routing import BaseRoute, Route

from gateway.edge.methods import Handler, dispatch_by_method
from gateway.pages import (
    api_guide,
    kept_form,
    login,
    organization_sign_in,
    overview_routes,
    session_state,
    shared,
    sign_in_code,
)
from gateway.pages.account import overview as account
from gateway.pages.account import password, two_step
from gateway.pages.application_details import (
    autopay,
    cancellation,
    contact,
    details,
    duplicates,
    payment,
    proofs,
    start,
    submission,
    termination,
)
from gateway.pages.application_details.client_reviews import CLIENT_REVIEW_ROUTES
from gateway.pages.enrollment import flow
from gateway.pages.quotes.routes import QUOTE_ROUTES
from gateway.pages.review.routes import REVIEW_ROUTES
from gateway.pages.static_files import build_static_route

_PAGES: dict[str, dict[str, Handler]] = {
    **overview_routes.ROUTES,
    "/sign-in": {"GET": login.sign_in_form, "POST": login.sign_in},
    **sign_in_code.ROUTES,
    **organization_sign_in.ROUTES,
    "/sign-out": {"POST": login.sign_out},
    "/session": {"GET": session_state.keep_alive, "POST": session_state.sign_in_again},
    **account.ROUTES,
    **password.ROUTES,
    **two_step.ROUTES,
    kept_form.PATH: {"GET": kept_form.show, "POST": kept_form.send_again},
    **QUOTE_ROUTES,
    "/applications/new": {"GET": start.show, "POST": start.start},
    "/applications/new/numbers": {"GET": start.find_numbers},
    "/applications/{record_number}": {"GET": details.details},
    **flow.ROUTES,
    "/applications/{record_number}/application.pdf": {"GET": details.pdf},
    "/applications/{record_number}/texts/{kind}/{version}": {"GET": details.text},
    **CLIENT_REVIEW_ROUTES,
    "/applications/{record_number}/pay": {"GET": payment.pay},
    "/applications/{record_number}/payment": {"GET": payment.payment_status},
    "/applications/{record_number}/autopay-cancellation": {"GET": autopay.show, "POST": autopay.cancel},
    "/applications/{record_number}/proof-documents": {"GET": proofs.show, "POST": proofs.add},
    "/applications/{record_number}/proof-documents/{document_id}": {"GET": proofs.download},
    "/applications/{record_number}/cancellation": {"GET": cancellation.show, "POST": cancellation.cancel},
    "/applications/{record_number}/termination": {"GET": termination.show, "POST": termination.terminate},
    "/applications/{record_number}/contact": {"GET": contact.show, "POST": contact.change},
    "/applications/{record_number}/duplicates": {"GET": duplicates.show, "POST": duplicates.explain},
    "/applications/{record_number}/submission-status": {"GET": submission.submission_status},
    "/applications/{record_number}/submission-failed": {"GET": submission.submission_failed},
    "/shared/{token}": {"GET": shared.show},
    **REVIEW_ROUTES,
    "/api": {"GET": api_guide.guide},
}


def build_page_routes() -> list[BaseRoute]:
    pages = [Route(path, dispatch_by_method(methods), methods=list(methods)) for path, methods in _PAGES.items()]
    return [*pages, build_static_route()]
