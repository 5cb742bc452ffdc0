"""The five steps as a browser without JavaScript uses them, with services that answer as told."""

from __future__ import annotations

import html
import json
import re
from typing import Any

import pytest
from suite.common.v1 import common_pb2 as common
from suite.documents.v1 import texts_pb2
from suite.enrollment.v1 import application_pb2 as app
from suite.enrollment.v1 import enrollment_service_pb2 as pb
from suite.enrollment.v1 import rules_pb2, steps_pb2

from chassis.identity import Caller
from chassis.kernel import InvalidInput, NotReady, Problem, Stale
from tests.integration.gateway import page_answers
from tests.integration.gateway.harness import FakeServices, GatewayHarness
from tests.integration.gateway.test_pages import SAME_ORIGIN, page, sign_in

AT = "/applications/A-0001"
STEPS = ["general", "household", "plans", "other-coverage", "signatures"]


class Desk:
    """An application behind the fake services that is saved as enrollment saves it: by version, step by step."""

    def __init__(self, services: FakeServices) -> None:
        self.application = page_answers.application(app.APPLICATION_STATUS_INCOMPLETE, "A-0001")
        self.application.current_step = app.STEP_HOUSEHOLD
        household = self.application.household
        household.contact.phone = "312 555 0142"
        household.home_address.CopyFrom(steps_pb2.Address(city="Chicago", state="IL", zip="60601"))
        household.people.add(person_id="p1", first_name="Jessica", relationship=common.RELATIONSHIP_SELF)
        household.people.add(person_id="p2", first_name="Sam", relationship=common.RELATIONSHIP_SPOUSE)
        self.application.general.life_events.add(kind="marriage", date="2026-05-02")
        services.answers |= {
            "GetApplication": lambda _request, _caller: pb.GetApplicationResponse(application=self.application),
            "SaveStep": self._save,
            "GetReadiness": pb.GetReadinessResponse(ready=True),
            "GetEnrollmentRules": rules_pb2.GetEnrollmentRulesResponse(
                rules=rules_pb2.EnrollmentRules(
                    life_events=[
                        rules_pb2.LifeEventRule(kind="marriage", label="Marriage"),
                        rules_pb2.LifeEventRule(kind="birth", label="Birth of a child"),
                    ],
                    most_life_events=10,
                    most_people=20,
                    disclosures=[rules_pb2.Disclosure(kind="terms", version="2026.1")],
                )
            ),
            "GetText": texts_pb2.GetTextResponse(text=texts_pb2.LegalText(title="Terms", sample_notice="Sample")),
        }

    def _save(self, request: pb.SaveStepRequest, _caller: Caller) -> pb.SaveStepResponse:
        if request.version != self.application.version:
            raise Stale("Somebody saved this application in the meantime.")
        step = request.WhichOneof("step")
        assert step
        getattr(self.application, step).CopyFrom(getattr(request, step))
        self.application.version += 1
        return pb.SaveStepResponse(application=self.application)


@pytest.fixture
def browser(gateway_portal: GatewayHarness) -> GatewayHarness:
    page_answers.tell(gateway_portal.fake_services)
    sign_in(gateway_portal, "producer@example.com")
    return gateway_portal


@pytest.fixture
def desk(browser: GatewayHarness) -> Desk:
    return Desk(browser.fake_services)


def fields_of(text: str) -> dict[str, str]:
    """What a browser would send of a page's inputs as they stand."""
    found: dict[str, str] = {}
    for tag in re.findall(r"<input[^>]*>", text):
        name = re.search(r' name="([^"]*)"', tag)
        value = re.search(r' value="([^"]*)"', tag)
        kind = re.search(r' type="(\w+)"', tag)
        if name and (not kind or kind[1] not in ("radio", "checkbox") or " checked" in tag):
            found[html.unescape(name[1])] = html.unescape(value[1]) if value else "on"
    for name_, options in re.findall(r'<select[^>]* name="([^"]*)"[^>]*>(.*?)</select>', text, re.DOTALL):
        chosen = re.search(r'value="([^"]*)" selected', options)
        found[html.unescape(name_)] = chosen[1] if chosen else ""
    return found


