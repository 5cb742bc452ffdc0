"""Every field of every message of every contract crosses the HTTP API, or stands here with the reason why not.

Requests go as a client sends them (path, query, headers, JSON or a file) through Starlette to the message of the rpc;
answers go to the bytes of the response and are read back by ``tests.api_json``, which shares nothing with the gateway.
"""

from __future__ import annotations

import dataclasses
import json
from collections.abc import Iterator
from typing import Any

import orjson
import pytest
from google.protobuf.descriptor import MethodDescriptor
from google.protobuf.message import Message
from google.protobuf.message_factory import GetMessageClass
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route as StarletteRoute
from starlette.testclient import TestClient
from suite.enrollment.v1 import steps_pb2

from chassis.contract import is_flattened
from gateway.api import from_json as reader
from gateway.api import to_json as writer
from gateway.api.endpoint import to_request, to_response
from gateway.api.route_table import ROUTES
from gateway.api.routing.route import WHOLE, Route
from gateway.api.to_json import to_json
from tests.api_json import read_answer
from tests.contract_fields import SERVICES, contract_files, differences, every_field, every_message, filled_fields
from tests.filled_messages import filled_messages

NOT_ON_THE_API = {
    "PriceSelection": "enrollment prices an application again with it, over the bus",
    "PriceCensus": "a stream for back offices, over gRPC alone",
    "GetProposal": "documents makes the proposal of it, over the bus",
    "ConfirmPayable": "the gateway asks it before CreatePaymentLink; its request is the address of that route",
    "GetSubmission": "documents writes a carrier's files of it, over the bus",
    "GetRatingBasis": "the gateway asks it before SearchPlans; its request is the address of that route",
    "AssignProviders": "a step of the submission, over the bus",
    "CheckProviders": "enrollment asks it before the submission, over the bus",
    "OpenPayment": "a step of the submission, over the bus",
    "ListApplicants": "the portal's own list of notifications keeps no names",
    "OpenReview": "the pages of the client, who holds a link and is no user of the API",
    "ReadReview": "as OpenReview",
    "SaveReviewRemark": "as OpenReview",
    "ReturnReview": "as OpenReview",
    "SignReview": "as OpenReview",
    "WithdrawReview": "as OpenReview",
}
"""Rpcs that no route calls, each with its reason."""
NOT_SENT = {
    "suite.documents.v1.GetProposalPdfRequest.contact_email": "a producer who asks is printed with the own address; "
    "the quote service, which sends proposals by email, asks over the bus",
    "suite.enrollment.v1.GetApplicationRequest.with_self_identification": "people always get the answers; a service "
    "that prints them asks over the bus",
    "suite.enrollment.v1.SaveStepRequest.validate_only": "the portal's forms need it; here a refusal names all faults",
    "suite.enrollment.v1.SaveStepRequest.missing_in": "as validate_only; here readiness names what is missing",
    "suite.quote.v1.CreateQuoteRequest.validate_only": "as SaveStepRequest.validate_only",
}
"""Fields of requests that no route of their rpc fills, each with its reason."""
NOT_ANSWERED = {
    "suite.documents.v1.GetApplicationPdfResponse.sha256": "the answer is the file alone",
    "suite.documents.v1.GetApplicationPdfResponse.rendered_at": "the answer is the file alone",
}
"""Fields of answers that no route of their rpc gives, each with its reason."""

CALLED = {route.rpc.full_name: route.rpc for route in ROUTES}


def lost_in_answer(message: Message) -> list[tuple[str, str]]:
    received = read_answer(type(message), json.loads(orjson.dumps(to_json(message))))
    lost = list(differences(message, received))
    assert lost or received == message, "something came back that was not sent"
    return lost


