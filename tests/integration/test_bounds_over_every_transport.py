"""A value beyond the contract's bounds, over gRPC, the bus and HTTP of the real suite: the same fields, the same
sentences, and nothing written.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass
from typing import Any, cast

import pytest
from google.protobuf.descriptor import MethodDescriptor
from google.protobuf.message import Message
from sqlalchemy import create_engine, text

from chassis.bus.client import BusClient
from chassis.contract import request_class, response_class
from chassis.identity import Caller, CallerKind, TokenIssuer, WritingNumber
from chassis.kernel import InvalidInput, SystemClock, business_date
from chassis.rpc.client import RpcClient
from deploy.local.demo.api import Api, Refused
from deploy.local.demo.journey import Journey
from deploy.local.suite import LocalSuite
from gateway.api.from_json import fill_message
from gateway.edge.rpcs import ENROLLMENT, PCP, QUOTE
from services.pcp.domain.provider import PRIMARY_CARE

# The first test to ask for the suite waits for its start.
pytestmark = [pytest.mark.timeout(300), pytest.mark.once]
TODAY = business_date(SystemClock().now(), "IL")
FRITZ = WritingNumber("220002580", "IL", "FRITZ, CALVIN C", "FRITZ, CALVIN C")
PRODUCER = Caller(CallerKind.PRODUCER, "producer@example.com", (FRITZ,))
ADULT = {"relationship": "self", "date_of_birth": "1987-06-14", "sex": "female", "tobacco_use": False}
COOK = {"state": "IL", "zip": "60601", "county_fips": "17031"}
QUOTE_BODY = {"writing_number": FRITZ.number, **COOK, "effective_date": TODAY.isoformat(), "members": [ADULT]}
SHORTEN_1, SHORTEN_60 = "Shorten this to 1 character.", "Shorten this to 60 characters."
ZIP = "A ZIP code has 5 digits, or 9 as ZIP+4: 60601-1234."
Refusal = list[tuple[str, str, str]]


@dataclass(frozen=True)
class Act:
    """One request: its rpc, where and how HTTP sends it, and what its path and headers add to the rpc's message."""

    rpc: MethodDescriptor
    send: Callable[[Any], Any]
    elsewhere: dict[str, Any]
    into: str = ""

    def message(self, body: dict[str, Any]) -> Message:
        message = request_class(self.rpc)(**self.elsewhere)
        target = getattr(message, self.into) if self.into else message
        fill_message(target, body)
        return message


def told(send: Callable[[Act, dict[str, Any]], object], act: Act, body: dict[str, Any]) -> Refusal:
    """Field, sentence and rule of each problem; a refusal of another kind is raised on."""
    try:
        send(act, body)
    except InvalidInput as refusal:
        return sorted((problem.field, problem.message, problem.rule) for problem in refusal.problems)
    except Refused as refusal:
        assert refusal.status == 422
        return sorted((one["field"], one["message"], one["rule"]) for one in refusal.problem["errors"])
    return []


class PersonIssuer(TokenIssuer):
    """Signs for the producer wherever a service would sign for itself."""

    def issue_for_self(self, audience: str = "") -> str:
        return self.issue(PRODUCER)


@dataclass(frozen=True)
class Transports:
    suite: LocalSuite

    def grpc(self, act: Act, body: dict[str, Any]) -> Any:
        token = TokenIssuer(self.suite.keys["identity.gateway"]).issue(PRODUCER)

        async def call() -> Message:
            client = RpcClient(f"127.0.0.1:{self.suite.ports.rpc}")
            try:
                return await client.call(act.rpc, act.message(body), token, 5.0)
            finally:
                await client.close()

        return asyncio.run(call())

    def bus(self, act: Act, body: dict[str, Any]) -> Any:
        """With the person's own token: of these rpcs no service calls any by itself."""
        issuer = PersonIssuer(self.suite.keys["identity.gateway"])
        with closing(BusClient.of(self.suite.broker.url, issuer)) as client:
            return client.call(act.rpc.containing_service, act.rpc.name, act.message(body), response_class(act.rpc))

    def http(self, act: Act, body: dict[str, Any]) -> Any:
        return act.send(body)


@pytest.fixture(scope="module")
def transports(suite: LocalSuite) -> Transports:
    return Transports(suite)


@pytest.fixture(scope="module")
def application(api: Api) -> dict[str, Any]:
    """One in its first step."""
    journey = Journey(api, TODAY)
    for stage in (journey.sign_in, journey.save_quote, journey.start):
        stage()
    return cast(dict[str, Any], api.get(f"/applications/{journey.record_number}"))