def send(browser: GatewayHarness, path: str, fields: dict[str, str], **changes: str) -> str:
    """Post a form; gives where it leads."""
    answer = browser.client.post(path, data=fields | changes, headers=SAME_ORIGIN)
    assert answer.status_code == 303, answer.text
    return str(answer.headers["location"])


def change(browser: GatewayHarness, path: str, action: str = "next", **changes: str) -> str:
    """Open a page, change fields (``__`` stands for the punctuation of a path), press a button."""
    fields = fields_of(page(browser, path))
    return send(browser, path, fields | changes | {"action": action})


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


def test_saving_drops_the_draft(browser: GatewayHarness, desk: Desk) -> None:
    keep(browser, f"{AT}/steps/household", **{"contact.phone": "312 555 0199"})
    assert "did not save yet" in page(browser, f"{AT}/steps/household")
    change(browser, f"{AT}/steps/household")
    assert desk.application.household.contact.phone == "312 555 0199"
    assert "did not save yet" not in page(browser, f"{AT}/steps/household")


def keep(browser: GatewayHarness, path: str, **changes: str) -> None:
    fields = fields_of(page(browser, path)) | changes
    assert browser.client.post(f"{path}/draft", data=fields, headers=SAME_ORIGIN).status_code == 200


def test_a_draft_can_be_discarded(browser: GatewayHarness, desk: Desk) -> None:
    keep(browser, f"{AT}/steps/household", **{"contact.phone": "312 555 0199"})
    change(browser, f"{AT}/steps/household", action="discard")
    assert fields_of(page(browser, f"{AT}/steps/household"))["contact.phone"] == "312 555 0142"
    assert desk.application.version == 4


def test_a_page_without_a_change_leaves_no_draft(browser: GatewayHarness, desk: Desk) -> None:
    keep(browser, f"{AT}/steps/household")
    assert "did not save yet" not in page(browser, f"{AT}/steps/household")


def test_changes_of_two_tabs_to_different_fields_are_both_kept(browser: GatewayHarness, desk: Desk) -> None:
    first = fields_of(page(browser, f"{AT}/steps/household"))
    change(browser, f"{AT}/steps/household", **{"home_address.city": "Peoria"})
    send(browser, f"{AT}/steps/household", first | {"contact.phone": "312 555 0199", "action": "next"})
    assert desk.application.household.home_address.city == "Peoria"
    assert desk.application.household.contact.phone == "312 555 0199"


@pytest.mark.parametrize(("choice", "kept"), [("mine", "312 555 0111"), ("saved", "312 555 0122")])
def test_a_field_that_two_tabs_changed_is_asked_about(
    browser: GatewayHarness, desk: Desk, choice: str, kept: str
) -> None:
    path = f"{AT}/steps/household"
    first = fields_of(page(browser, path))
    change(browser, path, **{"contact.phone": "312 555 0122"})
    where = send(browser, path, first | {"contact.phone": "312 555 0111", "action": "next"})
    text = page(browser, where)
    assert "changed while you were working on it" in text
    assert "312 555 0111" in text and "312 555 0122" in text
    assert desk.application.household.contact.phone == "312 555 0122"
    undecided = send(browser, path, fields_of(text) | {"action": "next"})
    assert "changed while you were working on it" in page(browser, undecided)
    assert desk.application.household.contact.phone == "312 555 0122"
    fields = fields_of(page(browser, undecided)) | {"keep.contact.phone": choice, "action": "next"}
    assert send(browser, path, fields) == f"{AT}/steps/plans"
    assert desk.application.household.contact.phone == kept


def test_a_save_that_another_one_overtakes_is_tried_again(browser: GatewayHarness, desk: Desk) -> None:
    """Between reading the application and saving it."""
    save = desk._save
    overtaken: list[bool] = []

    def overtake(request: Any, caller: Caller) -> Any:
        if not overtaken:
            overtaken.append(True)
            desk.application.version += 1
        return save(request, caller)

    browser.fake_services.answers["SaveStep"] = overtake
    assert change(browser, f"{AT}/steps/household", **{"contact.phone": "312 555 0199"}) == f"{AT}/steps/plans"
    assert desk.application.household.contact.phone == "312 555 0199"


