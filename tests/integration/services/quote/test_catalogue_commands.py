"""``python -m services.quote catalogue`` on PostgreSQL: what is loaded, and taking it out."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace
from typing import cast

import pytest
from typer.testing import CliRunner

from chassis.db import Database, PostgresTransactions
from chassis.kernel import get_markets
from chassis.service import Runtime
from services.quote.catalogue import sources
from services.quote.commands.manage_catalogues import app
from services.quote.commands.seed import seed
from services.quote.domain.quote import QuoteStatus
from services.quote.store.catalogue import CatalogueRepository
from services.quote.store.work import UnitOfWork
from services.quote.usecases.create_quote import CreateQuote
from services.quote.usecases.get_quote import GetQuote
from services.quote.usecases.select_plans import PlanChoice, SelectPlans
from tests.integration.services.quote.samples import (
    CLOCK,
    DENTAL,
    HMO,
    ILLUSTRATIVE_2026,
    OWNER,
    count,
    load,
    new,
)

NAME = "illustrative-2026"


@pytest.fixture
def quote_id(create: CreateQuote, choose: SelectPlans) -> str:
    made = create(new())
    return choose(PlanChoice(made.quote.quote_id, HMO, DENTAL, 1), OWNER).quote.quote_id


def run(db: Database, *arguments: str, answer: str = "") -> tuple[int, str]:
    result = CliRunner().invoke(app, arguments, obj=SimpleNamespace(database=db), input=answer)
    return result.exit_code, " ".join(result.output.split())


def test_the_list_names_each_catalogue_in_force(seeded: Database) -> None:
    code, said = run(seeded, "list")
    assert code == 0 and NAME in said and "2026" in said and "geography" in said


def test_a_catalogue_shows_its_plans_rates_and_the_quotes_on_it(seeded: Database, quote_id: str) -> None:
    code, said = run(seeded, "show", NAME)
    assert code == 0
    assert "IL medical (illustrative): " in said and "76 plans, 8,688 rates by age, 0 family rates" in said
    assert "chosen in 1 saved quotes that have not expired" in said


def test_removing_says_what_goes_and_does_nothing_without_a_yes(seeded: Database, quote_id: str) -> None:
    code, said = run(seeded, "remove", NAME, answer="n\n")
    assert code == 1 and "76 plans" in said and "ask the producer to choose again" in said and "loads it again" in said
    assert run(seeded, "remove", NAME)[0] == 1  # nobody there to answer
    assert CatalogueRepository(seeded).current().plan_years == {2026}


def test_a_removed_catalogue_is_offered_no_more_and_its_quotes_ask_to_choose_again(
    seeded: Database, transactions: PostgresTransactions[UnitOfWork], quote_id: str
) -> None:
    code, said = run(seeded, "remove", NAME, "--yes")
    assert code == 0 and f"{NAME} is removed" in said
    assert CatalogueRepository(seeded).current().plan_years == set()
    seen = GetQuote(CatalogueRepository(seeded), transactions, CLOCK)(quote_id, OWNER)
    assert (seen.status, seen.choice.plans) == (QuoteStatus.OPEN, ())
    assert seen.changed and seen.changed.new is None and seen.changed.old.cents > 0
    assert NAME not in run(seeded, "list")[1]


def test_a_removed_catalogue_can_be_loaded_again(seeded: Database) -> None:
    run(seeded, "remove", NAME, "--yes")
    assert load(seeded, ILLUSTRATIVE_2026) == [True, False]
    assert CatalogueRepository(seeded).current().plan_years == {2026}


def test_the_geography_cannot_be_removed(seeded: Database) -> None:
    code, said = run(seeded, "remove", "geography", "--yes")
    assert code == 1 and "it has to stay" in said
    assert count(seeded, "zip_county") > 0 and "geography" in run(seeded, "list")[1]


@pytest.mark.parametrize("command", [("show", "filing"), ("remove", "filing", "--yes")])
def test_an_unknown_name_says_which_there_are(seeded: Database, command: tuple[str, ...]) -> None:
    code, said = run(seeded, *command)
    assert code == 1 and f"there are: geography, {NAME}" in said


def test_a_seed_with_a_wrong_geography_ends_with_a_sentence_and_changes_nothing(
    seeded: Database, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    counties = "state,county_fips,county_name,rating_area_2014_2017,rating_area_2025\nIL,17031,Cook County,1,9\n"
    (tmp_path / "counties.csv").write_text(counties)
    (tmp_path / "zips.csv").write_text("zip,county_fips,county_name,state\n")
    markets = get_markets()
    changed = replace(markets, by_state={**markets.by_state, "IL": replace(markets["IL"], data=tmp_path)})
    monkeypatch.setattr(sources, "get_markets", lambda: changed)
    runtime = cast(Runtime, SimpleNamespace(database=seeded))
    with pytest.raises(
        SystemExit, match=r"The catalogues were not loaded.*\n.*counties.csv, line 2, column county_fips"
    ):
        seed(runtime)
    assert CatalogueRepository(seeded).current().plan_years == {2026}
