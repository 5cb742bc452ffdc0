"""What is typed into a step and not saved: drafts, two tabs, saves that meet."""

from __future__ import annotations

import html
import json
import re
from typing import Any

import pytest
from suite.common.v1 import common_pb2 as common
from suite.enrollment.v1 import application_pb2 as app
from suite.enrollment.v1 import rules_pb2

from chassis.identity import Caller
from chassis.kernel import Conflict, Unavailable
from tests.integration.gateway.enrollment_desk import AT, Desk, change, fields_of, keep, send
from tests.integration.gateway.harness import GatewayHarness
from tests.integration.gateway.test_pages import SAME_ORIGIN, page


def test_saving_drops_the_draft(browser: GatewayHarness, desk: Desk) -> None:
    keep(browser, f"{AT}/steps/household", **{"contact.phone": "312 555 0199"})
    assert "did not save yet" in page(browser, f"{AT}/steps/household")
    change(browser, f"{AT}/steps/household")
    assert desk.application.household.contact.phone == "312 555 0199"
    assert "did not save yet" not in page(browser, f"{AT}/steps/household")


def test_a_draft_can_be_discarded(browser: GatewayHarness, desk: Desk) -> None:
    keep(browser, f"{AT}/steps/household", **{"contact.phone": "312 555 0199"})
    change(browser, f"{AT}/steps/household", action="discard")
    assert fields_of(page(browser, f"{AT}/steps/household"))["contact.phone"] == "312 555 0142"
    assert desk.application.version == 4


def test_a_page_without_a_change_leaves_no_draft(browser: GatewayHarness, desk: Desk) -> None:
    keep(browser, f"{AT}/steps/household")
    assert "did not save yet" not in page(browser, f"{AT}/steps/household")


def test_what_is_typed_back_to_what_is_saved_takes_the_draft_away(browser: GatewayHarness, desk: Desk) -> None:
    keep(browser, f"{AT}/steps/household", **{"contact.phone": "312 555 0199"})
    keep(browser, f"{AT}/steps/household", **{"contact.phone": "312 555 0142"})
    shown = page(browser, f"{AT}/steps/household")
    assert fields_of(shown)["contact.phone"] == "312 555 0142"
    assert "did not save yet" not in shown


def test_what_is_sent_after_the_application_was_submitted_elsewhere_is_said_to_be_unsaved(
    browser: GatewayHarness, desk: Desk
) -> None:
    fields = fields_of(page(browser, f"{AT}/steps/household"))
    desk.application.status = app.APPLICATION_STATUS_SUBMITTED
    browser.fake_services.answers["SaveStep"] = Conflict("The application was submitted.", code="already_submitted")
    where = send(browser, f"{AT}/steps/household", fields | {"contact.phone": "312 555 0199", "action": "next"})
    answer = browser.client.get(where)
    assert (answer.status_code, answer.headers["location"]) == (303, f"{AT}?unsaved=household")
    assert "Your changes to Applicant Information were not saved" in page(browser, f"{AT}?unsaved=household")
    assert browser.client.get(where).headers["location"] == AT  # said once


def test_what_is_sent_while_the_application_is_being_submitted_is_there_when_that_fails(
    browser: GatewayHarness, desk: Desk
) -> None:
    keep(browser, f"{AT}/steps/household", **{"contact.phone": "312 555 0199"})
    desk.application.status = app.APPLICATION_STATUS_SUBMITTING
    where = browser.client.get(f"{AT}/steps/household").headers["location"]
    assert where == f"{AT}?unsaved=household"
    desk.application.status = app.APPLICATION_STATUS_FAILED
    assert fields_of(page(browser, f"{AT}/steps/household"))["contact.phone"] == "312 555 0199"


@pytest.mark.parametrize(
    ("slug", "typed", "told"),
    [
        ("household", {"contact.phone": "312 555 0199", "people[0].ssn": "111-22-3333"}, "312 555 0199"),
        ("household/people/p2", {"people[1].first_name": "Samuel"}, "Samuel"),
    ],
)
def test_what_was_typed_into_an_application_that_expired_is_shown_to_be_copied(
    browser: GatewayHarness, desk: Desk, slug: str, typed: dict[str, str], told: str
) -> None:
    keep(browser, f"{AT}/steps/{slug}", **typed)
    desk.application.status = app.APPLICATION_STATUS_EXPIRED
    where = browser.client.get(f"{AT}/steps/{slug}").headers["location"]
    for _ in range(2):  # a reload loses nothing
        shown = page(browser, where)
        assert "The application expired before they were saved. Nothing was submitted." in shown
        assert f"<dd>{told}</dd>" in shown and "111-22-3333" not in shown
        assert "Submit Application in another tab" not in shown
        assert '<a href="/applications/new">Start New Application</a>' in shown


