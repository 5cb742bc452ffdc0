"""Life events, people and policies of an application: each has a page behind its list."""

from __future__ import annotations

import pytest
from suite.common.v1 import common_pb2 as common
from suite.enrollment.v1 import application_pb2 as app
from suite.enrollment.v1 import enrollment_service_pb2 as pb
from suite.enrollment.v1.effective_dates_pb2 import EffectiveDateOption

from chassis.kernel import Conflict, InvalidInput, Problem
from tests.integration.gateway.enrollment_desk import AT, Desk, change, fields_of, send
from tests.integration.gateway.harness import GatewayHarness
from tests.integration.gateway.test_pages import page


def test_life_events_are_added_changed_and_removed_but_never_the_last(browser: GatewayHarness, desk: Desk) -> None:
    general = f"{AT}/steps/general"
    assert "remove_event" not in page(browser, general)
    assert change(browser, general, action="add_event") == f"{general}/life-events/new"
    event = {"life_events[1].kind": "birth", "life_events[1].date": "5/10/2026"}
    assert change(browser, f"{general}/life-events/new", **event) == f"{general}#life_events"
    assert [(one.kind, one.date) for one in desk.application.general.life_events] == [
        ("marriage", "2026-05-02"),
        ("birth", "2026-05-10"),
    ]
    change(browser, f"{general}/life-events/1", **{"life_events[1].date": "05112026"})
    assert desk.application.general.life_events[1].date == "2026-05-11"
    assert change(browser, general, action="remove_event.0") == f"{general}#life_events"
    assert [one.kind for one in desk.application.general.life_events] == ["birth"]
    change(browser, general, action="remove_event.0")
    assert [one.kind for one in desk.application.general.life_events] == ["birth"]


@pytest.mark.parametrize(
    ("new", "prefix", "typed", "saved"),
    [
        ("household/people/new-spouse", "people[2].", {"first_name": "Kim"}, "household/people/p3"),
        (
            "other-coverage/replaced/new",
            "replaced[0].",
            {"insurer": "Acme", "person_id": "p2"},
            "other-coverage/replaced/0",
        ),
    ],
)
def test_what_a_saved_item_lacks_is_shown_on_its_own_page(
    browser: GatewayHarness, desk: Desk, new: str, prefix: str, typed: dict[str, str], saved: str
) -> None:
    step = app.STEP_HOUSEHOLD if prefix.startswith("people") else app.STEP_OTHER_COVERAGE
    lacks = [
        app.Shortcoming(step=step, field=f"{prefix}{name}", message=f"Enter the {name}.")
        for name in ("last_name", "termination_date")
    ]
    others = [app.Shortcoming(step=step, field="people[0].last_name", message="Enter the name.")]
    browser.fake_services.answers["GetReadiness"] = pb.GetReadinessResponse(missing=[*others, *lacks])
    where = change(browser, f"{AT}/steps/{new}", **{prefix + name: text for name, text in typed.items()})
    assert where == f"{AT}/steps/{saved}?check=1"
    assert browser.fake_services.last("SaveStep").missing_in == prefix
    shown = page(browser, where)
    assert all(one.message in shown for one in lacks) and "Enter the name." not in shown
    left = send(browser, where.partition("?")[0], fields_of(shown), action="skip")
    assert left.partition("#")[0] == f"{AT}/steps/{saved.partition('/')[0]}"
    assert not browser.fake_services.last("SaveStep").HasField("missing_in")


@pytest.mark.parametrize(
    ("new", "prefix", "name", "anchor"),
    [
        ("household/people/new-spouse", "people[2].", "first_name", "household"),
        ("household/people/new-dependent", "people[2].", "first_name", "household"),
        ("other-coverage/replaced/new", "replaced[0].", "insurer", "other-coverage"),
        ("other-coverage/others/new", "others[0].", "group_id", "other-coverage"),
    ],
)
def test_a_new_entry_in_which_nothing_was_typed_is_told_what_it_lacks_and_cancel_leaves_no_trace(
    browser: GatewayHarness, desk: Desk, new: str, prefix: str, name: str, anchor: str
) -> None:
    before, path = desk.application.SerializeToString(), f"{AT}/steps/{new}"
    told = InvalidInput("Nothing was saved.", problems=(Problem(f"{prefix}{name}", "Enter it."),))
    browser.fake_services.answers["SaveStep"] = told
    assert change(browser, path, action="next") == path
    assert browser.fake_services.last("SaveStep").missing_in == prefix
    shown = page(browser, path)
    assert "Enter it." in shown and "Continue without finishing" not in shown
    assert send(browser, path, fields_of(shown), action="discard_part") == f"{AT}/steps/{anchor}"
    assert "Enter it." not in page(browser, path)
    assert desk.application.SerializeToString() == before


