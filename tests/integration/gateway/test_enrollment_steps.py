"""The five steps as a browser without JavaScript uses them, with services that answer as told."""

from __future__ import annotations

import re

import pytest
from suite.common.v1 import common_pb2 as common
from suite.enrollment.v1 import application_pb2 as app
from suite.enrollment.v1 import enrollment_service_pb2 as pb
from suite.enrollment.v1 import steps_pb2
from suite.quote.v1.quote_service_pb2 import ListCountiesResponse

from chassis.kernel import InvalidInput, NotReady, Problem, Unavailable
from tests.integration.gateway import page_answers
from tests.integration.gateway.enrollment_desk import AT, STEPS, Desk, change, fields_of, send
from tests.integration.gateway.harness import GatewayHarness
from tests.integration.gateway.test_pages import page


@pytest.mark.parametrize("step", STEPS)
def test_each_step_shows_the_general_information_and_its_buttons(
    browser: GatewayHarness, desk: Desk, step: str
) -> None:
    text = page(browser, f"{AT}/steps/{step}")
    for shown in ("General Information", "Jessica Tester", "$1,458.81", "Save &amp; Exit", "Cancel", "Next"):
        assert shown in text
    assert ("Previous" in text) is (step != "general")


@pytest.mark.parametrize(("place", "step"), list(enumerate(STEPS)))
def test_next_saves_the_step_and_leads_to_the_following_one(
    browser: GatewayHarness, desk: Desk, place: int, step: str
) -> None:
    leads = [*(f"{AT}/steps/{following}" for following in STEPS[1:]), f"{AT}/check-answers"]
    assert change(browser, f"{AT}/steps/{step}") == leads[place]
    assert desk.application.version == 5


def test_the_step_of_a_failed_submission_says_why_it_failed_though_nothing_is_missing(
    browser: GatewayHarness, desk: Desk
) -> None:
    desk.application.status = app.APPLICATION_STATUS_FAILED
    desk.application.failures.add(
        step=app.STEP_PLANS, field="medical_plan_id", message="This plan is no longer sold at this address."
    )
    desk.application.failures.add(message="The carrier could not be reached. Submit again.")
    shown = page(browser, f"{AT}/steps/plans")
    assert "Why the submission failed" in shown and "This plan is no longer sold at this address." in shown
    elsewhere = page(browser, f"{AT}/steps/household")
    assert "The carrier could not be reached." in elsewhere and "no longer sold" not in elsewhere
    desk.application.status = app.APPLICATION_STATUS_INCOMPLETE
    del desk.application.failures[:]
    assert "Why the submission failed" not in page(browser, f"{AT}/steps/plans")


def test_a_page_that_is_sent_as_it_was_shown_changes_nothing(browser: GatewayHarness, desk: Desk) -> None:
    desk.application.signatures.payment_choice = steps_pb2.PAYMENT_CHOICE_PAY_LATER
    before = app.Application()
    before.CopyFrom(desk.application)
    for step in STEPS:
        change(browser, f"{AT}/steps/{step}")
    after = desk.application
    assert (after.household, after.signatures) == (before.household, before.signatures)
    assert after.general.life_events == before.general.life_events


def test_what_is_typed_reaches_the_service_in_the_contracts_words(browser: GatewayHarness, desk: Desk) -> None:
    typed = {
        "people[0].date_of_birth": "3/14/1986",
        "people[0].ssn": "219-09-9991",
        "people[0].last_name": "O'Brien-Smith",
        "authorization": "in_person",
        "terms_agreed": "yes",
        "hra.kind": "QSEHRA",
        "hra.monthly_contribution": "$1,250",
        "mailing_differs": "yes",
        "mailing_address.city": "Peoria",
    }
    change(browser, f"{AT}/steps/household", **typed)
    sent = browser.fake_services.last("SaveStep").household
    person = sent.people[0]
    assert (person.date_of_birth, person.ssn, person.last_name) == ("1986-03-14", "219099991", "O'Brien-Smith")
    assert (sent.authorization, sent.terms_version) == (steps_pb2.AUTHORIZATION_IN_PERSON, "2026.1")
    assert (sent.hra.monthly_contribution.cents, sent.mailing_address.city) == (125_000, "Peoria")
    assert sent.people[1].first_name == "Sam"


def test_a_part_whose_question_is_answered_no_is_taken_away(browser: GatewayHarness, desk: Desk) -> None:
    desk.application.household.mailing_address.city = "Peoria"
    desk.application.household.hra.kind = "ICHRA"
    change(browser, f"{AT}/steps/household", **{"mailing_differs": "no", "hra.kind": ""})
    assert not desk.application.household.HasField("mailing_address")
    assert not desk.application.household.HasField("hra")


