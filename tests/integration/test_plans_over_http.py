"""Plan lists, plan pages and comparisons over HTTP against the real suite."""

from typing import Any

import pytest

from deploy.local.demo.api import Api, Refused

# The first test to ask for the suite waits for its start.
pytestmark = pytest.mark.timeout(300)
ADULT = {"relationship": "self", "date_of_birth": "1987-06-14"}
# Plan year 2014 is as filed and never changes.
COOK = {"zip": "60601", "county_fips": "17031", "effective_date": "2014-06-01", "members": [ADULT]}
SEARCH = {**COOK, "coverage": "medical"}


def fields(refused: pytest.ExceptionInfo[Refused]) -> list[str]:
    return [error["field"] for error in refused.value.problem["errors"]]


def test_a_list_is_filtered_ordered_and_paged_by_the_service(api: Api) -> None:
    wanted = {**SEARCH, "metal_levels": ["Silver"], "sort": "deductible", "descending": True, "page": {"size": 2}}
    first = api.post("/plan-searches", wanted)
    rest = api.post("/plan-searches", {**wanted, "page": {"size": 200, "token": first["next_page_token"]}})
    plans = [*first["plans"], *rest["plans"]]
    assert len(plans) == first["total_count"] > 2 == len(first["plans"])
    deductibles = [float(plan["deductible"]) for plan in plans]
    assert deductibles == sorted(deductibles, reverse=True)
    counts = {facet["value"]: facet["count"] for facet in first["facets"]["metal_levels"]}
    assert counts["Silver"] == len(plans) and counts["Gold"] > 0


def test_a_filed_plan_shows_what_its_people_pay(api: Api) -> None:
    plan = api.get("/plans/36096IL0760003-01", plan_year=2014)
    assert (plan["catalogue"], plan["out_of_pocket_maximum"]) == ("cms_filed", "6000.00")
    assert {"benefit": "Specialist visit", "in_network": "$50"}.items() <= plan["detail"]["benefits"][1].items()
    assert [variant["plan_id"][-2:] for variant in plan["detail"]["variants"]] == ["04", "05", "06"]
    assert plan["detail"]["summary_of_benefits_url"].startswith("http")


def test_comparison_has_both_plans_and_marks_benefits_that_differ(api: Api) -> None:
    ids = ["36096IL0760001-01", "36096IL0760003-01"]
    compared = api.post("/plan-comparisons", {**COOK, "plan_ids": ids})
    assert [plan["plan_id"] for plan in compared["plans"]] == ids
    assert all(float(plan["monthly_premium"]) > 0 and plan["members"] for plan in compared["plans"])
    rows = {row["benefit"]: (row["in_network"], row["differs"]) for row in compared["benefits"]}
    assert rows["Emergency room"] == (["$400", "$500"], True)


@pytest.mark.parametrize(
    ("path", "body", "field"),
    [
        ("/plan-comparisons", {**COOK, "plan_ids": ["36096IL0760001-01", "33602TX0420001-01"]}, "plan_ids[1]"),
        ("/plan-comparisons", {**COOK, "plan_ids": [f"36096IL076000{n}-01" for n in range(1, 6)]}, "plan_ids"),
        ("/plan-searches", {**SEARCH, "zip": "79922", "county_fips": "48141"}, "state"),
        ("/plan-searches", {**SEARCH, "premium_min": "500.00", "premium_max": "400.00"}, "premium_max"),
        ("/plan-searches", {**SEARCH, "sort": "colour"}, "sort"),
        ("/plan-searches", {**SEARCH, "page": {"size": 1000}}, "page.size"),
    ],
)
def test_a_value_that_no_list_has_is_refused_at_its_field(
    api: Api, path: str, body: dict[str, Any], field: str
) -> None:
    with pytest.raises(Refused) as refused:
        api.post(path, body)
    assert refused.value.status == 422 and field in fields(refused)


def test_a_zip_in_two_states_shows_the_counties_of_both(api: Api) -> None:
    counties = api.get("/counties", zip="79922")["counties"]
    assert {county["state"] for county in counties} == {"NM", "TX"}
    texas = {**SEARCH, "zip": "79922", "county_fips": "48141", "state": "TX"}
    assert api.post("/plan-searches", texas)["county"]["name"] == "El Paso County"