def test_one_date_is_taken_at_once_and_several_are_a_question(browser: GatewayHarness, desk: Desk) -> None:
    first = pb.SetEffectiveDateResponse(application=desk.application)
    option = EffectiveDateOption(effective_date="2026-06-01", life_event="marriage", life_event_date="2026-05-02")
    later = EffectiveDateOption(effective_date="2026-07-01", life_event="marriage", life_event_date="2026-05-02")
    browser.fake_services.answers |= {"SetEffectiveDate": first}
    browser.fake_services.answers["ListEffectiveDates"] = pb.ListEffectiveDatesResponse(options=[option])
    assert change(browser, f"{AT}/steps/general", action="calculate") == f"{AT}/steps/general#effective_date"
    two = pb.ListEffectiveDatesResponse(options=[option, later])
    browser.fake_services.answers["ListEffectiveDates"] = two
    where = change(browser, f"{AT}/steps/general", action="calculate")
    assert where == f"{AT}/steps/general/effective-date"
    text = page(browser, where)
    assert "6/1/2026" in text and "7/1/2026" in text
    assert send(browser, where, fields_of(text), effective_date="") == f"{where}?none=1"
    refused = page(browser, f"{where}?none=1")
    assert '<p class="ds-c-inline-error" id="effective_date-error">Choose an effective date.</p>' in refused
    send(browser, where, fields_of(text), effective_date="2026-07-01|marriage|2026-05-02")
    asked = browser.fake_services.last("SetEffectiveDate")
    assert (asked.effective_date, asked.life_event, asked.life_event_date) == ("2026-07-01", "marriage", "2026-05-02")


@pytest.mark.parametrize("status", [app.APPLICATION_STATUS_EXPIRED, app.APPLICATION_STATUS_SUBMITTED])
def test_the_effective_date_of_a_closed_application_is_no_question(
    browser: GatewayHarness, desk: Desk, status: app.ApplicationStatus.ValueType
) -> None:
    option = EffectiveDateOption(effective_date="2026-06-01", life_event="marriage", life_event_date="2026-05-02")
    browser.fake_services.answers["ListEffectiveDates"] = pb.ListEffectiveDatesResponse(options=[option])
    where = f"{AT}/steps/general/effective-date"
    fields = fields_of(page(browser, where))
    desk.application.status = status
    assert browser.client.get(where, follow_redirects=False).headers["location"] == AT
    browser.fake_services.answers["SetEffectiveDate"] = Conflict("It has expired.", code="application_expired")
    sent = send(browser, where, fields, effective_date="2026-06-01|marriage|2026-05-02")
    assert sent == f"{AT}?unsaved=general"


def with_child(desk: Desk) -> None:
    desk.application.household.people.add(
        person_id="p3",
        first_name="Kim",
        relationship=common.RELATIONSHIP_CHILD,
        tobacco_use=True,
        tobacco_last_used="2026-04-01",
    )


def remove_elsewhere(desk: Desk, place: int) -> None:
    del desk.application.household.people[place]
    desk.application.version += 1


def test_what_is_typed_stays_with_its_person_when_an_earlier_one_is_removed_elsewhere(
    browser: GatewayHarness, desk: Desk
) -> None:
    with_child(desk)
    desk.application.household.people.add(person_id="p4", first_name="Lee", relationship=common.RELATIONSHIP_CHILD)
    path = f"{AT}/steps/household/people/p3"
    opened = fields_of(page(browser, path))
    assert opened["people[2].first_name"] == "Kim"
    remove_elsewhere(desk, 1)
    assert send(browser, path, opened, **{"people[2].last_name": "Sample"}) == f"{AT}/steps/household#people"
    people = desk.application.household.people
    assert [(one.person_id, one.first_name, one.last_name) for one in people] == [
        ("p1", "Jessica", ""),
        ("p3", "Kim", "Sample"),
        ("p4", "Lee", ""),
    ]
    assert people[1].tobacco_last_used == "2026-04-01"


def test_what_was_kept_of_a_person_is_shown_at_the_place_that_the_person_has_now(
    browser: GatewayHarness, desk: Desk
) -> None:
    with_child(desk)
    path = f"{AT}/steps/household/people/p3"
    save, said = browser.fake_services.answers["SaveStep"], Problem("people[2].date_of_birth", "Send it as YYYY-MM-DD.")
    browser.fake_services.answers["SaveStep"] = InvalidInput("Some answers.", problems=(said,))
    change(browser, path, **{"people[2].first_name": "Kimberly", "people[2].date_of_birth": "soon"})
    browser.fake_services.answers["SaveStep"] = save
    remove_elsewhere(desk, 1)
    text = page(browser, path)
    fields = fields_of(text)
    assert (fields["people[1].first_name"], fields["people[1].date_of_birth"]) == ("Kimberly", "soon")
    assert 'href="#people-1-date_of_birth"' in text
    send(browser, path, fields, **{"people[1].date_of_birth": "2/4/2016"})
    assert [one.first_name for one in desk.application.household.people] == ["Jessica", "Kimberly"]


