"""The whole main job across the real processes, as a front end drives it over HTTP."""

import io
import re
from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

import pytest
from pypdf import PdfReader

from chassis.kernel import SystemClock, business_date
from deploy.local.demo.api import Api, Refused
from deploy.local.demo.carrier import DemoCarrier
from deploy.local.demo.journey import Journey

# Starting the suite takes half a minute on a busy machine; the journeys a few seconds each.
pytestmark = pytest.mark.timeout(300)
TODAY = business_date(SystemClock().now(), "IL")
TEXAS = "107864325"


def test_a_family_is_quoted_enrolled_submitted_paid_and_printed(api: Api, carrier: DemoCarrier) -> None:
    journey = Journey(api, TODAY)
    journey.until_ready()
    journey.submit()
    journey.pay()
    record_number = journey.record_number

    assert re.fullmatch(r"A-\d{4,}", record_number)
    assert journey.application["client_app_id"] - int(record_number[2:]) == 605
    assert journey.application["effective_date"] == journey.birth.isoformat()
    assert journey.application["payment_status"] == "successful"

    pdf = PdfReader(io.BytesIO(journey.fetch_pdf()))
    text = "".join(page.extract_text() for page in pdf.pages)
    assert record_number in text
    assert "Ada Sample" in text
    assert "Consents to electronic delivery" in text
    assert f"recorded by {api.get('/me')['name']}" in re.sub(r"\s+", " ", text)
    assert pdf.root_object.get("/StructTreeRoot") is not None

    submitted = carrier.wait_for("enrollment.application.submitted.v1", record_number)
    carrier.wait_for("payment.payment.succeeded.v1", record_number)
    assert [event.type for event in carrier.distinct(record_number)].count(submitted.type) == 1
    assert not {"Ada", "Sample", "1987-06-14", "200 E Randolph St"} & set(_words(submitted.body))
    assert record_number in {
        row["record_number"] for row in api.get("/applications", status="completed")["applications"]
    }


def test_a_delegate_enrolls_a_texan_from_blank_and_the_disclosure_is_asked_for(delegate: Api) -> None:
    api = delegate
    application = api.post("/applications", {"writing_number": TEXAS})
    path = f"/applications/{application['record_number']}"

    def save(step: str, body: dict[str, Any]) -> None:
        nonlocal application
        application = api.put(f"{path}/steps/{step}", body, application["version"])

    married = TODAY - timedelta(days=5)
    event = {"kind": "marriage", "date": married.isoformat(), "prior_coverage_attested": True}
    save("general", {"special_enrollment": True, "life_events": [event]})
    application = api.post_on(f"{path}/effective-date", {}, application["version"])
    assert application["effective_date"] == _first_of_next_month(TODAY).isoformat()
    save("household", _one_texan())
    plan = _plan(api, application["effective_date"], "Blue Choice Preferred Gold PPO 204")
    save("plans", {"medical_plan_id": plan, "pediatric_dental_attested": False})
    save("other-coverage", {"replaces_coverage": False, "has_other_coverage": False})
    save("signatures", {"payment_choice": "pay_later"})

    with pytest.raises(Refused) as refused:
        api.post_on(f"{path}/submission", {}, application["version"])
    assert refused.value.status == 409
    assert "R82" in {error["rule"] for error in refused.value.problem["errors"]}

    save("signatures", {"payment_choice": "pay_later", "consumer_choice_agreed": True})
    application = api.post_on(f"{path}/submission", {}, application["version"])
    journey = Journey(api, TODAY, application=application)
    journey.wait_for_outcome()
    assert journey.application["status"] == "submitted"
    journey.wait_for_payment("bill_later")


def test_a_quote_with_an_unfinished_application_asks_which_one_is_meant(api: Api) -> None:
    journey = Journey(api, TODAY)
    for stage in (journey.sign_in, journey.save_quote, journey.start):
        stage()
    enrollment = f"/quotes/{journey.quote['quote_id']}/enrollment"

    asked = api.post(enrollment)
    assert asked["outcome"] == "choice_needed"
    assert asked["incomplete_record_number"] == journey.record_number
    resumed = api.post(enrollment, {"choice": "resume"})
    assert resumed["application"]["record_number"] == journey.record_number
    created = api.post(enrollment, {"choice": "create_new", "reason": "client_asked"})
    assert created["application"]["record_number"] != journey.record_number


def test_two_submissions_of_one_application_give_one_outcome(api: Api, carrier: DemoCarrier) -> None:
    journey = Journey(api, TODAY)
    journey.until_ready()
    path, version = f"/applications/{journey.record_number}/submission", journey.application["version"]
    journey.submit()

    with pytest.raises(Refused) as refused:
        api.post_on(path, {}, version)
    assert refused.value.status in (409, 412)
    for outcome in ("enrollment.application.submitted.v1", "documents.application_pdf.rendered.v1"):
        carrier.wait_for(outcome, journey.record_number)  # of two services, whose feeds keep no order between them
    types = [event.type for event in carrier.distinct(journey.record_number)]
    assert types.count("enrollment.application.submitted.v1") == 1


def _one_texan() -> dict[str, Any]:
    person = {
        "relationship": "self",
        "first_name": "Tess",
        "last_name": "Sample",
        "date_of_birth": "1990-04-05",
        "sex": "female",
        "tobacco_use": False,
    }
    address = {"street": "901 Bagby St", "city": "Houston", "state": "TX", "zip": "77002", "county_fips": "48201"}
    return {
        "form_type": "medical_dental",
        "authorization": "paper",
        "people": [person],
        "home_address": address,
        "contact": {"phone": "713-555-0123", "phone_type": "mobile"},
    }


def _plan(api: Api, effective_date: str, name: str) -> str:
    search = {
        "state": "TX",
        "zip": "77002",
        "county_fips": "48201",
        "effective_date": effective_date,
        "coverage": "medical",
        "exchange": "off",
        "members": [{"relationship": "self", "date_of_birth": "1990-04-05", "sex": "female", "tobacco_use": False}],
    }
    plans = api.post("/plan-searches", search)["plans"]
    return str(next(plan["plan_id"] for plan in plans if plan["name"] == name))


def _first_of_next_month(day: date) -> date:
    return (day.replace(day=1) + timedelta(days=32)).replace(day=1)


def _words(value: Any) -> Iterator[str]:
    if isinstance(value, dict):
        for item in value.values():
            yield from _words(item)
    elif isinstance(value, list):
        for item in value:
            yield from _words(item)
    else:
        yield str(value)
