"""Primary care providers of the plan step, and Provider Finder (R68-R72)."""

from __future__ import annotations

import re
from collections.abc import Callable
from html import unescape

import pytest
from google.protobuf.message import Message
from suite.enrollment.v1 import application_pb2 as app
from suite.enrollment.v1 import plan_choice_pb2, rules_pb2, steps_pb2
from suite.pcp.v1 import pcp_pb2, pcp_service_pb2
from suite.quote.v1 import quote_pb2 as quote
from suite.quote.v1 import quote_service_pb2 as quotes

from chassis.identity import Caller
from chassis.kernel import InvalidInput, NotFound, Problem, Unavailable
from tests.integration.gateway import page_answers
from tests.integration.gateway.enrollment_desk import Desk, fields_of, send
from tests.integration.gateway.harness import GatewayHarness
from tests.integration.gateway.test_pages import SAME_ORIGIN, page
from tests.integration.gateway.test_plan_step import GOLD, PLANS, SILVER, choose, conflict, rating_basis


def _provider(pcp_id: str = "P7", **more: object) -> pcp_pb2.Provider:
    known: dict[str, object] = {
        "name": "Ann Example, MD",
        "specialty": "Family Medicine",
        "address": "1 Main St",
        "city": "Chicago",
        "state": "IL",
        "zip": "60601",
        "panel": "any",
        "accepting": True,
        "medical_group_id": "123",
        "medical_group_name": "Lake Group",
        "distance_miles": "1.4",
        "languages": ["English", "Spanish"],
        "last_updated_on": "2026-01-02",
        "illustrative": True,
    }
    return pcp_pb2.Provider(pcp_id=pcp_id, **(known | more))  # type: ignore[arg-type]  # fields by their names


def _found(*providers: pcp_pb2.Provider, **more: object) -> pcp_service_pb2.SearchProvidersResponse:
    known: dict[str, object] = {
        "radius_miles": 25,
        "plan_year": 2026,
        "directory_updated_on": "2026-01-02",
        "specialties": ["Family Medicine", "Pediatrics"],
        "languages": ["English", "Spanish"],
    }
    return pcp_service_pb2.SearchProvidersResponse(providers=providers, **(known | more))  # type: ignore[arg-type]  # fields by their names


def _knows(pcp_id: str) -> Callable[[pcp_service_pb2.GetProviderRequest, Caller], Message]:
    def answer(request: pcp_service_pb2.GetProviderRequest, _caller: Caller) -> Message:
        if request.pcp_id != pcp_id:
            raise NotFound("There is no such provider.")
        return pcp_service_pb2.GetProviderResponse(provider=_provider(pcp_id))

    return answer


@pytest.fixture
def hmo(browser: GatewayHarness, desk: Desk) -> Desk:
    """The Silver HMO is offered and chosen."""
    offered = [quote.PricedPlan.FromString(one.SerializeToString()) for one in page_answers.MEDICAL]
    offered[1].plan.uses_pcp = True
    browser.fake_services.answers |= {
        "SearchPlans": quotes.SearchPlansResponse(plans=offered),
        "GetRatingBasis": rating_basis,
        "GetProvider": _knows("P7"),
        "SearchProviders": _found(_provider()),
        "CheckPlanChange": _plan_change(uses_pcp=True),
    }
    desk.application.household.form_type = steps_pb2.FORM_TYPE_MEDICAL_DENTAL
    desk.application.plans.medical_plan_id = SILVER.plan_id
    return desk


def _plan_change(*, uses_pcp: bool, **more: object) -> plan_choice_pb2.CheckPlanChangeResponse:
    members = [app.PremiumLine(member_index=0, age=40), app.PremiumLine(member_index=1, age=9)]
    line = app.PlanLine(plan_id=SILVER.plan_id, name=SILVER.name, members=members)
    return plan_choice_pb2.CheckPlanChangeResponse(plan_lines=[line], uses_pcp=uses_pcp, **more)  # type: ignore[arg-type]  # fields by their names


def section(text: str) -> str:
    return text.partition('<section class="card pcp-section"')[2].partition("</section>")[0]


def test_providers_are_asked_for_where_the_chosen_plan_uses_them(browser: GatewayHarness, hmo: Desk) -> None:
    assert "hidden" not in section(page(browser, PLANS)).partition(">")[0]
    hmo.application.plans.medical_plan_id = GOLD.plan_id
    shown = section(page(browser, PLANS))
    assert shown.partition(">")[0].endswith(
        " data-hidden-with-script"
    )  # without JavaScript it is there, and says for whom
    assert "<p data-hidden-with-script>This part is for an HMO or POS plan." in shown


