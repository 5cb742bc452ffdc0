"""Page: routes, and what is shown when something is refused."""

from __future__ import annotations

from collections.abc import Callable

from starlette.applications import Starlette
from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import FileResponse, JSONResponse, RedirectResponse, Response
from starlette.routing import Route

from chassis import telemetry
from chassis.error_mapping import http_status_of
from chassis.kernel import DomainError
from services.payment.page.endpoints import PaymentEndpoints
from services.payment.page.http import RequestTelemetry, SecurityHeaders, build_security_headers
from services.payment.page.language import CODES, language_of, remember_language
from services.payment.page.views import HERE, Views
from services.payment.page.webhooks import WebhookReceiver
from services.payment.usecases.page_visits import PageExpired
from services.payment.web import BodyTooLarge

# Where somebody who chooses a language comes from: pages that a GET shows again.
_PAGES = ("/pay", "/pay/review", "/pay/continue", "/terms", "/language-assistance")
# The files change only with a release, and a release restarts the process; an hour of old looks harms nobody.
STATIC_HEADERS = {"Cache-Control": "public, max-age=3600"}


def build_app(endpoints: PaymentEndpoints, webhooks: WebhookReceiver, ready: Callable[[], None]) -> Starlette:
    """``ready`` raises when the page cannot work."""
    views = endpoints.views

    async def readyz(_request: Request) -> Response:
        try:
            await run_in_threadpool(ready)
        except Exception:  # whatever it is, the page is not ready
            return JSONResponse({"status": "failing", "failing": ["payment"]}, 503)
        return JSONResponse({"status": "ok", "failing": []})

    def in_language(request: Request, here: str) -> Views:
        return views.in_language(language_of(request), here)

    def is_paying(request: Request) -> bool:
        return endpoints.cookie.name in request.cookies

    def terms(request: Request) -> Response:
        return in_language(request, "/terms").terms(paying=is_paying(request))

    def language_assistance(request: Request) -> Response:
        return in_language(request, "/language-assistance").language_assistance(paying=is_paying(request))

    def choose_language(request: Request) -> Response:
        back = request.query_params.get("back", "")
        response = RedirectResponse(back if back in _PAGES else "/pay", 303)
        if (code := request.path_params["code"]) in CODES:
            remember_language(response, code, https=endpoints.cookie.https)
        return response

    routes = [
        Route("/pay", endpoints.form),
        Route("/pay", endpoints.enter_details, methods=["POST"]),
        Route("/pay/review", endpoints.review),
        Route("/pay/continue", endpoints.continue_elsewhere),
        Route("/pay/submit", endpoints.submit, methods=["POST"]),
        Route("/pay/cancel", endpoints.cancel, methods=["POST"]),
        Route("/pay/{token}", endpoints.enter),
        Route("/terms", terms),
        Route("/language-assistance", language_assistance),
        Route("/language/{code}", choose_language),
        Route("/language/{code}", endpoints.choose_language, methods=["POST"]),
        Route("/callbacks/sandbox", webhooks.processor, methods=["POST"]),
        Route("/callbacks/processor", webhooks.processor, methods=["POST"]),
        Route("/callbacks/carriers/{issuer_id}", webhooks.carrier, methods=["POST"]),
        Route("/static/page.css", _file("page.css")),
        Route("/static/icon.svg", _file("icon.svg")),
        Route("/livez", _livez),
        Route("/readyz", readyz),
    ]
    headers = build_security_headers(views.portal_url, https=endpoints.cookie.https)
    return Starlette(
        routes=routes,
        middleware=[Middleware(RequestTelemetry), Middleware(SecurityHeaders, headers=headers)],
        exception_handlers=_refusals(views, headers),
    )


def _refusals(views: Views, headers: dict[str, str]) -> dict[type[Exception], Callable[[Request, Exception], Response]]:
    def message(request: Request, title: str, text: str, status: int) -> Response:
        return views.in_language(language_of(request), "/pay").message(title, text, status)

    def refused(request: Request, error: Exception) -> Response:
        assert isinstance(error, DomainError)
        if isinstance(error, PageExpired):
            return message(request, "expired_title", error.message, 410)
        return message(request, "not_completed_title", error.message, http_status_of(error))

    def http(request: Request, error: Exception) -> Response:
        assert isinstance(error, HTTPException)
        text = "This page does not exist. Open the payment from the application again."
        title = "not_found_title" if error.status_code == 404 else "not_completed_title"
        response = message(request, title, text, error.status_code)
        response.headers.update(error.headers or {})
        return response

    def too_large(request: Request, _error: Exception) -> Response:
        text = "The form is too large. Open the payment page again."
        return message(request, "not_completed_title", text, 413)

    def broken(request: Request, error: Exception) -> Response:
        telemetry.get_logger().error("page failed", exc_info=error)
        text = "Check the payment status in the application before you try again."
        response = message(request, "broken_title", text, 500)
        response.headers.update(headers)  # Starlette answers faults outside of every middleware
        return response

    return {DomainError: refused, HTTPException: http, BodyTooLarge: too_large, Exception: broken}


def _file(name: str) -> Callable[[Request], Response]:
    def file(_request: Request) -> Response:
        return FileResponse(HERE / "static" / name, headers=STATIC_HEADERS)

    return file


async def _livez(_request: Request) -> Response:
    return JSONResponse({"status": "ok"})