SCHEME = rules_pb2.IdentityCategories(
    scheme="made-up",
    languages=[rules_pb2.Choice(code="spa", label="Spanish")],
    ethnicities=[rules_pb2.Choice(code="TX_1", label="Mexican"), rules_pb2.Choice(code="TX_2", label="Cuban")],
)


@pytest.mark.parametrize(
    ("slug", "typed", "told"),
    [
        (
            "household",
            {
                "authorization": "paper",
                "mailing_differs": "yes",
                "people[0].sex": "female",
                "people[0].tobacco_use": "yes",
                "people[0].self_identification.spoken_language": "spa",
                "people[0].self_identification.ethnicities": "TX_1,TX_2",
                "terms_version_shown": "2026.1",
            },
            {
                "Form authorization": "My client has completed and signed a paper application.",
                "Different mailing address": "Yes",
                "Sex of Jessica": "Female",
                "Tobacco use of Jessica": "Yes",
                "Spoken language of Jessica": "Spanish",
                "Ethnicities of Jessica": "Mexican, Cuban",
            },
        ),
        ("general/life-events/0", {"life_events[0].kind": "birth"}, {"Life event of life event 1": "Birth of a child"}),
        (
            "household/people/new-dependent",
            {"people[2].relationship": "other_dependent", "people[2].disabled_dependent": "yes"},
            {"Relationship of person 3": "Other dependent", "Disabled dependent of person 3": "Yes"},
        ),
        ("other-coverage/others/new", {"others[0].person_id": "p2"}, {"Covered person of policy 1": "Sam"}),
        (
            "signatures",
            {"payment_choice": "pay_later", "has_representative": "yes"},
            {"Payment": "Pay Later: the applicant receives a bill by mail", "Authorized representative": "Yes"},
        ),
    ],
)
def test_what_was_typed_too_late_is_listed_in_the_words_of_the_form(
    browser: GatewayHarness, desk: Desk, slug: str, typed: dict[str, str], told: dict[str, str]
) -> None:
    answer = browser.fake_services.answers["GetEnrollmentRules"]
    assert isinstance(answer, rules_pb2.GetEnrollmentRulesResponse)
    rules = answer.rules
    rules.identity_schemes.append(SCHEME)
    rules.relationships.add(code="child", label="Child")
    rules.relationships.add(code="other_dependent", label="Other dependent")
    keep(browser, f"{AT}/steps/{slug}", **typed)
    desk.application.status = app.APPLICATION_STATUS_EXPIRED
    listed = unsaved(page(browser, f"{AT}?unsaved={slug}"))
    assert set(listed) == set(told)
    assert all(listed[label].startswith(words) for label, words in told.items())


def test_what_was_typed_is_listed_while_the_words_of_the_form_cannot_be_read(
    browser: GatewayHarness, desk: Desk
) -> None:
    keep(browser, f"{AT}/steps/plans", dental_plan_id="36096IL9900009-00")
    desk.application.status = app.APPLICATION_STATUS_EXPIRED
    browser.fake_services.answers["GetRatingBasis"] = Unavailable("Away.")
    assert unsaved(page(browser, f"{AT}?unsaved=plans")) == {"Dental plan": "36096IL9900009-00"}


def unsaved(text: str) -> dict[str, str]:
    """Label and words of the answers that the page lists as typed and not saved."""
    listed = text.partition("Copy what you need into a new application")[2].partition("</dl>")[0]
    return {label: html.unescape(words) for label, words in re.findall("<dt>(.*?)</dt><dd>(.*?)</dd>", listed)}


@pytest.mark.parametrize("made_up", ["", "nothing", "<b>"])
def test_details_say_nothing_of_a_step_that_there_is_not(browser: GatewayHarness, desk: Desk, made_up: str) -> None:
    desk.application.status = app.APPLICATION_STATUS_SUBMITTED
    assert "were not saved" not in page(browser, f"{AT}?unsaved={made_up}")


