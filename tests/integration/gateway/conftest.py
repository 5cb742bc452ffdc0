"""A migrated, seeded database for the gateway's tests, and a portal on it."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial

import pytest
from argon2 import PasswordHasher

from chassis.db import Database
from chassis.db.migrate import upgrade_schema
from chassis.settings import SuiteSettings
from deploy.local.servers import Server, databases
from gateway.__main__ import MIGRATIONS
from gateway.commands.seed import seed_users
from gateway.identity import passwords
from gateway.store.tables import form_drafts, notifications, seen_events, sessions, sign_in_attempts
from tests.integration.gateway import page_answers, review_link
from tests.integration.gateway.enrollment_desk import Desk
from tests.integration.gateway.harness import GatewayHarness, harness
from tests.integration.gateway.test_pages import sign_in

# Whose subject is what the gateway keeps itself, or hears: another server might answer otherwise.
OF_SERVERS = {
    *("test_agencies", "test_api_clients", "test_deadline_feeds", "test_demo_users", "test_events", "test_form_drafts"),
    *("test_hierarchy", "test_own_sessions", "test_passwords", "test_rate_limits", "test_sign_in"),
    *("test_two_step_sign_in", "test_unread_stream", "test_users_command"),
}


def pytest_itemcollected(item: pytest.Item) -> None:
    """Pages and the answers of the API are the same however the servers run, so CI asks for them in one pass alone."""
    if item.path.stem not in OF_SERVERS:
        item.add_marker(pytest.mark.once)


@pytest.fixture(scope="session", autouse=True)
def quick_password_hashes() -> Iterator[None]:
    """Argon2id as ever, with its least costs: most tests sign in, and a third of a second each is most of their time.

    tests/unit/gateway/test_password_hashes.py holds the costs of the product; tests of the whole suite have them.
    """
    with pytest.MonkeyPatch.context() as patch:
        least = partial(PasswordHasher, time_cost=1, memory_cost=8, parallelism=1)
        patch.setattr(passwords, "PasswordHasher", least)
        yield


@pytest.fixture(scope="session")
def gateway_url(sql_server: Server) -> Iterator[str]:
    """A migrated database of the gateway's own."""
    url = databases.provide_databases(sql_server.url, {"gateway_test": "test"}, prefix="")["gateway_test"]
    database = Database(url)
    upgrade_schema(database.engine, MIGRATIONS)
    database.close()
    yield url
    databases.drop(sql_server.url, ["gateway_test"], prefix="")


@pytest.fixture(scope="session")
def one_portal(gateway_url: str) -> Iterator[GatewayHarness]:
    database = Database(gateway_url)
    seed_users(SuiteSettings(suite_env="test"), database)
    database.close()
    with harness(gateway_url, payment_page_url="https://pay.example") as running:
        yield running


@pytest.fixture
def gateway_portal(one_portal: GatewayHarness, gateway_url: str) -> GatewayHarness:
    """The portal as it was at first: nobody signed in, nothing heard, services without answers."""
    database = Database(gateway_url)
    with database.engine.begin() as connection:
        for table in (form_drafts, sessions, sign_in_attempts, notifications, seen_events):
            connection.execute(table.delete())
    database.close()
    one_portal.client.cookies.clear()
    one_portal.fake_services.answers.clear()
    one_portal.fake_services.asked.clear()
    return one_portal


@pytest.fixture
def browser(gateway_portal: GatewayHarness) -> GatewayHarness:
    """The portal with a producer signed in by cookie, and services that answer."""
    page_answers.tell(gateway_portal.fake_services)
    sign_in(gateway_portal, "producer@example.com")
    return gateway_portal


@pytest.fixture
def desk(browser: GatewayHarness) -> Desk:
    """An application under way, A-0001."""
    return Desk(browser.fake_services)


@pytest.fixture
def link_holder(gateway_portal: GatewayHarness) -> GatewayHarness:
    """A client with a link to review an application, which was not opened yet."""
    review_link.answer_link(gateway_portal)
    return gateway_portal


@pytest.fixture
def opened_link(link_holder: GatewayHarness) -> GatewayHarness:
    answer = link_holder.client.post(review_link.PATH, data=review_link.BORN, headers=review_link.SAME_ORIGIN)
    assert (answer.status_code, answer.headers["location"]) == (303, review_link.PATH)
    return link_holder
