"""Random requests to every address of the API, against the real suite: never a 5xx, and nothing typed comes back.

Bodies are made of the contract's own fields with right and wrong values, and of what nobody asked for. Sign-in is left
out: guessing locks an account, which is what its own tests are about.
"""

import json
import os
import re
import uuid
from collections.abc import Iterator
from contextlib import closing
from typing import Any

import httpx
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from deploy.local.demo.api import Api
from deploy.local.suite import LocalSuite
from gateway.api.route_table import PREFIX, ROUTES
from gateway.api.routing.route import WHOLE, Route
from gateway.api.starlette_routes import OWN
from gateway.edge.enum_names import enum_words

# The first test to ask for the suite waits for its start.
pytestmark = [pytest.mark.timeout(300), pytest.mark.once]

# In every text that is sent: no refusal may repeat it.
CANARY = "Zqxjkwv"
ODD: tuple[Any, ...] = (
    None, True, -1, 0, 2**31, 2**63, 10**400, 1.5, "", " ", "\x00", "\ud800", "2026-02-30", "1", f"{CANARY}-1", [], {},
    [[]], f"x{CANARY}" * 2000, "'; drop table application; --", "\u202e" + CANARY, [None], [{}], [[1]],
    {CANARY: CANARY},
)  # fmt: skip  # reads across, as a table
OUTLANDISH = (
    b"", b"null", b"[]", b'"text"', b"{", b"\xff\xfe", b"[" * 3000, b'{"a":NaN}', b'{"a":1e999}', b"1" * 5000,
    json.dumps({CANARY: 1}).encode(), json.dumps([CANARY] * 5000).encode(), b"x" * 3_000_000,
)  # fmt: skip  # reads across, as a table
TYPES = ("application/json", "application/json", "application/json; charset=utf-8", "text/plain", "", "application/pdf")
TAGS = (None, '"1"', '"2"', 'W/"1"', '"0"', '"-1"', f'"{CANARY}"', '"99999999999"', "*", "", "1, 2")
KEYS = (None, "short", "x" * 300, f"{CANARY}-{CANARY}", "key with blanks")
PARTS = ("A-0001", "a-0001", "A-99999999", CANARY, "%00", "..%2f..", "x" * 300, "0", "%F0%9F%92%A9", "general")
# For each address; all of them together take 4 s on two cores. `make fuzz` sends more.
EXAMPLES = int(os.environ.get("REQUEST_EXAMPLES", "12"))
SETTINGS = settings(
    max_examples=EXAMPLES,
    deadline=None,
    print_blob=True,
    database=None,
    suppress_health_check=list(HealthCheck),  # how long an example takes is the machine's
)


@pytest.fixture(scope="module")
def api(suite: LocalSuite) -> Iterator[httpx.Client]:
    with closing(Api(suite.ports.portal_url)) as person:
        person.sign_in("producer@example.com", "demo")
        headers = {"Authorization": f"Bearer {person.token}"}
        with httpx.Client(base_url=f"{suite.ports.portal_url}{PREFIX}", headers=headers, timeout=30) as client:
            yield client


@pytest.mark.parametrize("route", ROUTES, ids=lambda route: f"{route.verb} {route.path}")
@SETTINGS
@given(data=st.data())
def test_no_request_to_a_route_is_answered_500(api: httpx.Client, route: Route, data: st.DataObject) -> None:
    sent = st.builds(json.dumps, _whole(route)).map(str.encode) | st.sampled_from(OUTLANDISH)
    body = data.draw(sent) if route.body else b""
    answer = send(api, data, route.verb, route.path, body, list(route.query))

    refused_well(answer)


@pytest.mark.parametrize("path", [path for path in OWN if not path.startswith("/sessions")])
@SETTINGS
@given(data=st.data())
def test_no_request_to_an_account_path_is_answered_500(api: httpx.Client, path: str, data: st.DataObject) -> None:
    verb = data.draw(st.sampled_from([*OWN[path], "PATCH", "PUT"]))
    body = data.draw(st.sampled_from(OUTLANDISH) | _objects(["name", "ids", "title", CANARY]).map(_encoded))

    refused_well(send(api, data, verb, path, body if verb in ("POST", "PUT", "PATCH") else b"", ["status"]))


