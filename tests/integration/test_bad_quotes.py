"""Plans and people that cannot be, over HTTP against the real suite: a typed answer, and nothing written."""

from typing import Any

import pytest

from chassis.kernel import SystemClock, business_date
from deploy.local.demo.api import Api, Refused

# The first test to ask for the suite waits for its start.
pytestmark = pytest.mark.timeout(300)
TODAY = business_date(SystemClock().now(), "IL")
ADULT = {"relationship": "self", "date_of_birth": "1987-06-14", "sex": "female", "tobacco_use": False}
CHILD = {**ADULT, "relationship": "child", "date_of_birth": "2015-01-01"}
SPRINGFIELD = {"state": "IL", "zip": "62701", "county_fips": "17167"}
QUOTE = {"writing_number": "220002580", **SPRINGFIELD, "effective_date": TODAY.isoformat(), "members": [ADULT]}
# Sold around Chicago alone; sold in 2014 alone.
HMO_OF_CHICAGO, PLAN_OF_2014 = "36096IL9900001-00", "36096IL0760001-01"


@pytest.fixture(scope="module")
def quote(api: Api) -> dict[str, Any]:
    """A quote in Springfield with a medical plan chosen."""
    made = api.post("/quotes", QUOTE)
    plans = search(api)["plans"]
    saved: dict[str, Any] = api.put(f"/quotes/{made['quote_id']}/selection", medical(plans[0]), made["version"])
    return saved


def search(api: Api, **changes: Any) -> Any:
    asked = {name: QUOTE[name] for name in (*SPRINGFIELD, "effective_date", "members")}
    return api.post("/plan-searches", {**asked, "coverage": "medical", "exchange": "off", **changes})


def medical(plan: dict[str, Any]) -> dict[str, str]:
    return {"medical_plan_id": plan["plan_id"]}


def refusal(call: Any, *arguments: Any, **query: Any) -> tuple[int, list[tuple[str, str]]]:
    """Status, and field and sentence of each problem."""
    with pytest.raises(Refused) as refused:
        call(*arguments, **query)
    problem = refused.value.problem
    assert problem["detail"] and "Traceback" not in str(problem)
    return refused.value.status, [(error["field"], error["message"]) for error in problem.get("errors") or ()]


@pytest.mark.parametrize(
    ("plans", "field", "words"),
    [
        ({"medical_plan_id": "36096IL0000000-00"}, "medical_plan_id", "not offered in this plan year"),
        ({"medical_plan_id": PLAN_OF_2014}, "medical_plan_id", "not offered in this plan year"),
        ({"medical_plan_id": HMO_OF_CHICAGO}, "medical_plan_id", "not sold in that county"),
        ({"dental_plan_id": HMO_OF_CHICAGO}, "dental_plan_id", "not sold in that county"),
        ({"medical_plan_id": "no id at all"}, "medical_plan_id", "Enter the plan ID"),
        ({}, "medical_plan_id", "Choose a medical plan, a dental plan or both"),
    ],
)
def test_selecting_a_plan_that_is_not_for_sale_is_rejected_and_keeps_the_selection(
    api: Api, quote: dict[str, Any], plans: dict[str, str], field: str, words: str
) -> None:
    path = f"/quotes/{quote['quote_id']}"
    status, [(where, why)] = refusal(api.put, f"{path}/selection", plans, quote["version"])
    assert (status, where) == (422, field)
    assert words in why
    assert api.get(path) == quote


def test_comparison_names_the_plan_that_is_not_for_sale(api: Api) -> None:
    good = search(api)["plans"][0]["plan_id"]
    asked = {name: QUOTE[name] for name in (*SPRINGFIELD, "effective_date", "members")}
    for bad in ("36096IL0000000-00", PLAN_OF_2014, HMO_OF_CHICAGO):
        status, [(where, _)] = refusal(api.post, "/plan-comparisons", {**asked, "plan_ids": [good, bad]})
        assert (status, where) == (422, "plan_ids[1]")


def test_a_plan_has_no_page_in_another_year(api: Api) -> None:
    assert api.get(f"/plans/{PLAN_OF_2014}", plan_year=2014)["plan_id"] == PLAN_OF_2014
    assert refusal(api.get, f"/plans/{PLAN_OF_2014}", plan_year=2026)[0] == 404


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"members": [ADULT, *[CHILD] * 20]}, "members"),
        (
            {"members": [ADULT, {**ADULT, "relationship": "spouse"}, {**ADULT, "relationship": "spouse"}]},
            "members[2].relationship",
        ),
        (
            {"members": [ADULT, {**ADULT, "relationship": "other_dependent", "date_of_birth": "1906-01-01"}]},
            "members[1].date_of_birth",
        ),
        ({"effective_date": "2024-06-01"}, "effective_date"),
        ({"effective_date": "2099-01-01"}, "effective_date"),
        ({"county_fips": "17031"}, "county_fips"),
        # Quotes ask for no income: rates may not depend on it. What is not asked for is not taken.
        ({"household_income": -1}, "household_income"),
        ({"members": [{**ADULT, "annual_income": "-1.00"}]}, "members[0].annual_income"),
    ],
)
def test_invalid_quote_is_rejected_at_its_field_and_not_saved(
    api: Api, quote: dict[str, Any], changes: dict[str, Any], field: str
) -> None:
    before = api.get("/quotes", page_size=1)["quotes"]
    for call, path in ((api.post, "/quotes"), (lambda _, body: search(api, **changes), "/plan-searches")):
        status, problems = refusal(call, path, {**QUOTE, **changes})
        assert status == 422
        assert field in [where for where, _ in problems]
    assert api.get("/quotes", page_size=1)["quotes"] == before


def test_child_has_no_tobacco_rate_and_the_premium_line_says_so(api: Api) -> None:
    texas = {"state": "TX", "zip": "75201", "county_fips": "48113"}
    smokers = [{**ADULT, "tobacco_use": True}, {**CHILD, "tobacco_use": True}]
    adult, child = search(api, **texas, members=smokers)["plans"][0]["members"]
    assert adult["tobacco_rated"] and adult["explanation"].endswith("Tobacco rate.")
    assert not child["tobacco_rated"]
    assert child["explanation"].endswith("Tobacco use is not rated below the lawful age.")
