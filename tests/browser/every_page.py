"""What has to be there for every address of a page to show something, for tests that hold all pages against a rule."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from playwright.sync_api import Page

from deploy.local.demo.api import Api
from deploy.local.demo.journey import Journey
from gateway.pages.guides import read_guides
from tests.browser.conftest import TODAY
from tests.browser.page_addresses import CLIENT, PAYER

# The pretended bank declines it, so that the payment can be made again.
DECLINED = "4000 0000 0000 0002"


@dataclass(frozen=True)
class EveryPage:
    """``names`` has what the braces of the addresses stand for."""

    api: Api
    names: dict[str, str]
    portal: str
    payment_page: str

    def fill(self, addresses: Sequence[str]) -> list[str]:
        return [self.address(one) for one in addresses]

    def address(self, pattern: str) -> str:
        return pattern.format(**self.names)

    def payment_link(self) -> str:
        """A new one: a link works once."""
        return str(self.api.post(self.address("/applications/{submitted}/payment"))["url"])

    def walk_review(self, page: Page) -> Iterator[tuple[str, str]]:
        """Each page of a client who answered the question: pattern and address, with the page open there."""
        review, sign = CLIENT
        page.goto(self.address(review))
        page.get_by_label("Month", exact=True).select_option(label="June")
        page.get_by_label("Day", exact=True).fill("14")
        page.get_by_label("Year", exact=True).fill("1987")
        page.get_by_label("Last name").fill("Sample")
        page.get_by_role("button", name="Continue").click()
        page.get_by_role("button", name="Everything is right. Continue").wait_for()
        yield review, f"{self.portal}{self.address(review)}"
        page.get_by_role("button", name="Everything is right. Continue").click()
        page.wait_for_url("**/sign")
        yield sign, f"{self.portal}{self.address(sign)}"

    def walk_payment(self, page: Page) -> Iterator[tuple[str, str]]:
        """Each page of a payment, up to a card that is declined."""
        form, review, *others = PAYER
        page.goto(self.payment_link())
        yield form, f"{self.payment_page}{form}"
        self.enter_card(page, DECLINED)
        yield review, f"{self.payment_page}{review}"
        page.locator("#agree").check()
        page.get_by_role("button", name="Submit Payment and Proceed").click()
        page.wait_for_url(f"{self.portal}/**")
        page.goto(f"{self.payment_page}{form}")
        page.get_by_text("The card was declined.").wait_for()
        yield form, f"{self.payment_page}{form}"
        for other in others:
            yield other, f"{self.payment_page}{other}"

    def enter_card(self, page: Page, number: str) -> None:
        """From the form of a payment to its review."""
        page.locator("#method-card").check()
        page.locator("#card_number").fill(number)
        page.locator("#card_expires").fill("12/30")
        page.locator("#card_security_code").fill("123")
        page.locator("#payer").select_option("family")
        page.locator("#accept_terms").check()
        page.get_by_role("button", name="Review Payment Details").click()
        page.wait_for_url("**/pay/review")


def prepare_pages(api: Api, portal: str, payment_page: str) -> EveryPage:
    """A quote, an application under way that its client reviews, and a submitted one."""
    quoted = Journey(api, date.fromisoformat(TODAY))
    quoted.until_ready()
    quote = str(quoted.quote["quote_id"])
    draft = f"/applications/{quoted.record_number}"
    household = quoted.application["household"] | {"authorization": "client_review"}
    quoted.application = api.put(f"{draft}/steps/household", household, quoted.application["version"])
    sent = api.post(f"{draft}/reviews", {"language": "en", "days": 14, "proof": "birth_date_and_last_name"})
    submitted = Journey(api, date.fromisoformat(TODAY))
    submitted.until_ready()
    submitted.submit()
    plans = [str(one["plan_id"]) for one in api.get(f"{draft}/plans", coverage="medical")["plans"]]
    access = api.get("/delegations")["delegations"][0]
    names = {
        "guide": next(iter(read_guides())),
        "quote": quote,
        "compared": "&".join(f"compare={one}" for one in plans[:4]),
        "plan": plans[0],
        "draft": quoted.record_number,
        "person": str(quoted.application["household"]["people"][1]["person_id"]),
        "pcp": str(api.get("/providers", plan_id="36096IL9900001-00", zip="60601")["providers"][0]["pcp_id"]),
        "terms": str(api.get("/texts/terms", state="IL")["version"]),
        "submitted": submitted.record_number,
        "client": str(api.post("/client-searches", {"name": "Sample"})["clients"][0]["client_id"]),
        "delegate": str(access["delegate_id"]),
        "number": str(access["producer"]["writing_number"]),
        "review": last_part(sent["url"]),
        "shared": last_part(api.post(f"/quotes/{quote}/share-links", {})["url"]),
    }
    return EveryPage(api, names, portal, payment_page)


def last_part(url: str) -> str:
    return url.rpartition("/")[2]
