"""A whole suite in which a carrier takes payments on a page of its own: from submission to the assertion it reads."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from pathlib import Path

import httpx
import pytest
from sqlalchemy import create_engine, text

from deploy.local.demo.api import Api
from deploy.local.demo.journey import Journey
from deploy.local.servers import Server
from deploy.local.suite import LocalSuite
from services.payment.remote.pay_now import profile
from tests.integration.conftest import Servers, a_broker, started
from tests.integration.services.payment.carrier_stand_in import CarrierStandIn, Python3Saml
from tests.integration.services.payment.harness import Browser
from tests.integration.services.payment.test_handoff import WHO, fields_of
from tests.unit.services.payment.pay_now_samples import PROFILE, make_key

# Starts a second suite, with a broker of its own.
pytestmark = pytest.mark.timeout(400)
SAMPLE = Path(profile.__file__).parent / "profiles" / "sample-carrier.1.yaml"
ILLINOIS, TODAY = "36096", "2026-05-20"


@pytest.fixture(scope="module")
def suite(sql_server: Server, tmp_path_factory: pytest.TempPathFactory) -> Iterator[LocalSuite]:
    """In place of the suite of the other modules, so that ``api`` is signed in to this one."""
    profiles, keys = tmp_path_factory.mktemp("profiles"), tmp_path_factory.mktemp("keys")
    (profiles / SAMPLE.name).write_text(SAMPLE.read_text().replace(PROFILE.issuer_id, ILLINOIS))
    (keys / "key.pem").write_bytes(make_key().private_key)
    (keys / "certificate.pem").write_text(make_key().certificate)
    env = {
        "SUITE_TODAY": TODAY,
        "PAYMENT_PAY_NOW": str(profiles),
        "PAYMENT_PAY_NOW_KEY_FILE": str(keys / "key.pem"),
        "PAYMENT_PAY_NOW_CERTIFICATE_FILE": str(keys / "certificate.pem"),
    }
    with a_broker(tmp_path_factory) as broker:
        servers = Servers(broker.url, sql_server.url)
        with started(tmp_path_factory.mktemp("suite"), servers, **env) as running:
            yield running


def test_the_carrier_reads_whom_and_what_is_paid_for_and_the_database_keeps_it_sealed(
    suite: LocalSuite, api: Api
) -> None:
    journey = Journey(api, date.fromisoformat(TODAY))
    journey.until_ready()
    journey.submit()
    number = journey.record_number
    link = api.post(f"/applications/{number}/payment")["url"]
    browser = Browser()
    try:
        browser.go(link)
        page = browser.post("/pay", WHO)
    finally:
        browser.close()
    assert "Continue to Blue Cross and Blue Shield of Illinois to pay" in page.text

    read = CarrierStandIn(Python3Saml(make_key().certificate)).accept(fields_of(page.text))
    application = api.get(f"/applications/{number}")
    person, home = application["household"]["people"][0], application["household"]["home_address"]
    assert read["Total Amount Owed"] == [application["first_payment"]]
    assert read["Premium Amount Total"] == [application["header"]["monthly_premium"]]
    assert (read["First Name"], read["Last Name"]) == ([person["first_name"]], [person["last_name"]])
    assert (read["Street Name 1"], read["Zip Code"]) == ([home["street"]], [home["zip"]])
    assert read["Subscriber Identifier"] == [str(application["client_app_id"]).rjust(10, "0")]
    assert read["Assigned QHP Identifier"] == [line["plan_id"].replace("-", "") for line in application["plan_lines"]]
    assert Decimal(read["Total Amount Owed"][0]) > 0
    assert application["payment_status"] == "pending"

    engine = create_engine(suite.databases["payment"].replace("postgresql://", "postgresql+psycopg2://"))
    with engine.connect() as connection:
        [sealed] = connection.execute(text("select sealed from subscriber")).scalars()
    engine.dispose()
    assert person["last_name"].encode() not in bytes(sealed)


def test_the_page_has_no_metrics_where_the_world_reaches_it(suite: LocalSuite) -> None:
    assert httpx.get(f"{suite.ports.page_url}/metrics", trust_env=False).status_code == 404
