"""Contract: the messages of a census stream."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import count

from suite.common.v1 import common_pb2 as common
from suite.quote.v1 import quote_census_pb2 as pb

from services.quote.contract import to_domain
from services.quote.domain.plan import Coverage
from services.quote.usecases.price_census import Answer, Batch, CensusEntry, RefusedEntry


def read_batches(requests: Iterable[pb.PriceCensusRequest]) -> Iterator[Batch]:
    lines = count(1)
    for request in requests:
        entries = [
            CensusEntry(next(lines), household.household_id, to_domain.rating_request(household))
            for household in request.households
        ]
        unspecified = request.coverage == common.COVERAGE_UNSPECIFIED
        coverages = tuple(Coverage) if unspecified else (to_domain.coverage_to_domain(request.coverage),)
        yield entries, coverages, to_domain.exchange_to_domain(request.exchange)


def write_line(answer: Answer) -> pb.CensusLine:
    line = pb.CensusLine(line=answer.line, household_id=answer.household_id)
    if isinstance(answer, RefusedEntry):
        line.problems.extend(pb.CensusProblem(field=p.field, message=p.message, rule=p.rule) for p in answer.problems)
        return line
    for premiums in answer.premiums:
        plan_ids, cents = premiums.filed()
        line.plan_ids.extend(plan_ids)
        line.monthly_premium_cents.extend(cents)
        line.not_filed_plan_ids.extend(premiums.not_filed())
    return line
