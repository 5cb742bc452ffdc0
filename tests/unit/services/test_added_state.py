"""What a state that is added to the market registry asks of rules and quotes, and what refuses it until it is whole."""

import shutil
from collections.abc import Iterator
from contextlib import nullcontext
from dataclasses import replace
from datetime import date
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from chassis.kernel import FixedClock, InvalidInput, get_markets, install_markets, must_be_served_in
from chassis.kernel.market import Carrier, CatalogSource, ExchangeTarget, Market, MarketExchange
from services.enrollment.domain.effective_dates import DateRefusalReason, effective_dates
from services.enrollment.domain.rule_pack import Circumstances
from services.enrollment.domain.steps import GeneralStep, LifeEvent, Producer
from services.enrollment.rulebook import PACKS, BadRulePack, Rulebook, read_rule_pack
from services.enrollment.usecases.application_service import ApplicationService
from services.enrollment.usecases.read_rules import ReadRules
from services.enrollment.usecases.start_application import make_blank_application
from services.quote.catalogue.age_curves import curves_of
from services.quote.catalogue.puf import read_public_use_files
from services.quote.catalogue.sources import geography_source, shipped_filings
from services.quote.domain.filing import FilingRefused
from services.quote.domain.plan import CatalogueKind
from tests.rule_parts import later_part, newest_part
from tests.unit.services.enrollment.store_fakes import FakeWork

WYOMING = Path(__file__).parents[2] / "integration" / "wyoming"


@pytest.fixture(autouse=True)
def wyoming() -> Iterator[Market]:
    """A sixth state from 2027 on, with a geography of its own."""
    before = get_markets()
    exchange = MarketExchange(2014, ExchangeTarget.ISP, "HealthCare.gov", "https://www.healthcare.gov")
    market = Market(
        state="WY",
        name="Wyoming",
        zone=ZoneInfo("America/Denver"),
        carrier=Carrier("99999", "Made-Up Health of Wyoming", "#5a3d1e"),
        first_plan_year=2027,
        exchanges=(exchange,),
        catalog=CatalogSource.FILED,
        data=WYOMING / "data",
    )
    install_markets(replace(before, by_state={**before.by_state, "WY": market}))
    yield market
    install_markets(before)


@pytest.fixture
def laid_over(tmp_path: Path) -> Path:
    """The operator's newest part: the shipped windows, and Wyoming's."""
    shipped = newest_part("open_enrollment").read_text()
    windows = (WYOMING / "open_enrollment.yaml").read_text()
    part = tmp_path / "parts" / f"{later_part('open_enrollment')}.yaml"
    part.parent.mkdir()
    part.write_text(shipped.replace("open_enrollment:\n", f"open_enrollment:\n{windows}", 1))
    return tmp_path


@pytest.mark.parametrize("year", [2022, 2023, 2024, 2025, 2026])
def test_released_pack_before_the_first_plan_year_stays_valid(year: int) -> None:
    assert read_rule_pack(PACKS / f"{year}.yaml").plan_year == year


@pytest.mark.parametrize("year", [2027, 2028])
def test_pack_that_misses_a_state_of_its_plan_year_is_refused(year: int) -> None:
    with pytest.raises(BadRulePack, match=r"open_enrollment of the plan year: nothing on WY"):
        read_rule_pack(PACKS / f"{year}.yaml")


def test_newer_part_makes_all_packs_whole_and_the_registry_gives_the_exchange(laid_over: Path) -> None:
    pack = Rulebook(laid_over=laid_over).version("2027.1")
    assert pack.exchange("WY").name == "HealthCare.gov"
    assert pack.exchange("IL").name == "Get Covered Illinois"


def test_pack_that_names_another_exchange_than_the_registry_is_refused(laid_over: Path) -> None:
    part = laid_over / "parts" / f"{later_part('open_enrollment')}.yaml"
    line = "  - {state: WY, from_plan_year: 2027, target: SBE, name: Exchange of Wyoming}\n"
    part.write_text(part.read_text().replace("exchanges:\n", f"exchanges:\n{line}", 1))
    with pytest.raises(BadRulePack, match=r"WY has Exchange of Wyoming \(SBE\) in 2027, but the market registry has"):
        read_rule_pack(PACKS / "2027.yaml", laid_over)


def test_year_before_the_first_plan_year_is_refused_with_a_plain_sentence() -> None:
    must_be_served_in("WY", 2027, "effective_date", "Choose a date in that year or later.")
    with pytest.raises(InvalidInput) as refused:
        must_be_served_in("WY", 2026, "effective_date", "Choose a date in that year or later.")
    assert [(one.field, one.message) for one in refused.value.problems] == [
        ("effective_date", "Wyoming is served from plan year 2027 on. Choose a date in that year or later.")
    ]


def test_date_before_the_first_plan_year_is_not_offered_and_says_why(laid_over: Path) -> None:
    """A birth in the December before: coverage from the birth on would begin too early, from January on it may."""
    today = date(2026, 12, 20)
    step = GeneralStep(special_enrollment=True, life_events=(LifeEvent("birth", date(2026, 12, 10)),))
    circumstances = Circumstances(today, Rulebook(laid_over=laid_over).on(today))
    found = effective_dates(step, "WY", circumstances)
    assert [str(one.effective_date) for one in found.options] == ["2027-01-01"]
    [refused] = found.refused
    assert (refused.reason, refused.field) == (DateRefusalReason.NOT_OFFERED, "life_events[0].kind")
    assert refused.explanation == "Coverage would begin on 12/10/2026. Wyoming is served from plan year 2027 on."
    served_before = [str(one.effective_date) for one in effective_dates(step, "TX", circumstances).options]
    assert served_before == ["2026-12-10", "2027-01-01"]


