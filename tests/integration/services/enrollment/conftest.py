"""What several tests of enrollment's store begin with."""

from collections.abc import Iterator

import pytest

from tests.integration.services.enrollment.clients_house import House, clients_house


@pytest.fixture
def house(database: str) -> Iterator[House]:
    """Clients on a migrated database that only this test has."""
    with clients_house(database) as opened:
        yield opened
