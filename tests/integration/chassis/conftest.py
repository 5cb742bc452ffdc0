"""A fresh toy service on the run's servers, for each test or for a module."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from typing import TYPE_CHECKING

import pytest

from tests.integration.chassis.databases import fresh_database
from tests.integration.chassis.processes import Toy

if TYPE_CHECKING:
    from tests.integration.conftest import Servers

# Makes a toy on the run's broker, or on the one of the URL given.
ToyMaker = Callable[[str | None], AbstractContextManager[Toy]]


@pytest.fixture(scope="session")
def toys(servers: Servers, tmp_path_factory: pytest.TempPathFactory) -> ToyMaker:
    @contextmanager
    def make(amqp_url: str | None) -> Iterator[Toy]:
        with fresh_database(servers.database_url) as url:
            toy = Toy(amqp_url or servers.amqp_url, url, tmp_path_factory.mktemp("toy"))
            toy.migrate()
            try:
                yield toy
            finally:
                toy.close()

    return make


@pytest.fixture
def toy(toys: ToyMaker) -> Iterator[Toy]:
    with toys(None) as fresh:
        yield fresh


@pytest.fixture(scope="module")
def module_toy(toys: ToyMaker) -> Iterator[Toy]:
    """One toy for all tests of a module, where its processes serve them all."""
    with toys(None) as shared:
        yield shared


@pytest.fixture(scope="module", params=["worker", "listener"])
def consumer(request: pytest.FixtureRequest) -> str:
    """The command of a consumer: every guarantee of delivery holds for the services' workers (nameko) and for the
    gateway's listener (aio-pika) alike.
    """
    return str(request.param)