def test_what_is_refused_is_shown_again_with_its_reason_beside_the_field(browser: GatewayHarness, desk: Desk) -> None:
    refusal = InvalidInput(
        "Some answers need to be corrected.", problems=(Problem("contact.phone", "Enter ten digits."),)
    )
    browser.fake_services.answers["SaveStep"] = refusal
    typed = {"contact.phone": "12", "home_address.street": "<b>1 O'Hare & Co</b>"}
    where = change(browser, f"{AT}/steps/household", **typed)
    assert where.startswith(f"{AT}/steps/household")
    text = page(browser, where)
    assert text.count("Enter ten digits.") == 2
    assert '<a href="#contact.phone">Primary Phone: Enter ten digits.</a>' in text
    assert fields_of(text)["contact.phone"] == "12"
    assert fields_of(text)["home_address.street"] == "<b>1 O'Hare & Co</b>"
    assert "<b>1 O" not in text
    assert "<title>Error: Applicant Information" in text


def test_a_date_that_cannot_be_read_is_shown_as_typed(browser: GatewayHarness, desk: Desk) -> None:
    said = Problem("people[0].date_of_birth", "Send the date as YYYY-MM-DD.")
    browser.fake_services.answers["SaveStep"] = InvalidInput("Check the dates.", problems=(said,))
    text = page(browser, change(browser, f"{AT}/steps/household", **{"people[0].date_of_birth": "soon"}))
    assert "such as 3/27/1990" in text and "YYYY-MM-DD." not in text
    assert fields_of(text)["people[0].date_of_birth"] == "soon"


def test_an_amount_that_is_none_is_never_sent(browser: GatewayHarness, desk: Desk) -> None:
    where = change(browser, f"{AT}/steps/household", **{"hra.kind": "ICHRA", "hra.monthly_contribution": "plenty"})
    assert desk.application.version == 4
    text = page(browser, where)
    assert "Enter an amount in dollars" in text and fields_of(text)["hra.monthly_contribution"] == "plenty"


def test_next_stays_where_a_required_answer_is_missing_and_names_it(browser: GatewayHarness, desk: Desk) -> None:
    missing = app.Shortcoming(step=app.STEP_SIGNATURES, field="payment_choice", message="Choose Pay Now or Pay Later.")
    browser.fake_services.answers["GetReadiness"] = pb.GetReadinessResponse(missing=[missing])
    where = change(browser, f"{AT}/steps/signatures")
    assert where.startswith(f"{AT}/steps/signatures?check=1")
    assert '<a href="#payment_choice">' in page(browser, where)
    assert "Choose Pay Now or Pay Later.</a>" in page(browser, where)
    assert desk.application.version == 5


@pytest.mark.parametrize(
    ("step", "follows"), [("household", "steps/plans"), ("signatures", "check-answers"), ("household/people/p2", "")]
)
def test_signature_of_the_client_that_is_still_due_holds_nobody_on_a_step(
    browser: GatewayHarness, desk: Desk, step: str, follows: str
) -> None:
    missing = app.Shortcoming(field="client_review", message="The client has not signed yet.")
    browser.fake_services.answers["GetReadiness"] = pb.GetReadinessResponse(missing=[missing])
    assert change(browser, f"{AT}/steps/{step}") == f"{AT}/{follows or 'steps/household#people'}"


def test_the_step_bar_checks_off_what_the_contract_calls_complete(browser: GatewayHarness, desk: Desk) -> None:
    """A step in between may lack something, and a later one be complete."""
    desk.application.current_step = app.STEP_SIGNATURES
    desk.application.complete_steps.extend([app.STEP_GENERAL, app.STEP_PLANS])
    bar = page(browser, f"{AT}/steps/household").partition('<nav class="steps"')[2].partition("</nav>")[0]
    steps = re.findall(r'href="[^"]*/steps/([a-z-]+)".*?</a>', bar)
    marks = re.findall(r"screen-reader\">([^<]*)<", bar)
    assert dict(zip(steps, marks, strict=True)) == {
        "general": " (complete)",
        "household": " (current step)",
        "plans": " (complete)",
        "other-coverage": "",
        "signatures": "",
    }


def test_pay_now_promises_a_button_and_no_page_that_opens_by_itself(browser: GatewayHarness, desk: Desk) -> None:
    told = "after you submit, the Pay Now button on Application Details opens the payment page in a new tab"
    assert told in page(browser, f"{AT}/steps/signatures")


