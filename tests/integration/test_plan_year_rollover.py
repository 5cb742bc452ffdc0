"""What is chosen on 31 December begins in the next plan year and costs what that year's catalogue says."""

from collections.abc import Iterator
from contextlib import closing
from decimal import Decimal
from typing import Any

import pytest

from deploy.local.demo.api import Api, Refused
from deploy.local.suite import LocalSuite

# Starts a second suite, with a broker of its own.
pytestmark = pytest.mark.timeout(400)
EVE, NEXT_YEAR = "2026-12-31", "2027-01-01"
PERSON = {
    "relationship": "self",
    "first_name": "Eve",
    "last_name": "Sample",
    "date_of_birth": "1987-06-14",
    "sex": "female",
    "tobacco_use": False,
}


@pytest.fixture
def api(new_years_eve: LocalSuite) -> Iterator[Api]:
    with closing(Api(new_years_eve.ports.portal_url)) as client:
        client.sign_in("producer@example.com", "demo")
        yield client


class Draft:
    """An application of a producer in Illinois."""

    def __init__(self, api: Api, writing_number: str) -> None:
        self._api = api
        self.app: dict[str, Any] = api.post("/applications", {"writing_number": writing_number})
        self.path = f"/applications/{self.app['record_number']}"

    def save(self, step: str, **body: Any) -> None:
        self.app = self._api.put(f"{self.path}/steps/{step}", body, self.app["version"])

    def calculate(self, day: str = "") -> None:
        body = {"effective_date": day} if day else {}
        self.app = self._api.post_on(f"{self.path}/effective-date", body, self.app["version"])

    @property
    def premium(self) -> Decimal:
        return Decimal(self.app["header"]["monthly_premium"])


@pytest.fixture
def draft(api: Api) -> Draft:
    rows = api.get("/producers")["producers"]
    found = Draft(api, next(row["writing_number"] for row in rows if row["state"] == "IL"))
    address = {"street": "200 E Randolph St", "city": "Chicago", "state": "IL", "zip": "60601", "county_fips": "17031"}
    found.save("household", form_type="medical_dental", people=[PERSON], home_address=address)
    return found


def test_an_event_on_31_december_begins_in_the_next_plan_year_and_is_priced_anew(api: Api, draft: Draft) -> None:
    draft.save("general", special_enrollment=True, life_events=[{"kind": "birth", "date": EVE}])
    offered = api.get(f"{draft.path}/effective-dates")["options"]
    assert [option["effective_date"] for option in offered] == [EVE, NEXT_YEAR]
    draft.calculate()
    draft.save("plans", medical_plan_id=_plan(api, EVE))
    assert (draft.app["effective_date"], draft.premium) == (EVE, _price(api, EVE))

    draft.calculate(NEXT_YEAR)

    assert draft.app["effective_date"] == draft.app["header"]["effective_date"] == NEXT_YEAR
    assert draft.app["effective_date_basis"]["rule"] == "birth@2027.1"
    assert draft.premium == _price(api, NEXT_YEAR) != _price(api, EVE)


@pytest.mark.parametrize("event", ["marriage", "loss_of_coverage", "permanent_move", "new_hra_offer"])
def test_coverage_selected_on_31_december_begins_on_1_january(api: Api, draft: Draft, event: str) -> None:
    draft.save("general", special_enrollment=True, life_events=[{"kind": event, "date": EVE}])
    draft.calculate()
    assert draft.app["effective_date"] == NEXT_YEAR


def test_the_last_day_of_open_enrollment_is_open_and_gives_1_january(api: Api, draft: Draft) -> None:
    rules = api.get("/enrollment-rules", state="IL")
    assert (rules["rule_pack"], rules["special_enrollment_locked"]) == ("2027.1", False)
    assert rules["open_enrollment"]["last_day"] == EVE
    draft.save("general", special_enrollment=False)
    assert draft.app["effective_date"] == NEXT_YEAR
    assert draft.app["effective_date_basis"]["rule"] == "open_enrollment@2027.1"


def test_special_enrollment_is_locked_where_open_enrollment_has_closed(api: Api) -> None:
    rules = api.get("/enrollment-rules", state="TX")
    assert rules["special_enrollment_locked"] is True
    with pytest.raises(Refused) as refused:
        api.get("/enrollment-rules", state="CA")
    assert refused.value.problem["errors"][0]["field"] == "state"


def _plan(api: Api, day: str) -> str:
    return str(_cheapest(api, day)["plan_id"])


def _price(api: Api, day: str) -> Decimal:
    wanted = _plan(api, EVE)
    found = next(plan for plan in _search(api, day) if plan["plan_id"] == wanted)
    return Decimal(found["monthly_premium"])


def _cheapest(api: Api, day: str) -> Any:
    return _search(api, day)[0]


def _search(api: Api, day: str) -> Any:
    member = {key: PERSON[key] for key in ("relationship", "date_of_birth", "sex", "tobacco_use")}
    place = {"state": "IL", "zip": "60601", "county_fips": "17031", "effective_date": day}
    search = {**place, "coverage": "medical", "exchange": "off", "members": [member], "page": {"size": 200}}
    return api.post("/plan-searches", search)["plans"]
