"""The OpenAPI 3.1 document, made from the route table and the descriptors."""

from __future__ import annotations

from functools import cache
from typing import Any

from google.protobuf.descriptor import FieldDescriptor

from chassis.access import access_rule
from chassis.contract import is_required
from gateway.api import proto_docs
from gateway.api.json_values import ETAG_PATTERN, KEY_PATTERN
from gateway.api.openapi_account import ACCOUNT_PATHS
from gateway.api.openapi_clients import SECURITY_SCHEMES, TOKEN_PATHS, TOKEN_SCHEMAS
from gateway.api.openapi_delegations import DELEGATION_PATHS, DELEGATION_SCHEMAS
from gateway.api.openapi_errors import build_route_errors, build_shared_responses
from gateway.api.openapi_examples import BODIES
from gateway.api.openapi_shapes import SCHEMAS
from gateway.api.openapi_tags import TAGS, add_tags
from gateway.api.route_table import PREFIX, ROUTES
from gateway.api.routing.route import WHOLE, Route
from gateway.api.schema import Schema, Schemas, words_of
from gateway.api.scopes import scope_of

_INTRODUCTION = (
    "Quotes, enrollment, primary care providers, payment and documents for producers and their delegates. "
    'Sign in with POST /sessions and send the token as "Authorization: Bearer ...".\n\n'
    "Programs without a person have client credentials (POST /oauth/token) with the scopes that operations name.\n\n"
    "Amounts are decimal strings in US dollars. Dates are calendar dates, YYYY-MM-DD, in the state of the application; "
    "times are ISO 8601 in UTC. A response has all of its fields: a missing value is null, a missing text is empty. In "
    "a request you can leave both out.\n\n"
    "Lists come in pages: send next_page_token back until it is empty. Quotes and applications have an ETag; send it "
    "back as If-Match with a change. To create something, send an Idempotency-Key. An error is a Problem "
    "(`code` is for programs, `errors` for the fields of a form).\n\n"
    "R and a number refer to a requirement, rules.md to a section of the rules; both are in the suite's reference. "
    'Plans, providers and prices whose catalogue is "illustrative" are made up.'
)


@cache
def build_document() -> dict[str, Any]:
    schemas = Schemas()
    paths: dict[str, dict[str, Any]] = {}
    for route in ROUTES:
        paths.setdefault(route.path, {})[route.verb.lower()] = _operation(route, schemas)
    return {
        "openapi": "3.1.0",
        "info": {"title": "Producer Experience Portal", "version": "1", "description": _INTRODUCTION},
        "servers": [{"url": PREFIX}],
        "security": [{"bearer": []}],
        "tags": TAGS,
        "paths": add_tags({**ACCOUNT_PATHS, **TOKEN_PATHS, **DELEGATION_PATHS, **paths}),
        "components": {
            "schemas": {**SCHEMAS, **DELEGATION_SCHEMAS, **TOKEN_SCHEMAS, **dict(sorted(schemas.components.items()))},
            "securitySchemes": SECURITY_SCHEMES,
            "responses": build_shared_responses(),
        },
    }


def _operation(route: Route, schemas: Schemas) -> dict[str, Any]:
    operation: dict[str, Any] = {
        "operationId": _operation_id(route),
        "summary": route.summary,
        "parameters": _parameters(route, schemas),
        "responses": _responses(route, schemas),
    }
    needed = access_rule(route.rpc).action
    leave = f"A delegate needs the action `{needed}` under the writing number." if needed else ""
    if description := " ".join(filter(None, (proto_docs.find_comment(route.rpc), leave))):
        operation["description"] = description
    scope = scope_of(route)
    operation["security"] = [{"bearer": []}, {"api_client": [scope.value]}] if scope else []
    if route.body is not None:
        operation["requestBody"] = {
            "required": not route.body_optional,
            "content": _contents(route, schemas),
        }
    return operation


def _operation_id(route: Route) -> str:
    if route.basis_rpc:
        return f"{route.rpc.name}_by_{route.path_fields[0]}"
    return f"{route.rpc.name}_{route.body}" if route.rpc.name == "SaveStep" else route.rpc.name


def _parameters(route: Route, schemas: Schemas) -> list[dict[str, Any]]:
    fields = route.rpc.input_type.fields_by_name
    named: Any = route.basis_rpc.input_type.fields_by_name if route.basis_rpc else fields
    found = [_parameter("path", name, named[name], schemas) for name in route.path_fields]
    for name, path in route.query.items():
        field: Any = fields[path.split(".")[0]]
        if "." in path:
            field = field.message_type.fields_by_name[path.split(".")[1]]
        parameter = _with_aliases(_parameter("query", name, field, schemas), field, route)
        found.append({**parameter, "required": False} if route.basis_rpc else parameter)
    if route.creates:
        found.append(_key(schemas.field(fields["idempotency_key"], sent=True)))
    if route.versioned:
        found.append(_if_match(route))
    return found


