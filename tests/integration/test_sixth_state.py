"""A sixth state is data and rule parts alone: Wyoming is quoted, enrolled, submitted, paid and printed.

What it needs lies in ``wyoming`` (made up, see its SOURCE.md), and goes in by the steps of docs/how-to/add-a-state.md.
"""

from __future__ import annotations

import io
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from pypdf import PdfReader

from chassis.settings import MARKETS
from deploy.local.demo.api import Api, Refused
from deploy.local.demo.journey import Journey
from deploy.local.servers import Server
from deploy.local.suite import LocalSuite
from tests.integration.conftest import Servers, a_broker, signed_in, started
from tests.rule_parts import later_part, newest_part

pytestmark = pytest.mark.timeout(300)
WYOMING = Path(__file__).parent / "wyoming"
TODAY = date(2026, 12, 5)
# The demo gives its producer one in every served state.
NUMBER = "923250001"
PLAN = "99999WY9900001-00"
HOME = {"state": "WY", "zip": "82001", "county_fips": "56021"}
MEMBER = {"relationship": "self", "date_of_birth": "1987-06-14", "sex": "female", "tobacco_use": False}


@pytest.fixture(scope="module")
def wyoming(sql_server: Server, tmp_path_factory: pytest.TempPathFactory) -> Iterator[LocalSuite]:
    """A suite with a sixth state, in its first open enrollment."""
    folder = tmp_path_factory.mktemp("wyoming")
    with a_broker(tmp_path_factory) as broker:
        env = settings(folder)
        with started(folder / "state", Servers(broker.url, sql_server.url), **env) as suite:
            import_filing(suite, env)
            yield suite


@pytest.fixture(scope="module")
def api(wyoming: LocalSuite) -> Iterator[Api]:
    with signed_in(wyoming, "producer@example.com") as client:
        yield client


def settings(folder: Path) -> dict[str, str]:
    """The registry with one more state, and the newest part of the rules with its windows."""
    (folder / "state").mkdir()
    shutil.copytree(WYOMING / "data", folder / "wyoming")
    markets = folder / "markets.yaml"
    markets.write_text(MARKETS.read_text() + (WYOMING / "state.yaml").read_text() + "    data: wyoming\n")
    shipped = newest_part("open_enrollment").read_text()
    windows = (WYOMING / "open_enrollment.yaml").read_text()
    part = folder / "rules/parts" / f"{later_part('open_enrollment')}.yaml"
    part.parent.mkdir(parents=True)
    part.write_text(shipped.replace("open_enrollment:\n", f"open_enrollment:\n{windows}", 1))
    return {
        "SUITE_TODAY": TODAY.isoformat(),
        "SUITE_MARKETS": str(markets),
        "ENROLLMENT_RULES_FOLDER": str(part.parents[1]),
        "PCP_DIRECTORY": str(WYOMING / "directory/cms-data-index.json"),
    }


def import_filing(suite: LocalSuite, env: dict[str, str]) -> None:
    env = {**os.environ, **env, "SUITE_ENV": "test", "QUOTE_DATABASE_URL": suite.databases["quote"]}
    command = [sys.executable, "-m", "services.quote", "import", "puf", str(WYOMING / "filing")]
    options = ["--plan-year", "2027", "--name", "wyoming-2027"]
    done = subprocess.run([*command, *options], env=env, capture_output=True, text=True, timeout=100, check=False)
    assert done.returncode == 0, done.stderr


def test_sixth_state_is_quoted_enrolled_submitted_paid_and_printed(api: Api, wyoming: LocalSuite) -> None:
    quote = api.post("/quotes", {"writing_number": NUMBER, **HOME, "effective_date": "2027-01-01", "members": [MEMBER]})
    quote = api.put(f"/quotes/{quote['quote_id']}/selection", {"medical_plan_id": PLAN}, quote["version"])
    # 39 on the effective date, rating area 1, as filed
    assert quote["monthly_premium"] == "555.63"

    journey = Journey(api, TODAY, quote=quote)
    journey.start()
    path = f"/applications/{journey.record_number}"

    def save(step: str, body: dict[str, Any]) -> None:
        journey.application = api.put(f"{path}/steps/{step}", body, journey.application["version"])

    save("general", {"special_enrollment": False})
    journey.application = api.post_on(f"{path}/effective-date", {}, journey.application["version"])
    assert journey.application["effective_date"] == "2027-01-01"
    found = api.post("/address-searches", {"text": "2300 Capitol Ave, Chey", "state": "WY"})["suggestions"]
    assert [one["address"]["zip"] for one in found] == ["82001"]
    save(
        "household",
        {
            "form_type": "medical_dental",
            "authorization": "paper",
            "people": [{**MEMBER, "first_name": "Wynona", "last_name": "Sample"}],
            "home_address": {"street": "2300 Capitol Ave", "city": "Cheyenne", **HOME},
            "contact": {"phone": "307-555-0142", "phone_type": "mobile"},
        },
    )
    providers = api.get("/providers", plan_id=PLAN, plan_year="2027", zip="82001")["providers"]
    assert [one["pcp_id"] for one in providers] == ["WY000001"]
    choices = [{"member_index": 0, "pcp_id": "WY000001"}]
    save("plans", {"medical_plan_id": PLAN, "pediatric_dental_attested": False, "pcp_choices": choices})
    save("other-coverage", {"replaces_coverage": False, "has_other_coverage": False})
    save("signatures", {"payment_choice": "pay_now"})
    journey.submit()
    journey.pay()

    printed = "".join(page.extract_text() for page in PdfReader(io.BytesIO(journey.fetch_pdf())).pages)
    assert "Made-Up Health of Wyoming" in printed
    assert "WY000001" in printed
    assert "MST" in printed, "the hour of submission is Mountain time"


def test_state_before_its_first_plan_year_is_refused_with_a_plain_sentence(api: Api) -> None:
    body = {"writing_number": NUMBER, **HOME, "effective_date": "2026-12-15", "members": [MEMBER]}
    with pytest.raises(Refused) as refused:
        api.post("/quotes", body)
    said = refused.value.problem["errors"]
    assert [error["field"] for error in said] == ["effective_date"]
    assert said[0]["message"] == "Wyoming is served from plan year 2027 on. Choose a date in that year or later."


def test_pages_and_sentences_name_the_sixth_state(api: Api) -> None:
    rules = api.get("/enrollment-rules", state="WY")
    assert (rules["state"], rules["plan_year"], rules["exchange"]["name"]) == ("WY", 2027, "HealthCare.gov")
    with pytest.raises(Refused) as refused:
        api.get("/counties", zip="10001", plan_year="2027")
    assert "Oklahoma, Texas or Wyoming" in refused.value.problem["errors"][0]["message"]
    with pytest.raises(Refused) as other:
        api.get("/enrollment-rules", state="CA")
    assert "IL, MT, NM, OK, TX, WY" in other.value.problem["errors"][0]["message"]