def test_changes_of_two_tabs_to_different_fields_are_both_kept(browser: GatewayHarness, desk: Desk) -> None:
    first = fields_of(page(browser, f"{AT}/steps/household"))
    change(browser, f"{AT}/steps/household", **{"home_address.city": "Peoria"})
    where = send(browser, f"{AT}/steps/household", first | {"contact.phone": "312 555 0199", "action": "next"})
    assert desk.application.household.home_address.city == "Peoria"
    assert desk.application.household.contact.phone == "312 555 0199"
    assert where == f"{AT}/steps/household"
    shown = page(browser, where)
    assert changed(shown) == ["City of home address: Peoria"]
    assert not changed(page(browser, where)), "said once"
    assert send(browser, where, fields_of(shown) | {"action": "next"}) == f"{AT}/steps/plans"


@pytest.mark.parametrize("action", ["previous", "exit", "add_dependent"])
def test_no_button_leads_past_what_was_changed_elsewhere(browser: GatewayHarness, desk: Desk, action: str) -> None:
    path = f"{AT}/steps/household"
    first = fields_of(page(browser, path))
    change(browser, path, **{"home_address.city": "Peoria"})
    assert changed(page(browser, send(browser, path, first | {"action": action})))


def test_what_was_changed_elsewhere_is_said_beside_what_was_typed_before(browser: GatewayHarness, desk: Desk) -> None:
    """And when it is typed back to what it was, that counts as an answer."""
    path = f"{AT}/steps/household"
    keep(browser, path, **{"contact.phone": "312 555 0199"})
    desk.application.household.home_address.city = "Peoria"
    desk.application.version += 1
    shown = page(browser, path)
    assert changed(shown) == ["City of home address: Peoria"] and "did not save yet" in shown
    fields = fields_of(shown) | {"home_address.city": "Chicago", "action": "next"}
    assert send(browser, path, fields) == f"{AT}/steps/plans"
    assert desk.application.household.home_address.city == "Chicago"
    assert desk.application.household.contact.phone == "312 555 0199"


def test_a_form_that_is_sent_twice_changes_nothing_elsewhere(browser: GatewayHarness, desk: Desk) -> None:
    path = f"{AT}/steps/household"
    fields = fields_of(page(browser, path)) | {"contact.phone": "312 555 0199", "action": "next"}
    assert [send(browser, path, fields) for _ in range(2)] == [f"{AT}/steps/plans"] * 2
    assert not changed(page(browser, path))


def changed(text: str) -> list[str]:
    """What the page says was changed elsewhere."""
    notice = text.partition('id="changed-answers"')[2].partition("</ul>")[0]
    return [re.sub(r"<[^>]*>", "", one) for one in re.findall("<li>(.*?)</li>", notice)]


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


def test_cancel_drops_what_was_typed_and_keeps_what_was_saved(browser: GatewayHarness, desk: Desk) -> None:
    keep(browser, f"{AT}/steps/household", **{"contact.phone": "312 555 0199"})
    leave = f"{AT}/leave?step=household"
    assert "Leave this application?" in page(browser, leave)
    assert send(browser, f"{AT}/leave", fields_of(page(browser, leave))) == "/enroll?tab=incomplete"
    assert fields_of(page(browser, f"{AT}/steps/household"))["contact.phone"] == "312 555 0142"


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


def test_what_is_typed_about_a_new_person_is_kept_when_another_tab_adds_one(
    browser: GatewayHarness, desk: Desk
) -> None:
    path = f"{AT}/steps/household/people/new-dependent"
    keep(browser, path, **{"people[2].first_name": "Lee"})
    desk.application.household.people.add(person_id="p3", first_name="Kim", relationship=common.RELATIONSHIP_CHILD)
    desk.application.version += 1
    assert fields_of(page(browser, path))["people[3].first_name"] == "Lee"


def test_two_answers_to_one_question_are_shown_in_the_words_of_the_page(browser: GatewayHarness, desk: Desk) -> None:
    path, home = f"{AT}/steps/household", desk.application.household.home_address
    first = fields_of(page(browser, path))
    change(browser, path, form_type="medical_dental", **{"home_address.county_fips": "17031", "hra.kind": "ICHRA"})
    home.county_name = "Cook County"
    typed = {"form_type": "dental", "home_address.county_fips": "17043", "hra.kind": "QSEHRA"}
    text = page(browser, send(browser, path, first | typed | {"action": "next"}))
    asked = re.sub(r"<[^>]*>", "", text.partition('id="conflicts"')[2].partition("</section>")[0])
    for shown in (
        "What you entered: Dental Application",
        "What is saved now: Medical/Dental Application",
        "What you entered: DuPage County",
        "What is saved now: Cook County",
        "Type of health reimbursement arrangement",
    ):
        assert shown in asked
    assert "17031" not in asked and "medical_dental" not in asked