def test_save_and_exit_saves_a_partial_step(browser: GatewayHarness, desk: Desk) -> None:
    missing = app.Shortcoming(step=app.STEP_HOUSEHOLD, field="form_type", message="Choose the form.")
    browser.fake_services.answers["GetReadiness"] = pb.GetReadinessResponse(missing=[missing])
    assert change(browser, f"{AT}/steps/household", action="exit") == "/enroll?tab=incomplete"
    assert desk.application.version == 5


def test_pcp_choices_keep_a_place_for_everybody(browser: GatewayHarness, desk: Desk) -> None:
    line = desk.application.plan_lines[0]
    line.coverage, line.uses_pcp = common.COVERAGE_MEDICAL, True
    change(browser, f"{AT}/steps/plans", **{"pcp_choices[1].pcp_id": "P-7"})
    choices = browser.fake_services.last("SaveStep").plans.pcp_choices
    assert [(one.person_id, one.pcp_id) for one in choices] == [("p1", ""), ("p2", "P-7")]


def test_a_plan_without_pcps_asks_for_none(browser: GatewayHarness, desk: Desk) -> None:
    assert re.search(r'id="pcp_choices"[^>]* data-hidden-with-script>', page(browser, f"{AT}/steps/plans"))
    line = desk.application.plan_lines[0]
    line.coverage, line.uses_pcp = common.COVERAGE_MEDICAL, True
    assert not re.search(r'id="pcp_choices"[^>]*hidden', page(browser, f"{AT}/steps/plans"))


def test_plans_that_cannot_be_priced_yet_say_what_is_missing(browser: GatewayHarness, desk: Desk) -> None:
    missing = (Problem("people[0].date_of_birth", "Enter the date of birth."),)
    browser.fake_services.answers["GetRatingBasis"] = NotReady("Complete the household first.", problems=missing)
    assert "Enter the date of birth." in page(browser, f"{AT}/steps/plans")


def test_locked_parts_of_a_quote_are_shown_and_not_sent(browser: GatewayHarness, desk: Desk) -> None:
    desk.application.locked.extend(["producer", "form_type", "special_enrollment"])
    desk.application.household.form_type = steps_pb2.FORM_TYPE_MEDICAL_DENTAL
    desk.application.general.special_enrollment = True
    assert "From the quote" in page(browser, f"{AT}/steps/general")
    fields = fields_of(page(browser, f"{AT}/steps/general"))
    send(browser, f"{AT}/steps/general", fields, special_enrollment="no", **{"producer.writing_number": "999999999"})
    sent = browser.fake_services.last("SaveStep").general
    assert sent.special_enrollment
    assert sent.producer.writing_number == page_answers.FRITZ.writing_number
    change(browser, f"{AT}/steps/household", form_type="dental")
    assert browser.fake_services.last("SaveStep").household.form_type == steps_pb2.FORM_TYPE_MEDICAL_DENTAL


def test_counties_that_cannot_be_looked_up_can_be_asked_for_again(browser: GatewayHarness, desk: Desk) -> None:
    browser.fake_services.answers["ListCounties"] = Unavailable("quote does not answer.")
    shown = page(browser, f"{AT}/steps/household")
    assert "The counties cannot be looked up right now." in shown and ">Try Again</button>" in shown
    browser.fake_services.answers["ListCounties"] = ListCountiesResponse(counties=[page_answers.COOK])
    shown = page(browser, f"{AT}/steps/household")
    assert "cannot be looked up" not in shown and page_answers.COOK.name in shown


def test_an_address_of_nothing_is_not_found(browser: GatewayHarness, desk: Desk) -> None:
    assert browser.client.get(f"{AT}/steps/nothing").status_code == 404


@pytest.mark.parametrize("path", ["general/life-events/7", "household/people/nobody"])
def test_an_item_that_is_not_there_any_more_leads_to_its_list(browser: GatewayHarness, desk: Desk, path: str) -> None:
    answer = browser.client.get(f"{AT}/steps/{path}", follow_redirects=False)
    assert (answer.status_code, answer.headers["location"].startswith(f"{AT}/steps/")) == (303, True)


@pytest.mark.parametrize("follows", [f"{AT}/steps/plans", f"{AT}/check-answers"])
def test_a_premium_that_a_save_changed_is_explained_once_on_the_page_that_follows(
    browser: GatewayHarness, desk: Desk, follows: str
) -> None:
    told = "The monthly premium changed from $260.00 to $280.00 because the home address moved."
    saved = app.Application()
    saved.CopyFrom(desk.application)
    saved.premium_change.message = told
    browser.fake_services.answers["SaveStep"] = pb.SaveStepResponse(application=saved)
    change(browser, f"{AT}/steps/household")
    assert told in page(browser, follows)
    assert told not in page(browser, follows)