@pytest.fixture(scope="module")
def acts(api: Api, application: dict[str, Any]) -> dict[str, Act]:
    number, version = application["record_number"], application["version"]
    return {
        "quote": Act(
            QUOTE["CreateQuote"], lambda body: api.post("/quotes", body), {"idempotency_key": "bounds-of-a-key"}
        ),
        "search": Act(QUOTE["SearchPlans"], lambda body: api.post("/plan-searches", body), {}),
        "household": Act(
            ENROLLMENT["SaveStep"],
            lambda body: api.put(f"/applications/{number}/steps/household", body, version),
            {"record_number": number, "version": version},
            "household",
        ),
        "plan": Act(QUOTE["GetPlan"], lambda body: api.get(f"/plans/{body['plan_id']}", plan_year=2026), {}),
        "selection": Act(
            QUOTE["SelectPlans"],
            lambda body: api.put("/quotes/Q-1/selection", body, 1),
            {"quote_id": "Q-1", "version": 1},
        ),
        "comparison": Act(QUOTE["ComparePlans"], lambda body: api.post("/plan-comparisons", body), {}),
        "plans": Act(
            ENROLLMENT["SaveStep"],
            lambda body: api.put(f"/applications/{number}/steps/plans", body, version),
            {"record_number": number, "version": version},
            "plans",
        ),
        "termination": Act(
            ENROLLMENT["TerminateCoverage"],
            lambda body: api.post(f"/applications/{number}/termination", body),
            {"record_number": number, "idempotency_key": "bounds-of-a-key"},
        ),
        "contact": Act(
            ENROLLMENT["ChangeContact"],
            lambda body: api.put(f"/applications/{number}/contact", body, version),
            {"record_number": number, "version": version, "idempotency_key": "bounds-of-a-key"},
        ),
        "providers": Act(PCP["SearchProviders"], lambda body: api.get("/providers", **body), {}),
    }


SEARCH_BODY = {name: QUOTE_BODY[name] for name in (*COOK, "effective_date", "members")} | {"coverage": "medical"}
COMPARE_BODY = {name: QUOTE_BODY[name] for name in (*COOK, "effective_date", "members")}
# As the CMS files list it.
VARIANT = "36096IL9900003-04"
PLAN_ID = (
    "Enter the plan ID with the ending -00 (off exchange) or -01 (on exchange), such as 36096IL0760001-00; only the "
    "exchange assigns the cost-sharing variants -02 to -06."
)
LETTERS_OF_834 = (
    "Use Latin letters (A to Z, accents are fine), digits, spaces and common signs such as & . , - ' / # ( ) only, as "
    "the carrier's enrollment file takes nothing else."
)
LATIN_LETTERS = (
    "Write this in Latin letters (A to Z, accents are fine), as on mail or an ID card. The carrier's enrollment file "
    "takes no other alphabet."
)
STAYS = "The primary applicant cannot be removed. Start a new application for a different person."
TERMINATION = {"coverages": ["medical"], "last_day": "2026-06-30", "reason": "moved", "asked_by": "client"}
CONTACT = {"phone": "312-555-0142", "phone_type": "mobile"}
NETWORK = {"plan_id": "36096IL9900001-00", "plan_year": 2026, "zip": "60601"}
CASES = [
    ("quote", QUOTE_BODY, {"members": [{**ADULT, "first_name": "x" * 61}]},
     [("members[0].first_name", SHORTEN_60, "R46")]),
    ("quote", QUOTE_BODY, {"members": [ADULT] * 21}, [("members", "Include at most 20 people; remove some.", "R61")]),
    ("plan", {"plan_year": 2026}, {"plan_id": VARIANT}, [("plan_id", PLAN_ID, "")]),
    ("selection", {}, {"medical_plan_id": VARIANT}, [("medical_plan_id", PLAN_ID, "")]),
    ("comparison", COMPARE_BODY, {"plan_ids": ["36096IL9900003-00", VARIANT]}, [("plan_ids[1]", PLAN_ID, "R9")]),
    ("plans", {}, {"medical_plan_id": VARIANT}, [("medical_plan_id", PLAN_ID, "")]),
    ("providers", {"zip": "60601", "plan_year": 2026}, {"plan_id": VARIANT}, [("plan_id", PLAN_ID, "")]),
    ("providers", {**NETWORK, "radius_miles": 100, "age": 7, "specialty": "pediatrics", "language": "SPANISH"},
     {"radius_miles": 501, "age": 151, "language": "x" * 61},
     [("radius_miles", "Enter a number of at least 0 and at most 500.", ""),
      ("age", "Enter a number of at least 0 and at most 150.", ""),
      ("language", SHORTEN_60, "")]),
    ("providers", {**NETWORK, "gender": "female"}, {"specialty": "Surgery", "panel": "cats"},
     [("panel", "Choose one of: any, pediatric, adult.", "R71"),
      ("specialty", f"Choose one of: {', '.join(PRIMARY_CARE)}.", "R71")]),
    ("termination", TERMINATION, {"coverages": ["medical"] * 3},
     [("coverages", "Include at most 2 coverages; remove some.", "")]),
    ("termination", TERMINATION, {"last_day": "2026-02-30"},
     [("last_day", "February 2026 has no 30th day; its last is the 28th. Check the date.", "")]),
    ("contact", {"contact": CONTACT}, {"contact": {**CONTACT, "email": "x" * 255}, "mailing_address": {"zip": "6060x"}},
     [("contact.email", "Shorten this to 254 characters.", ""), ("mailing_address.zip", ZIP, "R47")]),
    ("quote", QUOTE_BODY, {"zip": "6060x"}, [("zip", ZIP, "")]),
    ("search", SEARCH_BODY, {"page": {"size": 201}},
     [("page.size", "Enter a number of at least 0 and at most 200.", "")]),
    (
        "household",
        {},
        {
            "home_address": {"street": "1 \U0001f600 St", "unit": "<b>", "city": "\u6771\u4eac"},
            "mailing_address": {"street": "1 \U0001f600 St", "unit": "a|b", "city": "Springfield\u20ac"},
        },
        [
            *((f"home_address.{part}", LETTERS_OF_834, "R47") for part in ("street", "unit")),
            ("home_address.city", LATIN_LETTERS, "R47"),
            *((f"mailing_address.{part}", LETTERS_OF_834, "R48") for part in ("street", "unit", "city")),
            # no people stand in the request
            ("people", STAYS, "R46"),
        ],
    ),
    (
        "household",
        {"people": [{"last_name": "Plokijuh"}]},
        {
            # A letter and a combining accent are one letter.
            "people": [
                {"last_name": "Plokijuh", "middle_initial": "E\u0301"},
                {"last_name": "x" * 61, "middle_initial": "E\u0301" * 2},
            ],
            "home_address": {"zip": "6060x"},
            "hra": {"monthly_contribution": "10000.01"},
        },
        [
            ("home_address.zip", ZIP, "R47"),
            ("hra.monthly_contribution", "Enter an amount of at least $0.01 and at most $10,000.00.", "R53"),
            ("people[1].last_name", SHORTEN_60, "R46"),
            ("people[1].middle_initial", SHORTEN_1, "R46"),
        ],
    ),
]  # fmt: skip  # reads across, as a table
EVERY_CASE = pytest.mark.parametrize(("name", "good", "change", "expected"), CASES)