def sent_and_received(route: Route, message: Message) -> Message:
    """What the rpc gets when a client sends ``message`` to the route."""
    got: list[Message] = []

    async def endpoint(request: Request) -> Response:
        got.append(await to_request(route, request))
        return Response()

    client = TestClient(Starlette(routes=[StarletteRoute(route.path, endpoint, methods=[route.verb])]))
    written = to_json(message)
    headers = {
        name: f"{written[field]}"
        for name, field in (("Idempotency-Key", "idempotency_key"), ("If-Match", "version"))
        if field in written
    }
    client.request(
        route.verb,
        route.path.format(**{"record_number": "A-0638"} | written),
        params=query_of(route, written),
        headers=headers | ({"Content-Type": written["media_type"]} if route.consumes else {}),
        **body_of(route, message, written),
    )
    return got[0]


def query_of(route: Route, written: dict[str, Any]) -> dict[str, list[str]]:
    own_words = {word: alias for alias, word in route.aliases.items()}
    found = {name: deep(written, path) for name, path in route.query.items()}
    lists = {name: value if isinstance(value, list) else [value] for name, value in found.items()}
    as_text = {name: [as_query_text(one) for one in values] for name, values in lists.items()}
    return {name: [own_words.get(text, text) for text in texts] for name, texts in as_text.items()}


def as_query_text(value: Any) -> str:
    return json.dumps(value) if isinstance(value, bool) else str(value)


def deep(written: Any, path: str) -> Any:
    for name in path.split("."):
        written = written[name]
    return written


def body_of(route: Route, message: Any, written: dict[str, Any]) -> dict[str, Any]:
    if route.body is None:
        return {}
    if route.consumes:
        return {"content": getattr(message, route.body)}
    if route.body != WHOLE:
        return {"json": written[route.body]}
    return {"json": {name: value for name, value in written.items() if name not in route.fields_elsewhere}}


def requests_for(route: Route) -> Iterator[Any]:
    """Filled ones that the route can carry: with its step, and with a kind of file that it takes."""
    for turn, message in enumerate(filled_messages(route.rpc.input_type)):
        if route.consumes:
            setattr(message, "media_type", route.consumes[turn % len(route.consumes)])  # noqa: B010  # not in Message
        if route.body in (None, WHOLE) or route.consumes or message.HasField(route.body):
            yield message


def lost_in_requests(route: Route) -> set[str]:
    """Full names of fields that are sent and do not arrive by this route."""
    return {
        name
        for message in requests_for(route)
        for name, _ in differences(message, sent_and_received(route, message))
        if name not in of_other_routes(route)
    }


def of_other_routes(route: Route) -> set[str]:
    """The other choices of a oneof, where each has an address of its own."""
    own = route.rpc.input_type.fields_by_name.get(route.body or "")
    oneof = own.containing_oneof if own else None
    return {field.full_name for field in oneof.fields if field is not own} if oneof else set()


def lost_in_answers(route: Route) -> set[str]:
    """Full names of fields that the rpc answers and this route does not tell."""
    return {
        name
        for message in filled_messages(route.rpc.output_type)
        for name, _ in differences(message, told(route, message))
    }


def told(route: Route, message: Any) -> Message:
    """What a client knows of the answer, from the body and the headers of a file."""
    response, known = to_response(route, message), GetMessageClass(route.rpc.output_type)()
    if route.produces:
        return told_by_file(response, known)
    if not response.body:
        return known
    answer = json.loads(bytes(response.body))
    if not route.unwrapped:
        return read_answer(type(known), answer)
    inner: Any = getattr(known, route.unwrapped)
    inner.CopyFrom(read_answer(type(inner), answer))
    return known


def told_by_file(response: Response, known: Any) -> Message:
    known.content = bytes(response.body)
    known.file_name = response.headers["content-disposition"].split('"')[1]
    if "media_type" in known.DESCRIPTOR.fields_by_name:
        known.media_type = response.media_type
    return known  # type: ignore[no-any-return]  # the message that was given


@pytest.mark.parametrize("service", ["common", *SERVICES])
def test_every_field_of_every_message_returns_from_the_json_of_an_answer(service: str) -> None:
    for kind in every_message(service):
        messages = filled_messages(kind)
        unfilled = sorted(every_field(kind) - filled_fields(messages))
        assert not unfilled, f"tests/filled_messages.py fills no {', '.join(unfilled)}: give it a value for that type"
        lost = sorted({name for message in messages for name, _ in lost_in_answer(message)})
        assert not lost, f"gateway/api/to_json.py does not write {', '.join(lost)}: add its kind of field there"


