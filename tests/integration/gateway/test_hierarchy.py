"""My Hierarchy: a producer gives, limits and revokes a delegate's access, and no call to a service goes beyond it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import timedelta

import pytest
from sqlalchemy.exc import IntegrityError
from suite.enrollment.v1 import application_pb2 as app
from suite.enrollment.v1 import enrollment_service_pb2

from chassis.db import Database
from chassis.identity import Caller
from chassis.kernel import NotFound
from chassis.settings import SuiteSettings
from gateway.commands.seed import seed_users
from gateway.identity.sessions import SESSION_CACHE_TTL
from gateway.pages.forms.typed_values import DATE_ADVICE
from gateway.store.tables import delegation_changes, delegations, writing_numbers
from tests.integration.gateway import application_answers, page_answers
from tests.integration.gateway.harness import GatewayHarness
from tests.integration.gateway.test_pages import SAME_ORIGIN, page, post, sign_in

DELEGATE = "00000000-0000-4000-8000-000000000002"
SEEDED = {"220002580", "440001937", "107864325"}


@pytest.fixture
def browser(gateway_portal: GatewayHarness, gateway_url: str) -> Iterator[GatewayHarness]:
    """The producer is signed in; the demo's delegations are as they were seeded, before and afterwards."""
    database = Database(gateway_url)

    def as_seeded() -> None:
        with database.engine.begin() as connection:
            connection.execute(delegations.delete())
            connection.execute(delegation_changes.delete())
        seed_users(SuiteSettings(suite_env="test"), database)

    as_seeded()
    page_answers.tell(gateway_portal.fake_services)
    sign_in(gateway_portal, "producer@example.com")
    yield gateway_portal
    as_seeded()
    database.close()


def give(browser: GatewayHarness, **fields: object) -> tuple[int, str]:
    """Fill the form of the delegate's access and send it."""
    wanted = {"email": "delegate@example.com", "numbers": ["220002580"], "actions": ["quote"], **fields}
    status, location, _ = post(browser, "/my-hierarchy/access", wanted)  # type: ignore[arg-type]  # several of a name
    return status, location


def caller_of(browser: GatewayHarness, rpc: str) -> Caller:
    """On whose word the service was last asked."""
    found: Caller = next(caller for name, _, caller in reversed(browser.fake_services.asked) if name == rpc)
    return found


def acts_as_delegate(browser: GatewayHarness) -> dict[str, str]:
    browser.clock.advance(SESSION_CACHE_TTL * 2)
    return browser.sign_in("delegate@example.com")


def numbers_for(browser: GatewayHarness, verb: str, path: str, rpc: str, **more: object) -> set[str]:
    """The writing numbers with which a service hears the delegate."""
    headers = {**acts_as_delegate(browser), "Idempotency-Key": "12345678", "If-Match": '"1"'}
    browser.client.request(verb, f"/api/v1{path}", headers=headers, **more)  # type: ignore[arg-type]  # json or nothing
    return set(caller_of(browser, rpc).numbers)


LOOKING = ("GET", "/applications?status=completed", "ListApplications")
STARTING = ("POST", "/applications", "StartApplication")
QUOTING = ("POST", "/quotes/q-1/copies", "CopyQuote")
SUBMITTING = ("POST", "/applications/A-0001/submission", "SubmitApplication")
PAYING = ("POST", "/applications/A-0638/payment", "CreatePaymentLink")


def test_a_delegate_acts_under_the_numbers_that_were_given(browser: GatewayHarness) -> None:
    assert numbers_for(browser, *LOOKING) == SEEDED
    assert numbers_for(browser, *STARTING, json={"writing_number": "220002580"}) == SEEDED


@pytest.mark.parametrize(
    ("action", "allowed"),
    [("quote", QUOTING), ("enroll", STARTING), ("submit", SUBMITTING), ("pay", PAYING)],
)
def test_a_limited_delegate_does_what_is_allowed_and_nothing_else(
    browser: GatewayHarness, action: str, allowed: tuple[str, str, str]
) -> None:
    assert give(browser, actions=[action]) == (303, "/my-hierarchy")
    assert "220002580" in numbers_for(browser, *LOOKING)
    for verb, path, rpc in (QUOTING, STARTING, SUBMITTING, PAYING):
        found = numbers_for(browser, verb, path, rpc, json={"writing_number": "220002580"})
        assert ("220002580" in found) is ((verb, path, rpc) == allowed), rpc
        assert found >= SEEDED - {"220002580"}, rpc


