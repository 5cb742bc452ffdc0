"""Step 3 as a browser without JavaScript uses it, with services that answer as told."""

from __future__ import annotations

import re

import pytest
from google.protobuf.message import Message
from suite.common.v1 import common_pb2 as common
from suite.enrollment.v1 import application_pb2, plan_choice_pb2, steps_pb2
from suite.quote.v1 import quote_pb2 as quote
from suite.quote.v1 import quote_service_pb2 as quotes

from chassis.identity import Caller
from chassis.kernel import InvalidInput, NotFound, NotReady, Problem
from tests.integration.gateway import page_answers
from tests.integration.gateway.enrollment_desk import AT, Desk, change, fields_of, send
from tests.integration.gateway.harness import GatewayHarness
from tests.integration.gateway.test_pages import SAME_ORIGIN, page, sign_in

PLANS = f"{AT}/steps/plans"
SILVER, GOLD = page_answers.MEDICAL[1].plan, page_answers.MEDICAL[2].plan
DENTAL = page_answers.DENTAL[0].plan


@pytest.fixture
def browser(gateway_portal: GatewayHarness) -> GatewayHarness:
    page_answers.tell(gateway_portal.fake_services)
    sign_in(gateway_portal, "producer@example.com")
    return gateway_portal


@pytest.fixture
def desk(browser: GatewayHarness) -> Desk:
    desk = Desk(browser.fake_services)
    desk.application.household.form_type = steps_pb2.FORM_TYPE_MEDICAL_DENTAL
    browser.fake_services.answers["GetRatingBasis"] = rating_basis
    return desk


def rating_basis(request: plan_choice_pb2.GetRatingBasisRequest, _caller: Caller) -> Message:
    member = plan_choice_pb2.RatedMember(relationship=common.RELATIONSHIP_SELF, date_of_birth="1986-03-14")
    return plan_choice_pb2.GetRatingBasisResponse(
        state="IL",
        zip="60601",
        county_fips="17031",
        effective_date="2026-07-01",
        members=[member],
        coverage=request.coverage,
    )


def cards(text: str) -> dict[str, str]:
    """The cards that are shown, by plan id, in their order."""
    found = {}
    for card in re.split(r'<div class="plan"', text)[1:]:
        plan_id = re.search(r'name="(?:medical|dental)_plan_id" value="([^"]+)"', card)
        if plan_id and not card.startswith(" hidden"):
            found[plan_id[1]] = card.partition('<div class="plan ')[0]
    return found


def names(text: str) -> list[str]:
    return [
        found for card in cards(text).values() for found in re.findall(r'<label class="plan__name[^>]*>(.*?)<', card)
    ]


def choose(browser: GatewayHarness, action: str = "next", **typed: str) -> str:
    return change(browser, PLANS, action, **typed)


def test_a_card_has_what_a_choice_depends_on(browser: GatewayHarness, desk: Desk) -> None:
    del desk.application.household.people[1:]
    card = cards(page(browser, PLANS))[SILVER.plan_id]
    for shown in ("$886.79", "Silver", "HMO", "Deductible", "$2,500", "Out-of-pocket maximum", "$8,950"):
        assert shown in card
    assert "Blue Precision" in card and "Illustrative" in card and "HSA" not in card


def test_a_family_sees_the_familys_amounts(browser: GatewayHarness, desk: Desk) -> None:
    offered = quote.PricedPlan()
    offered.CopyFrom(page_answers.MEDICAL[1])
    offered.plan.family_deductible.cents = 750_000
    offered.plan.hsa_eligible = True
    browser.fake_services.answers["SearchPlans"] = quotes.SearchPlansResponse(plans=[offered])
    card = cards(page(browser, PLANS))[SILVER.plan_id]
    assert "Family deductible</dt><dd>$7,500" in card
    assert "Family out-of-pocket maximum</dt><dd>$8,950 a person" in card
    assert "HSA eligible" in card


def test_the_address_filters_and_orders_the_list(browser: GatewayHarness, desk: Desk) -> None:
    silver = page(browser, f"{PLANS}?medical.metal=Silver")
    assert [name for name in names(silver) if "Dental" not in name] == [SILVER.name]
    assert "1 of 4 plans" in silver
    assert names(page(browser, f"{PLANS}?medical.search=blue+BRONZE"))[0] == "Blue Precision Bronze HMO Standard"
    by_name = [name for name in names(page(browser, f"{PLANS}?medical.sort=name")) if "Dental" not in name]
    assert by_name == sorted(by_name) and len(by_name) == 4


@pytest.mark.parametrize("typed", ["<b>", "x" * 5000, "Iridium", "%00", "שלום"])
def test_a_filter_that_nothing_passes_leaves_the_choice_in_sight(
    browser: GatewayHarness, desk: Desk, typed: str
) -> None:
    desk.application.plans.medical_plan_id = GOLD.plan_id
    for part in ("search", "metal", "type", "sort"):
        text = page(browser, f"{PLANS}?medical.{part}={typed}")
        assert GOLD.plan_id in cards(text)
        assert fields_of(text)["medical_plan_id"] == GOLD.plan_id
        assert "<b>" not in text.replace("<b>$", "").replace("<b>None", "")


