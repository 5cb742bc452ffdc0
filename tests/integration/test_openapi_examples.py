"""The OpenAPI document's examples, sent to the real suite as somebody would who tries the API out."""

from collections.abc import Iterator
from contextlib import closing
from typing import Any

import pytest

from deploy.local.demo.api import Api
from deploy.local.suite import LocalSuite
from gateway.api.openapi_examples import BODIES

# Starts a second suite, with a broker of its own.
pytestmark = pytest.mark.timeout(400)


@pytest.fixture(scope="module")
def api(new_years_eve: LocalSuite) -> Iterator[Api]:
    """On a day of the examples' own year, whenever the test runs."""
    with closing(Api(new_years_eve.ports.portal_url)) as client:
        client.sign_in(**BODIES["CreateSession"])
        yield client


@pytest.mark.parametrize(
    ("path", "example", "found"),
    [
        ("/plan-searches", "SearchPlans", "plans"),
        ("/plan-comparisons", "ComparePlans", "plans"),
        ("/address-searches", "SearchAddresses", "suggestions"),
    ],
)
def test_example_of_a_search_returns_results(api: Api, path: str, example: str, found: str) -> None:
    assert api.post(path, BODIES[example])[found]


def test_examples_of_searches_for_people_are_accepted(api: Api) -> None:
    assert "applications" in api.post("/application-searches", BODIES["SearchApplications"])
    assert "clients" in api.post("/client-searches", BODIES["SearchClients"])


def test_a_quote_and_its_application_are_filled_in(api: Api) -> None:
    quote = api.post("/quotes", BODIES["CreateQuote"])
    quote = api.put(f"/quotes/{quote['quote_id']}/selection", BODIES["SelectPlans"], quote["version"])
    assert quote["status"] == "selected"
    assert api.post(f"/quotes/{quote['quote_id']}/requotes", BODIES["Requote"])["changes"]
    assert api.post(f"/quotes/{quote['quote_id']}/share-links", BODIES["CreateShareLink"])["url"]

    application = api.post(f"/quotes/{quote['quote_id']}/enrollment", BODIES["StartEnrollment"])["application"]
    for step in ("general", "household", "plans", "other_coverage", "signatures"):
        application = _saved(api, application, step)
    assert application["household"]["hra"]["monthly_contribution"] == "250.00"
    assert application["other_coverage"]["replaced"][0]["insurer"] == "Sample Mutual"


def _saved(api: Api, application: dict[str, Any], step: str) -> dict[str, Any]:
    path = f"/applications/{application['record_number']}/steps/{step.replace('_', '-')}"
    return dict(api.put(path, BODIES[f"SaveStep_{step}"], application["version"]))
