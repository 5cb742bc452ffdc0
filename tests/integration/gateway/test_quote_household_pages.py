"""New Quote and Edit Quote as a browser without JavaScript uses them: every POST answers with a redirect."""

from __future__ import annotations

import json
import re

import pytest
from suite.common.v1 import common_pb2
from suite.enrollment.v1 import rules_pb2
from suite.quote.v1 import quote_offers_pb2, quote_pb2, quote_service_pb2

from chassis.kernel import InvalidInput, Problem, Stale
from chassis.kernel.idempotency import key_reused
from tests.integration.gateway import page_answers
from tests.integration.gateway.enrollment_desk import fields_of
from tests.integration.gateway.harness import GatewayHarness
from tests.integration.gateway.test_pages import browser, page, post, sign_in

__all__ = ["browser"]

NEW = "/quotes/new/a-key-for-one-quote"
EDIT = "/quotes/q-1/edit"
HOUSEHOLD = {
    "writing_number": "220002580",
    "effective_date": "2026-07-01",
    "zip": "60601",
    "county_fips": "17031",
    "members[0].relationship": "self",
    "members[0].date_of_birth": "1986-03-14",
    "members[0].sex": "female",
    "members[0].tobacco_use": "no",
    "action": "save",
}
TURNS_21 = {
    "members[1].relationship": "child",
    "members[1].date_of_birth": "2005-07-01",
    "members[1].sex": "male",
}


def sent(harness: GatewayHarness, fields: dict[str, str], path: str = NEW) -> str:
    """Send the form; what it shows afterwards. It goes back to itself."""
    status, location, _ = post(harness, path, HOUSEHOLD | fields)
    assert (status, location.partition("?")[0]) == (303, path)
    return page(harness, location.partition("#")[0])


def saved(harness: GatewayHarness, fields: dict[str, str]) -> quote_service_pb2.CreateQuoteRequest:
    assert post(harness, NEW, HOUSEHOLD | fields)[:2] == (303, "/quotes/q-1/plans")
    found: quote_service_pb2.CreateQuoteRequest = harness.fake_services.last("CreateQuote")
    return found


def asked(harness: GatewayHarness, rpc: str) -> int:
    return len([name for name, _, _ in harness.fake_services.asked if name == rpc])


def test_every_new_quote_has_an_address_of_its_own(browser: GatewayHarness) -> None:
    first, second = (browser.client.get("/quotes/new").headers["location"] for _ in range(2))
    assert first != second and first.startswith("/quotes/new/")
    assert "View Plans" in page(browser, first)


@pytest.mark.parametrize("key", ["%00", "a%00b", "%20", "x" * 65, "x" * 3_000])
def test_an_address_that_the_portal_never_made_is_no_form(browser: GatewayHarness, key: str) -> None:
    path = f"/quotes/new/{key}"
    assert browser.client.get(path).status_code == 404
    assert post(browser, path, HOUSEHOLD)[0] == 404


def test_the_address_is_the_key_so_that_a_double_click_makes_one_quote(browser: GatewayHarness) -> None:
    assert saved(browser, {}).idempotency_key == "a-key-for-one-quote"


def test_back_from_the_plans_leads_to_the_saved_quote_and_no_name_is_kept(browser: GatewayHarness) -> None:
    saved(browser, {"members[0].first_name": "Jessica"})
    answer = browser.client.get(NEW)
    assert (answer.status_code, answer.headers["location"]) == (303, EDIT)


def test_what_is_kept_too_late_changes_nothing_once_the_quote_is_saved(browser: GatewayHarness) -> None:
    saved(browser, {})
    assert post(browser, NEW, HOUSEHOLD | {"members[0].first_name": "Jessica", "action": "keep"})[0] == 204
    assert browser.client.get(NEW).headers["location"] == EDIT
    assert "not saved yet" not in page(browser, EDIT)


@pytest.mark.parametrize("action", ["save", "refresh", "add_dependent"])
def test_another_form_of_a_quote_that_is_saved_waits_in_edit_quote(browser: GatewayHarness, action: str) -> None:
    """As from a tab that was duplicated before the quote was saved."""
    saved(browser, {})
    browser.fake_services.answers["CreateQuote"] = key_reused()
    other = HOUSEHOLD | {"members[0].first_name": "Jessica", "action": action}
    assert post(browser, NEW, other)[:2] == (303, EDIT)
    shown = page(browser, EDIT)
    assert 'value="Jessica"' in shown and "not saved yet" in shown
    assert ('name="members[1].' in shown) == (action == "add_dependent")


