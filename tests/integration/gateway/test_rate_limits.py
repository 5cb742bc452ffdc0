"""How many requests a person, or an address, may send in a minute, and what is said beyond."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest

from tests.integration.gateway import page_answers
from tests.integration.gateway.harness import GatewayHarness, harness
from tests.integration.gateway.test_pages import sign_in

LIMITS = {"rate_limit_reads": 6, "rate_limit_changes": 3, "rate_limit_files": 2, "rate_limit_visitors": 4}
SAME_ORIGIN = {"Sec-Fetch-Site": "same-origin"}


@pytest.fixture
def limited(gateway_portal: GatewayHarness, gateway_url: str) -> Iterator[GatewayHarness]:
    """A process of its own, since each counts for itself."""
    with harness(gateway_url, rate_limits=True, **LIMITS) as running:
        page_answers.tell(running.fake_services)
        yield running


def statuses(harness: GatewayHarness, path: str, times: int, method: str = "GET", **sent: Any) -> list[int]:
    return [harness.client.request(method, path, **sent).status_code for _ in range(times)]


def test_a_person_gets_so_many_reads_in_a_minute_and_they_come_back_evenly(limited: GatewayHarness) -> None:
    headers = limited.sign_in()
    assert statuses(limited, "/api/v1/me", 8, headers=headers) == [200] * 6 + [429] * 2
    limited.clock.advance(timedelta(seconds=20))
    assert statuses(limited, "/api/v1/me", 3, headers=headers) == [200] * 2 + [429]
    limited.clock.advance(timedelta(minutes=5))
    assert statuses(limited, "/api/v1/me", 7, headers=headers) == [200] * 6 + [429]


def test_an_answer_says_how_much_is_left_and_a_refusal_when_to_come_back(limited: GatewayHarness) -> None:
    headers = limited.sign_in()
    first = limited.client.get("/api/v1/me", headers=headers)
    assert first.headers["RateLimit-Policy"] == '"reads";q=6;w=60'
    assert first.headers["RateLimit"] == '"reads";r=5;t=10'
    statuses(limited, "/api/v1/me", 5, headers=headers)
    limited.clock.advance(timedelta(seconds=4))
    refused = limited.client.get("/api/v1/me", headers=headers)
    assert (refused.status_code, refused.json()["code"]) == (429, "too_many_requests")
    assert refused.headers["content-type"] == "application/problem+json"
    assert refused.headers["RateLimit"] == '"reads";r=0;t=56'
    assert refused.headers["Retry-After"] == "6"
    limited.clock.advance(timedelta(seconds=6))
    assert limited.client.get("/api/v1/me", headers=headers).status_code == 200


def test_a_refused_request_asks_no_service(limited: GatewayHarness) -> None:
    headers = limited.sign_in()
    statuses(limited, "/api/v1/quotes", 6, headers=headers)
    limited.fake_services.asked.clear()
    assert statuses(limited, "/api/v1/quotes", 2, headers=headers) == [429, 429]
    assert limited.fake_services.asked == []


def test_each_class_of_routes_and_each_person_has_limits_of_their_own(limited: GatewayHarness) -> None:
    headers = limited.sign_in()
    pdf = "/api/v1/applications/A-0638/application.pdf"
    assert 429 not in statuses(limited, pdf, 2, headers=headers)
    assert statuses(limited, pdf, 1, headers=headers) == [429]
    assert statuses(limited, "/api/v1/notifications/read", 4, "POST", headers=headers) == [204] * 3 + [429]
    assert statuses(limited, "/api/v1/me", 7, headers=headers) == [200] * 6 + [429]
    # the same person with another session has no more, and another person has everything
    assert statuses(limited, "/api/v1/me", 1, headers=limited.sign_in()) == [429]
    others = limited.sign_in("delegate@example.com")
    assert statuses(limited, "/api/v1/me", 6, headers=others) == [200] * 6


def test_visitors_are_limited_by_address_whatever_credential_they_make_up(limited: GatewayHarness) -> None:
    made_up = [{"Authorization": f"Bearer {number}"} for number in range(5)]
    answers = [limited.client.get("/api/v1/me", headers=headers).status_code for headers in made_up]
    assert answers == [401] * 4 + [429]
    limited.client.cookies.set("sid", "made-up")
    assert statuses(limited, "/sign-in", 1) == [429]


def test_a_person_who_is_signed_in_does_not_share_the_limit_of_the_address(limited: GatewayHarness) -> None:
    headers = limited.sign_in()
    statuses(limited, "/sign-in", 9)
    assert statuses(limited, "/api/v1/me", 1, headers=headers) == [200]


def test_a_page_says_what_to_do(limited: GatewayHarness) -> None:
    sign_in(limited, "producer@example.com")
    assert statuses(limited, "/deadlines", 6) == [200] * 6
    page = limited.client.get("/deadlines")
    assert page.status_code == 429
    assert "Wait 10 seconds, then reload this page." in page.text
    assert page.headers["Retry-After"] == "10"
    part = limited.client.get("/deadlines", headers={"HX-Request": "true"})
    assert (part.status_code, part.text) == (429, "Wait 10 seconds, then try again.")
    statuses(limited, "/search", 3, "POST", headers=SAME_ORIGIN)
    form = limited.client.post("/search", data={}, headers=SAME_ORIGIN)
    assert re.search("Wait 20 seconds, then go back and send the form again", form.text)


def test_probes_and_static_files_are_never_turned_away(limited: GatewayHarness) -> None:
    statuses(limited, "/sign-in", 5)
    for path in ("/livez", "/readyz", "/static/portal.css", "/notifications/stream"):
        answer = limited.client.get(path)
        assert answer.status_code != 429 and "RateLimit" not in answer.headers, path


def test_signing_in_keeps_the_limit_of_its_own(limited: GatewayHarness) -> None:
    wrong = {"email": "producer@example.com", "password": "x"}
    for _ in range(5):
        limited.client.post("/api/v1/sessions", json=wrong)
        limited.clock.advance(timedelta(seconds=15))
    assert limited.client.post("/api/v1/sessions", json=wrong).json()["code"] == "too_many_attempts"


def test_a_database_that_is_away_is_told_by_whoever_needs_it(
    limited: GatewayHarness, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def fail(*_: object) -> None:
        raise ConnectionError

    headers = limited.sign_in()
    monkeypatch.setattr(limited.gateway.sessions, "recognize", fail)
    assert limited.client.get("/api/v1/me", headers=headers).status_code == 500
    assert limited.client.get("/livez").status_code == 200


def test_without_the_limits_nobody_is_refused(gateway_portal: GatewayHarness) -> None:
    """The control."""
    headers = gateway_portal.sign_in()
    answers = [gateway_portal.client.get("/api/v1/me", headers=headers) for _ in range(10)]
    assert [one.status_code for one in answers] == [200] * 10
    assert "RateLimit" not in answers[0].headers
