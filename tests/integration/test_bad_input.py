"""Bad input over HTTP against the real suite: a typed answer, the field's name, a sentence, and nothing written."""

from contextlib import closing
from datetime import timedelta
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
ADULT = {"relationship": "self", "date_of_birth": "1987-06-14", "sex": "female", "tobacco_use": False}
COOK = {"state": "IL", "zip": "60601", "county_fips": "17031"}
SEARCH = {**COOK, "effective_date": TODAY.isoformat(), "coverage": "medical", "exchange": "off", "members": [ADULT]}


@pytest.fixture(scope="module")
def started(api: Api) -> Journey:
    """An application in its first step."""
    journey = Journey(api, TODAY)
    for stage in (journey.sign_in, journey.save_quote, journey.start):
        stage()
    return journey


def refusal(call: Any, *arguments: Any) -> Refused:
    with pytest.raises(Refused) as refused:
        call(*arguments)
    problem = refused.value.problem
    assert problem["detail"], "every refusal says what to do"
    assert "Traceback" not in str(problem)
    return refused.value


def fields(refused: Refused) -> list[str]:
    return [error["field"] for error in refused.problem["errors"]]


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"zip": "10001"}, "zip"),
        ({"county_fips": "17001"}, "county_fips"),
        (
            {"members": [{**ADULT, "date_of_birth": (TODAY + timedelta(days=400)).isoformat()}]},
            "members[0].date_of_birth",
        ),
        (
            {"members": [ADULT, {**ADULT, "relationship": "spouse"}, {**ADULT, "relationship": "spouse"}]},
            "members[2].relationship",
        ),
        ({"members": [ADULT] + 20 * [{**ADULT, "relationship": "child", "date_of_birth": "2015-01-01"}]}, "members"),
        ({"effective_date": "1999-01-01"}, "effective_date"),
        ({"effective_date": "tomorrow"}, "effective_date"),
        ({"coverage": "vision"}, "coverage"),
        ({"color": "blue"}, "color"),
        ({"zip": ""}, "zip"),
    ],
)
def test_a_plan_search_names_the_field_that_is_wrong(api: Api, change: dict[str, Any], field: str) -> None:
    refused = refusal(api.post, "/plan-searches", {**SEARCH, **change})

    assert refused.status == 422
    assert field in fields(refused)


def test_an_unknown_zip_has_no_counties(suite: LocalSuite, api: Api) -> None:
    refused = refusal(lambda: api.get("/counties", zip="10001"))

    assert refused.status == 404


def test_a_missing_rate_is_said_and_never_zero(api: Api) -> None:
    smoker = {**ADULT, "date_of_birth": "1970-01-01", "tobacco_use": True}
    answer = api.post(
        "/plan-searches", {**SEARCH, "effective_date": "2014-06-01", "exchange": "any", "members": [smoker]}
    )

    assert answer["plans"] == []  # no tobacco rates were filed for 2014
    assert answer["not_filed"]
    assert all(plan["reason"] for plan in answer["not_filed"])


def test_a_plan_that_is_not_sold_there_cannot_be_chosen(api: Api, started: Journey) -> None:
    quote = api.get(f"/quotes/{started.quote['quote_id']}")
    texan = {"medical_plan_id": "33602TX9900004-00"}
    path = f"/quotes/{quote['quote_id']}/selection"

    refused = refusal(api.put, path, texan, quote["version"])

    assert refused.status == 422
    assert fields(refused) == ["medical_plan_id"]
    assert api.get(f"/quotes/{quote['quote_id']}") == quote


def test_a_save_on_an_old_version_is_refused_and_changes_nothing(api: Api, started: Journey) -> None:
    path = f"/applications/{started.record_number}"
    before = api.get(path)

    refused = refusal(
        api.put, f"{path}/steps/general", {"special_enrollment": True, "life_events": []}, before["version"] + 7
    )

    assert refused.status == 412
    assert api.get(path) == before


def test_a_save_without_a_version_is_refused(suite: LocalSuite, api: Api, started: Journey) -> None:
    answer = httpx.put(
        f"{suite.ports.portal_url}/api/v1/applications/{started.record_number}/steps/general",
        json={"special_enrollment": True},
        headers={"Authorization": f"Bearer {api.token}"},
    )

    assert answer.status_code == 428
    assert answer.headers["content-type"] == "application/problem+json"


def test_an_unready_application_is_not_submitted(api: Api, started: Journey) -> None:
    path = f"/applications/{started.record_number}"
    before = api.get(path)

    refused = refusal(api.post_on, f"{path}/submission", {}, before["version"])

    assert refused.status == 409
    assert len(refused.problem["errors"]) > 3
    assert api.get(path) == before


def test_another_producers_application_answers_like_an_unknown_one(suite: LocalSuite, started: Journey) -> None:
    with closing(Api(suite.ports.portal_url)) as stranger:
        stranger.sign_in("other.producer@example.com", "demo")
        theirs = refusal(stranger.get, f"/applications/{started.record_number}")
        nobodys = refusal(stranger.get, "/applications/A-99999999")

    assert theirs.status == nobodys.status == 404
    without_trace = [{k: v for k, v in r.problem.items() if k != "trace_id"} for r in (theirs, nobodys)]
    assert without_trace[0] == without_trace[1]


def test_a_wrong_password_and_an_unknown_person_look_the_same(suite: LocalSuite) -> None:
    with closing(Api(suite.ports.portal_url)) as nobody:
        wrong = refusal(nobody.sign_in, "producer@example.com", "not-it")
        unknown = refusal(nobody.sign_in, "nobody@example.com", "not-it")

    assert wrong.status == unknown.status == 401
    assert wrong.problem["detail"] == unknown.problem["detail"]


def test_a_body_that_is_no_json_is_refused_in_words(suite: LocalSuite, api: Api) -> None:
    answer = httpx.post(
        f"{suite.ports.portal_url}/api/v1/plan-searches",
        content=b"{not json",
        headers={"Authorization": f"Bearer {api.token}", "Content-Type": "application/json"},
    )

    assert answer.status_code == 400
    assert answer.json()["detail"]


def test_a_request_without_a_session_is_401(suite: LocalSuite) -> None:
    answer = httpx.get(f"{suite.ports.portal_url}/api/v1/applications?status=completed")

    assert answer.status_code == 401
    assert answer.headers["content-type"] == "application/problem+json"
