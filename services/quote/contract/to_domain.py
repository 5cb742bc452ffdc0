"""Contract: from request messages to the domain's values; refuses text that is no date at its field."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Protocol

from suite.common.v1 import common_pb2 as common
from suite.quote.v1 import quote_pb2 as pb
from suite.quote.v1 import quote_service_pb2 as service_pb

from chassis.identity import WritingNumber
from chassis.kernel import InvalidInput
from chassis.mapping import FromProto, Problems
from services.quote.domain.household import Member
from services.quote.domain.plan import Coverage, Exchange
from services.quote.domain.quote import Producer
from services.quote.domain.rating_context import RatingRequest
from services.quote.usecases.update_quote import QuoteUpdate

COVERAGES = {common.COVERAGE_MEDICAL: Coverage.MEDICAL, common.COVERAGE_DENTAL: Coverage.DENTAL}
EXCHANGES = {
    common.EXCHANGE_UNSPECIFIED: None,
    common.EXCHANGE_ANY: None,
    common.EXCHANGE_ON: Exchange.ON,
    common.EXCHANGE_OFF: Exchange.OFF,
}

_member = FromProto(pb.Member, Member)


class RatingFields(Protocol):
    """The fields that searches, pricing and new quotes share."""

    @property
    def state(self) -> str: ...
    @property
    def zip(self) -> str: ...
    @property
    def county_fips(self) -> str: ...
    @property
    def effective_date(self) -> str: ...
    @property
    def members(self) -> Iterable[pb.Member]: ...


def rating_request(request: RatingFields) -> RatingRequest:
    problems = Problems()
    day, members = _read_date_and_members(request, problems)
    return RatingRequest(request.state, request.zip, request.county_fips, day, members, problems.found)


def quote_update(request: service_pb.UpdateQuoteRequest) -> QuoteUpdate:
    problems = Problems()
    day, members = _read_date_and_members(request, problems)
    return QuoteUpdate(
        request.quote_id, request.version, request.zip, request.county_fips, day, members, problems.found
    )


def _read_date_and_members(
    request: RatingFields | service_pb.UpdateQuoteRequest, problems: Problems
) -> tuple[date, tuple[Member, ...]]:
    day = problems.required_day("effective_date", request.effective_date)
    members = (_member(member, problems, f"members[{i}].") for i, member in enumerate(request.members))
    return day, tuple(members)


def coverage_to_domain(value: common.Coverage.ValueType) -> Coverage:
    if value not in COVERAGES:
        raise InvalidInput.at("coverage", "Choose medical or dental.")
    return COVERAGES[value]


def exchange_to_domain(value: common.Exchange.ValueType) -> Exchange | None:
    """None for both sides."""
    if value not in EXCHANGES:
        raise InvalidInput.at("exchange", "Choose on, off or any.")
    return EXCHANGES[value]


def producer_to_domain(number: WritingNumber) -> Producer:
    return Producer(number.number, number.producer_name, number.company_name, number.state, number.phone, number.npn)


def required_date(value: str, field: str) -> date:
    problems = Problems()
    day = problems.required_day(field, value)
    problems.close()
    return day


def optional_date(value: str, field: str) -> date | None:
    return required_date(value, field) if value else None