def test_a_refusal_within_limits_says_whom_to_ask(browser: GatewayHarness) -> None:
    give(browser, actions=[])
    browser.fake_services.answers["StartApplication"] = NotFound("You cannot act for this writing number.")
    headers = {**acts_as_delegate(browser), "Idempotency-Key": "12345678"}
    answer = browser.client.post("/api/v1/applications", headers=headers, json={"writing_number": "220002580"})
    assert answer.status_code == 403
    assert answer.json()["detail"] == (
        "Your access as a delegate does not include this action. Ask the producer to change it in My Hierarchy."
    )
    producer = {**browser.sign_in(), "Idempotency-Key": "12345678"}
    answer = browser.client.post("/api/v1/applications", headers=producer, json={"writing_number": "220002580"})
    assert answer.status_code == 404


def test_an_expired_delegation_can_no_longer_act_or_look(browser: GatewayHarness) -> None:
    give(browser, actions=["enroll"], last_day="2026-05-21")
    assert "220002580" in numbers_for(browser, *LOOKING)
    browser.clock.advance(timedelta(days=1))  # 21 May, 10 in the morning in Illinois: the last day still counts
    assert "220002580" in numbers_for(browser, *STARTING, json={"writing_number": "220002580"})
    browser.clock.advance(timedelta(hours=14))
    assert "220002580" not in numbers_for(browser, *LOOKING)
    assert "220002580" not in numbers_for(browser, *STARTING, json={"writing_number": "220002580"})
    browser.clock.advance(-timedelta(days=1, hours=14))


def test_a_delegation_that_has_not_begun_does_not_count(browser: GatewayHarness) -> None:
    give(browser, first_day="2026-05-21")
    assert "220002580" not in numbers_for(browser, *LOOKING)
    browser.clock.advance(timedelta(days=1))
    assert "220002580" in numbers_for(browser, *LOOKING)
    browser.clock.advance(-timedelta(days=1))


@pytest.mark.parametrize("typed", ["2026-05-21", "5/21/2026", "05212026", "05-21-2026"])
def test_the_days_of_a_grant_are_taken_however_they_are_typed(browser: GatewayHarness, typed: str) -> None:
    assert give(browser, first_day=typed)[1] == "/my-hierarchy"
    assert "Starts 5/21/2026" in page(browser, "/my-hierarchy")


def test_a_revoked_delegation_ends_in_the_middle_of_a_session(browser: GatewayHarness) -> None:
    headers = browser.sign_in("delegate@example.com")
    shown = page(browser, f"/my-hierarchy/revocation?delegate={DELEGATE}&number=220002580")
    assert "Dana Delegate will no longer be able" in shown
    assert post(browser, "/my-hierarchy/revocation", {"delegate": DELEGATE, "number": "220002580"})[0] == 303
    browser.clock.advance(SESSION_CACHE_TTL * 2)
    browser.client.get("/api/v1/applications?status=completed", headers=headers)
    assert set(caller_of(browser, "ListApplications").numbers) == SEEDED - {"220002580"}


def test_a_revocation_counts_at_once_in_the_process_that_took_it(browser: GatewayHarness) -> None:
    headers, looking = acts_as_delegate(browser), "/api/v1/applications?status=completed"
    browser.client.get(looking, headers=headers)
    assert "220002580" in caller_of(browser, "ListApplications").numbers
    post(browser, "/my-hierarchy/revocation", {"delegate": DELEGATE, "number": "220002580"})
    browser.client.get(looking, headers=headers)  # within the second for which a session is believed
    assert "220002580" not in caller_of(browser, "ListApplications").numbers


def test_a_calendar_shows_no_number_that_was_revoked(browser: GatewayHarness) -> None:
    url = browser.client.post("/api/v1/deadline-feeds", headers=acts_as_delegate(browser)).json()["url"]
    post(browser, "/my-hierarchy/revocation", {"delegate": DELEGATE, "number": "220002580"})
    browser.client.get(url)
    assert set(caller_of(browser, "ListDeadlines").numbers) == SEEDED - {"220002580"}


def test_every_grant_change_and_revocation_is_recorded_and_shown(browser: GatewayHarness) -> None:
    give(browser, numbers=["330004116"], actions=["quote", "enroll"], first_day="2026-05-20", last_day="2026-06-30")
    give(browser, numbers=["330004116"], actions=["pay"])
    post(browser, "/my-hierarchy/revocation", {"delegate": DELEGATE, "number": "330004116"})
    shown = page(browser, "/my-hierarchy")
    record = re.sub(r"<[^>]+>", " ", shown[shown.index('id="record"') :])
    assert re.findall(r"Granted|Changed|Revoked", record) == ["Revoked", "Changed", "Granted"]
    assert "Make and share quotes, Start and edit applications. 5/20/2026 to 6/30/2026" in record
    assert "Open the payment page. No time limit" in record


