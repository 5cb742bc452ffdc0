"""The contents of an application over HTTP against the real suite: two tabs, texts, people, premiums that follow."""

from contextlib import closing
from typing import Any

import httpx
import pytest

from chassis.kernel import SystemClock, business_date
from deploy.local.demo.api import Api, Refused
from deploy.local.demo.journey import Journey
from deploy.local.suite import LocalSuite

# The first test to ask for the suite waits for its start.
pytestmark = pytest.mark.timeout(300)
TODAY = business_date(SystemClock().now(), "IL")
KINDS = (
    "terms",
    "text-messages",
    "electronic-delivery",
    "pediatric-dental",
    "replacement-rights",
    "proxy",
)


@pytest.fixture
def journey(api: Api) -> Journey:
    """A family with plans that are priced; steps 4 and 5 are empty."""
    filled = Journey(api, TODAY)
    for stage in (filled.sign_in, filled.save_quote, filled.start, filled.explain_dates, filled.fill_household):
        stage()
    return filled


def put(api: Api, application: dict[str, Any], step: str, body: dict[str, Any]) -> dict[str, Any]:
    return dict(api.put(f"/applications/{application['record_number']}/steps/{step}", body, application["version"]))


def refusal(call: Any, *arguments: Any) -> Refused:
    with pytest.raises(Refused) as refused:
        call(*arguments)
    return refused.value


def test_save_on_a_version_that_another_tab_replaced_is_412(api: Api, journey: Journey) -> None:
    path = f"/applications/{journey.record_number}"
    one, other = api.get(path), api.get(path)
    saved = put(api, one, "signatures", {"payment_choice": "pay_now"})

    late = refusal(put, api, other, "signatures", {"payment_choice": "pay_later"})
    assert late.status == 412
    assert "Open it again" in late.problem["detail"]
    assert api.get(path) == saved

    again = put(api, api.get(path), "signatures", {"payment_choice": "pay_later"})
    assert (again["signatures"]["payment_choice"], again["version"]) == ("pay_later", saved["version"] + 1)


def test_a_page_can_show_every_text_before_it_is_agreed_to(api: Api) -> None:
    for kind in KINDS:
        shown = api.get(f"/texts/{kind}", state="IL", version="2026.1")
        assert shown["title"]
        assert shown["sample_notice"] == "Sample wording, not legal text"
        assert all(section["paragraphs"] for section in shown["sections"])
    texan = api.get("/texts/consumer-choice", state="TX")
    assert (texan["kind"], texan["version"]) == ("consumer-choice", "2026.1")


@pytest.mark.parametrize(
    ("path", "query"),
    [
        ("/texts/terms", {"state": "IL", "version": "1999.1"}),
        ("/texts/unknown", {"state": "IL"}),
        ("/texts/..%2Ftexts%2Fterms", {"state": "IL"}),
        ("/texts/consumer-choice", {"state": "IL"}),
        ("/texts/terms", {"state": "../TX"}),
    ],
)
def test_unknown_legal_text_is_404(api: Api, path: str, query: dict[str, str]) -> None:
    assert refusal(lambda: api.get(path, **query)).status == 404


def test_consents_are_recorded_with_version_time_and_actor(api: Api, journey: Journey) -> None:
    application = put(api, journey.application, "other-coverage", {"proxy_agreed": True})
    found = {one["kind"]: one for one in application["acceptances"]}
    assert set(found) == {"text-messages", "electronic-delivery", "proxy"}
    for one in found.values():
        assert (one["version"], one["recorded_by"]) == ("2026.1", "producer@example.com")
        assert one["recorded_by_name"] == api.get("/me")["name"]
        assert one["accepted_at"][:4] == str(TODAY.year)
    forged = refusal(put, api, application, "other-coverage", {"acceptances": []})
    assert forged.status == 422
    wrong = refusal(put, api, application, "other-coverage", {"proxy_agreed": True, "proxy_version": "2019.1"})
    assert [(e["field"], e["rule"]) for e in wrong.problem["errors"]] == [("proxy_version", "R77")]
    assert api.get(f"/applications/{journey.record_number}") == application


def test_the_premium_follows_household_address_and_date_and_nothing_else(api: Api, journey: Journey) -> None:
    before = journey.application
    premium = before["header"]["monthly_premium"]
    household = before["household"]
    same = put(api, before, "household", household)
    assert same["header"] == before["header"]

    fewer = put(api, same, "household", household | {"people": household["people"][:-1]})
    assert float(fewer["header"]["monthly_premium"]) < float(premium)

    elsewhere = {"street": "1 Main St", "city": "Springfield", "state": "IL", "zip": "62701", "county_fips": "17167"}
    moved = put(api, fewer, "household", fewer["household"] | {"home_address": elsewhere})
    assert moved["header"]["monthly_premium"] != fewer["header"]["monthly_premium"]


