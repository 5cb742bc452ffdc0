"""Every address of the HTTP API that reads below a number or id, asked for one that there is not."""

from __future__ import annotations

import pytest

from deploy.local.demo.api import Api, Refused
from gateway.api.route_table import ROUTES

# Starting the suite takes half a minute on a busy machine.
pytestmark = pytest.mark.timeout(300)
# What some of them have to be told besides.
QUERIES = {
    "GetPlan": {"plan_year": "2026"},
    "SearchPlans": {"coverage": "medical"},
    "CheckPlanChange": {"medical_plan_id": "36096IL9900001-00"},
    "GetText": {"state": "IL"},
}
PATHS = [(route.path, QUERIES.get(route.rpc.name, {})) for route in ROUTES if route.verb == "GET" and "{" in route.path]
NUMBERS = {"record_number": "A-99999999", "plan_id": "99999IL9999999-00"}


class _Unknown(dict[str, str]):
    """Something that nothing is called, for each part of a path."""

    def __missing__(self, key: str) -> str:
        return "no-such-thing"


@pytest.mark.parametrize(("path", "query"), PATHS)
def test_what_is_not_there_is_404_below_it_too(api: Api, path: str, query: dict[str, str]) -> None:
    with pytest.raises(Refused) as refused:
        api.get(path.format_map(_Unknown(NUMBERS)), **query)
    assert refused.value.status == 404, path
