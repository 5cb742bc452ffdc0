"""Premiums from the quote to the application's PDF, while an import changes a rate between the two."""

import io
from collections.abc import Callable, Iterable, Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from pypdf import PdfReader

from chassis.kernel import SystemClock, business_date
from deploy.local.demo.api import Api, Refused
from deploy.local.demo.journey import Journey
from deploy.local.suite import LocalSuite
from tests.integration.chassis.waiting import until
from tests.integration.filings import Row, changed_filing, rewrite

# The first test to ask for the suite waits for its start.
pytestmark = pytest.mark.timeout(300)
TODAY = business_date(SystemClock().now(), "IL")
SELECTION = {"medical_plan_id": "medical", "dental_plan_id": "dental"}


def a_dollar_dearer(component: str) -> Callable[[Path], None]:
    def dearer(rows: Iterable[Row]) -> Iterator[Row]:
        for row in rows:
            whole, cents = row["IndividualRate"].split(".")
            raised = f"{int(whole) + 1}.{cents}"
            yield row | ({"IndividualRate": raised} if row["PlanId"] == component else {})

    return lambda filing: rewrite(filing / "rates.csv", dearer)


def cents(amount: str) -> int:
    return int(amount.replace(".", "").replace(",", ""))


def changed(api: Api, path: str) -> dict[str, Any]:
    """The quote, as soon as the new catalogue is taken up; nothing before."""
    seen: dict[str, Any] = api.get(path)
    return seen if seen["premium_changed"] else {}


def proposal(api: Api, path: str) -> None:
    api.get_bytes(f"{path}/proposal.pdf")


def delivery(api: Api, path: str) -> None:
    api.post(f"{path}/deliveries", {"email": "somebody@example.com"})


def test_quote_keeps_its_premium_and_the_application_is_priced_by_the_new_filing(
    suite: LocalSuite, tmp_path: Path
) -> None:
    with closing(Api(suite.ports.portal_url)) as api:
        journey = Journey(api, TODAY)
        journey.sign_in()
        journey.save_quote()
        promised = journey.quote
        path = f"/quotes/{promised['quote_id']}"
        component = promised["medical"]["plan_id"][:14]
        with changed_filing(suite, tmp_path, journey.birth.year, a_dollar_dearer(component)):
            seen = until(lambda: changed(api, path))
            assert (seen["medical"], seen["monthly_premium"]) == (promised["medical"], promised["monthly_premium"])
            # four people, all of them charged
            change = seen["premium_changed"]
            assert change["old_monthly_premium"] == promised["monthly_premium"]
            assert cents(change["new_monthly_premium"]) == cents(promised["monthly_premium"]) + 400
            assert "Choose them again" in change["reason"]
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
        # the plan's own note says that it is made up, so a person's line does not say it again
        assert explanation and explanation.replace(": illustrative rate, made up.", ".") in text
