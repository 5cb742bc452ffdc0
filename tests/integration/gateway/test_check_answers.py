"""Check Your Answers, and what Submit Application leads to."""

from __future__ import annotations

import re

from suite.enrollment.v1 import application_pb2 as app
from suite.enrollment.v1 import enrollment_service_pb2 as pb
from suite.enrollment.v1 import rules_pb2
from suite.pcp.v1 import pcp_pb2, pcp_service_pb2

from chassis.kernel import Stale, Unavailable
from tests.integration.gateway import page_answers
from tests.integration.gateway.enrollment_desk import AT, Desk, fields_of, send
from tests.integration.gateway.harness import GatewayHarness
from tests.integration.gateway.test_deep_links import takes_focus
from tests.integration.gateway.test_pages import page


def test_check_answers_shows_everything_with_a_way_to_change_it(browser: GatewayHarness, desk: Desk) -> None:
    text = page(browser, f"{AT}/check-answers")
    for shown in ("Marriage", "5/2/2026", "(312) 555-0142", "Chicago", "Sam", "Submit Application"):
        assert shown in text
    assert f'href="{AT}/steps/household?from=check-answers#contact.phone"' in text


def test_check_answers_shows_what_people_said_of_themselves_in_words(browser: GatewayHarness, desk: Desk) -> None:
    choices = [rules_pb2.Choice(code=code, label=label) for code, label in (("es", "Spanish"), ("other", "Other"))]
    scheme = rules_pb2.IdentityCategories(
        scheme="2026", languages=choices, ethnicities=choices[1:], identities=choices[1:]
    )
    asked = browser.fake_services.answers["GetEnrollmentRules"]
    assert isinstance(asked, rules_pb2.GetEnrollmentRulesResponse)
    asked.rules.identity_schemes.append(scheme)
    said = desk.application.household.people[1].self_identification
    said.scheme, said.spoken_language = "2026", "es"
    said.ethnicities.append("other")
    said.identities.append("other")
    desk.application.household.people[1].contact.email = "sam@example.com"
    text = page(browser, f"{AT}/check-answers")
    for shown in ("Spoken language</dt><dd>Spanish", "Ethnicity and identity</dt><dd>Other<", "sam@example.com"):
        assert shown in text
    assert "Written language" not in text


def test_check_answers_says_whether_the_proxy_statement_was_agreed_to(browser: GatewayHarness, desk: Desk) -> None:
    for agreed, answer in ((False, "Not agreed to"), (True, "Agreed to")):
        desk.application.other_coverage.proxy_agreed = agreed
        assert f"Proxy statement (optional)</dt><dd>{answer}</dd>" in page(browser, f"{AT}/check-answers")


def test_a_change_from_check_answers_returns_there(browser: GatewayHarness, desk: Desk) -> None:
    path = f"{AT}/steps/household?from=check-answers"
    fields = fields_of(page(browser, path))
    assert send(browser, path, fields, action="next") == f"{AT}/check-answers"


def test_what_is_missing_keeps_an_application_from_being_submitted(browser: GatewayHarness, desk: Desk) -> None:
    missing = app.Shortcoming(step=app.STEP_HOUSEHOLD, field="people[1].last_name", message="Enter the last name.")
    browser.fake_services.answers["GetReadiness"] = pb.GetReadinessResponse(missing=[missing])
    text = page(browser, f"{AT}/check-answers")
    assert "Enter the last name." in text and "disabled" in text.partition("Submit Application")[0][-200:]


def test_what_was_shown_is_what_is_submitted(browser: GatewayHarness, desk: Desk) -> None:
    fields = fields_of(page(browser, f"{AT}/check-answers"))
    assert send(browser, f"{AT}/submission", fields) == AT
    asked = browser.fake_services.last("SubmitApplication")
    assert (asked.version, len(asked.idempotency_key) > 8) == (4, True)
    browser.fake_services.answers["SubmitApplication"] = Stale("Somebody saved it.")
    assert send(browser, f"{AT}/submission", fields) == f"{AT}/check-answers?changed=1"