def _key(schema: Schema) -> dict[str, Any]:
    lengths = {name: schema[name] for name in ("type", "minLength", "maxLength")}
    description = "Your key, a new one for each item you create. The same key again returns the item created before."
    return {
        "name": "Idempotency-Key",
        "in": "header",
        "required": True,
        "description": description,
        "schema": {**lengths, "pattern": f"^{KEY_PATTERN}$"},
    }


def _if_match(route: Route) -> dict[str, Any]:
    without = (
        "if it is missing, 428."
        if route.if_match_required
        else "if it is missing, the change applies to the current version."
    )
    # a star stands for whichever version there is
    pattern = f"^{ETAG_PATTERN}$" if route.if_match_required else rf"^(?:\*|{ETAG_PATTERN})$"
    return {
        "name": "If-Match",
        "in": "header",
        "required": route.if_match_required,
        "description": f"The ETag you read. If it was saved since, the answer is 412: read again; {without}",
        "schema": {"type": "string", "pattern": pattern},
    }


def _parameter(place: str, name: str, field: Any, schemas: Schemas) -> dict[str, Any]:
    """One that fills ``field``, and says of itself what the field's comment says."""
    schema = dict(schemas.field(field, sent=True))
    description = schema.pop("description", "")
    [schema, *_null] = schema.get("anyOf", [schema])  # an address cannot say null: what is not given is left out
    needed = place == "path" or is_required(field)
    return {"name": name, "in": place, "required": needed, "description": description, "schema": schema}


def _with_aliases(parameter: dict[str, Any], field: Any, route: Route) -> dict[str, Any]:
    """Such as the lists of applications, by the words that the API has for them."""
    offered = route.words.get(field.name)
    if not offered:
        return parameter
    description = parameter["description"]
    for written, word in route.aliases.items():
        description = description.replace(f'"{word}"', f'"{written}"')
    words = {word: route.aliases.get(word, word) for word in offered}
    return {**parameter, "description": description, "schema": words_of(field.enum_type, words)}


def _contents(route: Route, schemas: Schemas) -> dict[str, Any]:
    if route.consumes:
        return {media_type: {"schema": {"type": "string", "format": "binary"}} for media_type in route.consumes}
    return {"application/json": {"schema": _body(route, schemas), "example": BODIES[_operation_id(route)]}}


def _body(route: Route, schemas: Schemas) -> Schema:
    message: Any = route.rpc.input_type
    if route.body != WHOLE:
        return schemas.request(message.fields_by_name[route.body].message_type)
    schema = schemas.body(message, route.fields_elsewhere)
    fields = message.fields_by_name
    named = {name: _by_our_words(one, fields[name], route) for name, one in schema["properties"].items()}
    return {**schema, "properties": named}


def _by_our_words(schema: Schema, field: Any, route: Route) -> Schema:
    found = _with_aliases({"description": schema.get("description", ""), "schema": schema}, field, route)
    words: Schema = found["schema"]
    return words if words is schema else {**words, "description": f"{found['description']}\n\n{words['description']}"}


def _responses(route: Route, schemas: Schemas) -> dict[str, Any]:
    if route.success == 204:
        return {"204": {"description": "Done."}} | build_route_errors(route)
    done: dict[str, Any] = {"description": "Done.", "content": {name: {} for name in route.produces}}
    if not route.produces:
        output: Any = route.rpc.output_type
        thing = output.fields_by_name[route.unwrapped].message_type if route.unwrapped else output
        done["description"] = proto_docs.find_comment(thing) or done["description"]
        done["content"] = {"application/json": {"schema": schemas.answer(thing)}}
        if headers := _answer_headers(route, thing):
            done["headers"] = headers
    answers = {str(route.success): done}
    if route.rpc.name == "SubmitApplication":
        answers["202"] = {**done, "description": "Still submitting: check again with GET."}
    return answers | build_route_errors(route)


def _answer_headers(route: Route, thing: Any) -> dict[str, Any]:
    found = {}
    if "version" in thing.fields_by_name and thing.fields_by_name["version"].type == FieldDescriptor.TYPE_INT32:
        found["ETag"] = {"description": "The version; send it back as If-Match.", "schema": {"type": "string"}}
    if route.location:
        found["Location"] = {"description": "The address of the new item.", "schema": {"type": "string"}}
    return found