def test_what_was_typed_is_there_again_after_the_session_ended(browser: GatewayHarness) -> None:
    assert post(browser, NEW, HOUSEHOLD | {"members[0].first_name": "Jessica", "action": "keep"})[0] == 204
    browser.client.cookies.clear()
    assert browser.client.get(NEW).headers["location"] == f"/sign-in?next={NEW}"
    sign_in(browser, "producer@example.com")
    assert 'value="Jessica"' in page(browser, NEW)


def test_what_one_person_typed_is_not_shown_to_another(browser: GatewayHarness) -> None:
    post(browser, NEW, HOUSEHOLD | {"members[0].first_name": "Jessica", "action": "keep"})
    sign_in(browser, "delegate@example.com")
    assert "Jessica" not in page(browser, NEW)


def test_a_zip_in_several_counties_asks_which_one(browser: GatewayHarness) -> None:
    shown = sent(browser, {"county_fips": ""})
    assert "Cook County" in shown and "DuPage County" in shown and 'id="county_fips-error"' in shown
    assert not asked(browser, "CreateQuote")
    assert saved(browser, {}).members[0].sex == common_pb2.SEX_FEMALE


def test_the_county_of_a_zip_in_one_county_is_shown_and_not_asked(browser: GatewayHarness) -> None:
    only = quote_service_pb2.ListCountiesResponse(counties=[page_answers.COOK])
    browser.fake_services.answers["ListCounties"] = only
    shown = sent(browser, {"county_fips": "", "action": "refresh"})
    assert "<dd>Cook County</dd>" in shown
    assert saved(browser, {"county_fips": ""}).county_fips == "17031"


def test_zip_with_a_pasted_no_break_space_is_accepted(browser: GatewayHarness) -> None:
    saved(browser, {"zip": "60601\u00a01234"})


def test_a_zip_that_is_not_listed_goes_on_with_a_county_of_the_state(browser: GatewayHarness) -> None:
    answer = browser.fake_services.answers["ListCounties"]
    assert isinstance(answer, quote_service_pb2.ListCountiesResponse)
    counties = quote_service_pb2.ListCountiesResponse(counties=answer.counties, zip_not_listed=True)
    browser.fake_services.answers["ListCounties"] = counties
    shown = sent(browser, {"county_fips": ""})
    assert "We do not recognize this ZIP code." in shown and "DuPage County" in shown
    assert saved(browser, {"county_fips": "17043"}).county_fips == "17043"


def test_a_name_beyond_the_bound_of_the_contract_is_said_at_its_field_and_no_quote_is_made(
    browser: GatewayHarness,
) -> None:
    shown = sent(browser, {"members[0].first_name": "x" * 61})
    assert re.search(r'id="members-0-first_name-error">Shorten this to 60 characters\.', shown)
    assert re.search(r'name="members\[0\]\.first_name"[^>]* maxlength="60"', shown)
    assert re.search(r'name="zip"[^>]* pattern="\[0-9\]\{5\}[^"]*" title="A ZIP code has 5 digits', shown)
    assert not asked(browser, "CreateQuote")


def test_a_zip_of_another_state_is_said_at_its_field(browser: GatewayHarness) -> None:
    counties = [quote_pb2.County(fips="40109", name="Oklahoma County", state="OK")]
    browser.fake_services.answers["ListCounties"] = quote_service_pb2.ListCountiesResponse(counties=counties)
    assert 'id="zip-error"' in sent(browser, {})


def test_people_are_added_and_removed_without_losing_what_was_typed(browser: GatewayHarness) -> None:
    status, location, _ = post(browser, NEW, HOUSEHOLD | {"action": "add_spouse"})
    assert (status, location) == (303, f"{NEW}?person=1#person-1")
    shown = page(browser, f"{NEW}?person=1")
    assert 'value="1986-03-14"' in shown
    assert re.search(r'name="members\[1\]\.first_name"[^>]* autofocus', shown)
    spouse = {"members[1].relationship": "spouse", "members[1].date_of_birth": "1988-02-10"}
    assert "members[1]" not in sent(browser, spouse | {"action": "remove.1"})


