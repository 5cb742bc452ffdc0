"""A double click on what creates or submits, and the back button after it: once is what happens."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Locator, Page, Request, expect

from deploy.local.demo.api import Api
from deploy.local.suite import LocalSuite
from tests.browser.enrollment import Enrollment, find_number
from tests.browser.prepared import ADA, Prepared, prepare, signed_in


@pytest.fixture(scope="module")
def api(portal: LocalSuite) -> Iterator[Api]:
    with signed_in(portal) as client:
        yield client


# The form as the button sends it, and the click itself while the first one is on its way. A browser may drop the first
# of two quick clicks before it is sent; here both arrive.
_TWICE = """(button) => {
  const form = button.form;
  fetch(form.action, { method: "POST", body: new URLSearchParams(new FormData(form, button)), keepalive: true });
  button.click();
}"""


def press_twice(page: Page, button: Locator, heading: str | re.Pattern[str]) -> None:
    sent: list[Request] = []
    page.on("request", lambda request: sent.append(request))
    button.evaluate(_TWICE)
    expect(page.get_by_role("heading", level=1, name=heading)).to_be_visible()
    posts = [request.url for request in sent if request.method == "POST" and not request.url.endswith("/draft")]
    assert len(posts) == 2, posts


def started(api: Api) -> int:
    """Applications that are open now."""
    return len(api.get("/applications", status="incomplete", page_size=200)["applications"])


def test_start_application_starts_one(producer: Page, api: Api) -> None:
    before = started(api)
    producer.goto("/applications/new")
    producer.locator("label").filter(has_text="Montana").first.click()
    press_twice(producer, producer.get_by_role("button", name="Start Application"), "General Information")
    number = find_number(producer)
    assert started(api) == before + 1
    producer.go_back()
    press_twice(producer, producer.get_by_role("button", name="Start Application"), "General Information")
    assert find_number(producer) != number, "a page that is opened again is another application"
    assert started(api) == before + 2


def test_each_item_of_a_list_is_added_once(producer: Page, api: Api) -> None:
    prepared = prepare(api, people=[ADA])
    enrollment = Enrollment(producer, prepared.number)
    producer.goto(f"{prepared.path}/steps/general/life-events/new")
    enrollment.select("Life Event", "Birth")
    enrollment.fill("Date of Event", "5/10/2026")
    save_twice(enrollment, "General Information")
    assert len(prepared.reload()["general"]["life_events"]) == 2
    producer.goto(f"{prepared.path}/steps/household/people/new-dependent")
    enrollment.fill_all({"First Name": "Cal", "Last Name": "Sample", "Date of Birth": "9/3/2019"})
    enrollment.choose("Sex", "Male")
    save_twice(enrollment, "Applicant Information")
    assert [one["first_name"] for one in prepared.reload()["household"]["people"]] == ["Ada", "Cal"]
    producer.go_back()
    expect(enrollment.field_of("First Name")).to_be_visible()
    assert len(prepared.reload()["household"]["people"]) == 2
    prepared.save("other-coverage", replaces_coverage=True, has_other_coverage=True)
    producer.goto(f"{prepared.path}/steps/other-coverage/replaced/new")
    enrollment.select("Covered Person", "Ada Sample")
    enrollment.fill_all({"Name of Insurance Company": "Acme Health", "Policy Number": "P-1"})
    enrollment.fill("Termination Date", "5/31/2026")
    save_twice(enrollment, "Other Coverage and Proxy")
    producer.goto(f"{prepared.path}/steps/other-coverage/others/new")
    enrollment.select("Applicant Name", "Ada Sample")
    enrollment.fill_all({"Member Number": "M-1", "Group ID": "G-1"})
    save_twice(enrollment, "Other Coverage and Proxy")
    step = prepared.reload()["other_coverage"]
    assert (len(step["replaced"]), len(step["others"])) == (1, 1)


def save_twice(enrollment: Enrollment, heading: str) -> None:
    press_twice(enrollment.page, enrollment.page.get_by_role("button", name="Save", exact=True), heading)


def test_submit_submits_once_and_back_leads_to_what_was_submitted(producer: Page, api: Api) -> None:
    prepared = ready(api)
    producer.goto(f"{prepared.path}/steps/signatures")
    enrollment = Enrollment(producer, prepared.number)
    enrollment.next("Check Your Answers")
    press_twice(producer, producer.get_by_role("button", name="Submit Application"), re.compile("^Application A-"))
    expect(producer.locator(".facts dd").first).to_have_text("Submitted")
    acts = [entry["action"] for entry in api.get(f"{prepared.path}/timeline")["entries"]]
    assert acts.count("application.submitted") == 1
    for _ in range(2):  # Check Your Answers, then the last step
        producer.go_back()
        enrollment.arrive(f"Application {prepared.number}")
    expect(producer.get_by_role("button", name="Submit Application")).to_have_count(0)


def ready(api: Api) -> Prepared:
    prepared = prepare(api, people=[ADA])
    prepared.plans("Blue Choice Preferred Silver PPO")
    prepared.rest()
    return prepared
