"""What enrollment asks of the quote service, and what it reads of the answers: every field of its own records."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime

import pytest
from suite.common.v1 import common_pb2
from suite.quote.v1 import quote_pb2
from suite.quote.v1 import quote_service_pb2 as pb

from chassis.kernel import Money
from chassis.mapping.to_proto import timestamp_to_proto
from services.enrollment.domain.enums import Coverage, Relationship, Sex
from services.enrollment.domain.pricing import PlanLine, PremiumLine, PricingBasis, RatedMember
from services.enrollment.domain.steps import Producer
from services.enrollment.remote.quotes import RemoteQuotes
from services.enrollment.usecases.dtos import QuotedMember, SavedQuote
from tests.unit.services.enrollment.remote.answering_bus import AnsweringBus, empty_fields

ADA = RatedMember(Relationship.SELF, date(1987, 6, 14), Sex.FEMALE, tobacco_use=True)
CAL = RatedMember(Relationship.CHILD, date(1999, 9, 3), None, tobacco_use=False, disabled_dependent=True)
MEMBERS = [
    quote_pb2.Member(
        relationship=common_pb2.RELATIONSHIP_SELF,
        date_of_birth="1987-06-14",
        sex=common_pb2.SEX_FEMALE,
        tobacco_use=True,
    ),
    quote_pb2.Member(relationship=common_pb2.RELATIONSHIP_CHILD, date_of_birth="1999-09-03", disabled_dependent=True),
]
MEDICAL = quote_pb2.PricedPlan(
    plan=quote_pb2.Plan(
        plan_id="M-1",
        name="Silver HMO",
        coverage=common_pb2.COVERAGE_MEDICAL,
        metal_level="Silver",
        plan_type="HMO",
        uses_pcp=True,
        consumer_choice_disclosure=True,
        includes_pediatric_dental=True,
        catalogue="illustrative",
    ),
    monthly_premium=common_pb2.Money(cents=60_800),
    members=[
        quote_pb2.MemberPremium(
            member_index=1,
            age=26,
            monthly_premium=common_pb2.Money(cents=26_400),
            explanation="Age 26.",
            rating_area=3,
        )
    ],
)
DENTAL = quote_pb2.PricedPlan(
    plan=quote_pb2.Plan(plan_id="D-1", coverage=common_pb2.COVERAGE_DENTAL),
    monthly_premium=common_pb2.Money(cents=3_100),
)
MEDICAL_LINE = PlanLine(
    Coverage.MEDICAL,
    "M-1",
    "Silver HMO",
    "HMO",
    "Silver",
    Money(60_800),
    (PremiumLine(1, 26, Money(26_400), "Age 26."),),
    "illustrative",
    uses_pcp=True,
    consumer_choice_disclosure=True,
    includes_pediatric_dental=True,
    rating_area=3,
)
DENTAL_LINE = PlanLine(Coverage.DENTAL, "D-1", "", "", "", Money(3_100), (), "")


def test_a_selection_is_priced_with_every_field_of_its_request() -> None:
    bus = AnsweringBus("suite.quote.v1.QuoteService.PriceSelection", pb.PriceSelectionResponse())
    basis = PricingBasis("IL", "60601", "17031", date(2026, 6, 1), (ADA, CAL), "M-1", "D-1")
    RemoteQuotes(bus.client).price(basis)
    expected = pb.PriceSelectionRequest(
        state="IL",
        zip="60601",
        county_fips="17031",
        effective_date="2026-06-01",
        members=MEMBERS,
        medical_plan_id="M-1",
        dental_plan_id="D-1",
    )
    assert bus.asked == [expected]
    assert empty_fields(expected) == set()
    assert empty_fields(MEMBERS[0]) & empty_fields(MEMBERS[1]) == {"first_name", "last_name"}


@pytest.mark.parametrize(
    ("answer", "lines"),
    [
        (pb.PriceSelectionResponse(medical=MEDICAL, dental=DENTAL), (MEDICAL_LINE, DENTAL_LINE)),
        (pb.PriceSelectionResponse(medical=MEDICAL), (MEDICAL_LINE,)),
        (pb.PriceSelectionResponse(dental=DENTAL), (DENTAL_LINE,)),
    ],
)
def test_each_priced_plan_is_a_line_with_every_field(
    answer: pb.PriceSelectionResponse, lines: tuple[PlanLine, ...]
) -> None:
    bus = AnsweringBus("suite.quote.v1.QuoteService.PriceSelection", answer)
    basis = PricingBasis("IL", "60601", "17031", date(2026, 6, 1), (ADA,), "M-1", "D-1")
    assert RemoteQuotes(bus.client).price(basis) == lines


def named(member: quote_pb2.Member, first_name: str, last_name: str) -> quote_pb2.Member:
    found = quote_pb2.Member(first_name=first_name, last_name=last_name)
    found.MergeFrom(member)
    return found


QUOTED_AT = datetime(2026, 5, 11, 17, tzinfo=UTC)
QUOTE = quote_pb2.Quote(
    quote_id="q-1",
    status=quote_pb2.QUOTE_STATUS_SELECTED,
    producer=common_pb2.Producer(writing_number="220002580", name="FRITZ, CALVIN C", company_name="ACME", state="IL"),
    zip="60601",
    county=quote_pb2.County(fips="17031", name="Cook", state="IL"),
    effective_date="2026-06-01",
    members=[named(MEMBERS[0], "Ada", "Sample"), named(MEMBERS[1], "Cal", "Other")],
    medical=MEDICAL,
    dental=DENTAL,
    exchange=common_pb2.EXCHANGE_OFF,
    created_at=timestamp_to_proto(QUOTED_AT),
)
SAVED = SavedQuote(
    quote_id="q-1",
    created_at=QUOTED_AT,
    producer=Producer("220002580", "FRITZ, CALVIN C", "ACME", "IL"),
    zip="60601",
    county_fips="17031",
    county_name="Cook",
    effective_date=date(2026, 6, 1),
    members=(QuotedMember(ADA, "Ada", "Sample"), QuotedMember(CAL, "Cal", "Other")),
    medical_plan_id="M-1",
    dental_plan_id="D-1",
    on_exchange=False,
    exchange_target="",
    exchange_url="",
    expired=False,
)


def saved(quote: quote_pb2.Quote) -> SavedQuote:
    bus = AnsweringBus("suite.quote.v1.QuoteService.GetQuote", pb.GetQuoteResponse(quote=quote))
    found = RemoteQuotes(bus.client).quote("q-1")
    assert bus.asked == [pb.GetQuoteRequest(quote_id="q-1")]
    return found


def quote_with(changes: quote_pb2.Quote) -> quote_pb2.Quote:
    found = quote_pb2.Quote()
    found.CopyFrom(QUOTE)
    found.MergeFrom(changes)
    return found


def test_a_quote_is_read_with_every_field() -> None:
    assert saved(QUOTE) == SAVED


def test_a_quote_of_an_exchange_tells_where_it_is_enrolled() -> None:
    url = "https://example.com/q-1"
    changes = quote_pb2.Quote(exchange=common_pb2.EXCHANGE_ON, exchange_target="ISP", exchange_url=url)
    expected = replace(SAVED, on_exchange=True, exchange_target="ISP", exchange_url=url)
    assert saved(quote_with(changes)) == expected


def test_a_quote_of_a_year_that_is_over_is_expired() -> None:
    assert saved(quote_with(quote_pb2.Quote(status=quote_pb2.QUOTE_STATUS_EXPIRED))) == replace(SAVED, expired=True)