def test_a_disabled_child_is_one_choice_of_the_form(browser: GatewayHarness) -> None:
    child = {
        "members[1].relationship": "disabled_child",
        "members[1].date_of_birth": "1990-02-10",
        "members[1].sex": "male",
        "members[1].tobacco_use": "no",
    }
    assert 'value="disabled_child" selected' in sent(browser, child | {"action": "add_dependent"})
    applicant, dependent = saved(browser, child).members
    assert (dependent.relationship, dependent.disabled_dependent) == (common_pb2.RELATIONSHIP_CHILD, True)
    assert not applicant.disabled_dependent


def test_each_missing_answer_is_named_at_its_field(browser: GatewayHarness) -> None:
    missing = {"members[0].date_of_birth": "", "members[0].tobacco_use": "", "writing_number": "", "zip": ""}
    shown = sent(browser, missing)
    for field, sentence in (
        ("writing_number", "Choose the state and writing number."),
        ("zip", "Enter the ZIP code of the home address."),
        ("members-0-date_of_birth", "Enter the date of birth."),
        ("members-0-tobacco_use", "Answer the tobacco question."),
    ):
        assert f'id="{field}-error">{sentence}' in shown
    assert "Enter a value" not in shown


def test_a_name_that_is_refused_stands_in_no_other_message(browser: GatewayHarness) -> None:
    people = {"members[0].first_name": "Ada", "members[0].date_of_birth": "", "members[1].relationship": "spouse"}
    shown = sent(browser, people | {"members[1].first_name": "Sam1", "members[1].last_name": "Sample"})
    assert 'id="members-0-date_of_birth-error">Enter the date of birth.' in shown
    assert '<a href="#members-1-date_of_birth">Spouse: Enter the date of birth.</a>' in shown
    assert not re.search("<li>[^<]*<a[^>]*>[^<]*Sam1", shown)


def test_an_effective_date_without_plans_is_said_at_the_date(browser: GatewayHarness) -> None:
    problem = Problem("plan_year", "The rating areas of this plan year are not known here.")
    browser.fake_services.answers["ListCounties"] = InvalidInput("No.", problems=(problem,))
    assert 'id="effective_date-error"' in sent(browser, {"effective_date": "2020-01-01"})


@pytest.mark.parametrize("typed", ["3/14/1986", "03141986", "03-14-1986", "1986-03-14"])
def test_dates_are_typed_as_in_the_enrollment_steps(browser: GatewayHarness, typed: str) -> None:
    message = saved(browser, {"members[0].date_of_birth": typed, "effective_date": "07012026"})
    assert (message.members[0].date_of_birth, message.effective_date) == ("1986-03-14", "2026-07-01")


def test_a_date_that_cannot_be_read_stays_with_advice_at_its_field(browser: GatewayHarness) -> None:
    problem = Problem("members[0].date_of_birth", "Send a date as YYYY-MM-DD.")
    browser.fake_services.answers["CreateQuote"] = InvalidInput("No.", problems=(problem,))
    shown = sent(browser, {"members[0].date_of_birth": "14 March"})
    assert 'id="members-0-date_of_birth-error">Enter the date as month, day and year, such as 3/27/1990.' in shown
    assert 'value="14 March"' in shown


def test_a_child_who_is_21_on_the_effective_date_is_asked_about_tobacco(browser: GatewayHarness) -> None:
    shown = sent(browser, TURNS_21)
    assert 'id="members-1-tobacco_use-error"' in shown and 'id="members-0-tobacco_use-error"' not in shown
    message = saved(browser, TURNS_21 | {"members[1].tobacco_use": "yes"})
    assert [member.tobacco_use for member in message.members] == [False, True]


def test_a_member_who_is_20_on_the_effective_date_is_not_asked_about_tobacco(browser: GatewayHarness) -> None:
    young = {"members[0].date_of_birth": "2005-07-02", "members[0].tobacco_use": ""}
    shown = sent(browser, young | {"action": "add_spouse"})
    assert 'name="members[0].tobacco_use"' not in shown and 'name="members[1].tobacco_use"' in shown
    saved(browser, young)


def test_tobacco_answer_of_a_person_under_age_is_kept_in_a_hidden_field(browser: GatewayHarness) -> None:
    young = {"members[0].date_of_birth": "2005-07-02", "members[0].tobacco_use": "yes"}
    hidden = '<input type="hidden" name="members[0].tobacco_use" value="yes">'
    assert hidden in sent(browser, young | {"action": "add_spouse"})


def test_a_refusal_of_the_service_is_shown_at_its_field(browser: GatewayHarness) -> None:
    problem = Problem("members[0].date_of_birth", "The date of birth lies in the future.")
    browser.fake_services.answers["CreateQuote"] = InvalidInput("No.", problems=(problem,))
    shown = sent(browser, {})
    assert "lies in the future" in shown and 'aria-invalid="true"' in shown and "<title>Error: New Quote" in shown