def test_the_group_has_the_states_label_and_the_provider_a_name(browser: GatewayHarness, hmo: Desk) -> None:
    label = rules_pb2.IdentifierFormat(name="medical_group_id", label="Medical Group Number (3 Digits)")
    rules = browser.fake_services.answers["GetEnrollmentRules"]
    assert isinstance(rules, rules_pb2.GetEnrollmentRulesResponse)
    rules.rules.identifiers.append(label)
    hmo.application.plans.pcp_choices.add(member_index=0, pcp_id="P7")
    hmo.application.plans.pcp_choices.add(member_index=1, pcp_id="NOPE")
    text = section(page(browser, PLANS))
    assert text.count("Medical Group Number (3 Digits)") == 2
    assert "<b>Ann Example, MD</b>, Family Medicine, Lake Group" in text
    assert "No provider has this ID." in text
    browser.fake_services.answers["GetProvider"] = Unavailable("away")
    assert "No provider has this ID." not in page(browser, PLANS)


def test_a_refused_provider_is_named_at_the_persons_field(browser: GatewayHarness, hmo: Desk) -> None:
    said = Problem("pcp_choices[1].pcp_id", "Sam: this provider is not in the plan's network.", "R71")
    browser.fake_services.answers["SaveStep"] = InvalidInput("Some fields need to be corrected.", problems=(said,))
    text = page(browser, choose(browser, **{"pcp_choices[1].pcp_id": "P9"}))
    assert text.count("this provider is not in the plan") == 2 and 'href="#pcp_choices-1-pcp_id"' in text
    assert fields_of(text)["pcp_choices[1].pcp_id"] == "P9"


def test_one_number_goes_for_all_and_the_others_are_kept(browser: GatewayHarness, hmo: Desk) -> None:
    typed = {"pcp_same_for_all": "yes", "pcp_choices[0].pcp_id": "P7", "pcp_choices[1].pcp_id": "P8"}
    choose(browser, **typed)
    sent = browser.fake_services.last("SaveStep").plans
    assert sent.pcp_same_for_all and [one.pcp_id for one in sent.pcp_choices] == ["P7", "P8"]


def test_another_plan_says_what_becomes_of_each_provider_and_lets_them_be_taken_out(
    browser: GatewayHarness, hmo: Desk
) -> None:
    hmo.application.plans.pcp_choices.add(member_index=0, pcp_id="P7")
    outcome = plan_choice_pb2.PcpOutcome(
        member_index=0, pcp_id="P7", status=plan_choice_pb2.PCP_STATUS_NOT_NEEDED, message="Jessica: no PCP is needed."
    )
    browser.fake_services.answers["CheckPlanChange"] = _plan_change(uses_pcp=False, pcp_outcomes=[outcome])
    said = Problem("pcp_choices", "Remove the choices.", "R68")
    browser.fake_services.answers["SaveStep"] = InvalidInput("Some fields need to be corrected.", problems=(said,))
    text = page(browser, choose(browser, "price", medical_plan_id=GOLD.plan_id))
    assert "Jessica: no PCP is needed." in text and "Remove All PCPs" in text
    assert re.search(r"<div data-pcp-needless>", text)
    where = send(browser, f"{PLANS}/providers", fields_of(text))
    after = page(browser, where)
    assert fields_of(after)["pcp_choices[0].pcp_id"] == "" and fields_of(after)["medical_plan_id"] == GOLD.plan_id


def test_what_is_chosen_is_checked_while_it_is_chosen(browser: GatewayHarness, hmo: Desk) -> None:
    browser.fake_services.answers["CheckPlanChange"] = _plan_change(uses_pcp=True, owes_pediatric_dental=True)
    fields = fields_of(page(browser, PLANS)) | {"pcp_choices[0].pcp_id": "P7"}
    answer = browser.client.post(f"{PLANS}/check", data=fields, headers=SAME_ORIGIN)
    assert answer.status_code == 200 and "Ann Example, MD" in answer.text
    assert 'data-owes-pediatric-dental="yes"' in answer.text
    assert hmo.application.version == 4 and "did not save yet" not in page(browser, PLANS)
    browser.fake_services.answers["CheckPlanChange"] = InvalidInput("No rate.")
    assert browser.client.post(f"{PLANS}/check", data=fields, headers=SAME_ORIGIN).status_code == 200