def test_filtering_without_javascript_keeps_what_was_chosen_and_saves_nothing(
    browser: GatewayHarness, desk: Desk
) -> None:
    fields = fields_of(page(browser, PLANS)) | {"medical_plan_id": GOLD.plan_id, "action": "show.medical"}
    where = send(browser, f"{PLANS}/list", fields, **{"list.medical.metal": "Silver", "list.medical.sort": "name"})
    assert where == f"{PLANS}?medical.metal=Silver&medical.sort=name#medical_plan_id"
    text = page(browser, where)
    assert fields_of(text)["medical_plan_id"] == GOLD.plan_id and GOLD.plan_id in cards(text)
    assert desk.application.version == 4 and not desk.application.plans.medical_plan_id
    cleared = send(
        browser, f"{PLANS}/list", fields | {"action": "show_all.medical"}, **{"list.medical.metal": "Silver"}
    )
    assert cleared == f"{PLANS}#medical_plan_id"


def test_how_the_list_is_shown_is_no_answer(browser: GatewayHarness, desk: Desk) -> None:
    choose(browser, **{"list.medical.search": "gold", "medical_plan_id": GOLD.plan_id})
    assert desk.application.plans == steps_pb2.PlansStep(
        medical_plan_id=GOLD.plan_id,
        pcp_choices=desk.application.plans.pcp_choices,
    )


def test_the_bar_has_the_premiums_of_what_is_chosen(browser: GatewayHarness, desk: Desk) -> None:
    assert "Total Monthly Premium" in page(browser, PLANS)
    where = choose(browser, "price", medical_plan_id=SILVER.plan_id, dental_plan_id=DENTAL.plan_id)
    assert where == f"{PLANS}#total"
    bar = page(browser, where).partition('class="premium-bar"')[2]
    for shown in ("$886.79", "$14.87", "$901.66", SILVER.name, DENTAL.name):
        assert shown in bar


def test_the_header_follows_a_choice_that_waits_to_be_saved(browser: GatewayHarness, desk: Desk) -> None:
    said = Problem("dental_plan_id", "Choose a dental plan of the same carrier.", "R11")
    browser.fake_services.answers["SaveStep"] = InvalidInput("Some fields need to be corrected.", problems=(said,))
    shown = page(browser, choose(browser, medical_plan_id=SILVER.plan_id, dental_plan_id=DENTAL.plan_id))
    header = shown.partition('id="general-information"')[2].partition("</section>")[0]
    for chosen in ("$901.66", SILVER.name, DENTAL.name):
        assert chosen in header


def test_a_refusal_throws_neither_choice_away(browser: GatewayHarness, desk: Desk) -> None:
    said = Problem("dental_plan_id", "Choose a dental plan of the same carrier.", "R11")
    browser.fake_services.answers["SaveStep"] = InvalidInput("Some fields need to be corrected.", problems=(said,))
    text = page(browser, choose(browser, medical_plan_id=SILVER.plan_id, dental_plan_id=DENTAL.plan_id))
    fields = fields_of(text)
    assert (fields["medical_plan_id"], fields["dental_plan_id"]) == (SILVER.plan_id, DENTAL.plan_id)
    assert text.count(said.message) == 2 and "$901.66" in text


def test_a_plan_that_is_sold_no_more_is_named(browser: GatewayHarness, desk: Desk) -> None:
    desk.application.plans.medical_plan_id = "36096IL0769999-00"
    text = page(browser, PLANS)
    assert "The plan 36096IL0769999-00, which was chosen before, is not sold for this household" in text
    choose(browser)
    assert desk.application.plans.medical_plan_id == "36096IL0769999-00"


def test_what_is_missing_stands_where_the_plans_would(browser: GatewayHarness, desk: Desk) -> None:
    said = Problem("household.home_address.zip", "Enter the ZIP code.", "R45")
    browser.fake_services.answers["GetRatingBasis"] = NotReady("Not yet.", problems=(said,))
    desk.application.plans.medical_plan_id = SILVER.plan_id
    assert page(browser, PLANS).count("Enter the ZIP code.") == 2
    choose(browser)
    assert desk.application.plans.medical_plan_id == SILVER.plan_id


@pytest.mark.parametrize("owed", [True, False])
def test_the_pediatric_attestation_hides_where_nobody_owes_it(browser: GatewayHarness, desk: Desk, owed: bool) -> None:
    desk.application.owes_pediatric_dental = owed
    part = re.search(r"<section[^>]* data-pediatric-dental[^>]*>", page(browser, PLANS))
    assert part and ("data-hidden-with-script" in part[0]) is not owed
    assert "GetReadiness" not in {name for name, _, _ in browser.fake_services.asked}
    desk.application.plans.pediatric_dental_attested = True
    given = re.search(r"<section[^>]* data-pediatric-dental[^>]*>", page(browser, PLANS))
    assert given and "data-hidden-with-script" not in given[0]


