"""Parts of answers that are kept are written as they would be anew."""

from __future__ import annotations

import orjson
from suite.common.v1 import common_pb2
from suite.quote.v1 import quote_pb2
from suite.quote.v1 import quote_service_pb2 as pb

from gateway.api.to_json import to_json


def answer(name: str = "HMO", age: int = 40, cents: int = 1) -> pb.SearchPlansResponse:
    plan = quote_pb2.Plan(plan_id="36096IL9900001-00", name=name, deductible=common_pb2.Money(cents=cents))
    line = quote_pb2.MemberPremium(age=age, relationship=common_pb2.RELATIONSHIP_SELF)
    priced = quote_pb2.PricedPlan(plan=plan, monthly_premium=common_pb2.Money(cents=cents), members=[line, line])
    return pb.SearchPlansResponse(plans=[priced], county=quote_pb2.County(fips="17031"))


def test_kept_parts_are_written_as_others_are() -> None:
    for message in (answer(), answer(name="PPO"), answer(age=41), answer(cents=2), answer(), pb.SearchPlansResponse()):
        assert orjson.dumps(to_json(message, keep=True)) == orjson.dumps(to_json(message))


def test_a_part_that_comes_up_again_is_not_made_again() -> None:
    (first,), (again,) = (to_json(answer(), keep=True)["plans"] for _ in range(2))
    assert first["members"][0] is again["members"][1]
    assert to_json(answer())["plans"][0]["members"][0] is not first["members"][0]
