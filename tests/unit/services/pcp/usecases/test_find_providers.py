import pytest

from chassis.kernel import InvalidInput, NotFound
from services.pcp.usecases.find_providers import FindProviders
from services.pcp.usecases.ports import Network, Wish
from tests.unit.services.pcp.fakes import NETWORK, FakeWork, provider


@pytest.fixture
def find() -> FindProviders:
    return FindProviders(FakeWork([provider(f"IL{number}") for number in range(5)]))


def test_pages_go_on_where_the_last_one_ended(find: FindProviders) -> None:
    seen, token = [], ""
    while True:
        found = find.search(NETWORK, "60601", Wish(), size=2, token=token)
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
def test_what_cannot_be_searched_is_said_with_its_field(
    find: FindProviders, zip_code: str, network: Network, size: int, token: str, field: str
) -> None:
    with pytest.raises(InvalidInput) as refused:
        find.search(network, zip_code, Wish(), size, token)
    assert [problem.field for problem in refused.value.problems] == [field]


def test_an_unknown_provider_is_not_found(find: FindProviders) -> None:
    assert find.get("IL1").pcp_id == "IL1"
    with pytest.raises(NotFound):
        find.get("IL77")