def test_next_stays_where_a_required_answer_is_missing_and_names_it(browser: GatewayHarness, desk: Desk) -> None:
    missing = app.Shortcoming(step=app.STEP_SIGNATURES, field="payment_choice", message="Choose Pay Now or Pay Later.")
    browser.fake_services.answers["GetReadiness"] = pb.GetReadinessResponse(missing=[missing])
    where = change(browser, f"{AT}/steps/signatures")
    assert where.startswith(f"{AT}/steps/signatures?check=1")
    assert '<a href="#payment_choice">' in page(browser, where)
    assert "Choose Pay Now or Pay Later.</a>" in page(browser, where)
    assert desk.application.version == 5


def test_save_and_exit_saves_a_partial_step(browser: GatewayHarness, desk: Desk) -> None:
    missing = app.Shortcoming(step=app.STEP_HOUSEHOLD, field="form_type", message="Choose the form.")
    browser.fake_services.answers["GetReadiness"] = pb.GetReadinessResponse(missing=[missing])
    assert change(browser, f"{AT}/steps/household", action="exit") == "/enroll?tab=incomplete"
    assert desk.application.version == 5


def test_life_events_are_added_changed_and_removed_but_never_the_last(browser: GatewayHarness, desk: Desk) -> None:
    general = f"{AT}/steps/general"
    assert "remove_event" not in page(browser, general)
    assert change(browser, general, action="add_event") == f"{general}/life-events/new"
    event = {"life_events[1].kind": "birth", "life_events[1].date": "5/10/2026"}
    assert change(browser, f"{general}/life-events/new", **event) == f"{general}#life-events"
    assert [(one.kind, one.date) for one in desk.application.general.life_events] == [
        ("marriage", "2026-05-02"),
        ("birth", "2026-05-10"),
    ]
    change(browser, f"{general}/life-events/1", **{"life_events[1].date": "05112026"})
    assert desk.application.general.life_events[1].date == "2026-05-11"
    assert change(browser, general, action="remove_event.0") == f"{general}#life-events"
    assert [one.kind for one in desk.application.general.life_events] == ["birth"]
    change(browser, general, action="remove_event.0")
    assert [one.kind for one in desk.application.general.life_events] == ["birth"]


def test_one_date_is_taken_at_once_and_several_are_a_question(browser: GatewayHarness, desk: Desk) -> None:
    first = pb.SetEffectiveDateResponse(application=desk.application)
    option = {"effective_date": "2026-06-01", "life_event": "marriage", "life_event_date": "2026-05-02"}
    browser.fake_services.answers |= {"SetEffectiveDate": first}
    browser.fake_services.answers["ListEffectiveDates"] = pb.ListEffectiveDatesResponse(options=[option])  # type: ignore[list-item]
    assert change(browser, f"{AT}/steps/general", action="calculate") == f"{AT}/steps/general#effective-date"
    two = pb.ListEffectiveDatesResponse(options=[option, option | {"effective_date": "2026-07-01"}])  # type: ignore[list-item]
    browser.fake_services.answers["ListEffectiveDates"] = two
    where = change(browser, f"{AT}/steps/general", action="calculate")
    assert where == f"{AT}/steps/general/effective-date"
    text = page(browser, where)
    assert "6/1/2026" in text and "7/1/2026" in text
    send(browser, where, fields_of(text), effective_date="2026-07-01|marriage|2026-05-02")
    asked = browser.fake_services.last("SetEffectiveDate")
    assert (asked.effective_date, asked.life_event, asked.life_event_date) == ("2026-07-01", "marriage", "2026-05-02")


def test_a_person_is_added_changed_and_removed(browser: GatewayHarness, desk: Desk) -> None:
    household = f"{AT}/steps/household"
    assert change(browser, household, action="add_dependent") == f"{household}/people/new-dependent"
    person = {"people[2].first_name": "Kim", "people[2].date_of_birth": "02042016", "people[2].sex": "female"}
    assert change(browser, f"{household}/people/new-dependent", **person) == f"{household}#people"
    added = desk.application.household.people[2]
    assert (added.first_name, added.date_of_birth, added.relationship) == (
        "Kim",
        "2016-02-04",
        common.RELATIONSHIP_CHILD,
    )
    change(browser, f"{household}/people/p2", **{"people[1].last_name": "Tester"})
    assert desk.application.household.people[1].last_name == "Tester"
    assert desk.application.household.people[1].relationship == common.RELATIONSHIP_SPOUSE
    assert "Remove Sam Tester" in page(browser, f"{household}/people/p2/remove")
    send(browser, f"{household}/people/p2/remove", fields_of(page(browser, f"{household}/people/p2/remove")))
    assert [one.first_name for one in desk.application.household.people] == ["Jessica", "Kim"]


