"""Sample requests of the quote service."""

from __future__ import annotations

from typing import Any

from suite.common.v1 import common_pb2 as common
from suite.quote.v1 import quote_census_pb2 as census
from suite.quote.v1 import quote_offers_pb2 as offers
from suite.quote.v1 import quote_service_pb2 as pb

from deploy.local.demo.journey import COUNTY, STATE, ZIP
from tests.sample_requests.records import GATEWAY, TODAY, SampleRecords, new_key
from tests.sample_requests.sample import Sample, Samples
from tests.suite_calls import FRITZ

_MONTH = f"{TODAY:%Y-%m}"


def place() -> dict[str, Any]:
    return {"state": STATE, "zip": ZIP, "county_fips": COUNTY, "effective_date": TODAY.isoformat()}


def _search_plans(records: SampleRecords) -> Sample:
    request = pb.SearchPlansRequest(**place(), coverage=common.COVERAGE_MEDICAL, members=records.members())
    return Sample(request)


def _compare_plans(records: SampleRecords) -> Sample:
    search = pb.SearchPlansRequest(
        **place(), coverage=common.COVERAGE_MEDICAL, exchange=common.EXCHANGE_OFF, members=records.members()
    )
    found = records.ask(pb.DESCRIPTOR.services_by_name["QuoteService"].methods_by_name["SearchPlans"], search)
    plans = [one.plan.plan_id for one in found.plans[:2]]
    return Sample(pb.ComparePlansRequest(**place(), members=records.members(), plan_ids=plans))


def _price_selection(records: SampleRecords) -> Sample:
    medical, dental = records.plans
    request = pb.PriceSelectionRequest(
        **place(), members=records.members(), medical_plan_id=medical, dental_plan_id=dental
    )
    return Sample(request)


def _price_census(records: SampleRecords) -> Sample:
    household = census.CensusHousehold(**place(), household_id="H-1", members=records.members())
    request = census.PriceCensusRequest(
        households=[household] * 2, coverage=common.COVERAGE_MEDICAL, exchange=common.EXCHANGE_OFF
    )
    return Sample(request)


def _create_quote(records: SampleRecords) -> Sample:
    request = pb.CreateQuoteRequest(
        **place(), idempotency_key=new_key(), writing_number=FRITZ.number, members=records.members()
    )
    return Sample(request)


def _select_plans(records: SampleRecords) -> Sample:
    quote, (medical, _) = records.quote(), records.plans
    return Sample(pb.SelectPlansRequest(quote_id=quote.quote_id, medical_plan_id=medical, version=quote.version))


def _update_quote(records: SampleRecords) -> Sample:
    quote, where = records.quote(), place()
    del where["state"]
    request = pb.UpdateQuoteRequest(
        **where, quote_id=quote.quote_id, members=records.members()[:1], version=quote.version
    )
    return Sample(request)


def _restore_quote(records: SampleRecords) -> Sample:
    quote_id = records.quote().quote_id
    method = pb.DESCRIPTOR.services_by_name["QuoteService"].methods_by_name["ArchiveQuote"]
    records.ask(method, pb.ArchiveQuoteRequest(quote_id=quote_id))
    return Sample(pb.RestoreQuoteRequest(quote_id=quote_id))


def _requote(records: SampleRecords) -> Sample:
    request = offers.RequoteRequest(
        idempotency_key=new_key(), quote_id=records.quote().quote_id, effective_date=TODAY.isoformat()
    )
    return Sample(request)


def _deliver_quote(records: SampleRecords) -> Sample:
    request = offers.DeliverQuoteRequest(
        idempotency_key=new_key(), quote_id=records.quote().quote_id, email="ada@example.com", language="en"
    )
    return Sample(request)


def _copy_quote(records: SampleRecords) -> Sample:
    return Sample(offers.CopyQuoteRequest(idempotency_key=new_key(), quote_id=records.quote().quote_id))


def _create_share_link(records: SampleRecords) -> Sample:
    return Sample(offers.CreateShareLinkRequest(idempotency_key=new_key(), quote_id=records.quote().quote_id))


def _revoke_share_link(records: SampleRecords) -> Sample:
    link = records.share_link()
    return Sample(offers.RevokeShareLinkRequest(quote_id=link.quote_id, link_id=link.link_id))


def _open_shared_quote(records: SampleRecords) -> Sample:
    return Sample(offers.OpenSharedQuoteRequest(token=records.share_link().url.rpartition("/")[2]), GATEWAY)


SAMPLES: Samples = {
    "ListCounties": lambda _: Sample(pb.ListCountiesRequest(zip=ZIP, plan_year=TODAY.year)),
    "SearchPlans": _search_plans,
    "GetPlan": lambda records: Sample(pb.GetPlanRequest(plan_id=records.plans[0], plan_year=TODAY.year)),
    "ComparePlans": _compare_plans,
    "PriceSelection": _price_selection,
    "PriceCensus": _price_census,
    "CreateQuote": _create_quote,
    "ListQuotes": lambda _: Sample(pb.ListQuotesRequest(client_name="Sample", state=STATE)),
    "GetQuoteReport": lambda _: Sample(pb.GetQuoteReportRequest(first_month=_MONTH, last_month=_MONTH)),
    "GetQuote": lambda records: Sample(pb.GetQuoteRequest(quote_id=records.quote().quote_id)),
    "SelectPlans": _select_plans,
    "UpdateQuote": _update_quote,
    "ArchiveQuote": lambda records: Sample(pb.ArchiveQuoteRequest(quote_id=records.quote().quote_id)),
    "RestoreQuote": _restore_quote,
    "CopyQuote": _copy_quote,
    "Requote": _requote,
    "CreateShareLink": _create_share_link,
    "ListShareLinks": lambda records: Sample(offers.ListShareLinksRequest(quote_id=records.share_link().quote_id)),
    "RevokeShareLink": _revoke_share_link,
    "OpenSharedQuote": _open_shared_quote,
    "GetProposal": lambda records: Sample(offers.GetProposalRequest(quote_id=records.quote().quote_id)),
    "DeliverQuote": _deliver_quote,
}