def test_a_dental_application_has_dental_plans_alone(browser: GatewayHarness, desk: Desk) -> None:
    desk.application.household.form_type = steps_pb2.FORM_TYPE_DENTAL
    text = page(browser, PLANS)
    for absent in (
        'name="medical_plan_id"',
        "Medical Premium",
        'name="pediatric_dental_attested"',
        "No dental coverage",
    ):
        assert absent not in text
    assert {request.coverage for name, request, _ in browser.fake_services.asked if name == "SearchPlans"} == {
        common.COVERAGE_DENTAL
    }


def test_a_plans_page_has_its_benefits(browser: GatewayHarness, desk: Desk) -> None:
    found = quote.Plan()
    found.CopyFrom(SILVER)
    found.detail.benefits.add(benefit="Primary care visit", in_network="$30", limits="25 visits per year")
    found.detail.brochure_url = "https://carrier.example/brochure.pdf"
    browser.fake_services.answers["GetPlan"] = quotes.GetPlanResponse(plan=found)
    text = page(browser, f"{PLANS}/details/{SILVER.plan_id}")
    for shown in (
        SILVER.name,
        "Primary care visit",
        "$30",
        "25 visits per year",
        "https://carrier.example/brochure.pdf",
    ):
        assert shown in text
    asked = browser.fake_services.last("GetPlan")
    assert (asked.plan_id, asked.plan_year) == (SILVER.plan_id, 2026)


def test_a_plan_that_there_is_not_has_no_page(browser: GatewayHarness, desk: Desk) -> None:
    browser.fake_services.answers["GetPlan"] = NotFound("There is no such plan.")
    assert browser.client.get(f"{PLANS}/details/36096IL0769999-00").status_code == 404
    desk.application.effective_date = ""
    assert browser.client.get(f"{PLANS}/details/{SILVER.plan_id}").status_code == 404


def test_enter_in_a_field_presses_next_also_where_a_draft_could_be_discarded(
    browser: GatewayHarness, desk: Desk
) -> None:
    fields = fields_of(page(browser, PLANS)) | {"medical_plan_id": GOLD.plan_id, "action": "show.medical"}
    text = page(browser, send(browser, f"{PLANS}/list", fields))
    assert "Discard it" in text
    first = re.search(r'<(?:input type="submit"|button[^>]*)[^>]*value="(\w+)"', text.partition('id="step-form"')[2])
    assert first and first[1] == "next"


def conflict(text: str) -> str:
    """The question which of two answers to keep, in the words of the page."""
    asked = text.partition('id="conflicts"')[2].partition("</section>")[0]
    return re.sub(r"<[^>]*>", "", asked)


def test_plans_that_two_tabs_chose_are_asked_about_by_name_and_premium(browser: GatewayHarness, desk: Desk) -> None:
    desk.application.plans.dental_plan_id = DENTAL.plan_id
    first = fields_of(page(browser, PLANS))
    choose(browser, medical_plan_id=GOLD.plan_id, dental_plan_id="")
    typed = {"medical_plan_id": SILVER.plan_id, "dental_plan_id": page_answers.DENTAL[1].plan.plan_id}
    asked = conflict(page(browser, send(browser, PLANS, first | typed | {"action": "next"})))
    for shown in (
        f"What you entered: {SILVER.name}, $886.79 per month",
        f"What is saved now: {GOLD.name}, $3,340.10 per month",
        "What is saved now: No dental coverage",
    ):
        assert shown in asked
    assert SILVER.plan_id not in asked and GOLD.plan_id not in asked


def test_a_plan_that_another_tab_saved_takes_no_place_in_silence(browser: GatewayHarness, desk: Desk) -> None:
    """The first tab went to another plan and back: what it sends is what it was opened with."""
    desk.application.plans.medical_plan_id = SILVER.plan_id
    first = fields_of(page(browser, PLANS)) | {"action": "next"}
    choose(browser, medical_plan_id=GOLD.plan_id)
    where = send(browser, PLANS, first)
    assert (where, desk.application.plans.medical_plan_id) == (PLANS, GOLD.plan_id)
    shown = page(browser, where)
    assert "Changed in another window or by somebody else" in shown
    assert f"Medical plan: <b>{GOLD.name}, $3,340.10 per month</b>" in shown
    again = send(browser, PLANS, fields_of(shown) | {"medical_plan_id": SILVER.plan_id, "action": "next"})
    assert (again, desk.application.plans.medical_plan_id) == (f"{AT}/steps/other-coverage", SILVER.plan_id)


def test_a_plan_that_was_chosen_too_late_is_listed_by_its_name_and_premium(browser: GatewayHarness, desk: Desk) -> None:
    fields = fields_of(page(browser, PLANS)) | {"medical_plan_id": GOLD.plan_id}
    assert browser.client.post(f"{PLANS}/draft", data=fields, headers=SAME_ORIGIN).status_code == 200
    desk.application.status = application_pb2.APPLICATION_STATUS_EXPIRED
    shown = page(browser, f"{AT}?unsaved=plans")
    assert f"<dt>Medical plan</dt><dd>{GOLD.name}, $3,340.10 per month</dd>" in shown
    assert GOLD.plan_id not in shown.partition("Copy what you need")[2].partition("</dl>")[0]