def test_a_submitted_application_cannot_be_filled_in(browser: GatewayHarness, desk: Desk) -> None:
    desk.application.status = app.APPLICATION_STATUS_SUBMITTED
    for path in ("steps/general", "check-answers"):
        answer = browser.client.get(f"{AT}/{path}", follow_redirects=False)
        assert (answer.status_code, answer.headers["location"]) == (303, AT)


def test_what_is_missing_links_to_the_page_where_it_is_filled_in(browser: GatewayHarness, desk: Desk) -> None:
    missing = [
        app.Shortcoming(step=app.STEP_HOUSEHOLD, field="people[1].last_name", message="Enter the last name."),
        app.Shortcoming(step=app.STEP_GENERAL, field="life_events[0].date", message="Enter the date."),
        app.Shortcoming(step=app.STEP_HOUSEHOLD, field="contact.phone", message="Enter a phone number."),
    ]
    browser.fake_services.answers["GetReadiness"] = pb.GetReadinessResponse(missing=missing)
    text = page(browser, f"{AT}/check-answers").replace("&amp;", "&")
    links = re.findall(r'<a href="([^"]*check=1[^"]*)"', text)
    assert links == [
        f"{AT}/steps/household/people/p2?from=check-answers&check=1#people-1-last_name",
        f"{AT}/steps/general/life-events/0?from=check-answers&check=1#life_events-0-date",
        f"{AT}/steps/household?from=check-answers&check=1#contact.phone",
    ]
    for link, said in zip(links, missing, strict=True):
        shown = page(browser, link)
        assert said.message in shown and f'id="{link.partition("#")[2]}"' in shown
    fields = fields_of(page(browser, links[0]))
    unfinished = send(browser, links[0].partition("#")[0], fields | {"action": "next"})
    assert unfinished == links[0].partition("#")[0]
    assert send(browser, unfinished, fields_of(page(browser, unfinished)), action="skip") == f"{AT}/check-answers"
    browser.fake_services.answers["GetReadiness"] = pb.GetReadinessResponse(ready=True)
    assert send(browser, links[0].partition("#")[0], fields | {"action": "next"}) == f"{AT}/check-answers"


def test_each_persons_provider_is_named(browser: GatewayHarness, desk: Desk) -> None:
    ann = pcp_pb2.Provider(pcp_id="P7", name="Ann Example, MD", illustrative=True)
    browser.fake_services.answers["GetProvider"] = pcp_service_pb2.GetProviderResponse(provider=ann)
    plans = desk.application.plans
    plans.pcp_choices.add(member_index=0, pcp_id="P7", medical_group_id="123")
    chosen = "<dd>Ann Example, MD (illustrative), PCP P7, medical group 123<"
    desk.application.plan_lines.add(uses_pcp=True)
    text = page(browser, f"{AT}/check-answers")
    assert f"<dt>PCP of Jessica</dt>{chosen}" in text and "<dt>PCP of Sam</dt><dd>The carrier assigns one<" in text
    plans.pcp_same_for_all = True
    text = page(browser, f"{AT}/check-answers")
    assert f"<dt>Same PCP for everyone</dt>{chosen}" in text and "PCP of " not in text
    browser.fake_services.answers["GetProvider"] = Unavailable("away")
    assert "<dd>PCP P7, medical group 123<" in page(browser, f"{AT}/check-answers")


def test_signature_of_the_client_links_to_where_it_is_asked_for(browser: GatewayHarness, desk: Desk) -> None:
    missing = app.Shortcoming(field="client_review", message="The client has not signed yet.")
    browser.fake_services.answers["GetReadiness"] = pb.GetReadinessResponse(missing=[missing])
    for path in ("/check-answers", ""):
        text = page(browser, f"{AT}{path}")
        assert re.search(rf'<a href="{AT}#client-review">\s*The client has not signed yet', text), path
    assert takes_focus(text, "client-review")


def test_a_submission_that_fails_leads_to_what_can_be_done(browser: GatewayHarness, desk: Desk) -> None:
    failed = page_answers.application(app.APPLICATION_STATUS_FAILED, "A-0001")
    browser.fake_services.answers["SubmitApplication"] = pb.SubmitApplicationResponse(application=failed)
    fields = fields_of(page(browser, f"{AT}/check-answers"))
    assert send(browser, f"{AT}/submission", fields) == f"{AT}/submission-failed"
