import pytest

from chassis.kernel import NotFound
from services.pcp.usecases.get_provider import GetProvider
from tests.unit.services.pcp.fakes import FakeWork, provider


def test_a_listed_provider_is_found_and_an_unknown_one_is_not() -> None:
    get_provider = GetProvider(FakeWork([provider("IL1")]))
    assert get_provider("IL1").provider.pcp_id == "IL1"
    with pytest.raises(NotFound):
        get_provider("IL77")