def test_phone_and_npn_are_shown_where_they_are_known(browser: GatewayHarness) -> None:
    shown = page(browser, "/my-hierarchy")
    assert "(312) 555-0118" in shown and "NPN 1000000001" in shown
    browser.clock.advance(SESSION_CACHE_TTL * 2)
    sign_in(browser, "other.producer@example.com")
    shown = page(browser, "/my-hierarchy")
    assert "660003012" in shown and "NPN" not in shown


@pytest.mark.parametrize("wrong", [{"phone": "312555011"}, {"phone": "0125550118"}, {"npn": "12a"}])
def test_a_phone_or_npn_that_cannot_be_is_refused(gateway_url: str, wrong: dict[str, str]) -> None:
    database = Database(gateway_url)
    change = writing_numbers.update().where(writing_numbers.c.number == "660003012").values(wrong)
    refusal = pytest.raises(IntegrityError, match=f"writing_numbers_{next(iter(wrong))}")
    with refusal, database.engine.begin() as connection:
        connection.execute(change)
    database.close()


def test_what_was_given_is_shown_to_both(browser: GatewayHarness) -> None:
    give(browser, actions=[], last_day="2026-06-30")
    shown = page(browser, "/my-hierarchy")
    assert "Dana Delegate" in shown and "View only" in shown and "Until 6/30/2026" in shown
    form = page(browser, f"/my-hierarchy/access?delegate={DELEGATE}&number=220002580")
    assert 'value="06/30/2026"' in form and 'value="delegate@example.com"' in form
    browser.clock.advance(SESSION_CACHE_TTL * 2)
    sign_in(browser, "delegate@example.com")
    shown = page(browser, "/my-hierarchy")
    assert "FRITZ, CALVIN C" in shown and "View only" in shown and "Give a delegate access" not in shown


@pytest.mark.parametrize(
    ("wrong", "field", "message"),
    [
        ({"email": "nobody@example.com"}, "email", "No delegate signs in with this email address."),
        ({"email": "other.producer@example.com"}, "email", "No delegate signs in with this email address."),
        ({"email": ""}, "email", "Enter the delegate&#39;s email address."),
        ({"numbers": []}, "numbers", "Choose at least one writing number."),
        ({"numbers": ["660003012"]}, "numbers", "Choose among your own writing numbers."),
        ({"last_day": "2026-05-19"}, "last_day", "The last day has passed."),
        ({"first_day": "2026-07-02", "last_day": "2026-07-01"}, "last_day", "The last day is before the first day."),
        ({"last_day": "9999-12-31"}, "last_day", "Choose an earlier day"),
        ({"first_day": "soon"}, "first_day", DATE_ADVICE),
        ({"last_day": "6/31/2026"}, "last_day", "June 2026 has no 31st day"),
        ({"actions": ["everything"]}, "actions", "Choose among the actions"),
    ],
)
def test_a_wrong_grant_changes_nothing_and_says_why_at_its_field(
    browser: GatewayHarness, wrong: dict[str, object], field: str, message: str
) -> None:
    assert give(browser, **wrong) == (303, "/my-hierarchy/access?again=1")
    answer = browser.client.get("/my-hierarchy/access?again=1")
    assert answer.status_code == 422
    assert re.search(rf'<a href="#{field}">[^<]*{re.escape(message)}', answer.text)
    assert 'id="record"' not in page(browser, "/my-hierarchy")


def test_a_delegate_gives_nobody_access(browser: GatewayHarness) -> None:
    sign_in(browser, "delegate@example.com")
    for path in ("/my-hierarchy/access", f"/my-hierarchy/revocation?delegate={DELEGATE}&number=220002580"):
        assert browser.client.get(path).status_code == 403
    assert give(browser)[0] == 403
    assert post(browser, "/my-hierarchy/revocation", {"delegate": DELEGATE, "number": "220002580"})[0] == 403


def test_another_producer_can_neither_see_nor_revoke_the_delegation(browser: GatewayHarness) -> None:
    sign_in(browser, "other.producer@example.com")
    assert "Dana Delegate" not in page(browser, "/my-hierarchy")
    assert post(browser, "/my-hierarchy/revocation", {"delegate": DELEGATE, "number": "220002580"})[0] == 404
    assert numbers_for(browser, *LOOKING) == SEEDED