def test_typed_text_is_escaped_in_the_page(browser: GatewayHarness) -> None:
    shown = sent(browser, {"members[0].first_name": '"><script>alert(1)</script>', "action": "add_dependent"})
    assert "<script>alert" not in shown


def propose(harness: GatewayHarness, **days: str) -> None:
    def rules(request: rules_pb2.GetEnrollmentRulesRequest, _caller: object) -> rules_pb2.GetEnrollmentRulesResponse:
        day = days.get(request.state, days["other"])
        proposed = rules_pb2.ProposedEffectiveDate(effective_date=day, explanation=f"Because of {request.state}.")
        return rules_pb2.GetEnrollmentRulesResponse(rules=rules_pb2.EnrollmentRules(proposed_effective_date=proposed))

    harness.fake_services.answers["GetEnrollmentRules"] = rules


def test_a_new_quote_starts_with_the_date_that_the_rules_give_and_says_why(browser: GatewayHarness) -> None:
    propose(browser, other="2027-01-01")
    shown = page(browser, NEW)
    assert re.search(r'name="effective_date"[^>]* value="01/01/2027"', shown) and "Because of" in shown


def test_the_proposed_date_follows_the_state_until_another_is_typed(browser: GatewayHarness) -> None:
    propose(browser, IL="2027-01-01", other="2026-12-01")
    assert re.search(r'name="effective_date"[^>]* value=""', page(browser, NEW))
    untouched = {"effective_date": "", "proposed_date": "", "action": "refresh"}
    shown = sent(browser, untouched)
    assert re.search(r'name="effective_date"[^>]* value="01/01/2027"', shown) and "Because of IL." in shown
    typed = {"effective_date": "2026-09-01", "proposed_date": "01/01/2027", "action": "refresh"}
    shown = sent(browser, typed)
    assert re.search(r'name="effective_date"[^>]* value="2026-09-01"', shown) and "Because of" not in shown


def test_new_quote_is_shown_without_a_date_while_the_rules_cannot_be_asked(browser: GatewayHarness) -> None:
    browser.fake_services.answers["GetEnrollmentRules"] = Stale("away")
    assert "View Plans" in page(browser, NEW)


def test_a_quote_is_edited_with_the_version_that_was_read(browser: GatewayHarness) -> None:
    shown = page(browser, EDIT)
    values = ("02/10/1988", "07/01/2026", "60601")
    for text in (*(f'value="{value}"' for value in values), 'name="version" value="2"', "Save Changes"):
        assert text in shown
    browser.fake_services.answers["UpdateQuote"] = quote_service_pb2.UpdateQuoteResponse(
        quote=page_answers.saved_quote(quote_pb2.QUOTE_STATUS_OPEN)
    )
    assert post(browser, EDIT, HOUSEHOLD | {"version": "2"})[:2] == (303, "/quotes/q-1/plans")
    message = browser.fake_services.last("UpdateQuote")
    assert (message.quote_id, message.version, message.zip) == ("q-1", 2, "60601")
    assert [member.date_of_birth for member in message.members] == ["1986-03-14"]


def test_what_an_edit_changed_is_shown_on_the_review_page(browser: GatewayHarness) -> None:
    kept = quote_offers_pb2.PlanChange(
        name="Gold One", old_monthly_premium=page_answers.money(100), new_monthly_premium=page_answers.money(25_050)
    )
    lost = quote_offers_pb2.PlanChange(
        name="Silver Two", old_monthly_premium=page_answers.money(100), reason="Not sold in this county."
    )
    browser.fake_services.answers["UpdateQuote"] = quote_service_pb2.UpdateQuoteResponse(
        quote=page_answers.saved_quote(), changes=[kept, lost]
    )
    assert post(browser, EDIT, HOUSEHOLD | {"version": "2"})[:2] == (303, "/quotes/q-1?done=updated")
    shown = page(browser, "/quotes/q-1")
    assert "Gold One" in shown and "$250.50" in shown and "Not sold in this county." in shown
    post(browser, "/quotes/q-1/plans", {"medical_plan_id": "36096IL0760001-00", "version": "2"})
    assert "Gold One" not in page(browser, "/quotes/q-1")