def test_empty_message_has_no_lost_field() -> None:
    for kind in every_message():
        if not any(is_flattened(field) for field in kind.fields):
            assert lost_in_answer(GetMessageClass(kind)()) == []


@pytest.mark.parametrize("method", CALLED.values(), ids=lambda method: method.name)
def test_every_field_of_a_request_arrives_by_some_route(method: MethodDescriptor) -> None:
    lost = [lost_in_requests(route) for route in ROUTES if route.rpc is method]
    missing = sorted(set.intersection(*lost) - NOT_SENT.keys())
    assert not missing, (
        f"no route of {method.full_name} takes {', '.join(missing)}: let a Route of gateway/api/route_table.py fill it "
        "from the path, the query or the body, or give the reason in NOT_SENT"
    )


@pytest.mark.parametrize("method", CALLED.values(), ids=lambda method: method.name)
def test_every_field_of_an_answer_is_told_by_some_route(method: MethodDescriptor) -> None:
    lost = [lost_in_answers(route) for route in ROUTES if route.rpc is method]
    missing = sorted(set.intersection(*lost) - NOT_ANSWERED.keys())
    assert not missing, (
        f"no route of {method.full_name} answers {', '.join(missing)}: let a Route of gateway/api/route_table.py put "
        "it into the body or a header, or give the reason in NOT_ANSWERED"
    )


def test_every_listed_exception_is_still_needed() -> None:
    methods = {m.full_name: m for owner in SERVICES for file in contract_files(owner) for m in rpcs(file)}
    without_route = {methods[name].name for name in methods.keys() - CALLED.keys()}
    differing = sorted(without_route ^ NOT_ON_THE_API.keys())
    assert not differing, f"{', '.join(differing)}: give the rpc a Route or its reason in NOT_ON_THE_API, and not both"
    arriving = sorted(NOT_SENT.keys() - {name for route in ROUTES for name in lost_in_requests(route)})
    assert not arriving, f"every route sends {', '.join(arriving)}: remove it from NOT_SENT"
    answered = sorted(NOT_ANSWERED.keys() - {name for route in ROUTES for name in lost_in_answers(route)})
    assert not answered, f"every route answers {', '.join(answered)}: remove it from NOT_ANSWERED"


def rpcs(file: Any) -> list[MethodDescriptor]:
    return [method for service in file.services_by_name.values() for method in service.methods]


def test_a_writer_that_forgets_a_field_is_noticed(monkeypatch: pytest.MonkeyPatch) -> None:
    whole = writer._field

    def forgetful(one: Any, keep: bool) -> writer.Render:
        return (lambda _: None) if one.name == "suffix" else whole(one, keep)

    monkeypatch.setattr(writer, "_field", forgetful)
    writer._message.cache_clear()
    lost = {name for message in filled_messages(steps_pb2.Person.DESCRIPTOR) for name, _ in lost_in_answer(message)}
    writer._message.cache_clear()
    assert lost == {"suite.enrollment.v1.Person.suffix"}


def test_a_reader_that_forgets_a_field_is_noticed(monkeypatch: pytest.MonkeyPatch) -> None:
    whole = reader._set
    monkeypatch.setattr(
        reader,
        "_set",
        lambda message, one, value, path: [] if one.name == "suffix" else whole(message, one, value, path),
    )
    (household,) = (route for route in ROUTES if route.body == "household")
    assert lost_in_requests(household) - NOT_SENT.keys() == {"suite.enrollment.v1.Person.suffix"}


def test_a_route_without_one_of_its_query_parameters_is_noticed() -> None:
    (providers,) = (route for route in ROUTES if route.path == "/providers")
    query = {name: path for name, path in providers.query.items() if name != "age"}
    assert lost_in_requests(providers) == set()
    assert lost_in_requests(dataclasses.replace(providers, query=query)) == {"suite.pcp.v1.SearchProvidersRequest.age"}