def test_a_producer_is_not_limited(browser: GatewayHarness) -> None:
    started = page_answers.application(app.APPLICATION_STATUS_INCOMPLETE, "A-0001")
    browser.fake_services.answers["StartApplication"] = enrollment_service_pb2.StartApplicationResponse(
        application=started
    )
    post(browser, "/applications/new", {"key": "12345678", "writing_number": "220002580"})
    assert len(caller_of(browser, "StartApplication").numbers) == 6


def test_pages_and_api_offer_a_limited_delegate_only_the_numbers_that_may_be_used(browser: GatewayHarness) -> None:
    give(browser, actions=["quote"])
    headers = acts_as_delegate(browser)
    sign_in(browser, "delegate@example.com")
    assert 'id="number-220002580"' not in page(browser, "/applications/new?q=220002580")
    assert 'id="number-440001937"' in page(browser, "/applications/new?q=440001937")
    assert 'value="220002580"' in page(browser, browser.client.get("/quotes/new").headers["location"])

    def offered(action: str) -> set[str]:
        answer = browser.client.get(f"/api/v1/producers?action={action}", headers=headers)
        return {one["writing_number"] for one in answer.json()["producers"]}

    assert (offered("quote"), offered("enroll")) == (SEEDED, SEEDED - {"220002580"})
    for word in ("fly", ""):
        wrong = browser.client.get(f"/api/v1/producers?action={word}", headers=headers)
        assert (wrong.status_code, wrong.json()["errors"][0]["field"]) == (422, "action")


MAKING = ("Edit", "Requote", "Copy Quote", "Archive Quote", "Make Share Link", "Send Proposal")
ENROLLING = ("Continue Application", "Send to client for review", "Make the link")


@pytest.mark.parametrize("actions", [[], ["quote"], ["enroll"], ["submit"], ["pay"], ["enroll", "submit"]])
def test_a_page_offers_a_delegate_what_may_be_done_and_nothing_else(
    browser: GatewayHarness, actions: list[str]
) -> None:
    give(browser, numbers=sorted(SEEDED), actions=actions)
    browser.clock.advance(SESSION_CACHE_TTL * 2)
    sign_in(browser, "delegate@example.com")

    def offers(path: str, *texts: str) -> list[str]:
        shown = re.sub(r"(?s)<dialog.*?</dialog>", "", page(browser, path))
        return [text for text in texts if re.search(rf">\s*{re.escape(text)}\s*<", shown)]

    def given(action: str, *texts: str) -> list[str]:
        return list(texts) if action in actions else []

    assert offers("/quotes/q-1", *MAKING) == given("quote", *MAKING)
    assert offers("/quotes/q-1", "Enroll in Selected Plans") == given("enroll", "Enroll in Selected Plans")
    assert offers("/", "New Quote") == given("quote", "New Quote")
    assert offers("/enroll", "Start New Application") == given("enroll", "Start New Application")
    incomplete = page_answers.application(app.APPLICATION_STATUS_INCOMPLETE, "A-0638")
    application_answers.tell_application(browser.fake_services, incomplete)
    assert offers("/applications/A-0638", *ENROLLING) == given("enroll", *ENROLLING)
    answers = "/applications/A-0638/check-answers"
    assert offers(answers, "Submit Application") == given("submit", "Submit Application")
    assert ("?from=check-answers" in page(browser, answers)) is ("enroll" in actions)
    step = browser.client.get("/applications/A-0638/steps/general")
    assert step.status_code == (200 if "enroll" in actions else 303), "a form that nobody may send is not shown"
    application_answers.tell_application(browser.fake_services, application_answers.whole_application())
    shown = page(browser, "/applications/A-0638")
    assert ('href="/applications/A-0638/pay"' in shown) is ("pay" in actions)
    assert ("Upload Document" in shown) is ("enroll" in actions)
    assert ("Cancel this application" in shown) is ("submit" in actions)


def test_a_forbidden_page_says_so_and_leads_back(browser: GatewayHarness) -> None:
    give(browser, numbers=sorted(SEEDED), actions=[])
    browser.clock.advance(SESSION_CACHE_TTL * 2)
    sign_in(browser, "delegate@example.com")
    browser.fake_services.answers["CreatePaymentLink"] = NotFound("No application with this Record Number.")
    refused = browser.client.get("/applications/A-0638/pay", headers=SAME_ORIGIN)
    assert refused.status_code == 403
    assert "Ask the producer to change it in My Hierarchy." in refused.text
    assert '<a class="ds-c-button ds-c-button--solid" href="/applications/A-0638">' in refused.text
    quote = browser.client.get("/my-hierarchy/access")
    assert quote.status_code == 403 and 'href="/">Go to Home' in quote.text


