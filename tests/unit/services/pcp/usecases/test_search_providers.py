import pytest

from chassis.kernel import InvalidInput
from services.pcp.usecases.ports import Network, ProviderFilter
from services.pcp.usecases.search_providers import SearchProviders
from tests.unit.services.pcp.fakes import NETWORK, FakeWork, provider


@pytest.fixture
def search() -> SearchProviders:
    return SearchProviders(FakeWork([provider(f"IL{number}") for number in range(5)]))


def test_pages_go_on_where_the_last_one_ended(search: SearchProviders) -> None:
    seen, token = [], ""
    while True:
        found = search(NETWORK, "60601", ProviderFilter(), size=2, token=token)
        seen += [nearby.provider.pcp_id for nearby in found.providers]
        token = found.next_token
        if not token:
            break
    assert seen == ["IL0", "IL1", "IL2", "IL3", "IL4"]


@pytest.mark.parametrize(
    ("zip_code", "network", "size", "token", "field"),
    [
        ("99999", NETWORK, 0, "", "zip"),
        ("60601", Network("36096IL9999999", 2026), 0, "", "plan_id"),
        ("60601", NETWORK, 201, "", "page.size"),
        ("60601", NETWORK, -1, "", "page.size"),
        ("60601", NETWORK, 0, "nonsense", "page.token"),
        ("60601", NETWORK, 0, "é", "page.token"),
    ],
)
def test_an_unusable_search_is_refused_at_its_field(
    search: SearchProviders, zip_code: str, network: Network, size: int, token: str, field: str
) -> None:
    with pytest.raises(InvalidInput) as refused:
        search(network, zip_code, ProviderFilter(), size, token)
    assert [problem.field for problem in refused.value.problems] == [field]
