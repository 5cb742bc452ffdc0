"""The provider, the people whom it knows, and a portal where they sign in."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from chassis.identity import CallerKind
from gateway.identity import openid_provider
from gateway.identity.organization_sign_in import ANSWER_PATH
from tests.integration.gateway.harness import ORIGIN, GatewayHarness, RealClock, harness
from tests.integration.gateway.organization_sign_in.openid_stand_in import (
    OrganizationProvider,
    run_provider,
)
from tests.integration.gateway.organization_sign_in.walk import PEOPLE, OrganizationPeople, settings


@pytest.fixture(scope="session")
def running_provider() -> Iterator[OrganizationProvider]:
    with run_provider(f"{ORIGIN}{ANSWER_PATH}") as running:
        yield running


@pytest.fixture(autouse=True)
def patience(monkeypatch: pytest.MonkeyPatch) -> None:
    """A machine under load may be slower than a provider."""
    monkeypatch.setattr(openid_provider, "SECONDS_FOR_AN_ANSWER", 60.0)


@pytest.fixture
def provider(running_provider: OrganizationProvider) -> OrganizationProvider:
    """As it was at first: it knows Anna and Dan, and nothing is changed on the way."""
    running_provider.pass_everything_on()
    running_provider.know(PEOPLE)
    return running_provider


@pytest.fixture
def people(gateway_portal: GatewayHarness, gateway_url: str) -> Iterator[OrganizationPeople]:
    """Anna and Dan have accounts that wait for their first sign-in; Paul signs in with a password."""
    people = OrganizationPeople(gateway_url)
    people.add("anna@prairie.example", CallerKind.PRODUCER)
    people.add("dan@prairie.example", CallerKind.DELEGATE)
    people.administer(lambda users: users.add("paul@prairie.example", "Paul", CallerKind.PRODUCER))
    yield people
    people.remove()


@pytest.fixture
def portal(provider: OrganizationProvider, people: OrganizationPeople, gateway_url: str) -> Iterator[GatewayHarness]:
    with harness(gateway_url, RealClock(), **settings(provider)) as running:
        yield running
