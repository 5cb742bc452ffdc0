"""The pages of saved quotes: plans, review, lists and share links."""

from __future__ import annotations

import re
from typing import Any

import pytest
from google.protobuf.timestamp_pb2 import Timestamp
from suite.common.v1 import common_pb2
from suite.documents.v1 import documents_service_pb2
from suite.enrollment.v1 import rules_pb2
from suite.quote.v1 import quote_offers_pb2, quote_pb2, quote_service_pb2

from chassis.kernel import InvalidInput, NotFound, Problem
from tests.integration.gateway import page_answers
from tests.integration.gateway.harness import GatewayHarness
from tests.integration.gateway.test_pages import browser, page, post, sign_in

__all__ = ["browser"]

HMO = "36096IL0760001-00"
MONTHS_AWAY = Timestamp(seconds=page_answers.AT.seconds + 90 * 86_400)


def twin(priced: quote_pb2.PricedPlan, cents: int) -> quote_pb2.PricedPlan:
    """The same plan on the exchange."""
    other = quote_pb2.PricedPlan()
    other.CopyFrom(priced)
    other.plan.plan_id = priced.plan.plan_id[:14] + "-01"
    other.plan.exchange = common_pb2.EXCHANGE_ON
    other.monthly_premium.cents = cents
    return other


def price(request: quote_service_pb2.PriceSelectionRequest, _caller: Any) -> quote_service_pb2.PriceSelectionResponse:
    if request.medical_plan_id.endswith("-01") and request.dental_plan_id.endswith("-00"):
        raise InvalidInput.at("dental_plan_id", "Choose both plans on the exchange or both off the exchange.")
    medical = page_answers.MEDICAL[1] if request.medical_plan_id else None
    return quote_service_pb2.PriceSelectionResponse(medical=medical, monthly_premium=page_answers.money(90_166))


@pytest.fixture
def plans(browser: GatewayHarness) -> GatewayHarness:
    browser.fake_services.answers["PriceSelection"] = price
    return browser


@pytest.mark.parametrize("path", ["/quotes/q-1/plans", "/quotes/q-1"])
def test_what_the_rules_say_of_the_date_stands_on_the_pages_of_the_quote(plans: GatewayHarness, path: str) -> None:
    told = "Coverage that begins on 12/1/2026 needs a qualifying life event."
    rules = rules_pb2.EnrollmentRules(effective_date_notice=told)
    assert told not in page(plans, path)  # the rules cannot be asked here, and the page is whole without them
    plans.fake_services.answers["GetEnrollmentRules"] = rules_pb2.GetEnrollmentRulesResponse(rules=rules)
    assert f"<li>{told}</li>" in page(plans, path)
    asked = plans.fake_services.last("GetEnrollmentRules")
    assert (asked.state, asked.effective_date) == ("IL", "2026-07-01")


def test_made_up_plans_are_labelled_and_selected_with_the_version_read(plans: GatewayHarness) -> None:
    shown = page(plans, "/quotes/q-1/plans")
    assert shown.count(">Illustrative<") >= 6 and "$3,340.10" in shown
    fields = {"medical_plan_id": HMO, "dental_plan_id": "", "version": "2"}
    assert post(plans, "/quotes/q-1/plans", fields)[:2] == (303, "/quotes/q-1")
    sent = plans.fake_services.last("SelectPlans")
    assert (sent.medical_plan_id, sent.dental_plan_id, sent.version) == (HMO, "", 2)


def test_a_plan_sold_on_and_off_the_exchange_is_one_card_with_two_ways_to_buy(plans: GatewayHarness) -> None:
    medical = [page_answers.MEDICAL[1], twin(page_answers.MEDICAL[1], 88_679), page_answers.MEDICAL[0]]
    plans.fake_services.answers["SearchPlans"] = lambda request, _caller: quote_service_pb2.SearchPlansResponse(
        plans=medical if request.coverage == common_pb2.COVERAGE_MEDICAL else []
    )
    shown = page(plans, "/quotes/q-1/plans")
    assert shown.count('<article class="plan">') == 2
    assert f'value="{HMO}"' in shown and 'value="36096IL0760001-01"' in shown
    assert "2 medical and 0 dental plans" in shown