def test_people_are_corrected_by_id_and_never_exchanged(api: Api, journey: Journey) -> None:
    application = journey.application
    household = application["household"]
    people = list(household["people"])
    people[2] = people[2] | {"first_name": "Calvin", "ssn": "123-45-0001"}
    application = put(api, application, "household", household | {"people": people})
    corrected = application["household"]["people"][2]
    assert (corrected["first_name"], corrected["ssn_last_four"]) == ("Calvin", "0001")
    assert corrected["person_id"] == people[2]["person_id"]

    people = list(application["household"]["people"])
    people[0] = people[0] | {"first_name": "Eva", "last_name": "Other", "date_of_birth": "1990-01-01"}
    swapped = refusal(put, api, application, "household", application["household"] | {"people": people})
    assert (swapped.status, swapped.problem["errors"][0]["field"]) == (409, "people[0]")
    assert "new application" in swapped.problem["detail"]
    assert api.get(f"/applications/{journey.record_number}") == application


def test_a_producer_picks_a_pair_of_state_and_number_and_a_delegate_types_it(suite: LocalSuite, api: Api) -> None:
    own = api.get("/producers")["producers"]
    assert {"writing_number", "state", "name", "company_name"} <= set(own[0])
    assert len({(one["state"], one["writing_number"]) for one in own}) == len(own)
    assert {one["state"] for one in api.get("/producers", state="TX")["producers"]} == {"TX"}
    with closing(Api(suite.ports.portal_url)) as delegate:
        delegate.sign_in("delegate@example.com", "demo")
        typed = delegate.get("/producers", q="10786")["producers"]
        assert [one["writing_number"] for one in typed] == ["107864325"]
        assert not delegate.get("/producers", q="999")["producers"]


def test_an_application_that_was_read_can_be_sent_back_step_by_step(api: Api, journey: Journey) -> None:
    application = journey.application
    for step, name in (
        ("general", "general"),
        ("household", "household"),
        ("plans", "plans"),
        ("other-coverage", "other_coverage"),
        ("signatures", "signatures"),
    ):
        before = application[name]
        application = put(api, application, step, _without_empty(before))
        assert application[name] == before, name


def test_a_field_that_no_step_has_is_refused(suite: LocalSuite, api: Api, journey: Journey) -> None:
    before = api.get(f"/applications/{journey.record_number}")
    for step, body, field in (
        ("household", {"people": [{"relationship": "self", "shoe_size": "9"}]}, "people[0].shoe_size"),
        ("household", {"people": [{"relationship": "self", "self_identification": {"code": "x"}}]}, "code"),
        ("plans", {"pcp_choices": [{"person": "x"}]}, "pcp_choices[0].person"),
        ("signatures", {"payment_choice": "cash"}, "payment_choice"),
        ("general", {"special_enrollment": "yes"}, "special_enrollment"),
    ):
        refused = refusal(put, api, before, step, body)
        assert refused.status == 422
        assert refused.problem["errors"][0]["field"].endswith(field)
    nul = httpx.put(
        f"{suite.ports.portal_url}/api/v1/applications/{journey.record_number}/steps/household",
        json={"home_address": {"street": "a\x00b"}},
        headers={"Authorization": f"Bearer {api.token}", "If-Match": f'"{before["version"]}"'},
    )
    assert nul.status_code == 422
    assert api.get(f"/applications/{journey.record_number}") == before


def _without_empty(value: Any) -> Any:
    """As a page sends it: what is only ever given back is left out by the page; nothing else is."""
    if isinstance(value, dict):
        return {key: _without_empty(item) for key, item in value.items() if key != "ssn_last_four"}
    return [_without_empty(item) for item in value] if isinstance(value, list) else value


def test_of_two_life_events_that_give_one_date_the_producer_names_the_one_that_holds(
    api: Api, journey: Journey
) -> None:
    path = f"/applications/{journey.record_number}"
    lost, moved = ("loss_of_coverage", "permanent_move")
    events = [{"kind": kind, "date": TODAY.isoformat()} for kind in (lost, moved)]
    app = put(api, api.get(path), "general", {"special_enrollment": True, "life_events": events})
    options = api.get(f"{path}/effective-dates")["options"]
    [day] = {one["effective_date"] for one in options}
    for one in options:
        choice = {name: one[name] for name in ("effective_date", "life_event", "life_event_date")}
        app = api.post_on(f"{path}/effective-date", choice, app["version"])
        assert (app["effective_date"], app["effective_date_basis"]["life_event"]) == (day, one["life_event"])
    assert [one["life_event"] for one in options] == [lost, moved]

    other = {"effective_date": day, "life_event": "birth"}
    refused = refusal(api.post_on, f"{path}/effective-date", other, app["version"])
    assert refused.status == 422
    assert [(one["field"], one["rule"]) for one in refused.problem["errors"]] == [("life_event", "R29")]