def test_provider_finder_saves_the_step_searches_and_fills_in_the_choice(browser: GatewayHarness, hmo: Desk) -> None:
    where = choose(browser, "find_provider.p2", **{"pcp_choices[0].medical_group_id": "321"})
    assert where == f"{PLANS}/providers/p2" and hmo.application.plans.pcp_choices[0].medical_group_id == "321"
    text = page(browser, f"{where}?name=example&accepting_only=yes")
    for shown in ("Ann Example, MD", "Lake Group", "1 Main St, Chicago, IL 60601", "1.4 miles", "any age", "PCP ID P7"):
        assert shown in text
    assert "Speaks English, Spanish" in text and "in the 2026 network of" in text
    assert "Provider directory of 1/2/2026." in text and "call the office before you choose" in text
    asked = browser.fake_services.last("SearchProviders")
    assert (asked.plan_id, asked.plan_year, asked.zip, asked.name) == (SILVER.plan_id, 2026, "60601", "example")
    assert asked.accepting_only and asked.age == 9 and not asked.HasField("radius_miles")
    chosen = {"csrf": fields_of(text)["csrf"], "pcp_id": "P7", "medical_group_id": "123"}
    assert send(browser, where, chosen) == f"{PLANS}#pcp_choices-1-pcp_id"
    choices = hmo.application.plans.pcp_choices
    assert [(one.person_id, one.pcp_id, one.medical_group_id) for one in choices] == [
        ("p1", "", "321"),
        ("p2", "P7", "123"),
    ]


def test_a_choice_that_is_refused_waits_on_the_step_with_its_reason(browser: GatewayHarness, hmo: Desk) -> None:
    said = Problem("pcp_choices[0].pcp_id", "This provider takes no new patients.", "R71")
    browser.fake_services.answers["SaveStep"] = InvalidInput("Some fields need to be corrected.", problems=(said,))
    csrf = fields_of(page(browser, f"{PLANS}/providers/p1"))["csrf"]
    text = page(browser, send(browser, f"{PLANS}/providers/p1", {"csrf": csrf, "pcp_id": "P7"}))
    assert fields_of(text)["pcp_choices[0].pcp_id"] == "P7" and text.count("takes no new patients") == 2


@pytest.mark.parametrize(
    "query",
    [
        "name=" + "x" * 5000,
        "name=<b>",
        "page=nonsense",
        "plan=nothing",
        "plan=%00",
        "gender=1",
        "radius_miles=9" + "9" * 99,
    ],
)
def test_a_search_of_any_text_is_answered(browser: GatewayHarness, hmo: Desk, query: str) -> None:
    assert browser.client.get(f"{PLANS}/providers/p1?{query}").status_code == 200


FILTERS = (
    "name=ann&place=Hammond%2C+IN&specialty=Pediatrics&language=Spanish&gender=female&radius_miles=10"
    "&accepting_only=yes&panel=any"
)


def results(text: str) -> str:
    return text.partition('id="finder-results"')[2]


def test_every_filter_is_asked_for_and_stays_in_its_field(browser: GatewayHarness, hmo: Desk) -> None:
    browser.fake_services.answers["SearchProviders"] = _found(
        _provider(), radius_miles=10, next_page_token="two", count=1_000, count_capped=True
    )
    text = page(browser, f"{PLANS}/providers/p2?plan={SILVER.plan_id}&{FILTERS}")
    asked = browser.fake_services.last("SearchProviders")
    assert (asked.name, asked.place, asked.specialty) == ("ann", "Hammond, IN", "Pediatrics")
    assert asked.language == "Spanish"
    assert (asked.gender, asked.radius_miles, asked.panel) == (pcp_pb2.GENDER_FEMALE, 10, "any")
    assert asked.accepting_only and asked.age == 9
    search = text.partition('id="finder-search"')[2].partition("</form>")[0]
    for chosen in ("Pediatrics", "Spanish", "female", "10"):
        assert f'<option value="{chosen}" selected>' in search
    assert search.count(" checked") == 2 and 'value="ann"' in search and 'value="Hammond, IN"' in search
    assert "<summary>Filters (6 set)</summary>" in search
    assert "The nearest of 1,000+ providers within 10 miles." in text
    more = re.search(r'href="([^"]*page=two)"', text)
    assert more and all(part in unescape(more[1]) for part in (FILTERS, f"plan={SILVER.plan_id}"))
    browser.fake_services.answers["SearchProviders"] = _found(_provider(), radius_miles=10)
    text = page(browser, unescape(more[1]))
    assert browser.fake_services.last("SearchProviders").page.token == "two"
    assert "Back to the nearest" in text and "More providers" not in text