def test_ways_with_different_premiums_show_each(plans: GatewayHarness) -> None:
    medical = [page_answers.MEDICAL[1], twin(page_answers.MEDICAL[1], 88_700)]
    plans.fake_services.answers["SearchPlans"] = quote_service_pb2.SearchPlansResponse(plans=medical)
    shown = page(plans, "/quotes/q-1/plans")
    assert "On exchange: $887.00" in shown and "Off exchange: $886.79" in shown


def test_filters_of_the_address_are_what_the_service_is_asked(plans: GatewayHarness) -> None:
    query = "metal=Silver&metal=Gold&type=HMO&premium_max=1,200&deductible_max=%242500.50&hsa=1&name=blue&sort=name"
    page(plans, f"/quotes/q-1/plans?{query}&exchange=off")
    asked = {request.coverage: request for name, request, _ in plans.fake_services.asked if name == "SearchPlans"}
    medical, dental = asked[common_pb2.COVERAGE_MEDICAL], asked[common_pb2.COVERAGE_DENTAL]
    assert (list(medical.metal_levels), list(medical.plan_types)) == (["Silver", "Gold"], ["HMO"])
    assert (medical.premium_max.cents, medical.deductible_max.cents) == (120_000, 250_050)
    assert medical.hsa_eligible and medical.sort == quote_service_pb2.PLAN_SORT_NAME
    for one in (medical, dental):
        assert (one.plan_name, one.exchange) == ("blue", common_pb2.EXCHANGE_OFF)
    assert not dental.metal_levels and not dental.HasField("premium_max")


def test_an_amount_that_cannot_be_read_is_said_at_its_field_and_filters_nothing(plans: GatewayHarness) -> None:
    shown = page(plans, "/quotes/q-1/plans?premium_max=cheap")
    assert 'id="premium_max-error">Enter an amount in dollars, such as' in shown and 'value="cheap"' in shown
    assert not plans.fake_services.last("SearchPlans").HasField("premium_max")


@pytest.mark.parametrize("query", ["name=%00", "sort=bogus&exchange=moon", "metal=%3Cscript%3E", "name=x", "compare=x"])
def test_odd_filters_are_shown_harmless(plans: GatewayHarness, query: str) -> None:
    assert "<script>" not in page(plans, f"/quotes/q-1/plans?{query}").replace("<script src", "")


def test_the_choice_of_the_address_is_totalled_and_stays_in_sight_when_filtered_out(plans: GatewayHarness) -> None:
    plans.fake_services.answers["SearchPlans"] = quote_service_pb2.SearchPlansResponse()
    shown = page(plans, f"/quotes/q-1/plans?medical_plan_id={HMO}&dental_plan_id=&metal=Gold")
    assert "<b>$901.66</b> per month" in shown and "left out by the filters" in shown
    assert re.search(rf'value="{HMO}" checked', shown)


def test_plans_that_cannot_be_enrolled_together_are_said_and_both_stay_chosen(plans: GatewayHarness) -> None:
    medical = [page_answers.MEDICAL[1], twin(page_answers.MEDICAL[1], 88_679)]
    plans.fake_services.answers["SearchPlans"] = lambda request, _caller: quote_service_pb2.SearchPlansResponse(
        plans=medical if request.coverage == common_pb2.COVERAGE_MEDICAL else page_answers.DENTAL
    )
    reason = "Choose both plans on the exchange or both off the exchange."
    plans.fake_services.answers["SelectPlans"] = InvalidInput.at("dental_plan_id", reason)
    dental = page_answers.DENTAL[0].plan.plan_id
    fields = {"medical_plan_id": "36096IL0760001-01", "dental_plan_id": dental, "version": "2"}
    status, location, _ = post(plans, "/quotes/q-1/plans", fields)
    assert status == 303
    shown = page(plans, location)
    assert shown.count(reason) == 2  # in the alert, which takes the focus, and beside the total
    assert re.search(r'role="alert" tabindex="-1" autofocus', shown)
    assert re.search(r'value="36096IL0760001-01" checked', shown) and re.search(rf'value="{dental}" checked', shown)


