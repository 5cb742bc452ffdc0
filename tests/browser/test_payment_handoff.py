"""In a browser a payer is handed over to the processor's page by a form, and the form goes nowhere else."""

from __future__ import annotations

import secrets
from collections.abc import Iterator
from urllib.parse import parse_qsl

import pytest
from playwright.sync_api import Browser, Page, expect
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response
from starlette.routing import Route

from chassis.db import Database
from chassis.db.migrate import upgrade_schema
from chassis.kernel import SystemClock
from deploy.local.ports import free_port
from deploy.local.servers import Server, databases
from services.payment.__main__ import SERVICE
from services.payment.page.handoff_pages import HandoffPages
from services.payment.remote.hosted_page import HostedPage
from tests.browser.checks import check_page
from tests.browser.conftest import watch_context
from tests.integration.services.payment.harness import PaymentHarness, run_payment, serving
from tests.unit.services.payment.processor_stand_in import ProcessorStandIn

KEY = b"h" * 32


class Pages:
    """Stand-ins for the processor's page and for somebody else's, with what was posted to them."""

    def __init__(self) -> None:
        self.ports = {"processor": free_port(), "stranger": free_port()}
        self.posted: dict[str, list[dict[str, str]]] = {name: [] for name in self.ports}

    def app(self, name: str) -> Starlette:
        async def take(request: Request) -> Response:
            self.posted[name].append(dict(parse_qsl((await request.body()).decode())))
            return HTMLResponse(f"<!doctype html><title>{name}</title><h1>{name}</h1>")

        return Starlette(routes=[Route("/pay", take, methods=["POST"])])

    def address(self, name: str) -> str:
        return f"http://127.0.0.1:{self.ports[name]}/pay"


@pytest.fixture
def pages() -> Iterator[Pages]:
    made = Pages()
    with (
        serving(made.app("processor"), made.ports["processor"]),
        serving(made.app("stranger"), made.ports["stranger"]),
    ):
        yield made


@pytest.fixture
def payments(sql_server: Server, pages: Pages) -> Iterator[PaymentHarness]:
    name = f"test_{secrets.token_hex(6)}"
    url = databases.provide_databases(sql_server.url, {name: secrets.token_hex(12)}, prefix="")[name]
    database = Database(url)
    upgrade_schema(database.engine, SERVICE.migrations)
    hosted = HandoffPages(HostedPage("Example Pay", pages.address("processor"), KEY, SystemClock()))
    with run_payment(database, free_port(), free_port(), webhooks_arrive=True, pages=hosted) as running:
        yield running
    database.close()
    databases.drop(sql_server.url, [name], prefix="")


@pytest.fixture
def paying(chromium: Browser, payments: PaymentHarness, pages: Pages) -> Iterator[Page]:
    """At the button that leads away."""
    payments.open("A-3001")
    context = chromium.new_context()
    others = (pages.address(name).removesuffix("/pay") for name in pages.ports)
    watch_context(context, frozenset({payments.page_url, *others}))
    page = context.new_page()
    page.goto(payments.link("A-3001"))
    check_page(page, "pay-handoff")
    page.locator("#payer").select_option("family")
    page.locator("#accept_terms").check()
    page.get_by_role("button", name="Continue").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Continue to Example Pay to pay")
    yield page
    context.close()


def test_the_button_brings_a_form_that_the_processor_accepts(paying: Page, pages: Pages) -> None:
    check_page(paying, "pay-continue")
    paying.get_by_role("button", name="Continue to Example Pay to pay").click()
    expect(paying.get_by_role("heading", level=1)).to_have_text("processor")
    [form] = pages.posted["processor"]
    assert ProcessorStandIn(KEY).accept(form, SystemClock().now())
    assert form["amount"] == "2091.40"


def test_the_same_form_is_posted_to_nobody_else(paying: Page, pages: Pages) -> None:
    """As if something had changed its address: the browser holds it back."""
    held_back = paying.locator("form").evaluate(
        """(form, address) => new Promise((done) => {
          document.addEventListener("securitypolicyviolation", (event) => done(event.effectiveDirective));
          form.action = address;
          form.requestSubmit();
        })""",
        pages.address("stranger"),
    )
    assert held_back == "form-action"
    assert pages.posted == {"processor": [], "stranger": []}