@pytest.mark.parametrize(
    ("field", "typed", "message"),
    [
        ("gender", "robot", "Choose one of: female, male, other."),
        ("radius_miles", "far", "Enter a number of at least 0 and at most 500."),
        ("name", "x" * 101, "Shorten this to 100 characters."),
        ("place", "x" * 61, "Shorten this to 60 characters."),
    ],
)
def test_a_refused_filter_is_explained_beside_its_field(
    browser: GatewayHarness, hmo: Desk, field: str, typed: str, message: str
) -> None:
    """The service refuses the gender; bounds are refused by the contract before it is asked."""
    said = Problem("gender", "Choose one of: female, male, other.", "R71")
    browser.fake_services.answers["SearchProviders"] = InvalidInput("Correct the filters.", problems=(said,))
    text = page(browser, f"{PLANS}/providers/p1?{field}={typed}")
    assert f'<p class="ds-c-inline-error" id="finder-{field}-error">{message}</p>' in text
    assert f'<option value="{typed}" selected>' in text or f'value="{typed}"' in text
    assert "Correct the search above." in results(text)


def test_the_page_says_where_distances_are_counted_from(browser: GatewayHarness, hmo: Desk) -> None:
    browser.fake_services.answers["SearchProviders"] = _found(_provider(), place="Saint Charles, IL")
    assert "Nearest to Saint Charles, IL first." in page(browser, f"{PLANS}/providers/p1?place=st+charles")


def test_estimated_distances_are_called_so(browser: GatewayHarness, hmo: Desk) -> None:
    browser.fake_services.answers["SearchProviders"] = _found(_provider(), distances_are_estimates=True)
    text = page(browser, f"{PLANS}/providers/p1")
    assert "about 1.4 miles" in text and "distances are estimates" in text


def test_where_nobody_matches_links_widen_the_radius_and_remove_each_filter(browser: GatewayHarness, hmo: Desk) -> None:
    browser.fake_services.answers["SearchProviders"] = _found(nearest_miles="64.2")
    text = page(browser, f"{PLANS}/providers/p1?language=Spanish&gender=female")
    assert "No provider matches within 25 miles. The nearest one who does is 64.2 miles away." in text
    ways = {name: unescape(way) for way, name in re.findall(r'<li><a href="([^"]*)"[^>]*>([^<]*)</a>', results(text))}
    assert {name: way.partition("?")[2] for name, way in ways.items()} == {
        "Search within 100 miles": f"language=Spanish&gender=female&radius_miles=100&plan={SILVER.plan_id}",
        "Remove the filter: Spanish": f"gender=female&plan={SILVER.plan_id}",
        "Remove the filter: female providers": f"language=Spanish&plan={SILVER.plan_id}",
    }
    browser.fake_services.answers["SearchProviders"] = _found(nearest_miles="312.0")
    assert "radius_miles=0" in page(browser, f"{PLANS}/providers/p1").partition("Search at any distance")[0]
    browser.fake_services.answers["SearchProviders"] = _found()
    assert "Nobody in the plan's network sees patients of this age." in page(browser, f"{PLANS}/providers/p1")


def test_a_provider_of_the_list_is_shown_with_all_offices_and_leads_back(browser: GatewayHarness, hmo: Desk) -> None:
    where = f"{PLANS}/providers/p2"
    browser.fake_services.answers["GetProvider"] = pcp_service_pb2.GetProviderResponse(
        provider=_provider("P/7", npi="2000001042", gender=pcp_pb2.GENDER_FEMALE, accepting_in_some_locations=True),
        locations=[
            pcp_pb2.Location(address="1 Main St", city="Chicago", state="IL", zip="60601", phone="3125550142"),
            pcp_pb2.Location(address="2 Far Rd", city="Peoria", state="IL", zip="61602"),
        ],
    )
    browser.fake_services.answers["SearchProviders"] = _found(_provider("P/7"))
    listed = page(browser, f"{where}?plan={SILVER.plan_id}&language=Spanish&page=two")
    link = re.search(r'<h2><a href="([^"]*)"[^>]*>Ann Example, MD</a>', listed)
    assert link
    text = page(browser, unescape(link[1]))
    assert browser.fake_services.last("GetProvider").pcp_id == "P/7"
    for shown in ("1 Main St, Chicago, IL 60601", "2 Far Rd, Peoria, IL 61602", "2000001042", "Female", "Illustrative"):
        assert shown in text
    assert "Accepting new patients in some offices" in text
    back = re.search(r'href="([^"]*)"[^>]*>Back to the providers', text)
    assert back and unescape(back[1]) == f"{where}?language=Spanish&plan={SILVER.plan_id}&page=two"
    chosen = {"csrf": fields_of(text)["csrf"], "pcp_id": "P7", "medical_group_id": "123"}
    assert send(browser, where, chosen) == f"{PLANS}#pcp_choices-1-pcp_id"
    browser.fake_services.answers["GetProvider"] = NotFound("There is no provider with this ID.")
    assert browser.client.get(f"{where}/entry?pcp_id=NOPE").status_code == 404
    assert browser.client.get(f"{where}/entry").status_code == 422


