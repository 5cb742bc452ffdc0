import pytest

from chassis.kernel import InvalidInput
from services.pcp.domain.network import PlanNetwork
from services.pcp.usecases.ports import ProviderFilter
from services.pcp.usecases.search_providers import SearchProviders
from tests.unit.services.pcp.fakes import CITIES, CLOCK, NETWORK, FakeWork, provider


@pytest.fixture
def search() -> SearchProviders:
    return SearchProviders(FakeWork([provider(f"IL{number}") for number in range(5)]), CLOCK, CITIES)


def test_pages_go_on_where_the_last_one_ended(search: SearchProviders) -> None:
    seen, after = [], None
    while True:
        found = search(NETWORK, "60601", ProviderFilter(), size=2, after=after)
        seen += [nearby.provider.pcp_id for nearby in found.providers]
        after = found.following
        if after is None:
            break
    assert seen == ["IL0", "IL1", "IL2", "IL3", "IL4"]


@pytest.mark.parametrize(
    ("zip_code", "network", "field"),
    [
        ("99999", NETWORK, "zip"),
        ("60601", PlanNetwork("36096IL9999999", 2026), "plan_id"),
    ],
)
def test_an_unusable_search_is_refused_at_its_field(
    search: SearchProviders, zip_code: str, network: PlanNetwork, field: str
) -> None:
    with pytest.raises(InvalidInput) as refused:
        search(network, zip_code, ProviderFilter(), 50)
    assert [problem.field for problem in refused.value.problems] == [field]