def test_a_plan_has_a_page_with_copays_family_amounts_and_documents(plans: GatewayHarness) -> None:
    offered = quote_pb2.Plan()
    offered.CopyFrom(page_answers.MEDICAL[1].plan)
    offered.family_deductible.cents = 500_000
    offered.detail.benefits.add(benefit="Primary care visit", in_network="$30", limits="25 visits per year")
    offered.detail.summary_of_benefits_url = "https://plans.example/sbc.pdf"
    offered.detail.brochure_url = "javascript:alert(1)"
    plans.fake_services.answers["GetPlan"] = quote_service_pb2.GetPlanResponse(plan=offered)
    shown = page(plans, f"/quotes/q-1/plans/{HMO}")
    for text in ("Primary care visit", "25 visits per year", "$5,000 per family", "https://plans.example/sbc.pdf"):
        assert text in shown
    assert "javascript:" not in shown
    assert plans.fake_services.last("GetPlan").plan_year == 2026


def test_plans_stand_side_by_side(plans: GatewayHarness) -> None:
    columns = [
        quote_service_pb2.ComparedPlan(plan=one.plan, monthly_premium=one.monthly_premium)
        for one in page_answers.MEDICAL[:2]
    ]
    row = quote_service_pb2.ComparedBenefit(benefit="Generic drugs", in_network=["$5", "$10"], differs=True)
    answer = quote_service_pb2.ComparePlansResponse(plans=columns, benefits=[row])
    plans.fake_services.answers["ComparePlans"] = answer
    shown = page(plans, f"/quotes/q-1/comparison?compare={HMO}&compare=36096IL0760000-00")
    assert "Generic drugs" in shown and "$711.20" in shown and 'class="differs"' in shown
    assert '<tr class="differs"><th scope="row">Monthly premium</th>' in shown
    plans.fake_services.answers["ComparePlans"] = InvalidInput.at("plan_ids", "Send 2 to 4 plans.")
    answered = plans.client.get(f"/quotes/q-1/comparison?compare={HMO}")
    assert answered.status_code == 422 and "Back to the plans" in answered.text


@pytest.mark.parametrize(("deductibles", "marked"), [((750_00, 1_500_00), True), ((750_00, 750_00), False)])
def test_a_fact_in_which_compared_plans_differ_is_marked(
    plans: GatewayHarness, deductibles: tuple[int, int], marked: bool
) -> None:
    columns = []
    for one, cents in zip(page_answers.MEDICAL[:2], deductibles, strict=True):
        column = quote_service_pb2.ComparedPlan(plan=one.plan, monthly_premium=one.monthly_premium)
        column.plan.deductible.cents = cents
        column.plan.detail.family_deductible.cents = 2 * cents
        columns.append(column)
    plans.fake_services.answers["ComparePlans"] = quote_service_pb2.ComparePlansResponse(plans=columns)
    shown = page(plans, f"/quotes/q-1/comparison?compare={HMO}&compare=36096IL0760000-00")
    assert ('<tr class="differs"><th scope="row">Deductible</th>' in shown) is marked
    assert '<tr><th scope="row">HSA-eligible</th>' in shown


def test_review_says_who_pays_what_by_name(browser: GatewayHarness) -> None:
    shown = page(browser, "/quotes/q-1")
    assert "Jessica Tester, 40" in shown and "Spouse, 38" in shown and "$295.59" in shown


def test_share_links_are_made_listed_and_revoked(browser: GatewayHarness) -> None:
    link = quote_offers_pb2.ShareLink(link_id="l-1", url="https://portal.example/shared/token", expires_at=MONTHS_AWAY)
    closed = quote_offers_pb2.ShareLink(link_id="l-2", url="https://portal.example/shared/old", revoked=True)
    listed = quote_offers_pb2.ListShareLinksResponse(links=[link, closed])
    browser.fake_services.answers["ListShareLinks"] = listed
    shown = page(browser, "/quotes/q-1")
    assert link.url in shown and closed.url not in shown and "Sent by email with" not in shown
    listed.links[0].delivered_at.CopyFrom(page_answers.AT)
    assert "Sent by email with the proposal on 5/20/2026" in page(browser, "/quotes/q-1")
    status, location, _ = post(browser, "/quotes/q-1/share-links", {"key": "12345678", "days": "7"})
    assert (status, location) == (303, "/quotes/q-1?done=shared#done")
    assert browser.fake_services.last("CreateShareLink").days == 7
    assert "The share link is ready." in page(browser, "/quotes/q-1?done=shared")
    assert post(browser, "/quotes/q-1/share-links/l-1/revoke", {})[0] == 303
    assert browser.fake_services.last("RevokeShareLink").link_id == "l-1"


