"""Coverage that has begun is terminated, and contact details change, over the JSON API of the real suite."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import httpx
import pytest

from deploy.local.demo.api import Api, Refused
from deploy.local.demo.journey import Journey
from deploy.local.suite import LocalSuite
from gateway.api.openapi_examples import BODIES
from tests.browser.prepared import DELEGATE, keep_delegation, signed_in
from tests.integration.test_after_submission import TODAY, rung, submitted

pytestmark = pytest.mark.timeout(300)
# A death needs no notice, so that the day of the test does not matter.
TERMINATION = {
    "coverages": ["dental"],
    "last_day": TODAY.isoformat(),
    "reason": "deceased",
    "asked_by": "producer",
}
CONTACT = BODIES["ChangeContact"]
ALL_BUT_SUBMITTING = ["quote", "enroll", "pay"]


def at(journey: Journey, what: str = "") -> str:
    return f"/applications/{journey.record_number}{what}"


def send(suite: LocalSuite, api: Api, verb: str, path: str, body: Mapping[str, Any], **headers: str) -> httpx.Response:
    """One request as it is, without what the client of the demo adds."""
    address = f"{suite.ports.portal_url}/api/v1{path}"
    return httpx.request(verb, address, json=body, headers={"Authorization": f"Bearer {api.token}", **headers})


def test_a_plan_ends_and_the_other_goes_on(api: Api) -> None:
    journey = submitted(api, ahead=False)
    before = api.get(at(journey))
    assert before["termination_choice"]["coverages"] == ["medical", "dental"] and before["termination_refusal"] == ""
    answer = api.post(at(journey, "/termination"), TERMINATION)
    assert answer["status"] == "submitted" and answer["termination_choice"]["coverages"] == ["medical"]
    assert answer["terminations"] == [
        {
            "coverage": "dental",
            "requested_on": TODAY.isoformat(),
            "last_day": TODAY.isoformat(),
            "reason": "deceased",
            "asked_by": "producer",
        }
    ]
    with pytest.raises(Refused) as refused:
        api.post(at(journey, "/termination"), TERMINATION)
    assert (refused.value.status, refused.value.problem["code"]) == (409, "coverage_terminated")
    journey._wait(lambda: "coverage.dental_terminated" in rung(api, journey), "the bell")


def test_a_last_day_that_cannot_be_is_refused_by_its_field(api: Api) -> None:
    journey = submitted(api, ahead=False)
    for last_day in ("2001-01-01", "2099-12-31", "tomorrow", "", "2026-02-30"):
        with pytest.raises(Refused) as refused:
            api.post(at(journey, "/termination"), {**TERMINATION, "last_day": last_day})
        assert refused.value.status == 422
        assert [one["field"] for one in refused.value.problem["errors"]] == ["last_day"]
    assert api.get(at(journey))["terminations"] == []


def test_coverage_that_has_not_begun_is_cancelled_instead(api: Api) -> None:
    journey = submitted(api)
    with pytest.raises(Refused) as refused:
        api.post(at(journey, "/termination"), TERMINATION)
    assert (refused.value.status, refused.value.problem["code"]) == (409, "coverage_not_begun")


def test_the_same_key_ends_coverage_once_and_a_missing_key_not_at_all(api: Api, suite: LocalSuite) -> None:
    journey = submitted(api, ahead=False)
    path = at(journey, "/termination")
    assert send(suite, api, "POST", path, TERMINATION).status_code == 428
    key = {"Idempotency-Key": f"key-of-{journey.record_number}"}
    first, second = (send(suite, api, "POST", path, TERMINATION, **key) for _ in range(2))
    assert first.status_code == second.status_code == 200
    assert first.json()["terminations"] == second.json()["terminations"]
    other = send(suite, api, "POST", path, {**TERMINATION, "coverages": ["medical"]}, **key)
    assert (other.status_code, other.json()["code"]) == (422, "idempotency_key_reused")
    assert api.get(at(journey))["termination_choice"]["coverages"] == ["medical"]


def test_contact_details_change_under_the_version_that_was_read(api: Api, suite: LocalSuite) -> None:
    journey = submitted(api)
    path, submitted_with = at(journey, "/contact"), journey.application["household"]["contact"]
    version = api.get(at(journey))["version"]
    key = {"Idempotency-Key": f"key-of-{journey.record_number}"}
    assert send(suite, api, "PUT", path, CONTACT, **key).status_code == 428
    stale = send(suite, api, "PUT", path, CONTACT, **key, **{"If-Match": f'"{version - 1}"'})
    assert (stale.status_code, stale.json()["code"]) == (412, "stale")
    wrong = {"contact": {"phone": "555", "phone_type": "landline"}, "mailing_address": {"state": "IL"}}
    refused = send(suite, api, "PUT", path, wrong, **key, **{"If-Match": f'"{version}"'})
    fields = {one["field"] for one in refused.json()["errors"]}
    assert {"contact.phone", "mailing_address.street", "mailing_address.city", "mailing_address.zip"} <= fields
    changed = send(suite, api, "PUT", path, CONTACT, **key, **{"If-Match": f'"{version}"'})
    assert (changed.status_code, changed.headers["ETag"]) == (200, f'"{changed.json()["version"]}"')
    answer = changed.json()
    assert CONTACT["contact"].items() <= answer["contact_change"]["contact"].items()
    assert CONTACT["mailing_address"].items() <= answer["contact_change"]["mailing_address"].items()
    assert answer["household"]["contact"] == submitted_with
    journey._wait(lambda: "contact.changed" in rung(api, journey), "the bell")


def test_a_delegate_needs_the_right_to_submit(api: Api, suite: LocalSuite) -> None:
    journey = submitted(api, ahead=False)
    access = {"email": DELEGATE, "writing_numbers": ["220002580"], "actions": ALL_BUT_SUBMITTING}
    with keep_delegation(api):
        api.put("/delegations", access, 0)
        refuse_then_let(api, suite, journey, {**access, "actions": [*ALL_BUT_SUBMITTING, "submit"]})


def refuse_then_let(api: Api, suite: LocalSuite, journey: Journey, more: Mapping[str, Any]) -> None:
    path, key = at(journey), {"Idempotency-Key": f"key-of-{journey.record_number}"}
    match = {"If-Match": f'"{api.get(path)["version"]}"'}
    with signed_in(suite, DELEGATE) as delegate:

        def change() -> int:
            return send(suite, delegate, "PUT", f"{path}/contact", CONTACT, **key, **match).status_code

        def terminate() -> int:
            return send(suite, delegate, "POST", f"{path}/termination", TERMINATION, **key).status_code

        assert (change(), terminate()) == (403, 403)
        found = api.get(path)
        assert (found["terminations"], found["contact_change"]) == ([], None)
        api.put("/delegations", more, 0)
        # what a delegate may do is kept in mind for a second
        journey._wait(lambda: change() == 200, "what the delegate may do now")
        assert terminate() == 200
