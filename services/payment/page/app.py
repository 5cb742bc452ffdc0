"""Page: routes, and what is shown when something is refused."""

from __future__ import annotations

from collections.abc import Callable

from starlette.applications import Starlette
from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import FileResponse, JSONResponse, Response
from starlette.routing import Route

from chassis import telemetry
from chassis.error_mapping import http_status_of
from chassis.kernel import DomainError
from services.payment.page.endpoints import PaymentEndpoints
from services.payment.page.http import SecurityHeaders
from services.payment.page.views import HERE, Views
from services.payment.page.webhooks import WebhookReceiver
from services.payment.usecases.page_visits import PageExpired
from services.payment.web import BodyTooLarge

# The files change only with a release, and a release restarts the process; an hour of old looks harms nobody.
NOT_COMPLETED = "We could not complete your request"
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

    routes = [
        Route("/pay", endpoints.form),
        Route("/pay", endpoints.enter_details, methods=["POST"]),
        Route("/pay/review", endpoints.review),
        Route("/pay/submit", endpoints.submit, methods=["POST"]),
        Route("/pay/cancel", endpoints.cancel, methods=["POST"]),
        Route("/pay/{token}", endpoints.enter),
        Route("/terms", _text(views, "terms.html")),
        Route("/language-assistance", _text(views, "language.html")),
        Route("/callbacks/sandbox", webhooks.__call__, methods=["POST"]),
        Route("/static/page.css", _file("page.css")),
        Route("/static/icon.svg", _file("icon.svg")),
        Route("/livez", _livez),
        Route("/readyz", readyz),
    ]
    headers = Middleware(SecurityHeaders, portal_url=views.portal_url, https=endpoints.cookie.https)
    return Starlette(routes=routes, middleware=[headers], exception_handlers=_refusals(views))


def _refusals(views: Views) -> dict[type[Exception], Callable[[Request, Exception], Response]]:
    def refused(_request: Request, error: Exception) -> Response:
        assert isinstance(error, DomainError)
        if isinstance(error, PageExpired):
            return views.message("This payment page has expired", error.message, 410)
        return views.message(NOT_COMPLETED, error.message, http_status_of(error))

    def http(_request: Request, error: Exception) -> Response:
        assert isinstance(error, HTTPException)
        text = "This page does not exist. Open the payment from the application again."
        title = "Page not found" if error.status_code == 404 else NOT_COMPLETED
        response = views.message(title, text, error.status_code)
        response.headers.update(error.headers or {})
        return response

    def too_large(_request: Request, _error: Exception) -> Response:
        return views.message(NOT_COMPLETED, "The form is too large. Open the payment page again.", 413)

    def broken(_request: Request, error: Exception) -> Response:
        telemetry.get_logger().error("page failed", exc_info=error)
        return views.message(
            "Something went wrong on our side",
            "Check the payment status in the application before you try again.",
            500,
        )

    return {DomainError: refused, HTTPException: http, BodyTooLarge: too_large, Exception: broken}


def _text(views: Views, name: str) -> Callable[[Request], Response]:
    def page(_request: Request) -> Response:
        return views.text(name)

    return page


def _file(name: str) -> Callable[[Request], Response]:
    def file(_request: Request) -> Response:
        return FileResponse(HERE / "static" / name, headers=STATIC_HEADERS)

    return file


async def _livez(_request: Request) -> Response:
    return JSONResponse({"status": "ok"})