def test_the_proposal_is_downloaded_and_sent_and_a_wrong_address_stays_at_its_field(browser: GatewayHarness) -> None:
    browser.fake_services.answers["GetProposalPdf"] = documents_service_pb2.GetProposalPdfResponse(
        file_name="proposal.pdf", content=b"%PDF-1.7"
    )
    assert browser.client.get("/quotes/q-1/proposal.pdf").headers["content-type"] == "application/pdf"
    fields = {"key": "12345678", "email": "ada@example.com", "language": "es"}
    assert post(browser, "/quotes/q-1/deliveries", fields)[1] == "/quotes/q-1?done=sent#done"
    assert browser.fake_services.last("DeliverQuote").email == "ada@example.com"
    assert browser.fake_services.last("DeliverQuote").language == "es"
    wrong = {"key": "12345678", "email": "ada@", "language": "es"}
    _, location, _ = post(browser, "/quotes/q-1/deliveries", wrong)
    assert "ada" not in location
    shown = page(browser, location)
    assert '<option value="es" selected>Spanish' in shown
    assert 'value="ada@"' in shown and 'id="email-error">Check the email address' in shown


def test_copies_and_requotes_are_new_quotes_and_a_requote_says_what_changed(browser: GatewayHarness) -> None:
    copied = page_answers.saved_quote()
    copied.quote_id = "q-2"
    browser.fake_services.answers["CopyQuote"] = quote_offers_pb2.CopyQuoteResponse(quote=copied)
    assert post(browser, "/quotes/q-1/copies", {"key": "12345678"})[1] == "/quotes/q-2?done=copied"
    lost = quote_offers_pb2.PlanChange(name="Gold One", reason="Not sold any more.")
    browser.fake_services.answers["Requote"] = quote_offers_pb2.RequoteResponse(quote=copied, changes=[lost])
    fields = {"key": "12345678", "effective_date": "1/1/2027"}
    assert post(browser, "/quotes/q-1/requotes", fields)[1] == "/quotes/q-2?done=requoted"
    assert browser.fake_services.last("Requote").effective_date == "2027-01-01"
    browser.fake_services.answers["GetQuote"] = quote_service_pb2.GetQuoteResponse(quote=copied)
    assert "Not sold any more." in page(browser, "/quotes/q-2?done=requoted")
    browser.fake_services.answers["GetQuote"] = quote_service_pb2.GetQuoteResponse(quote=page_answers.saved_quote())
    refusal = InvalidInput.at("effective_date", "No plans are loaded for that year.")
    browser.fake_services.answers["Requote"] = refusal
    _, location, _ = post(browser, "/quotes/q-1/requotes", fields | {"effective_date": "2031-01-01"})
    shown = page(browser, location)
    assert 'id="effective_date-error">No plans are loaded' in shown and 'value="2031-01-01"' in shown


def test_a_requote_that_begins_before_a_birth_is_refused_beside_its_date(browser: GatewayHarness) -> None:
    refusal = InvalidInput.at("members[1].date_of_birth", "Coverage cannot begin before the birth.")
    browser.fake_services.answers["Requote"] = refusal
    _, location, _ = post(browser, "/quotes/q-1/requotes", {"key": "12345678", "effective_date": "1/1/2026"})
    assert 'id="effective_date-error">Coverage cannot begin before the birth.' in page(browser, location)


def test_a_quote_is_archived_and_brought_back(browser: GatewayHarness) -> None:
    assert post(browser, "/quotes/q-1/archive", {})[1] == "/quotes/q-1?done=archived#done"
    assert post(browser, "/quotes/q-1/restore", {})[1] == "/quotes/q-1?done=restored#done"
    assert browser.fake_services.last("RestoreQuote").quote_id == "q-1"


def listed(harness: GatewayHarness) -> quote_service_pb2.ListQuotesRequest:
    found: quote_service_pb2.ListQuotesRequest = harness.fake_services.last("ListQuotes")
    return found


