"""What is typed for one of several follows it when an earlier one is removed in another window meanwhile."""

from __future__ import annotations

import re

import pytest
from suite.common.v1 import common_pb2 as common
from suite.enrollment.v1 import enrollment_service_pb2 as pb

from chassis.identity import Caller
from chassis.kernel import InvalidInput, Problem
from tests.integration.gateway.enrollment_desk import AT, Desk, change, fields_of, keep, send
from tests.integration.gateway.harness import GatewayHarness
from tests.integration.gateway.test_pages import SAME_ORIGIN, page

PLANS = f"{AT}/steps/plans"
CONFLICT = "changed while you were working on it"


def with_events(desk: Desk) -> None:
    desk.application.general.life_events.add(kind="birth", date="2026-05-10")
    desk.application.general.life_events.add(kind="marriage", date="2026-05-10")


def remove_event_elsewhere(desk: Desk, place: int) -> None:
    del desk.application.general.life_events[place]
    desk.application.version += 1


def events_of(desk: Desk) -> list[tuple[str, str]]:
    return [(one.kind, one.date) for one in desk.application.general.life_events]


@pytest.mark.parametrize("place", [1, 2])
def test_a_life_event_is_changed_at_the_place_that_it_has_now(browser: GatewayHarness, desk: Desk, place: int) -> None:
    with_events(desk)
    path = f"{AT}/steps/general/life-events/{place}"
    opened = fields_of(page(browser, path))
    keep(browser, path, **{f"life_events[{place}].date": "5/20/2026"})
    remove_event_elsewhere(desk, 0)
    where = send(browser, path, opened, **{f"life_events[{place}].date": "5/20/2026"})
    assert where == f"{AT}/steps/general#life_events"
    expected = [("birth", "2026-05-10"), ("marriage", "2026-05-10")]
    expected[place - 1] = (expected[place - 1][0], "2026-05-20")
    assert events_of(desk) == expected
    assert "did not save yet" not in page(browser, f"{AT}/steps/general/life-events/1")


def test_a_refused_life_event_is_shown_at_the_place_that_it_has_now(browser: GatewayHarness, desk: Desk) -> None:
    with_events(desk)
    path = f"{AT}/steps/general/life-events/1"
    opened = fields_of(page(browser, path))
    remove_event_elsewhere(desk, 0)
    said = Problem("life_events[0].date", "Send it as YYYY-MM-DD.")
    browser.fake_services.answers["SaveStep"] = InvalidInput("Some answers.", problems=(said,))
    where = send(browser, path, opened, **{"life_events[1].date": "soon"})
    assert where == f"{AT}/steps/general/life-events/0"
    text = page(browser, where)
    assert fields_of(text)["life_events[0].date"] == "soon" and CONFLICT not in text


def with_policies(desk: Desk) -> None:
    step = desk.application.other_coverage
    step.replaces_coverage = step.has_other_coverage = True
    for person_id in ("p1", "p2", "p2"):
        step.replaced.add(person_id=person_id)
        step.others.add(person_id=person_id)
    step.replaced[2].insurer = step.others[2].member_number = "M-3"


POLICIES = pytest.mark.parametrize(("field", "name"), [("replaced", "policy_number"), ("others", "group_id")])


@POLICIES
def test_what_is_typed_for_a_policy_that_was_removed_elsewhere_reaches_no_other(
    browser: GatewayHarness, desk: Desk, field: str, name: str
) -> None:
    with_policies(desk)
    policies = getattr(desk.application.other_coverage, field)
    path = f"{AT}/steps/other-coverage/{field}/1"
    opened = fields_of(page(browser, path))
    del policies[1]
    desk.application.version += 1
    where = send(browser, path, opened, **{f"{field}[1].{name}": "G-1"})
    assert CONFLICT in page(browser, where)
    assert [getattr(one, name) for one in policies] == ["", ""]


@POLICIES
def test_what_was_kept_of_a_policy_that_was_removed_elsewhere_is_asked_about(
    browser: GatewayHarness, desk: Desk, field: str, name: str
) -> None:
    with_policies(desk)
    policies = getattr(desk.application.other_coverage, field)
    path = f"{AT}/steps/other-coverage/{field}/1"
    keep(browser, path, **{f"{field}[1].{name}": "G-1"})
    del policies[1]
    desk.application.version += 1
    text = page(browser, path)
    assert CONFLICT in text
    asked = re.findall(r'name="(keep\.[^"]*)"', text)
    send(browser, path, fields_of(text), **dict.fromkeys(asked, "saved"))
    assert [getattr(one, name) for one in policies] == ["", ""]


def test_an_item_that_is_removed_while_it_is_saved_takes_the_place_of_no_other(
    browser: GatewayHarness, desk: Desk
) -> None:
    with_policies(desk)
    policies, save = desk.application.other_coverage.others, desk._save

    def overtake(request: pb.SaveStepRequest, caller: Caller) -> pb.SaveStepResponse:
        browser.fake_services.answers["SaveStep"] = save
        del policies[1]
        desk.application.version += 1
        return save(request, caller)

    browser.fake_services.answers["SaveStep"] = overtake
    where = change(browser, f"{AT}/steps/other-coverage/others/1", **{"others[1].group_id": "G-1"})
    assert CONFLICT in page(browser, where)
    assert [one.group_id for one in policies] == ["", ""]