@pytest.mark.parametrize(("day", "refused"), [("2026-10-31", True), ("2026-11-01", False)])
def test_rules_and_applications_begin_with_the_pack_of_the_first_plan_year(
    laid_over: Path, day: str, refused: bool
) -> None:
    service = ApplicationService(FakeWork(), FixedClock.at(day), Rulebook(laid_over=laid_over), "")
    producer = Producer("770001234", "FRITZ, CALVIN C", "FRITZ, CALVIN C", "WY")

    def start() -> object:
        with service.transactions() as work:
            return make_blank_application(service, work, producer)

    for act, field in ((lambda: ReadRules(service)("WY", ""), "state"), (start, "writing_number")):
        with pytest.raises(InvalidInput) if refused else nullcontext() as caught:
            act()
        if caught:
            [problem] = caught.value.problems
            assert (problem.field, caught.value.code) == (field, "not_yet_served")


def test_writing_number_of_a_state_that_is_not_served_starts_nothing() -> None:
    service = ApplicationService(FakeWork(), FixedClock.at("2026-05-20"), Rulebook(), "")
    with service.transactions() as work, pytest.raises(InvalidInput, match="IL, MT, NM, OK, TX, WY") as refused:
        make_blank_application(service, work, Producer("770001234", "FRITZ, CALVIN C", "FRITZ, CALVIN C", "UT"))
    assert [problem.field for problem in refused.value.problems] == ["writing_number"]


def test_made_up_plans_are_not_taken_where_filed_ones_are_sold() -> None:
    geography = geography_source().read()
    with pytest.raises(FilingRefused, match="WY sells filed plans; import its filing without --illustrative"):
        read_public_use_files(WYOMING / "filing", 2027, CatalogueKind.ILLUSTRATIVE, geography.fips_by_state())
    filed = read_public_use_files(WYOMING / "filing", 2027, CatalogueKind.CMS_FILED, geography.fips_by_state())
    assert {plan.state for plan in filed.plans} == {"WY"}


def sell_filed_plans(*states: str) -> None:
    served = get_markets().by_state
    filed = {state: replace(served[state], catalog=CatalogSource.FILED) for state in states}
    install_markets(replace(get_markets(), by_state={**served, **filed}))


def test_made_up_plans_of_a_state_go_with_the_next_seed_once_it_sells_filed_ones() -> None:
    _, before, *_ = shipped_filings(geography_source())
    sell_filed_plans("TX")
    unchanged, after, *_ = shipped_filings(geography_source())
    assert after.digest != before.digest
    assert {plan.state for plan in after.read().plans} == {"IL", "MT", "NM", "OK"}
    assert "TX" in {plan.state for plan in unchanged.read().plans}


def test_shipped_made_up_plans_are_empty_where_every_state_sells_filed_ones() -> None:
    sell_filed_plans(*get_markets().states)
    landscape, *made_up = shipped_filings(geography_source())
    assert landscape.read().plans and [one.read().plans for one in made_up] == [(), ()]


def test_every_shipped_filing_is_empty_where_other_states_alone_are_served(wyoming: Market) -> None:
    install_markets(replace(get_markets(), by_state={"WY": wyoming}, home=wyoming))
    assert [one.read().plans for one in shipped_filings(geography_source())] == [(), (), ()]


@pytest.mark.parametrize("needed", [True, False])
def test_disclosure_of_a_plan_that_its_filing_leaves_open_is_the_registrys(
    wyoming: Market, tmp_path: Path, needed: bool
) -> None:
    folder = Path(shutil.copytree(WYOMING / "filing", tmp_path / "filing"))
    plans = (folder / "plan_attributes.csv").read_text()
    (folder / "plan_attributes.csv").write_text(plans.replace(",No,No,", ",,No,"))
    served = {**get_markets().by_state, "WY": replace(wyoming, consumer_choice_plans=needed)}
    install_markets(replace(get_markets(), by_state=served))
    filing = read_public_use_files(folder, 2027, CatalogueKind.CMS_FILED, geography_source().read().fips_by_state())
    assert {plan.consumer_choice_disclosure for plan in filing.plans} == {needed}


def test_geography_of_the_markets_folder_is_read_beside_the_shipped_one() -> None:
    files = geography_source().read()
    assert {county.state for county in files.counties} == {"IL", "MT", "NM", "OK", "TX", "WY"}
    assert ("82001", "56021") in files.zips


def test_shipped_geography_of_a_state_that_is_not_served_is_left_out() -> None:
    served = {state: one for state, one in get_markets().by_state.items() if state != "TX"}
    install_markets(replace(get_markets(), by_state=served))
    assert "TX" not in {county.state for county in geography_source().read().counties}


def test_state_without_a_curve_of_its_own_has_the_federal_one() -> None:
    for year in (2017, 2027):
        assert curves_of(year)["WY"] == curves_of(year)["IL"]