@EVERY_CASE
def test_every_transport_refuses_the_same_value_at_the_same_field_in_the_same_words(
    transports: Transports,
    acts: dict[str, Act],
    name: str,
    good: dict[str, Any],
    change: dict[str, Any],
    expected: Refusal,
) -> None:
    act, bad, before = acts[name], {**good, **change}, written(transports.suite)
    refusals = [told(send, act, bad) for send in (transports.grpc, transports.bus, transports.http)]
    assert refusals == [sorted(expected)] * 3
    assert written(transports.suite) == before


@pytest.mark.parametrize(("name", "good"), [("quote", QUOTE_BODY), ("search", SEARCH_BODY)])
def test_a_value_within_the_bounds_gets_past_them_over_every_transport(
    transports: Transports, acts: dict[str, Act], name: str, good: dict[str, Any]
) -> None:
    """The key of the refused quotes makes one now."""
    act = acts[name]
    at_the_bound = {**good, "members": [{**ADULT, "first_name": "E\u0301" * 60, "last_name": "Plokijuh"}]}
    for send in (transports.grpc, transports.bus, transports.http):
        assert told(send, act, at_the_bound) == []


@pytest.mark.parametrize(("name", "value"), [("gender", "robot"), ("radius_miles", "far"), ("accepting_only", "maybe")])
def test_a_filter_of_another_kind_is_refused_at_its_parameter(acts: dict[str, Act], name: str, value: str) -> None:
    with pytest.raises(Refused) as refusal:
        acts["providers"].send({**NETWORK, name: value})
    assert refusal.value.status == 422
    assert [one["field"] for one in refusal.value.problem["errors"]] == [name]


def test_providers_are_narrowed_over_http(acts: dict[str, Act]) -> None:
    answer = acts["providers"].send({**NETWORK, "language": "spanish", "gender": "female", "age": 7})
    assert answer["providers"]
    for one in answer["providers"]:
        assert "Spanish" in one["languages"] and one["gender"] == "female" and one["panel"] != "adult"
        assert float(one["distance_miles"]) <= answer["radius_miles"] == 25
    assert (answer["plan_year"], answer["directory_updated_on"]) == (2026, "2026-01-02")


# Not those that events fill by themselves.
TABLES = {
    "quote": ("quote", "idempotency", "outbox", "audit"),
    "enrollment": ("application", "person", "idempotency", "outbox", "audit"),
}


def written(suite: LocalSuite) -> dict[str, int]:
    """How many rows the two services keep; a refused request leaves none behind, not even its key."""
    found = {}
    for owner, tables in TABLES.items():
        engine = create_engine(suite.databases[owner])
        with engine.connect() as connection:
            for table in tables:
                found[f"{owner}.{table}"] = connection.scalar(text(f"select count(*) from {table}")) or 0
        engine.dispose()
    return found