def test_a_person_who_was_removed_elsewhere_takes_nothing_that_is_typed(browser: GatewayHarness, desk: Desk) -> None:
    with_child(desk)
    desk.application.household.people.add(person_id="p4", first_name="Lee", relationship=common.RELATIONSHIP_CHILD)
    path = f"{AT}/steps/household/people/p3"
    opened = fields_of(page(browser, path)) | {"people[2].first_name": "Kimberly"}
    remove_elsewhere(desk, 2)
    household = f"{AT}/steps/household"
    assert send(browser, path, opened) == f"{household}#people"
    assert "This person was removed from the application meanwhile" in page(browser, household)
    assert "was removed from the application" not in page(browser, household)
    assert [one.first_name for one in desk.application.household.people] == ["Jessica", "Sam", "Lee"]


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
    assert send(browser, path, fields | {"people[1].first_name": "X"}) == f"{AT}/steps/household#people"
    assert desk.application.household.people[1].first_name == "Kim"


def test_a_removal_that_is_confirmed_in_two_windows_leads_to_the_list_both_times(
    browser: GatewayHarness, desk: Desk
) -> None:
    path = f"{AT}/steps/household/people/p2/remove"
    fields = fields_of(page(browser, path))
    for _ in range(2):
        assert send(browser, path, fields) == f"{AT}/steps/household#people"
    assert browser.client.get(path).headers["location"] == f"{AT}/steps/household#people"
    assert "was removed from the application" not in page(browser, f"{AT}/steps/household")
    assert [one.first_name for one in desk.application.household.people] == ["Jessica"]


@pytest.mark.parametrize(
    ("at", "name", "anchor"),
    [
        ("general/life-events/1", "life_events[1].date", "general#life_events"),
        ("other-coverage/replaced/0", "replaced[0].insurer", "other-coverage#replaced"),
        ("other-coverage/others/0", "others[0].member_number", "other-coverage#others"),
    ],
)
def test_an_entry_that_was_removed_elsewhere_leads_to_its_list_which_says_so(
    browser: GatewayHarness, desk: Desk, at: str, name: str, anchor: str
) -> None:
    general, other = desk.application.general, desk.application.other_coverage
    general.life_events.add(kind="birth", date="2026-05-10")
    other.replaced.add(person_id="p2")
    other.others.add(person_id="p2")
    fields = fields_of(page(browser, f"{AT}/steps/{at}"))
    del general.life_events[1], other.replaced[0], other.others[0]
    desk.application.version += 1
    assert send(browser, f"{AT}/steps/{at}", fields, **{name: "M-1"}) == f"{AT}/steps/{anchor}"
    assert "This entry was removed from the application" in page(browser, f"{AT}/steps/{anchor.partition('#')[0]}")


def test_other_policies_are_added_and_removed(browser: GatewayHarness, desk: Desk) -> None:
    other = f"{AT}/steps/other-coverage"
    assert change(browser, other, action="add.others") == f"{other}/others/new"
    policy = {"others[0].person_id": "p2", "others[0].member_number": "M-1"}
    assert change(browser, f"{other}/others/new", **policy) == f"{other}#others"
    step = desk.application.other_coverage
    assert (step.has_other_coverage, step.others[0].person_id, step.others[0].member_number) == (True, "p2", "M-1")
    assert change(browser, other, action="remove.others.0") == f"{other}#others"
    assert not desk.application.other_coverage.others and not desk.application.other_coverage.has_other_coverage


@pytest.mark.parametrize(("part", "field"), [("replaced", "insurer"), ("others", "member_number")])
def test_a_policy_of_nobody_is_not_saved_as_the_primary_applicants(
    browser: GatewayHarness, desk: Desk, part: str, field: str
) -> None:
    new = f"{AT}/steps/other-coverage/{part}/new"
    assert change(browser, new, **{f"{part}[0].{field}": "M-1"}) == new
    shown = page(browser, new)
    assert f'id="{part}-0-person_id-error">Choose whose coverage it is.' in shown and 'value="M-1"' in shown
    assert not getattr(desk.application.other_coverage, part)


def test_what_a_policy_lacks_stands_below_it_and_is_linked_by_its_name(browser: GatewayHarness, desk: Desk) -> None:
    step = desk.application.other_coverage
    step.replaces_coverage = True
    step.replaced.add(person_id="p2")
    lacks = app.Shortcoming(step=app.STEP_OTHER_COVERAGE, field="replaced[0].insurer", message="Enter its name.")
    browser.fake_services.answers["GetReadiness"] = pb.GetReadinessResponse(missing=[lacks])
    shown = page(browser, f"{AT}/steps/other-coverage?check=1")
    assert '<a href="#replaced-0-insurer">Insurance company (policy 1): Enter its name.</a>' in shown
    assert '<li class="ds-c-inline-error" id="replaced-0-insurer" tabindex="-1">' in shown
    assert "Edit policy 1 of Sam" in shown


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