def test_an_edit_over_somebody_elses_shows_both_values_and_saves_the_second_time(browser: GatewayHarness) -> None:
    typed = {"version": "1", "zip": "60602"}
    shown = sent(browser, typed, EDIT)
    assert (
        "ZIP code of the home address: Saved as “60601”, here “60602”" in shown
        and "This quote was changed while you" in shown
    )
    assert not asked(browser, "UpdateQuote")
    assert 'name="version" value="2"' in shown and 'value="60602"' in shown
    browser.fake_services.answers["UpdateQuote"] = quote_service_pb2.UpdateQuoteResponse()
    assert post(browser, EDIT, HOUSEHOLD | {"version": "2", "zip": "60602"})[0] == 303
    assert asked(browser, "UpdateQuote") == 1


def test_a_clash_is_said_in_the_words_of_the_page(browser: GatewayHarness) -> None:
    typed = {"version": "1", "county_fips": "17043", "members[0].sex": "male", "members[0].date_of_birth": "3/15/1986"}
    shown = sent(browser, typed, EDIT)
    assert "County: Saved as “Cook County”, here “DuPage County”" in shown
    assert ">Sex: Saved as “Female”, here “Male”.</a>" in shown
    assert "Saved as “03/14/1986”, here “03/15/1986”" in shown
    assert "17043”" not in shown and "“female”" not in shown


def test_what_only_one_of_two_windows_changed_is_no_clash(browser: GatewayHarness) -> None:
    """The other window saved another birth date; here, tobacco was answered."""
    now = fields_of(page(browser, EDIT))
    base = json.loads(now["base"])
    before = {"members[0].date_of_birth": "03/13/1986"}  # when the page was made; 03/14/1986 is saved now
    typed = {"version": "1", "base": json.dumps(base | before), "members[0].tobacco_use": "yes"}
    shown = sent(browser, now | before | typed | {"action": "save"}, EDIT)
    assert "Date of birth (Primary applicant): Changed elsewhere from “03/13/1986” to “03/14/1986”." in shown
    assert "saved as" not in shown and not asked(browser, "UpdateQuote")
    fields = fields_of(shown)
    assert (fields["members[0].date_of_birth"], fields["members[0].tobacco_use"]) == ("03/14/1986", "yes")
    assert (fields["version"], json.loads(fields["base"])) == ("2", base)
    browser.fake_services.answers["UpdateQuote"] = quote_service_pb2.UpdateQuoteResponse()
    assert post(browser, EDIT, fields | {"action": "save"})[0] == 303
    member = browser.fake_services.last("UpdateQuote").members[0]
    assert (member.date_of_birth, member.tobacco_use) == ("1986-03-14", True)


def test_what_both_windows_changed_names_no_other_field(browser: GatewayHarness) -> None:
    now = fields_of(page(browser, EDIT))
    base = json.dumps(json.loads(now["base"]) | {"zip": "60603"})
    typed = {"version": "1", "base": base, "zip": "60602", "members[0].tobacco_use": "yes", "action": "save"}
    shown = sent(browser, now | typed, EDIT)
    assert "ZIP code of the home address: Saved as “60601”, here “60602”" in shown and "tobacco use:" not in shown


def test_an_edit_that_is_corrected_first_still_asks_about_somebody_elses(browser: GatewayHarness) -> None:
    shown = sent(browser, {"version": "1", "zip": ""}, EDIT)
    assert 'name="version" value="1"' in shown
    assert "Saved as “60601”, here “60602”" in sent(browser, {"version": "1", "zip": "60602"}, EDIT)


def test_unsaved_edits_are_kept_said_and_discarded(browser: GatewayHarness) -> None:
    shown = sent(browser, {"zip": "60699", "version": "2", "action": "refresh"}, EDIT)
    assert 'value="60699"' in shown and "not saved yet" in shown
    assert post(browser, EDIT, HOUSEHOLD | {"action": "discard"})[:2] == (303, "/quotes/q-1")
    assert 'value="60699"' not in page(browser, EDIT)


def test_a_child_who_was_never_asked_about_tobacco_is_asked_when_the_date_moves(browser: GatewayHarness) -> None:
    shown = sent(browser, {"effective_date": "2048-01-01", "version": "2", "action": "refresh"} | child(), EDIT)
    assert re.search(r'name="members\[1\]\.tobacco_use" value="yes" required(?! checked)', shown)


def child() -> dict[str, str]:
    return {"members[1].relationship": "child", "members[1].date_of_birth": "2026-02-04", "members[1].sex": "male"}
