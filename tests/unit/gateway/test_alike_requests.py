"""Requests that many send alike are read and rendered once; every one of them still goes to the service."""

from __future__ import annotations

import asyncio
import json
from types import SimpleNamespace
from typing import Any

import pytest
from google.protobuf.message import Message
from starlette.requests import Request
from starlette.responses import Response
from suite.quote.v1 import quote_pb2
from suite.quote.v1 import quote_service_pb2 as pb

from chassis.kernel import InvalidInput
from gateway.api import alike
from gateway.api.alike import LONGEST_KEPT, AlikeRequests
from gateway.api.endpoint import to_response
from gateway.api.route_table import ROUTES
from gateway.edge.problems import HttpProblem

ROUTE = next(route for route in ROUTES if route.path == "/plan-searches")
BODY = {"state": "IL", "zip": "60601", "members": [{"relationship": "self", "date_of_birth": "1984-03-02"}]}


class FakeQuote:
    """Answers with the ZIP that it was asked for, and counts."""

    def __init__(self) -> None:
        self.asked: list[Message] = []
        self.refusal: InvalidInput | None = None
        self.plans = 1

    async def call_for_bytes(self, _rpc: Any, request: Any, caller: str) -> bytes:
        assert caller == "the caller"
        self.asked.append(request)
        if self.refusal:
            raise self.refusal
        plans = [quote_pb2.PricedPlan()] * self.plans
        return bytes(pb.SearchPlansResponse(plans=plans, next_page_token=request.zip).SerializeToString())


@pytest.fixture
def quote(monkeypatch: pytest.MonkeyPatch) -> FakeQuote:
    fake = FakeQuote()

    async def session(_request: Request) -> Any:
        return SimpleNamespace(user=SimpleNamespace(caller="the caller"))

    monkeypatch.setattr(alike, "require_session", session)
    monkeypatch.setattr(alike, "get_gateway", lambda _request: SimpleNamespace(services=fake))
    return fake


@pytest.fixture
def rendered(monkeypatch: pytest.MonkeyPatch) -> list[Any]:
    """The replies that were made into JSON."""
    seen: list[Any] = []

    def render(route: Any, reply: Any) -> Response:
        seen.append(reply)
        return to_response(route, reply)

    monkeypatch.setattr(alike, "to_response", render)
    return seen


def posted(body: Any, query: bytes = b"") -> Request:
    content = body if isinstance(body, bytes) else json.dumps(body).encode()

    async def receive() -> dict[str, Any]:
        return {"type": "http.request", "body": content}

    headers = [(b"content-type", b"application/json")]
    return Request({"type": "http", "method": "POST", "query_string": query, "headers": headers}, receive)


def ask(handler: AlikeRequests, request: Request) -> Response:
    return asyncio.run(handler(request))


def test_same_request_is_asked_again_and_rendered_once(quote: FakeQuote, rendered: list[Any]) -> None:
    handler = AlikeRequests(ROUTE)
    first, second = [ask(handler, posted(BODY)) for _ in range(2)]
    assert len(quote.asked) == 2 and quote.asked[0] is quote.asked[1] and len(rendered) == 1
    assert first.body == second.body == to_response(ROUTE, rendered[0]).body
    assert first.headers["content-type"] == "application/json" and first is not second


def test_another_answer_to_the_same_request_is_the_one_that_is_sent(quote: FakeQuote) -> None:
    handler = AlikeRequests(ROUTE)
    counts = []
    for quote.plans in (1, 3, 1):
        counts.append(len(json.loads(bytes((ask(handler, posted(BODY))).body))["plans"]))
    assert counts == [1, 3, 1]


def test_another_request_is_another(quote: FakeQuote) -> None:
    handler = AlikeRequests(ROUTE)
    answers = [
        json.loads(bytes((ask(handler, posted(BODY | {"zip": zip_code}))).body)) for zip_code in ("60601", "60602")
    ]
    assert [answer["next_page_token"] for answer in answers] == ["60601", "60602"]


def test_refusals_are_asked_for_each_time(quote: FakeQuote) -> None:
    handler = AlikeRequests(ROUTE)
    quote.refusal = InvalidInput.at("zip", "Enter a ZIP code of Illinois.")
    assert (ask(handler, posted(BODY))).status_code == 422
    quote.refusal = None
    assert (ask(handler, posted(BODY))).status_code == 200


@pytest.mark.parametrize(("body", "query", "status"), [(b"{", b"", 400), (BODY, b"page=2", 422)])
def test_what_is_wrong_is_refused_before_the_service_is_asked(
    quote: FakeQuote, body: Any, query: bytes, status: int
) -> None:
    handler = AlikeRequests(ROUTE)
    for _ in range(2):
        with pytest.raises(HttpProblem) as refused:
            ask(handler, posted(body, query))
        assert refused.value.status == status
    assert not quote.asked


def test_long_answers_are_not_kept(quote: FakeQuote, rendered: list[Any]) -> None:
    handler, quote.plans = AlikeRequests(ROUTE), LONGEST_KEPT
    for _ in range(2):
        ask(handler, posted(BODY))
    assert len(rendered) == 2


def test_only_answers_without_version_address_and_file_are_kept() -> None:
    alike_routes = [route for route in ROUTES if route.asked_alike]
    assert ROUTE in alike_routes
    for route in alike_routes:
        assert not (route.query or route.path_fields or route.creates or route.versioned or route.public)
        assert not (
            route.location or route.produces or route.basis_rpc or route.precondition_rpc or route.body_optional
        )
        assert "version" not in route.rpc.output_type.fields_by_name and not route.unwrapped
