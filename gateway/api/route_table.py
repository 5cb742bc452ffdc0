"""The route table: every address of the API that answers with an rpc, and what its answers mean in HTTP."""

from __future__ import annotations

from google.protobuf.message import Message
from suite.enrollment.v1 import application_pb2

from gateway.api.routing import applications, clients, deadlines, documents, payments, providers, quotes, rules
from gateway.api.routing.route import Route

PREFIX = "/api/v1"
ROUTES: tuple[Route, ...] = (
    *quotes.ROUTES,
    *applications.ROUTES,
    *payments.ROUTES,
    *documents.ROUTES,
    *providers.ROUTES,
    *rules.ROUTES,
    *clients.ROUTES,
    *deadlines.ROUTES,
)


def success_status(route: Route, answer: Message) -> int:
    """202 while a submission is still under way: ask again with GET."""
    application = getattr(answer, "application", None)
    submitting = application_pb2.APPLICATION_STATUS_SUBMITTING
    if route.rpc.name == "SubmitApplication" and application and application.status == submitting:
        return 202
    return route.success