def test_a_person_who_was_removed_elsewhere_is_written_over_nobody_else(browser: GatewayHarness, desk: Desk) -> None:
    path = f"{AT}/steps/household/people/p2"
    fields = fields_of(page(browser, path))
    del desk.application.household.people[1]
    desk.application.household.people.add(person_id="p3", first_name="Kim")
    answer = browser.client.post(path, data=fields | {"people[1].first_name": "X"}, headers=SAME_ORIGIN)
    assert answer.status_code == 404
    assert desk.application.household.people[1].first_name == "Kim"


def test_other_policies_are_added_and_removed(browser: GatewayHarness, desk: Desk) -> None:
    other = f"{AT}/steps/other-coverage"
    assert change(browser, other, action="add.others") == f"{other}/others/new"
    policy = {"others[0].person_id": "p2", "others[0].member_number": "M-1"}
    assert change(browser, f"{other}/others/new", **policy) == f"{other}#others"
    step = desk.application.other_coverage
    assert (step.has_other_coverage, step.others[0].person_id, step.others[0].member_number) == (True, "p2", "M-1")
    assert change(browser, other, action="remove.others.0") == f"{other}#others"
    assert not desk.application.other_coverage.others and not desk.application.other_coverage.has_other_coverage


def test_pcp_choices_keep_a_place_for_everybody(browser: GatewayHarness, desk: Desk) -> None:
    line = desk.application.plan_lines[0]
    line.coverage, line.uses_pcp = common.COVERAGE_MEDICAL, True
    change(browser, f"{AT}/steps/plans", **{"pcp_choices[1].pcp_id": "P-7"})
    choices = browser.fake_services.last("SaveStep").plans.pcp_choices
    assert [(one.person_id, one.pcp_id) for one in choices] == [("p1", ""), ("p2", "P-7")]


def test_a_plan_without_pcps_asks_for_none(browser: GatewayHarness, desk: Desk) -> None:
    assert re.search(r'id="pcp_choices"[^>]* hidden>', page(browser, f"{AT}/steps/plans"))
    line = desk.application.plan_lines[0]
    line.coverage, line.uses_pcp = common.COVERAGE_MEDICAL, True
    assert not re.search(r'id="pcp_choices"[^>]* hidden>', page(browser, f"{AT}/steps/plans"))


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


def test_check_answers_shows_everything_with_a_way_to_change_it(browser: GatewayHarness, desk: Desk) -> None:
    text = page(browser, f"{AT}/check-answers")
    for shown in ("Marriage", "5/2/2026", "312 555 0142", "Chicago", "Sam", "Submit Application"):
        assert shown in text
    assert f'href="{AT}/steps/household?from=check-answers#contact.phone"' in text


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


def test_cancel_drops_what_was_typed_and_keeps_what_was_saved(browser: GatewayHarness, desk: Desk) -> None:
    keep(browser, f"{AT}/steps/household", **{"contact.phone": "312 555 0199"})
    leave = f"{AT}/leave?step=household"
    assert "Leave this application?" in page(browser, leave)
    assert send(browser, f"{AT}/leave", fields_of(page(browser, leave))) == "/enroll?tab=incomplete"
    assert fields_of(page(browser, f"{AT}/steps/household"))["contact.phone"] == "312 555 0142"


@pytest.mark.parametrize("path", ["steps/nothing", "steps/general/life-events/7", "steps/household/people/nobody"])
def test_an_address_of_nothing_is_not_found(browser: GatewayHarness, desk: Desk, path: str) -> None:
    assert browser.client.get(f"{AT}/{path}").status_code == 404


