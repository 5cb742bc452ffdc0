"""What every test gets: nothing yet but the promise that no test reads the settings of the person's terminal."""

import os
from typing import NoReturn

import hypothesis
import pytest
from google.protobuf.descriptor import MethodDescriptor

from chassis import contract_options
from chassis.kernel import DomainError, install_markets
from chassis.market_file import read_markets
from chassis.settings import MARKETS
from tests.servers import described

# A loaded machine is no fault of the code: no example has a deadline, and slow drawing fails nothing.
hypothesis.settings.register_profile("suite", deadline=None, suppress_health_check=[hypothesis.HealthCheck.too_slow])
hypothesis.settings.load_profile("suite")


OURS = ("SUITE_", "AMQP_URL", "DATABASE_URL", "QUOTE_", "ENROLLMENT_", "PCP_", "PAYMENT_", "DOCUMENTS_", "GATEWAY_")


# Before collection: tests are made for each state.
install_markets(read_markets(MARKETS))


def _fail_undeclared(method: MethodDescriptor, error: DomainError) -> NoReturn:
    message = f"{method.full_name} raised {error.code}, which its contract does not list as (suite.common.v1.error)"
    raise AssertionError(message) from error


@pytest.fixture(autouse=True)
def only_declared_errors(monkeypatch: pytest.MonkeyPatch) -> None:
    """Every contract that a test calls may refuse with the codes of its proto alone."""
    monkeypatch.setattr(contract_options, "report_undeclared", _fail_undeclared)


@pytest.fixture(autouse=True, scope="session")
def clean_settings() -> None:
    """Settings left in the environment must not decide how a test goes, and tests are no production.

    What production asks for has tests that set ``SUITE_ENV`` themselves.
    """
    for name in [name for name in os.environ if name.startswith(OURS)]:
        del os.environ[name]
    os.environ["SUITE_ENV"] = "test"


def pytest_report_header() -> str:
    return described()
