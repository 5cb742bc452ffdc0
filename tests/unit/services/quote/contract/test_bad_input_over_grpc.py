"""Bad input over real gRPC: a typed refusal that names the field, and nothing half-written."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import grpc
import pytest
from suite.common.v1 import common_pb2 as common
from suite.quote.v1 import quote_pb2, quote_service_pb2, quote_service_pb2_grpc

from chassis.identity import TokenIssuer, generate_private_jwk
from chassis.kernel import DomainError
from chassis.rpc.server import RpcServer
from chassis.rpc.status import from_call
from services.quote.contract.service import QuoteContract
from tests.access_rules import access_of
from tests.unit.services.quote.contract.conftest import ELSEWHERE
from tests.unit.services.quote.contract.test_quote_records import HMO, HMO_ON, NEW, PRODUCER

pb: Any = quote_service_pb2  # requests are built from dictionaries here, which the stubs do not know
KEY = generate_private_jwk("gateway")


class Client:
    """Calls as the producer."""

    def __init__(self, channel: grpc.Channel) -> None:
        self._stub: Any = quote_service_pb2_grpc.QuoteServiceStub(channel)
        self._signed = TokenIssuer(KEY).issue(PRODUCER)

    def __call__(self, rpc: str, **fields: Any) -> Any:
        metadata = (("authorization", f"Bearer {self._signed}"),)
        return getattr(self._stub, rpc)(getattr(pb, f"{rpc}Request")(**fields), metadata=metadata, timeout=10)

    def refusal(self, rpc: str, **fields: Any) -> tuple[grpc.StatusCode, DomainError]:
        with pytest.raises(grpc.RpcError) as refused:
            self(rpc, **fields)
        return refused.value.code(), from_call(refused.value)


@pytest.fixture
def client(contract: QuoteContract) -> Iterator[Client]:
    served = RpcServer([contract], access_of(KEY), reflection_on=False)
    with grpc.insecure_channel(f"127.0.0.1:{served.start('127.0.0.1:0')}") as channel:
        yield Client(channel)
    served.stop()


def person(kind: common.Relationship.ValueType, born: str, *, tobacco: bool = False) -> quote_pb2.Member:
    return quote_pb2.Member(relationship=kind, date_of_birth=born, tobacco_use=tobacco)


SELF, SPOUSE = common.RELATIONSHIP_SELF, common.RELATIONSHIP_SPOUSE
CHILD, OTHER = common.RELATIONSHIP_CHILD, common.RELATIONSHIP_OTHER_DEPENDENT
ANN = person(SELF, "1986-03-02")


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        pytest.param({"members": [ANN, *[person(CHILD, "2015-01-01")] * 20]}, "members", id="21 people"),
        pytest.param(
            {"members": [ANN, person(SPOUSE, "1985-01-01"), person(SPOUSE, "1984-01-01")]},
            "members[2].relationship",
            id="two spouses",
        ),
        pytest.param(
            {"members": [ANN, person(OTHER, "1905-01-01")]},
            "members[1].date_of_birth",
            id="older than a parent could be",
        ),
        pytest.param({"effective_date": "2031-01-01"}, "effective_date", id="outside the plan years"),
        pytest.param({"effective_date": "2026-02-30"}, "effective_date", id="no day of the calendar"),
        pytest.param({"county_fips": "17043"}, "county_fips", id="a county that the ZIP is not in"),
    ],
)
def test_a_quote_that_cannot_be_is_refused_at_its_field_and_not_saved(
    client: Client, memory: Any, changes: dict[str, Any], field: str
) -> None:
    code, refusal = client.refusal("CreateQuote", **{**NEW, **changes})
    assert code is grpc.StatusCode.INVALID_ARGUMENT
    assert [problem.field for problem in refusal.problems] == [field]
    assert not memory.kept and not memory.responses and not memory.events and not memory.audit


@pytest.mark.parametrize(
    ("plans", "field", "code"),
    [
        pytest.param({"medical_plan_id": "36096IL0000000-00"}, "medical_plan_id", "unknown_plan", id="unknown"),
        pytest.param(
            {"medical_plan_id": ELSEWHERE.plan_id}, "medical_plan_id", "plan_not_sold_there", id="another county's"
        ),
        pytest.param({"medical_plan_id": "36096IL0760001-01"}, "medical_plan_id", "unknown_plan", id="another year's"),
        pytest.param({"dental_plan_id": HMO}, "dental_plan_id", "invalid_input", id="medical as dental"),
        pytest.param({}, "medical_plan_id", "invalid_input", id="none"),
    ],
)
def test_a_plan_that_cannot_be_had_is_refused_and_the_choice_stays(
    client: Client, memory: Any, plans: dict[str, str], field: str, code: str
) -> None:
    quote_id = client("CreateQuote", **NEW).quote.quote_id
    client("SelectPlans", quote_id=quote_id, medical_plan_id=HMO_ON)
    before, events = memory.kept[quote_id], len(memory.events)
    status, refusal = client.refusal("SelectPlans", quote_id=quote_id, **plans)
    assert (status, refusal.code) == (grpc.StatusCode.INVALID_ARGUMENT, code)
    assert [problem.field for problem in refusal.problems] == [field]
    assert (memory.kept[quote_id], len(memory.events)) == (before, events)


def test_tobacco_is_not_held_against_a_child_and_its_line_says_so(client: Client) -> None:
    family = [ANN, person(CHILD, "2012-01-01", tobacco=True)]
    place = {name: NEW[name] for name in ("state", "zip", "county_fips", "effective_date")}
    found = client("SearchPlans", **place, members=family, coverage=common.COVERAGE_MEDICAL)
    child = found.plans[0].members[1]
    assert not child.tobacco_rated
    assert child.explanation.endswith("Tobacco use is not rated below the lawful age.")