def test_a_policy_that_was_changed_elsewhere_is_brought_together(browser: GatewayHarness, desk: Desk) -> None:
    with_policies(desk)
    path = f"{AT}/steps/other-coverage/replaced/1"
    opened = fields_of(page(browser, path))
    desk.application.other_coverage.replaced[1].insurer = "Sample Mutual"
    desk.application.version += 1
    send(browser, path, opened, **{"replaced[1].policy_number": "G-1"})
    policy = desk.application.other_coverage.replaced[1]
    assert (policy.insurer, policy.policy_number) == ("Sample Mutual", "G-1")


@pytest.mark.parametrize(
    ("slug", "field", "what", "anchor"),
    [
        ("household/people/p2", "people[1].first_name", "This person", "household#people"),
        ("general/life-events/1", "life_events[1].date", "This entry", "general#life_events"),
        ("other-coverage/replaced/2", "replaced[2].insurer", "This entry", "other-coverage#replaced"),
        ("other-coverage/others/2", "others[2].group_id", "This entry", "other-coverage#others"),
    ],
)
def test_what_is_typed_for_an_item_that_was_removed_elsewhere_is_said_not_to_be_kept(
    browser: GatewayHarness, desk: Desk, slug: str, field: str, what: str, anchor: str
) -> None:
    with_events(desk)
    with_policies(desk)
    del desk.application.general.life_events[2]
    path = f"{AT}/steps/{slug}"
    typed = fields_of(page(browser, path)) | {field: "typed"}
    other = desk.application.other_coverage
    del (
        desk.application.general.life_events[1],
        desk.application.household.people[1],
        other.replaced[2],
        other.others[2],
    )
    desk.application.version += 1
    answer = browser.client.post(f"{path}/draft", data=typed, headers=SAME_ORIGIN)
    assert answer.status_code == 200
    assert f"{what} was removed from the application meanwhile" in answer.text and "Draft kept" not in answer.text
    assert f'<a href="{AT}/steps/{anchor}">' in answer.text
    assert "was removed from the application" not in page(browser, f"{AT}/steps/{anchor.partition('#')[0]}")


def with_child(desk: Desk) -> None:
    desk.application.household.people.add(person_id="p3", first_name="Kim", relationship=common.RELATIONSHIP_CHILD)


def remove_sam_elsewhere(desk: Desk) -> None:
    del desk.application.household.people[1]
    desk.application.version += 1


def chosen_by_person(desk: Desk) -> dict[str, str]:
    return {one.person_id: one.pcp_id for one in desk.application.plans.pcp_choices}


def test_a_provider_stays_with_its_person_when_an_earlier_one_is_removed_elsewhere(
    browser: GatewayHarness, desk: Desk
) -> None:
    with_child(desk)
    desk.application.household.people.add(person_id="p4", first_name="Lee", relationship=common.RELATIONSHIP_CHILD)
    opened = fields_of(page(browser, PLANS))
    remove_sam_elsewhere(desk)
    send(browser, PLANS, opened, **{"pcp_choices[1].pcp_id": "P8", "pcp_choices[2].pcp_id": "P7"})
    assert chosen_by_person(desk) == {"p1": "", "p3": "P7", "p4": ""}


def test_a_provider_stays_with_its_person_when_an_earlier_one_is_removed_while_it_is_saved(
    browser: GatewayHarness, desk: Desk
) -> None:
    with_child(desk)
    save = desk._save

    def overtake(request: pb.SaveStepRequest, caller: Caller) -> pb.SaveStepResponse:
        browser.fake_services.answers["SaveStep"] = save
        remove_sam_elsewhere(desk)
        return save(request, caller)

    browser.fake_services.answers["SaveStep"] = overtake
    change(browser, PLANS, **{"pcp_choices[1].pcp_id": "P8", "pcp_choices[2].pcp_id": "P7"})
    assert chosen_by_person(desk) == {"p1": "", "p3": "P7"}


def test_a_kept_provider_is_shown_with_its_person_when_an_earlier_one_is_removed_elsewhere(
    browser: GatewayHarness, desk: Desk
) -> None:
    with_child(desk)
    keep(browser, PLANS, **{"pcp_choices[1].pcp_id": "P8", "pcp_choices[2].pcp_id": "P7"})
    remove_sam_elsewhere(desk)
    text = page(browser, PLANS)
    shown = {name: value for name, value in fields_of(text).items() if name.endswith("].pcp_id")}
    assert shown == {"pcp_choices[0].pcp_id": "", "pcp_choices[1].pcp_id": "P7"}
    assert "changed while you were working on it" not in text
    send(browser, PLANS, fields_of(text))
    assert chosen_by_person(desk) == {"p1": "", "p3": "P7"}


def test_provider_finder_opens_for_the_person_of_its_button(browser: GatewayHarness, desk: Desk) -> None:
    with_child(desk)
    desk.application.household.people.add(person_id="p4", first_name="Lee", relationship=common.RELATIONSHIP_CHILD)
    text = page(browser, PLANS)
    [button] = re.findall(r'value="(find_provider[^"]*)"[^>]*>Provider Finder<[^>]*> for Kim', text)
    remove_sam_elsewhere(desk)
    assert send(browser, PLANS, fields_of(text), action=button) == f"{PLANS}/providers/p3"