@pytest.mark.parametrize("base", ["", "{", "[]", '{"contact.phone": 5}', "x" * 200_000])
def test_a_form_that_no_page_of_ours_made_is_no_error(browser: GatewayHarness, desk: Desk, base: str) -> None:
    fields = fields_of(page(browser, f"{AT}/steps/household")) | {"base": base, "version": "x"}
    answer = browser.client.post(f"{AT}/steps/household", data=fields, headers=SAME_ORIGIN)
    assert answer.status_code == 303


def test_the_base_of_a_page_holds_what_it_showed_and_no_social_security_number(
    browser: GatewayHarness, desk: Desk
) -> None:
    desk.application.household.people[0].ssn_last_four = "9991"
    fields = fields_of(page(browser, f"{AT}/steps/household"))
    base = json.loads(fields["base"])
    assert base["contact.phone"] == "312 555 0142"
    assert base["people[0].ssn"] == ""


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
    assert send(browser, links[0].partition("#")[0], fields | {"action": "next"}) == f"{AT}/check-answers"


def test_a_submission_that_fails_leads_to_what_can_be_done(browser: GatewayHarness, desk: Desk) -> None:
    failed = page_answers.application(app.APPLICATION_STATUS_FAILED, "A-0001")
    browser.fake_services.answers["SubmitApplication"] = pb.SubmitApplicationResponse(application=failed)
    fields = fields_of(page(browser, f"{AT}/check-answers"))
    assert send(browser, f"{AT}/submission", fields) == f"{AT}/submission-failed"


def test_a_person_who_is_saved_twice_by_a_double_click_is_added_once(browser: GatewayHarness, desk: Desk) -> None:
    path = f"{AT}/steps/household/people/new-dependent"
    typed = {"people[2].first_name": "Kim", "people[2].date_of_birth": "02042016", "people[2].ssn": "219-09-9991"}
    fields = fields_of(page(browser, path)) | typed
    for _ in range(2):
        assert send(browser, path, fields, action="next") == f"{AT}/steps/household#people"
    assert [one.first_name for one in desk.application.household.people] == ["Jessica", "Sam", "Kim"]


def test_a_page_of_a_new_person_that_is_older_than_the_list_adds_somebody_else(
    browser: GatewayHarness, desk: Desk
) -> None:
    path = f"{AT}/steps/household/people/new-dependent"
    older = fields_of(page(browser, path))
    send(browser, path, older | {"people[2].first_name": "Kim"}, action="next")
    send(browser, path, older | {"people[2].first_name": "Lee"}, action="next")
    assert [one.first_name for one in desk.application.household.people] == ["Jessica", "Sam", "Kim", "Lee"]


def test_what_is_typed_about_a_new_person_is_kept_when_another_tab_adds_one(
    browser: GatewayHarness, desk: Desk
) -> None:
    path = f"{AT}/steps/household/people/new-dependent"
    keep(browser, path, **{"people[2].first_name": "Lee"})
    desk.application.household.people.add(person_id="p3", first_name="Kim", relationship=common.RELATIONSHIP_CHILD)
    desk.application.version += 1
    assert fields_of(page(browser, path))["people[3].first_name"] == "Lee"


def test_a_double_click_on_remove_removes_one(browser: GatewayHarness, desk: Desk) -> None:
    desk.application.general.life_events.add(kind="birth", date="2026-05-10")
    desk.application.general.life_events.add(kind="marriage", date="2026-05-03")
    general = f"{AT}/steps/general"
    fields = fields_of(page(browser, general))
    for _ in range(2):
        assert send(browser, general, fields, action="remove_event.0").startswith(general)
    assert [one.date for one in desk.application.general.life_events] == ["2026-05-10", "2026-05-03"]


def test_a_life_event_that_is_sent_twice_is_added_once(browser: GatewayHarness, desk: Desk) -> None:
    path = f"{AT}/steps/general/life-events/new"
    event = {"life_events[1].kind": "birth", "life_events[1].date": "5/10/2026"}
    fields = fields_of(page(browser, path)) | event
    for _ in range(2):
        send(browser, path, fields, action="next")
    assert [one.kind for one in desk.application.general.life_events] == ["marriage", "birth"]
