"""Lists, timeline and deadlines over HTTP against the real suite, from a submission to the calendar."""

from __future__ import annotations

from contextlib import closing
from typing import Any

import httpx
import pytest
from icalendar import Calendar

from chassis.kernel import SystemClock, business_date
from deploy.local.demo.api import Api, Refused
from deploy.local.demo.journey import Journey
from deploy.local.suite import LocalSuite

pytestmark = pytest.mark.timeout(300)
TODAY = business_date(SystemClock().now(), "IL")


@pytest.fixture(scope="module")
def submitted(api: Api) -> Journey:
    journey = Journey(api, TODAY)
    journey.until_ready()
    journey.submit()
    return journey


def rows(api: Api, **query: Any) -> list[dict[str, Any]]:
    return list(api.get("/applications", **query)["applications"])


def test_a_submitted_application_is_found_in_the_completed_list_by_every_filter(api: Api, submitted: Journey) -> None:
    number, today = submitted.record_number, TODAY.isoformat()
    asked = {
        "record_number": number,
        "state": "IL",
        "writing_number": submitted.writing_number,
        "submitted_from": today,
        "submitted_to": today,
        "created_from": today,
        "order": "monthly_premium",
        "descending": "true",
    }
    [row] = rows(api, status="completed", **asked)
    assert row["applicant_name"] == submitted.application["header"]["applicant_name"]
    assert row["client_app_id"] == submitted.application["client_app_id"]
    assert rows(api, status="completed", record_number=number, submitted_to="2020-01-01") == []
    assert rows(api, status="incomplete", record_number=number) == []


def test_an_applicant_is_found_by_a_search_whose_address_names_nobody(api: Api, submitted: Journey) -> None:
    name = submitted.application["header"]["applicant_name"].split()[-1][:4]
    body = {"status": "completed", "applicant": name, "page": {"size": 1}}
    found, same = (api.post("/application-searches", body | {"status": word}) for word in ("completed", "submitted"))
    assert found["applications"] == same["applications"]  # page tokens are sealed, so never alike
    assert found["count"] == same["count"] >= 1
    assert found["applications"][0]["status"] == "submitted"
    with pytest.raises(Refused) as refused:
        api.get("/applications", status="completed", applicant=name)
    assert refused.value.problem["code"] == "unknown_parameter"


def test_pages_are_turned_with_a_token_of_the_same_list_alone(api: Api, submitted: Journey) -> None:
    for _ in range(2):
        Journey(api, TODAY).until_ready()
    asked: dict[str, Any] = {"status": "incomplete", "order": "applicant", "page_size": 1}
    first = api.get("/applications", **asked)
    second = api.get("/applications", **asked, page_token=first["next_page_token"])
    assert second["applications"][0]["record_number"] != first["applications"][0]["record_number"]
    for other in ({"order": "state"}, {"status": "failed"}, {"page_token": "e30"}):
        with pytest.raises(Refused) as refused:
            api.get("/applications", **({**asked, "page_token": first["next_page_token"]} | other))
        assert refused.value.status == 422
        assert refused.value.problem["errors"][0]["field"] == "page_token"


def test_a_timeline_tells_the_whole_way_without_a_name(api: Api, submitted: Journey) -> None:
    path = f"/applications/{submitted.record_number}/timeline"
    submitted._wait(lambda: "document.rendered" in str(api.get(path)), "the note of the PDF")
    entries = api.get(path)["entries"]
    actions = [entry["action"] for entry in entries]
    assert actions[0] == "application.started"
    assert {"effective_date.calculated", "submission.requested", "application.submitted"} <= set(actions)
    assert {entry["on_behalf_of_writing_number"] for entry in entries} == {submitted.writing_number}
    saved = next(entry for entry in entries if "Street of home address" in entry["changed_fields"])
    assert saved["actor"] == "producer@example.com"
    for person in submitted.application["household"]["people"]:
        assert person["first_name"] not in str(entries)
        assert person["date_of_birth"] not in str(entries)
    page = api.get(path, page_size=2)
    assert [entry["action"] for entry in page["entries"]] == actions[:2]
    assert api.get(path, page_size=2, page_token=page["next_page_token"])["entries"][0]["action"] == actions[2]


def test_a_deadline_reaches_the_calendar_without_a_name(api: Api, submitted: Journey) -> None:
    number = submitted.record_number
    due = [one for one in api.get("/deadlines", page_size=200)["deadlines"] if one["record_number"] == number]
    assert {one["kind"] for one in due} >= {"first_payment_due"}
    assert due[0]["due_on"] >= TODAY.isoformat()
    assert due[0]["applicant_name"] == submitted.application["header"]["applicant_name"]
    only = api.get("/deadlines", kind="draft_expiry", page_size=200)["deadlines"]
    assert {one["kind"] for one in only} <= {"draft_expiry"}

    url = api.post("/deadline-feeds")["url"]
    answer = httpx.get(url)
    assert answer.status_code == 200
    summaries = [str(event["summary"]) for event in Calendar.from_ical(answer.content).walk("VEVENT")]
    assert f"First payment due: {number}" in summaries
    assert submitted.application["header"]["applicant_name"] not in answer.text


@pytest.mark.parametrize(
    ("path", "query", "field"),
    [
        ("/applications", {"status": "completed", "order": "shoe_size"}, "order"),
        ("/applications", {"status": "completed", "submitted_from": "yesterday"}, "submitted_from"),
        ("/applications", {"status": "completed", "page_size": "5000"}, "page_size"),
        ("/applications", {"status": "completed", "payment_status": "rich"}, "payment_status"),
        ("/deadlines", {"kind": "birthday"}, "kind"),
        ("/deadlines", {"due_from": "2026-05-02", "due_to": "2026-05-01"}, "due_to"),
    ],
)
def test_bad_input_is_refused_by_name(api: Api, submitted: Journey, path: str, query: Any, field: str) -> None:
    with pytest.raises(Refused) as refused:
        api.get(path, **query)
    assert refused.value.status == 422
    assert [problem["field"] for problem in refused.value.problem["errors"]] == [field]


def test_a_producer_sees_nothing_of_another(api: Api, submitted: Journey, suite: LocalSuite) -> None:
    with closing(Api(suite.ports.portal_url)) as other:
        other.sign_in("other.producer@example.com", "demo")
        for status in ("completed", "incomplete", "failed"):
            assert rows(other, status=status) == []
        assert other.get("/deadlines")["deadlines"] == []
        with pytest.raises(Refused) as refused:
            rows(other, status="completed", writing_number=submitted.writing_number)
        assert refused.value.status == 404
