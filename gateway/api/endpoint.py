"""One handler for every row of the route table: HTTP in, rpc, HTTP out."""

from __future__ import annotations

import re
from typing import Any

import orjson
from google.protobuf.descriptor import MethodDescriptor
from google.protobuf.message import Message
from starlette.requests import Request
from starlette.responses import Response

from chassis.bounds import Bounds, bounds_of
from chassis.contract import request_class
from chassis.kernel import DomainError, InvalidInput
from gateway.api.from_json import fill_message, set_text
from gateway.api.json_values import ETAG_PATTERN, KEY_PATTERN
from gateway.api.request_body import read_file, read_json
from gateway.api.route_table import PREFIX, success_status
from gateway.api.routing.route import WHOLE, Route
from gateway.api.to_json import to_json
from gateway.edge import problems
from gateway.edge.basis import fill_from_basis, with_shared_fields
from gateway.edge.context import get_gateway, require_session
from gateway.edge.enum_names import enum_words
from gateway.edge.file_response import file_response
from gateway.edge.middleware import UNLISTED
from gateway.edge.problems import HttpProblem
from gateway.user import GATEWAY

# Printable ASCII without spaces, so that a client can write its key to a log.
_KEY = re.compile(KEY_PATTERN, re.ASCII)
_ETAG = re.compile(ETAG_PATTERN, re.ASCII)


async def answer_request(route: Route, request: Request) -> Response:
    """Call the route's rpc for anyone who is signed in; a public one in the gateway's own name."""
    caller = GATEWAY if route.public else (await require_session(request)).user.caller
    message = await to_request(route, request)
    suite = get_gateway(request).services
    try:
        if route.basis_rpc:
            asked = _by_path(route, route.basis_rpc, request)
            fill_from_basis(message, await suite.call(route.basis_rpc, with_shared_fields(asked, message), caller))
        if route.precondition_rpc:
            await suite.call(route.precondition_rpc, _by_path(route, route.precondition_rpc, request), caller)
        reply = await suite.call(route.rpc, message, caller)
    except DomainError as refusal:
        request.state.code = refusal.code  # for the log
        return refuse(route, refusal)
    return to_response(route, reply)


def refuse(route: Route, refusal: DomainError) -> Response:
    """The refusal with the names that the caller used."""
    strip = f"{route.body}." if route.body else ""
    return problems.from_domain_error(refusal, strip, {path: name for name, path in route.query.items()})


async def to_request(route: Route, request: Request) -> Message:
    message = request_class(route.rpc)()
    await _body(route, request, message)
    _set_path(route, request, message)
    fill_query(route, request, message)
    if route.creates:
        set_text(message, "idempotency_key", _idempotency_key(request, *_key_lengths(route)), "Idempotency-Key")
    if route.versioned and (version := _version(request, required=route.if_match_required)):
        set_text(message, "version", version, "If-Match")
    return message


def _by_path(route: Route, rpc: MethodDescriptor, request: Request) -> Message:
    message = request_class(rpc)()
    _set_path(route, request, message)
    return message


def _set_path(route: Route, request: Request, message: Message) -> None:
    for name in route.path_fields:
        if name in message.DESCRIPTOR.fields_by_name:  # else it is the basis that is named by it
            set_text(message, name, request.path_params[name], name)


def to_response(route: Route, reply: Any) -> Response:
    if route.produces:
        return file_response(reply)
    status = success_status(route, reply)
    if status == 204:
        return Response(status_code=204)
    thing: Any = getattr(reply, route.unwrapped) if route.unwrapped else reply
    headers = {}
    if version := getattr(thing, "version", 0):
        headers["ETag"] = f'"{version}"'
    if route.location:
        headers["Location"] = PREFIX + route.location.format(thing)
    if route.public:
        headers |= UNLISTED
    return Response(orjson.dumps(to_json(thing, keep=route.asked_alike)), status, headers, "application/json")


async def _body(route: Route, request: Request, message: Message) -> None:
    if route.body is None:
        return
    if route.consumes:
        declared, content = await read_file(request, route.consumes, route.max_bytes)
        set_text(message, "media_type", declared, "Content-Type")
        setattr(message, route.body, content)
        return
    data = await read_json(request, optional=route.body_optional)
    fill_body(route, message, data)


def fill_body(route: Route, message: Message, data: Any) -> None:
    if route.body != WHOLE:
        target = getattr(message, str(route.body))
        target.SetInParent()
        fill_message(target, data)
        return
    fill_message(message, _in_proto_words(route, data), closed=route.fields_elsewhere)


def _in_proto_words(route: Route, data: Any) -> Any:
    fields: Any = route.rpc.input_type.fields_by_name
    if not (route.aliases and isinstance(data, dict)):
        return data
    chosen = {name for name, value in data.items() if isinstance(value, str) and name in fields}
    return data | {name: route.aliases.get(data[name], data[name]) for name in chosen if fields[name].enum_type}


def fill_query(route: Route, request: Request, message: Message) -> None:
    for name, value in request.query_params.multi_items():
        if name not in route.query:
            raise HttpProblem(422, "unknown_parameter", "This address does not accept this query parameter.")
        if value:
            _must_be_offered(route, name, value)
            set_text(message, route.query[name], route.aliases.get(value, value), name)


def _must_be_offered(route: Route, name: str, value: str) -> None:
    """What the route offers there, such as the lists of applications; a word of the proto stays good."""
    field: Any = route.rpc.input_type.fields_by_name.get(route.query[name])
    words = route.words.get(name, ())
    if words and value not in words and value not in enum_words(field.enum_type):
        message = f"Please send one of: {', '.join(words)}."
        raise InvalidInput.at(name, message, code="malformed")


def _key_lengths(route: Route) -> tuple[int, int]:
    """The bounds that the contract has for the key; HTTP sends it as a header."""
    bounds = bounds_of(route.rpc.input_type.fields_by_name["idempotency_key"]) or Bounds()
    return bounds.min_length or 0, bounds.max_length or 0


def _idempotency_key(request: Request, shortest: int, longest: int) -> str:
    key = request.headers.get("idempotency-key")
    if key is None:
        raise HttpProblem(
            428,
            "idempotency_key_missing",
            f"Send an Idempotency-Key header of {shortest} to {longest} characters. "
            "Use a new key for each item you create.",
            "Idempotency-Key",
        )
    if not (_KEY.fullmatch(key) and shortest <= len(key) <= longest):
        message = f"Send {shortest} to {longest} printable characters without spaces."
        raise HttpProblem(422, "idempotency_key_bad", message, "Idempotency-Key")
    return key


def _version(request: Request, *, required: bool) -> str | None:
    given = request.headers.get("if-match")
    if given in (None, "*") and required:
        raise HttpProblem(
            428, "version_missing", "Send If-Match with the ETag you read, so that nobody else's change is overwritten."
        )
    if given in (None, "*"):
        return None
    if not (found := _ETAG.fullmatch(given or "")):
        raise HttpProblem(412, "stale", "If-Match is not a valid ETag. Read the resource again and send its ETag.")
    return found[1]
