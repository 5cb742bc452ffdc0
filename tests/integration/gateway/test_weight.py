"""What travels to the browser: compressed where that tells nobody anything, and files that are kept for a year."""

from __future__ import annotations

import re

import pytest

from gateway.pages.static_files import FINGERPRINT
from tests.integration.gateway.harness import ORIGIN, GatewayHarness

SAME_ORIGIN = {"Sec-Fetch-Site": "same-origin"}
FORM_TOKEN = re.compile(r'name="csrf" value="(\w+)"')


@pytest.fixture
def browser(gateway_portal: GatewayHarness) -> GatewayHarness:
    fields = {"email": "producer@example.com", "password": "demo", "next": "/"}
    assert gateway_portal.client.post("/sign-in", data=fields, headers=SAME_ORIGIN).status_code == 303
    return gateway_portal


def encoding(
    harness: GatewayHarness, path: str, accepted: str = "gzip, deflate, br, zstd", **headers: str
) -> str | None:
    sent = {"Accept-Encoding": accepted, **{name.replace("_", "-"): value for name, value in headers.items()}}
    return harness.client.get(path, headers=sent).headers.get("content-encoding")


@pytest.mark.parametrize(
    ("accepted", "given"), [("gzip, deflate, br, zstd", "br"), ("gzip", "gzip"), ("identity", None)]
)
def test_text_is_compressed_as_the_browser_takes_it(browser: GatewayHarness, accepted: str, given: str | None) -> None:
    for path in ("/resources", "/static/portal.css", "/api/v1/openapi.json"):
        assert encoding(browser, path, accepted, Sec_Fetch_Site="same-origin") == given


def test_compressed_page_is_the_page(browser: GatewayHarness) -> None:
    plain = browser.client.get("/resources", headers={"Accept-Encoding": "identity", **SAME_ORIGIN}).text
    packed = browser.client.get("/resources", headers={"Accept-Encoding": "br", **SAME_ORIGIN})
    assert packed.headers["content-encoding"] == "br" and "Accept-Encoding" in packed.headers["vary"]
    assert FORM_TOKEN.sub("", packed.text) == FORM_TOKEN.sub("", plain)


@pytest.mark.parametrize("site", ["cross-site", "same-site", None])
def test_page_of_a_person_is_not_compressed_when_another_site_may_have_asked(
    browser: GatewayHarness, site: str | None
) -> None:
    assert encoding(browser, "/resources", **({"Sec_Fetch_Site": site} if site else {})) is None
    assert encoding(browser, "/resources", Sec_Fetch_Site="none") == "br"  # the control: typed by the person


def test_answer_without_a_cookie_is_compressed(gateway_portal: GatewayHarness) -> None:
    headers = gateway_portal.sign_in()
    assert encoding(gateway_portal, "/api/v1/openapi.json", **headers, Sec_Fetch_Site="cross-site") == "br"


def test_form_token_is_another_text_on_each_page_and_each_is_good(browser: GatewayHarness) -> None:
    tokens = [FORM_TOKEN.findall(browser.client.get("/resources").text)[0] for _ in range(2)]
    assert len(set(tokens)) == 2
    for token in tokens:
        answer = browser.client.post("/notifications/read", data={"csrf": token}, headers=SAME_ORIGIN)
        assert answer.status_code == 303
    wrong = browser.client.post(
        "/notifications/read", data={"csrf": tokens[0][:16] + tokens[1][16:]}, headers=SAME_ORIGIN
    )
    assert wrong.status_code == 403


def test_files_of_a_page_are_kept_for_a_year_at_an_address_of_their_contents(browser: GatewayHarness) -> None:
    page = browser.client.get("/resources").text
    files = re.findall(r'(?:href|src)="(/static/[^"]+)"', page)
    assert len(files) > 5
    for file in files:
        assert file.startswith(f"/static/{FINGERPRINT}/")
        answer = browser.client.get(file)
        assert answer.status_code == 200
        assert answer.headers["cache-control"] == "public, max-age=31536000, immutable"


@pytest.mark.parametrize("prefix", ["", "0123456789ab/"])
def test_file_at_another_address_is_asked_for_again(gateway_portal: GatewayHarness, prefix: str) -> None:
    answer = gateway_portal.client.get(f"/static/{prefix}portal.css")
    assert (answer.status_code, answer.headers["cache-control"]) == (200, "no-cache")
    again = gateway_portal.client.get(f"/static/{prefix}portal.css", headers={"If-None-Match": answer.headers["etag"]})
    assert again.status_code == 304


def test_missing_file_is_not_kept(gateway_portal: GatewayHarness) -> None:
    for path in (f"/static/{FINGERPRINT}/missing.css", "/static/0123456789ab/../../app.py", "/static/../app.py"):
        answer = gateway_portal.client.get(f"{ORIGIN}{path}")
        assert (answer.status_code, answer.headers["cache-control"]) == (404, "no-store")
