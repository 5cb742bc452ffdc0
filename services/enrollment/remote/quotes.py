"""Remote: the quote service."""

from __future__ import annotations

from datetime import date

from suite.common.v1 import common_pb2
from suite.quote.v1 import quote_pb2, quote_service_pb2

from chassis.bus.client import BusClient
from chassis.kernel import Money
from services.enrollment.domain.pricing import PlanLine, PremiumLine, PricingBasis, RatedMember
from services.enrollment.domain.steps import Producer
from services.enrollment.domain.vocabulary import Coverage, Relationship, Sex
from services.enrollment.usecases.records import QuotedMember, SavedQuote

_SERVICE = quote_service_pb2.DESCRIPTOR.services_by_name["QuoteService"]
_RELATIONSHIP, _SEX = common_pb2.Relationship, common_pb2.Sex


class RemoteQuotes:
    """The port ``usecases.ports.Quotes`` over the bus."""

    def __init__(self, bus: BusClient) -> None:
        self._bus = bus

    def quote(self, quote_id: str) -> SavedQuote:
        request = quote_service_pb2.GetQuoteRequest(quote_id=quote_id)
        answer = self._bus.call(_SERVICE, "GetQuote", request, quote_service_pb2.GetQuoteResponse)
        return _saved_quote(answer.quote)

    def price(self, basis: PricingBasis) -> tuple[PlanLine, ...]:
        request = quote_service_pb2.PriceSelectionRequest(
            state=basis.state,
            zip=basis.zip,
            county_fips=basis.county_fips,
            effective_date=basis.effective_date.isoformat(),
            members=[_member(member) for member in basis.members],
            medical_plan_id=basis.medical_plan_id,
            dental_plan_id=basis.dental_plan_id,
        )
        answer = self._bus.call(_SERVICE, "PriceSelection", request, quote_service_pb2.PriceSelectionResponse)
        priced = [getattr(answer, name) for name in ("medical", "dental") if answer.HasField(name)]
        return tuple(_plan_line(plan) for plan in priced)


def _member(member: RatedMember) -> quote_pb2.Member:
    return quote_pb2.Member(
        relationship=_RELATIONSHIP.Value(f"RELATIONSHIP_{member.relationship.upper()}"),
        date_of_birth=member.date_of_birth.isoformat(),
        sex=_SEX.Value(f"SEX_{member.sex.upper()}") if member.sex else _SEX.SEX_UNSPECIFIED,
        tobacco_use=member.tobacco_use,
        disabled_dependent=member.disabled_dependent,
    )


def _plan_line(priced: quote_pb2.PricedPlan) -> PlanLine:
    plan = priced.plan
    dental = plan.coverage == common_pb2.COVERAGE_DENTAL
    return PlanLine(
        coverage=Coverage.DENTAL if dental else Coverage.MEDICAL,
        plan_id=plan.plan_id,
        name=plan.name,
        plan_type=plan.plan_type,
        metal_level=plan.metal_level,
        monthly_premium=Money(priced.monthly_premium.cents),
        members=tuple(
            PremiumLine(one.member_index, one.age, Money(one.monthly_premium.cents), one.explanation)
            for one in priced.members
        ),
        catalogue=plan.catalogue,
        uses_pcp=plan.uses_pcp,
        consumer_choice_disclosure=plan.consumer_choice_disclosure,
        includes_pediatric_dental=plan.includes_pediatric_dental,
    )


def _saved_quote(quote: quote_pb2.Quote) -> SavedQuote:
    producer = quote.producer
    return SavedQuote(
        quote_id=quote.quote_id,
        producer=Producer(producer.writing_number, producer.name, producer.company_name, producer.state),
        zip=quote.zip,
        county_fips=quote.county.fips,
        county_name=quote.county.name,
        effective_date=date.fromisoformat(quote.effective_date),
        members=tuple(_quoted_member(member) for member in quote.members),
        medical_plan_id=quote.medical.plan.plan_id,
        dental_plan_id=quote.dental.plan.plan_id,
        on_exchange=quote.exchange == common_pb2.EXCHANGE_ON,
        exchange_target=quote.exchange_target,
        exchange_url=quote.exchange_url,
        expired=quote.status == quote_pb2.QUOTE_STATUS_EXPIRED,
    )


def _quoted_member(member: quote_pb2.Member) -> QuotedMember:
    relationship = _RELATIONSHIP.Name(member.relationship).removeprefix("RELATIONSHIP_").lower()
    sex = Sex(_SEX.Name(member.sex).removeprefix("SEX_").lower()) if member.sex else None
    born = date.fromisoformat(member.date_of_birth)
    rated = RatedMember(Relationship(relationship), born, sex, member.tobacco_use, member.disabled_dependent)
    return QuotedMember(rated, member.first_name, member.last_name)