def test_the_list_is_searched_by_name_without_the_name_in_an_address(browser: GatewayHarness) -> None:
    fields = {"client_name": "Jessica", "state": "IL", "status": "open", "effective_from": "6/1/2026"}
    status, location, _ = post(browser, "/quotes", fields)
    assert status == 303 and "Jessica" not in location
    shown = page(browser, location)
    asked = listed(browser)
    assert (asked.client_name, asked.state, asked.effective_from) == ("Jessica", "IL", "2026-06-01")
    assert asked.status == quote_pb2.QUOTE_STATUS_OPEN and 'value="Jessica"' in shown
    sign_in(browser, "delegate@example.com")
    page(browser, location)
    assert listed(browser).client_name == ""


def test_the_list_counts_turns_sorts_and_marks_duplicates(browser: GatewayHarness) -> None:
    alike = page_answers.saved_quote()
    alike.duplicate_count = 1
    answer = quote_service_pb2.ListQuotesResponse(quotes=[alike], next_page_token="t/1", total_count=30)
    browser.fake_services.answers["ListQuotes"] = answer
    shown = page(browser, "/quotes?sort=client&at=26")
    assert "26\u201326 of 30 quotes" in shown and "2 quotes for this client and date" in shown
    assert "page=t%2F1&amp;at=51" in shown and 'aria-sort="ascending"' in shown
    assert listed(browser).order == quote_service_pb2.QUOTE_ORDER_CLIENT_NAME


def test_a_list_that_cannot_be_searched_says_at_which_field(browser: GatewayHarness) -> None:
    problem = Problem("effective_to", "The last date is before the first date. Swap them.")
    browser.fake_services.answers["ListQuotes"] = InvalidInput("No.", problems=(problem,))
    answer = browser.client.get("/quotes?effective_to=2026-01-01")
    assert answer.status_code == 422 and 'id="effective_to-error">The last date' in answer.text
    refusal = InvalidInput.at("effective_from", "Send a date as YYYY-MM-DD.")
    browser.fake_services.answers["ListQuotes"] = refusal
    shown = browser.client.get("/quotes?effective_from=soon").text
    assert 'id="effective_from-error">Enter the date as month, day and year' in shown and 'value="soon"' in shown


def shared() -> quote_offers_pb2.OpenSharedQuoteResponse:
    return quote_offers_pb2.OpenSharedQuoteResponse(
        quote=quote_offers_pb2.SharedQuote(
            state="IL",
            effective_date="2026-07-01",
            producer_name="FRITZ, CALVIN C",
            people=[quote_offers_pb2.SharedPerson(age=40)],
            plans=[
                quote_offers_pb2.SharedPlan(
                    plan=one.plan,
                    monthly_premium=one.monthly_premium,
                    selected=not index,
                    member_premiums=[one.monthly_premium],
                )
                for index, one in enumerate(page_answers.MEDICAL[:2])
            ],
            monthly_premium=page_answers.money(71_120),
            expires_at=MONTHS_AWAY,
        )
    )


def test_a_shared_quote_is_in_spanish_where_it_is_asked_for(gateway_portal: GatewayHarness) -> None:
    gateway_portal.fake_services.answers["OpenSharedQuote"] = shared()
    english = gateway_portal.client.get("/shared/token")
    assert '<html lang="en">' in english.text and "Your selection" in english.text and "?lang=es" in english.text
    for spanish in (
        gateway_portal.client.get("/shared/token?lang=es"),
        gateway_portal.client.get("/shared/token", headers={"Accept-Language": "es-MX,es;q=0.9"}),
    ):
        assert '<html lang="es">' in spanish.text and spanish.headers["content-language"] == "es"
        for text in ("Su selección", "Prima mensual", "Bronce", "Persona 1", "inventadas"):
            assert text in spanish.text
        for text in ("Your selection", "per month", "Monthly", "Deductible", "Illustrative"):
            assert text not in spanish.text


def test_a_closed_link_says_so_in_spanish_too(gateway_portal: GatewayHarness) -> None:
    gateway_portal.fake_services.answers["OpenSharedQuote"] = NotFound("Gone.")
    for address in ("/shared/token?lang=es", "/shared/%00?lang=es"):
        answer = gateway_portal.client.get(address)
        assert answer.status_code == 404 and "Este enlace venció" in answer.text