@pytest.mark.parametrize("part", PARTS)
def test_no_path_parameter_is_answered_500(api: httpx.Client, part: str) -> None:
    """Every odd part at every address, which the few examples of the tests above leave to chance."""
    own = [(verb, path) for path, verbs in OWN.items() for verb in verbs]
    for verb, path in [*((route.verb, route.path) for route in ROUTES), *own]:
        if "{" in path:
            refused_well(api.request(verb, re.sub(r"\{\w+\}", part, path), headers={"If-Match": '"1"'}))


def send(api: httpx.Client, data: st.DataObject, verb: str, path: str, body: bytes, query: list[str]) -> httpx.Response:
    names = [part for part in path.split("/") if part.startswith("{")]
    for name in names:
        part = data.draw(st.sampled_from(PARTS))
        path = path.replace(name.removesuffix(".ics"), part)
    asked = st.dictionaries(
        st.sampled_from([*query, "color"]), st.sampled_from([CANARY, "", "1", "-1", "9" * 30]), max_size=2
    )
    headers = {
        "If-Match": data.draw(st.sampled_from(TAGS)),
        "Idempotency-Key": data.draw(st.sampled_from((*KEYS, str(uuid.uuid4()), str(uuid.uuid4())))),
        "Content-Type": data.draw(st.sampled_from(TYPES)) if body else None,
    }
    given_headers = {name: value for name, value in headers.items() if value is not None}
    return api.request(verb, path, content=body, params=data.draw(asked), headers=given_headers)


def refused_well(answer: httpx.Response) -> None:
    """A good answer, or a problem that says what to do and repeats nothing."""
    where = f"{answer.request.method} {answer.request.url.path}"
    assert answer.status_code < 500, f"{where}: {answer.text[:500]}"
    if answer.status_code < 400:
        return
    assert CANARY not in answer.text, f"{where}: {answer.text[:500]}"
    problem = answer.json()
    if where.endswith("/oauth/token") and "error" in problem:  # errors of RFC 6749, 5.2, beside the API's own
        assert problem["error_description"], where
        return
    assert answer.headers["content-type"] == "application/problem+json", where
    assert problem["detail"] and problem["code"], where
    assert all(error["message"] for error in problem["errors"]), where


def _whole(route: Route) -> st.SearchStrategy[Any]:
    descriptor: Any = route.rpc.input_type
    if route.body and route.body != WHOLE:
        field: Any = descriptor.fields_by_name[route.body]
        descriptor = field.message_type
    return _message(descriptor, 0) if descriptor else st.just({})


def _message(descriptor: Any, depth: int) -> st.SearchStrategy[Any]:
    """An object with some of the fields, each with a fitting or an odd value."""
    fields = {field.name: _value(field, depth) for field in descriptor.fields}
    known = st.fixed_dictionaries({}, optional=fields) if fields else st.just({})
    return known | known | known | _objects([*fields, "color", CANARY])


def _value(field: Any, depth: int) -> st.SearchStrategy[Any]:
    fitting: st.SearchStrategy[Any] = st.sampled_from(["220002580", "A-0001", "2026-06-01", "60601", "250.00", CANARY])
    if field.message_type:
        fitting = _message(field.message_type, depth + 1) if depth < 2 else st.just({})
    elif field.enum_type:
        fitting = st.sampled_from(list(enum_words(field.enum_type)))
    elif field.type == field.TYPE_BOOL:
        fitting = st.booleans()
    if field.is_repeated:
        fitting = st.lists(fitting, max_size=3)
    return fitting | fitting | st.sampled_from(ODD)


def _objects(names: list[str]) -> st.SearchStrategy[Any]:
    return st.dictionaries(st.sampled_from(names), st.sampled_from(ODD), max_size=4)


def _encoded(body: Any) -> bytes:
    return json.dumps(body).encode()
