"""A quote with several faults is told all of them at once, and none is saved."""

from __future__ import annotations

from typing import Any

import pytest
from suite.common.v1 import common_pb2 as common
from suite.quote.v1 import quote_pb2

from chassis.kernel import InvalidInput
from services.quote.contract.service import QuoteContract
from tests.unit.services.quote.contract.test_quote_records import NEW, answer, create, read

CHILD = quote_pb2.Member(
    relationship=common.RELATIONSHIP_CHILD, date_of_birth="2015-02-30", first_name="Ben", last_name="Example"
)
BORN_LATER = quote_pb2.Member(relationship=common.RELATIONSHIP_SELF, date_of_birth="2999-01-01", first_name="123")


def told(contract: QuoteContract, rpc: str, **fields: Any) -> list[str]:
    with pytest.raises(InvalidInput) as refused:
        answer(contract, rpc, **fields)
    return [problem.field for problem in refused.value.problems]


def test_place_date_and_people_are_judged_together(contract: QuoteContract, memory: Any) -> None:
    fields = NEW | {"zip": "10001", "members": [BORN_LATER, CHILD]}
    assert told(contract, "CreateQuote", **fields) == [
        "members[1].date_of_birth",
        "zip",
        "members[0].date_of_birth",
        "members[0].first_name",
    ]
    assert not memory.kept


def test_bounds_and_missing_fields_are_named_with_the_rest(contract: QuoteContract) -> None:
    fields = NEW | {"zip": "6060", "writing_number": "", "effective_date": "1/1/27", "members": [BORN_LATER, CHILD]}
    assert set(told(contract, "CreateQuote", **fields)) == {
        "zip",
        "writing_number",
        "effective_date",
        "members[0].date_of_birth",
        "members[0].first_name",
        "members[1].date_of_birth",
    }


def test_nobody_is_judged_by_a_date_that_cannot_be_read(contract: QuoteContract) -> None:
    twins = [*NEW["members"], CHILD, CHILD]
    assert told(contract, "CreateQuote", **(NEW | {"effective_date": "tomorrow", "members": twins})) == [
        "effective_date",
        "members[1].date_of_birth",
        "members[2].date_of_birth",
    ]


def test_a_changed_quote_is_told_everything_too(contract: QuoteContract) -> None:
    made = create(contract)
    fields = {name: NEW[name] for name in ("county_fips", "effective_date")}
    named = told(
        contract,
        "UpdateQuote",
        quote_id=made.quote_id,
        zip="6060",
        version=made.version,
        members=[BORN_LATER],
        **fields,
    )
    assert named == ["zip", "members[0].date_of_birth", "members[0].first_name"]
    assert read(contract, made.quote_id) == made


def test_to_validate_a_quote_saves_none(contract: QuoteContract, memory: Any) -> None:
    asked: dict[str, Any] = NEW | {"validate_only": True}
    assert not answer(contract, "CreateQuote", **asked).HasField("quote")
    assert told(contract, "CreateQuote", **(asked | {"members": [BORN_LATER]}))
    assert not memory.kept
