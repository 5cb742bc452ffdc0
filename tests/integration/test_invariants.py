"""The SQL invariants hold of what the real processes wrote, and each of them finds the row that breaks it."""

import pytest
from sqlalchemy import text

from chassis.kernel import SystemClock, business_date
from deploy.local.demo.api import Api
from deploy.local.demo.journey import Journey
from deploy.local.keys import OWNERS
from deploy.local.suite import LocalSuite
from tests.integration.broken_rows import BREAKS
from tests.invariants import connect, find_broken, find_broken_in, list_invariants

# The first test to ask for the suite waits for its start.
pytestmark = pytest.mark.timeout(300)
ALL = [(database, one.name) for database in OWNERS for one in list_invariants(database)]


@pytest.fixture(scope="module")
def paid(suite: LocalSuite, api: Api) -> LocalSuite:
    """A suite with an application that was submitted, paid and printed, and of which everybody has heard."""
    journey = Journey(api, business_date(SystemClock().now(), "IL"))
    journey.until_ready()
    journey.submit()
    journey.pay()
    journey.fetch_pdf()

    def timeline() -> set[str]:
        return {line["action"] for line in api.get(f"/applications/{journey.record_number}/timeline")["entries"]}

    def bell() -> set[str]:
        return {one["kind"] for one in api.get("/notifications")["notifications"]}

    journey._wait(lambda: timeline() >= {"document.rendered", "payment.successful"}, "the lines of the timeline")
    journey._wait(lambda: bell() >= {"application.submitted", "payment.succeeded"}, "the notifications")
    return suite


def test_what_the_suite_wrote_breaks_no_invariant(paid: LocalSuite) -> None:
    assert find_broken(paid.databases) == []


def test_each_invariant_has_a_row_that_breaks_it() -> None:
    assert {database: list(breaks) for database, breaks in BREAKS.items()} == {
        database: [one.name for one in list_invariants(database)] for database in BREAKS
    }
    assert set(BREAKS) == set(OWNERS)


@pytest.mark.parametrize(("database", "name"), ALL, ids=[f"{database}-{name}" for database, name in ALL])
def test_a_row_that_breaks_an_invariant_is_found(paid: LocalSuite, database: str, name: str) -> None:
    with connect(paid.databases[database]) as connection:
        changed = connection.execute(text(BREAKS[database][name].replace(":", r"\:")))
        assert changed.rowcount, "it changed something"
        assert name in {one.name for one in find_broken_in(connection, database)}
