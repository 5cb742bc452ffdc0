"""A census over real gRPC: in order, at the sender's pace, one bad line among good ones."""

import threading
from collections.abc import Callable, Iterator

import grpc
import pytest
from suite.common.v1 import common_pb2 as common
from suite.quote.v1 import quote_census_pb2 as pb
from suite.quote.v1 import quote_pb2, quote_service_pb2_grpc

from chassis.identity import Caller, CallerKind, TokenIssuer, generate_private_jwk
from chassis.rpc import server
from chassis.rpc.server import RpcServer
from services.quote.contract.service import QuoteContract
from tests.access_rules import access_of

KEY = generate_private_jwk("gateway")

PriceCensus = Callable[..., Iterator[pb.PriceCensusResponse]]


@pytest.fixture
def price_census(contract: QuoteContract) -> Iterator[PriceCensus]:
    served = RpcServer([contract], access_of(KEY), reflection_on=False)
    with grpc.insecure_channel(f"127.0.0.1:{served.start('127.0.0.1:0')}") as channel:
        stub = quote_service_pb2_grpc.QuoteServiceStub(channel)

        # signed here and not when the file is read: a token outlives its call, but not a whole test run
        signed = TokenIssuer(KEY).issue(Caller(CallerKind.PRODUCER, "producer-1"))

        def call(requests: Iterator[pb.PriceCensusRequest], token: str = signed) -> Iterator[pb.PriceCensusResponse]:
            return iter(stub.PriceCensus(requests, metadata=(("authorization", f"Bearer {token}"),), timeout=30))

        yield call
    served.stop()


def household(name: str, born: str = "1980-01-01", **changes: str) -> pb.CensusHousehold:
    member = quote_pb2.Member(relationship=common.RELATIONSHIP_SELF, date_of_birth=born)
    place = {"state": "IL", "zip": "60601", "county_fips": "17031", "effective_date": "2026-06-01", **changes}
    return pb.CensusHousehold(household_id=name, members=[member], **place)


def request(
    *households: pb.CensusHousehold, coverage: common.Coverage.ValueType = common.COVERAGE_UNSPECIFIED
) -> pb.PriceCensusRequest:
    return pb.PriceCensusRequest(households=households, coverage=coverage)


def test_a_household_is_answered_with_medical_and_dental_premiums_and_what_is_not_filed(
    price_census: PriceCensus,
) -> None:
    (answer,) = price_census(iter([request(household("A"))]))
    (line,) = answer.lines
    assert (line.line, line.household_id) == (1, "A")
    assert dict(zip(line.plan_ids, line.monthly_premium_cents, strict=True)) == {
        "36096IL9900001-00": 300_00,
        "36096IL9900001-01": 300_00,
        "36096IL9900002-00": 200_00,
        "36096IL9900012-00": 30_00,
    }
    assert line.not_filed_plan_ids == ["36096IL9900003-00"]


def test_one_kind_of_coverage_may_be_asked_for_alone(price_census: PriceCensus) -> None:
    (answer,) = price_census(iter([request(household("A"), coverage=common.COVERAGE_DENTAL)]))
    assert answer.lines[0].plan_ids == ["36096IL9900012-00"]


def test_one_bad_line_in_10_000_is_reported_and_the_rest_priced(price_census: PriceCensus) -> None:
    bad = 7_311

    def requests() -> Iterator[pb.PriceCensusRequest]:
        for first in range(1, 10_001, 500):
            born = {n: "soon" if n == bad else "1980-01-01" for n in range(first, first + 500)}
            yield request(*(household(str(n), day) for n, day in born.items()))

    lines = [line for answer in price_census(requests()) for line in answer.lines]
    assert [line.line for line in lines] == list(range(1, 10_001))
    refused = [line for line in lines if line.problems]
    assert [(line.line, line.problems[0].field) for line in refused] == [(bad, "members[0].date_of_birth")]
    assert not refused[0].plan_ids
    assert all(len(line.plan_ids) == 4 for line in lines if line.line != bad)


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        (household("A", zip="99999"), "zip"),
        (household("A", county_fips="17043"), "county_fips"),
        (household("A", effective_date="2031-01-01"), "effective_date"),
        (household("A", born="2030-01-01"), "members[0].date_of_birth"),
        (pb.CensusHousehold(household_id="A"), "effective_date"),
    ],
)
def test_every_refusal_names_its_field(price_census: PriceCensus, wrong: pb.CensusHousehold, field: str) -> None:
    (answer,) = price_census(iter([request(wrong, household("B"))]))
    assert answer.lines[0].problems[0].field == field
    assert answer.lines[1].plan_ids


def test_each_request_is_answered_before_the_next_is_sent(price_census: PriceCensus) -> None:
    answered = threading.Event()

    def requests() -> Iterator[pb.PriceCensusRequest]:
        yield request(household("A"))
        assert answered.wait(10), "the answer waits for the next request"
        yield request(household("B"))

    stream = price_census(requests())
    assert next(stream).lines[0].household_id == "A"
    answered.set()
    assert [line.household_id for line in next(stream).lines] == ["B"]


def test_more_than_500_households_in_one_request_are_refused(price_census: PriceCensus) -> None:
    with pytest.raises(grpc.RpcError) as refused:
        list(price_census(iter([request(*(household("A") for _ in range(501)))])))
    assert refused.value.code() is grpc.StatusCode.INVALID_ARGUMENT


def test_a_stream_without_a_sign_in_is_refused(price_census: PriceCensus) -> None:
    with pytest.raises(grpc.RpcError) as refused:
        list(price_census(iter([request(household("A"))]), token=""))
    assert refused.value.code() is grpc.StatusCode.UNAUTHENTICATED


def test_streams_leave_threads_to_the_other_calls(price_census: PriceCensus) -> None:
    end = threading.Event()

    def waiting() -> Iterator[pb.PriceCensusRequest]:
        yield request(household("A"))
        end.wait(10)

    taken = [price_census(waiting()) for _ in range(server.STREAMS)]
    for stream in taken:
        next(stream)
    with pytest.raises(grpc.RpcError) as refused:
        list(price_census(iter([request(household("A"))])))
    end.set()
    assert refused.value.code() is grpc.StatusCode.UNAVAILABLE
    assert all(list(stream) == [] for stream in taken)
