"""What a carrier's own file becomes when it is loaded, and what a search finds in it."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from chassis.db import PostgresTransactions
from services.pcp.directory.files import DirectoryUnreadable, ImportOptions, QhpDirectory
from services.pcp.domain.assignment import AssignmentDistances, PcpSelection
from services.pcp.domain.network import PlanNetwork
from services.pcp.domain.provider import Gender, NewPatients, Panel
from services.pcp.store.work import UnitOfWork
from services.pcp.usecases.assign_providers import AssignmentRequest, AssignProviders
from services.pcp.usecases.directory_port import LoadOutcome
from services.pcp.usecases.get_provider import GetProvider
from services.pcp.usecases.load_directory import LoadDirectory
from services.pcp.usecases.ports import ProviderFilter
from services.pcp.usecases.search_providers import SearchProviders
from tests.integration.services.pcp.conftest import CITIES, CLOCK
from tests.integration.services.pcp.directory_files import entry_of, load, other_directory

DALLAS, TEXAS = "75201", PlanNetwork.of_plan("33602TX9900001", 2026)
FAR = {"address": "9 Oak St", "city": "Houston", "state": "TX", "zip": "77002", "phone": ""}


def test_a_provider_is_found_once_at_the_nearest_office_and_all_offices_are_told(
    transactions: PostgresTransactions[UnitOfWork], tmp_path: Path
) -> None:
    two = entry_of(addresses=[FAR, entry_of()["addresses"][0]])
    load(transactions, tmp_path, json.dumps([two]))
    search = SearchProviders(transactions, CLOCK, CITIES)
    near, far = (search(TEXAS, zip_code, ProviderFilter(), 5) for zip_code in (DALLAS, "77002"))
    assert [(one.provider.office.city, one.tenth_miles) for one in near.providers] == [("Dallas", 0)]
    assert [(one.provider.office.city, one.tenth_miles) for one in far.providers] == [("Houston", 0)]
    assert near.count == far.count == 1
    assert [office.city for office in GetProvider(transactions)("1234567893").offices] == ["Houston", "Dallas"]


def test_entries_of_one_provider_become_one_and_each_office_keeps_its_plans_and_its_panel(
    transactions: PostgresTransactions[UnitOfWork], tmp_path: Path
) -> None:
    first = entry_of(accepting="not accepting", languages=["English", "Polish"], last_updated_on="2026-01-02")
    second = entry_of(
        addresses=[FAR],
        name={"first": "Martin", "middle": "Van", "last": "Nostrand"},
        specialty=["Pediatrics"],
        languages=["English", "Spanish"],
        gender="Female",
        last_updated_on="2025-06-01",
        plans=[{"plan_id": "33602TX9900002", "years": [2026]}],
    )
    load(transactions, tmp_path, json.dumps([first, second]))
    other = PlanNetwork.of_plan("33602TX9900002", 2026)
    with transactions() as work:
        one, two = (work.providers.find_member(network, "1234567893") for network in (TEXAS, other))
    assert one and two
    assert [(p.office.city, p.accepting) for p in (one, two)] == [("Dallas", False), ("Houston", True)]
    assert {(p.name, p.specialty, p.panel, p.gender) for p in (one, two)} == {
        ("Martin Nostrand", "Family Medicine, Pediatrics", Panel.ANY, Gender.FEMALE)
    }
    assert {p.languages for p in (one, two)} == {("English", "Polish", "Spanish")}
    assert {p.last_updated_on for p in (one, two)} == {date(2026, 1, 2)}


def test_one_pcp_id_for_two_people_takes_the_first_and_rejects_the_other(
    transactions: PostgresTransactions[UnitOfWork], tmp_path: Path
) -> None:
    other = entry_of(npi="1000000012", pcp_id="TX1", plans=[{"plan_id": "33602TX9900002", "years": [2026]}])
    files = other_directory(tmp_path, json.dumps([entry_of(pcp_id="TX1"), other]))
    with pytest.raises(DirectoryUnreadable, match="another NPI has the same pcp_id"):
        LoadDirectory(transactions)(files)
    files = QhpDirectory(tmp_path / "index.json", options=ImportOptions(Decimal(50)))
    assert LoadDirectory(transactions)(files) is LoadOutcome.LOADED
    with transactions() as work:
        found = work.providers.find_provider("TX1")
        assert found and found.npi == "1234567893"
        assert work.providers.find_member(TEXAS, "TX1")
        assert not work.providers.find_member(PlanNetwork.of_plan("33602TX9900002", 2026), "TX1")


def test_the_office_of_an_assignment_is_the_nearest_and_of_a_choice_the_only_one(
    transactions: PostgresTransactions[UnitOfWork], tmp_path: Path
) -> None:
    """Kept with the decision, as the NPI is: the next directory may have neither."""
    near = entry_of()["addresses"][0]
    load(transactions, tmp_path, json.dumps([entry_of(pcp_id="TX1", addresses=[FAR, near])]))
    assign = AssignProviders(transactions, CLOCK, AssignmentDistances({}, 60))
    selections = (PcpSelection(0, 40), PcpSelection(1, 40, pcp_id="TX1"))
    request = AssignmentRequest("A-0638", TEXAS.plan_id, 2026, DALLAS, selections)
    assigned, chosen = assign(request)
    assert assigned.office and (assigned.npi, assigned.office.city) == ("1234567893", "Dallas")
    assert (chosen.npi, chosen.office) == ("1234567893", None)
    load(transactions, tmp_path, json.dumps([entry_of(pcp_id="TX1", addresses=[FAR])]))
    assert assign(request) == (assigned, chosen)
    (moved,) = assign(replace(request, selections=selections[1:]))
    assert moved.office and moved.office.city == "Houston"


def test_who_takes_patients_at_some_offices_is_found_but_not_assigned(
    transactions: PostgresTransactions[UnitOfWork], tmp_path: Path
) -> None:
    some = entry_of(accepting="accepting in some locations", addresses=[FAR, entry_of()["addresses"][0]])
    load(transactions, tmp_path, json.dumps([some]))
    found = SearchProviders(transactions, CLOCK, CITIES)(TEXAS, DALLAS, ProviderFilter(accepting_only=True), 5)
    assert [one.provider.new_patients for one in found.providers] == [NewPatients.SOME_LOCATIONS]
    assert (
        SearchProviders(transactions, CLOCK, CITIES)(TEXAS, DALLAS, ProviderFilter(open_here=True), 5).providers == ()
    )


def test_the_nearest_is_counted_from_the_place_that_is_named(
    transactions: PostgresTransactions[UnitOfWork], tmp_path: Path
) -> None:
    offices = [FAR, entry_of()["addresses"][0]]
    load(
        transactions,
        tmp_path,
        json.dumps([entry_of(npi="", pcp_id=f"TX{n}", addresses=[at]) for n, at in enumerate(offices)]),
    )
    search = SearchProviders(transactions, CLOCK, CITIES)
    for place, nearest in (("Houston", "TX0"), ("Dallas, TX", "TX1"), (DALLAS, "TX1")):
        page = search(TEXAS, "", ProviderFilter(), 5, place=place)
        assert page.providers[0].provider.pcp_id == nearest, place


@pytest.mark.parametrize("written", ["Larchborne", "Larhcbourne", "Lrachborne", "LÁRCHBOURNEE", "Larchbuornes"])
def test_a_name_with_up_to_two_typing_errors_is_found(
    transactions: PostgresTransactions[UnitOfWork], tmp_path: Path, written: str
) -> None:
    names = ("Larchbourne", "Larkmeadow", "Lanchester")
    found = [
        entry_of(npi="", pcp_id=f"TX{place}", name={"first": "Ana", "last": last}) for place, last in enumerate(names)
    ]
    load(transactions, tmp_path, json.dumps(found))
    page = SearchProviders(transactions, CLOCK, CITIES)(TEXAS, DALLAS, ProviderFilter(name=f"ana {written}"), 5)
    assert [one.provider.name for one in page.providers] == ["Ana Larchbourne"]
    assert page.names_are_similar and page.count == 1
    assert not SearchProviders(transactions, CLOCK, CITIES)(
        TEXAS, DALLAS, ProviderFilter(name="Laxxxbourne"), 5
    ).providers
