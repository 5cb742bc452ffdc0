"""Premiums from the quote to the application's PDF, while an import changes a rate between the two."""

import csv
import io
import shutil
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import pytest
from pypdf import PdfReader
from typer.testing import CliRunner

from chassis.db import Database
from chassis.kernel import SystemClock, business_date
from deploy.local.demo.api import Api, Refused
from deploy.local.demo.journey import Journey
from deploy.local.suite import LocalSuite
from services.quote.catalogue.sources import DATA, geography_source, shipped_filings
from services.quote.importing import app
from services.quote.store.shelf import shelves
from services.quote.usecases.load_catalogues import load_catalogues

# The first test to ask for the suite waits for its start.
pytestmark = pytest.mark.timeout(300)
TODAY = business_date(SystemClock().now(), "IL")
SELECTION = {"medical_plan_id": "medical", "dental_plan_id": "dental"}


@contextmanager
def a_dollar_dearer(suite: LocalSuite, folder: Path, component: str, plan_year: int) -> Iterator[None]:
    """The shipped catalogue is imported again with one plan's rates changed; afterwards as it was."""
    filing = Path(shutil.copytree(DATA / f"illustrative/{plan_year}", folder / str(plan_year)))
    raise_rates(filing / "rates.csv", component)
    with closing(Database(suite.databases["quote"])) as db:
        name = f"illustrative-{plan_year}"
        options = ["--plan-year", str(plan_year), "--illustrative", "--name", name]
        result = CliRunner().invoke(app, ["puf", str(filing), *options], obj=db)
        assert result.exit_code == 0, result.output
        try:
            yield
        finally:
            geography = geography_source()
            list(load_catalogues(lambda: shelves(db), geography, shipped_filings(geography)))


def raise_rates(path: Path, component: str) -> None:
    with path.open(newline="") as file:
        rows = list(csv.DictReader(file))
    for row in rows:
        if row["PlanId"] == component:
            whole, cents = row["IndividualRate"].split(".")
            row["IndividualRate"] = f"{int(whole) + 1}.{cents}"
    with path.open("w", newline="") as file:
        writer = csv.DictWriter(file, rows[0])
        writer.writeheader()
        writer.writerows(rows)


def cents(amount: str) -> int:
    return int(amount.replace(".", "").replace(",", ""))


def proposal(api: Api, path: str) -> None:
    api.get_bytes(f"{path}/proposal.pdf")


def delivery(api: Api, path: str) -> None:
    api.post(f"{path}/deliveries", {"email": "somebody@example.com"})


def test_a_quote_shows_what_was_promised_and_the_application_costs_what_is_filed_now(
    suite: LocalSuite, tmp_path: Path
) -> None:
    with closing(Api(suite.ports.portal_url)) as api:
        journey = Journey(api, TODAY)
        journey.sign_in()
        journey.save_quote()
        promised = journey.quote
        path = f"/quotes/{promised['quote_id']}"
        component = promised["medical"]["plan_id"][:14]
        with a_dollar_dearer(suite, tmp_path, component, journey.birth.year):
            seen = api.get(path)
            assert (seen["medical"], seen["monthly_premium"]) == (promised["medical"], promised["monthly_premium"])
            # four people, all of them charged
            change = seen["premium_changed"]
            assert change["old_monthly_premium"] == promised["monthly_premium"]
            assert cents(change["new_monthly_premium"]) == cents(promised["monthly_premium"]) + 400
            assert "choose them again" in change["reason"]
            for make in (proposal, delivery):
                with pytest.raises(Refused) as refused:
                    make(api, path)
                assert (refused.value.status, refused.value.problem["code"]) == (409, "premium_changed")

            for stage in (journey.start, journey.explain_dates, journey.fill_household, journey.choose_plans):
                stage()
            journey.sign()
            journey.submit()
            printed = PdfReader(io.BytesIO(journey.fetch_pdf()))
            text = " ".join(" ".join(page.extract_text() for page in printed.pages).split())

            selection = {name: promised[kind]["plan_id"] for name, kind in SELECTION.items()}
            again = api.put(f"{path}/selection", selection, seen["version"])
            assert again["monthly_premium"] == change["new_monthly_premium"]
            assert again["premium_changed"] is None

    lines = {line["coverage"]: line for line in journey.application["plan_lines"]}
    assert cents(lines["medical"]["monthly_premium"]) == cents(promised["medical"]["monthly_premium"]) + 400
    explained = [member["explanation"] for line in lines.values() for member in line["members"]]
    assert len(explained) == 8
    assert "on the effective date, rating area 1: illustrative rate, made up." in explained[0]
    for explanation in explained:
        assert explanation and explanation in text