def test_delegate_who_may_only_look_is_told_whom_to_ask(browser: GatewayHarness) -> None:
    give(browser, numbers=sorted(SEEDED), actions=[])
    browser.clock.advance(SESSION_CACHE_TTL * 2)
    sign_in(browser, "delegate@example.com")
    assert "No producer lets you start applications." in page(browser, "/applications/new")
    assert "No producer lets you make quotes." in page(browser, browser.client.get("/quotes/new").headers["location"])


def test_api_gives_lists_limits_and_revokes_access(browser: GatewayHarness) -> None:
    """By state, action and time; what the API gives counts as what the page gives."""
    headers = browser.sign_in()
    body = {"email": "Delegate@example.com", "states": ["IL"], "actions": ["quote"], "last_day": "2026-06-30"}
    answer = browser.client.put("/api/v1/delegations", json=body, headers=headers)
    assert answer.status_code == 200, answer.text
    given = answer.json()["delegations"]
    assert {one["producer"]["state"] for one in given} == {"IL"}
    assert [(one["actions"], one["starts_at"], one["ends_at"]) for one in given[:1]] == [
        (["quote"], None, "2026-07-01T05:00:00+00:00")  # midnight in Illinois
    ]
    found = browser.client.get("/api/v1/delegations", headers=headers).json()["delegations"]
    assert [one for one in found if one["producer"]["state"] == "IL"] == given
    assert "220002580" not in numbers_for(browser, *STARTING, json={"writing_number": "220002580"})
    theirs = browser.client.get("/api/v1/delegations", headers=acts_as_delegate(browser)).json()["delegations"]
    assert {one["producer"]["writing_number"] for one in theirs} >= {one["producer"]["writing_number"] for one in given}

    path = f"/api/v1/delegations/{DELEGATE}/220002580"
    headers = browser.sign_in()
    assert browser.client.delete(path, headers=headers).status_code == 204
    assert browser.client.delete(path, headers=headers).status_code == 404
    assert "220002580" not in numbers_for(browser, *LOOKING)
    changes = browser.client.get("/api/v1/delegation-changes", headers=browser.sign_in()).json()["changes"]
    assert (changes[0]["kind"], changes[0]["writing_number"]) == ("revoked", "220002580")


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"email": ""}, "email"),
        ({"email": 7}, "email"),
        ({"email": "nobody@example.com"}, "email"),
        ({"writing_numbers": []}, "writing_numbers"),
        ({"writing_numbers": "220002580"}, "writing_numbers"),
        ({"writing_numbers": ["660003012"]}, "writing_numbers"),
        ({"states": ["CA"]}, "states"),
        ({"actions": ["everything"]}, "actions"),
        ({"first_day": "20260601"}, "first_day"),
        ({"last_day": "2026-02-30"}, "last_day"),
        ({"last_day": "2026-05-19"}, "last_day"),
        ({"last_day": "9999-12-31"}, "last_day"),
        ({"until": "tomorrow"}, ""),
    ],
)
def test_api_refuses_a_wrong_grant_at_its_field_and_changes_nothing(
    browser: GatewayHarness, wrong: dict[str, object], field: str
) -> None:
    headers = browser.sign_in()
    body = {"email": "delegate@example.com", "writing_numbers": ["220002580"], **wrong}
    answer = browser.client.put("/api/v1/delegations", json=body, headers=headers)
    assert (answer.status_code, answer.json()["errors"][0]["field"]) == (422, field)
    assert browser.client.get("/api/v1/delegation-changes", headers=headers).json() == {"changes": []}


def test_api_lets_no_delegate_give_or_revoke_access(browser: GatewayHarness) -> None:
    headers = acts_as_delegate(browser)
    body = {"email": "delegate@example.com", "writing_numbers": ["220002580"]}
    assert browser.client.put("/api/v1/delegations", json=body, headers=headers).status_code == 403
    assert browser.client.delete(f"/api/v1/delegations/{DELEGATE}/220002580", headers=headers).status_code == 403
    browser.client.cookies.clear()
    assert browser.client.get("/api/v1/delegations").status_code == 401