def test_an_error_in_an_entry_is_reported_and_shown(browser: GatewayHarness, hmo: Desk) -> None:
    entry = f"{PLANS}/providers/p2/entry?pcp_id=P7&language=Spanish"
    form = page(browser, entry)
    assert "was reported" not in form and '<details class="finder__report">' in form
    sent = {"csrf": fields_of(form)["csrf"], "fault": "phone", "note": "It is 312-555-0142."}
    reported = _provider("P7", reported_on="2026-05-20")
    browser.fake_services.answers["GetProvider"] = pcp_service_pb2.GetProviderResponse(provider=reported)
    where = send(browser, entry, sent)
    asked = browser.fake_services.last("ReportProvider")
    assert (asked.pcp_id, asked.fault, asked.note) == ("P7", pcp_pb2.ENTRY_FAULT_PHONE, "It is 312-555-0142.")
    text = page(browser, where)
    assert "Thank you for the report" in text and "An error in this entry was reported on 5/20/2026" in text
    assert "312-555-0142" not in where and "language=Spanish" in where
    browser.fake_services.answers["SearchProviders"] = _found(reported)
    assert "was reported on 5/20/2026" in page(browser, f"{PLANS}/providers/p2")


def test_a_deactivated_provider_is_shown_with_the_day_and_without_choose(browser: GatewayHarness, hmo: Desk) -> None:
    gone = _provider("P7", deactivated_on="2026-02-01", accepting=False)
    browser.fake_services.answers |= {
        "SearchProviders": _found(gone),
        "GetProvider": pcp_service_pb2.GetProviderResponse(provider=gone),
    }
    for address in (f"{PLANS}/providers/p2", f"{PLANS}/providers/p2/entry?pcp_id=P7"):
        text = page(browser, address)
        assert "The NPI was deactivated on 2/1/2026: this provider cannot be chosen." in text
        assert "data-finder-choose" not in text
    browser.fake_services.answers["SearchProviders"] = _found(_provider())
    assert "data-finder-choose" in page(browser, f"{PLANS}/providers/p2")


def test_a_report_that_is_refused_keeps_what_was_typed_and_says_why(browser: GatewayHarness, hmo: Desk) -> None:
    entry = f"{PLANS}/providers/p2/entry?pcp_id=P7"
    csrf = fields_of(page(browser, entry))["csrf"]
    answer = browser.client.post(entry, data={"csrf": csrf, "note": "odd"}, headers=SAME_ORIGIN)
    assert answer.status_code == 422 and "Choose what is wrong." in answer.text and 'value="odd"' in answer.text
    over_the_step = browser.client.post(entry, data={"csrf": csrf}, headers=SAME_ORIGIN | {"HX-Request": "true"})
    assert over_the_step.status_code == 200 and "Choose what is wrong." in over_the_step.text
    said = Problem("note", "Say what is wrong with the entry.", "R71")
    browser.fake_services.answers["ReportProvider"] = InvalidInput("Say more.", problems=(said,))
    answer = browser.client.post(entry, data={"csrf": csrf, "fault": "other"}, headers=SAME_ORIGIN)
    assert answer.status_code == 422 and "Say what is wrong with the entry." in answer.text
    assert re.search(r'value="other"[^>]* checked', answer.text) and 'class="finder__report" open' in answer.text


def test_a_search_that_cannot_be_is_explained(browser: GatewayHarness, hmo: Desk) -> None:
    browser.fake_services.answers["SearchProviders"] = InvalidInput("This plan asks for no providers.")
    assert "This plan asks for no providers." in page(browser, f"{PLANS}/providers/p1")
    assert browser.client.get(f"{PLANS}/providers/p9").status_code == 404


def test_providers_that_two_tabs_chose_are_asked_about_by_name(browser: GatewayHarness, hmo: Desk) -> None:
    first = fields_of(page(browser, PLANS))
    choose(browser, **{"pcp_choices[0].pcp_id": "P7", "pcp_choices[0].medical_group_id": "123"})
    typed = {"pcp_choices[0].pcp_id": "NOPE", "pcp_choices[0].medical_group_id": "456", "action": "next"}
    asked = conflict(page(browser, send(browser, PLANS, first | typed)))
    assert "What is saved now: Ann Example, MD (P7)" in asked and "What is saved now: Lake Group (123)" in asked
    assert "What you entered: NOPE" in asked
