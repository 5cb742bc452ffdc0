"""Every field of what pcp stores comes back from PostgreSQL as it was written."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

import services.pcp.__main__ as pcp
from chassis.db import Database, PostgresTransactions
from chassis.db.migrate import upgrade_schema
from services.pcp.domain.entry_report import EntryReport
from services.pcp.domain.network import GeoPoint, PlanNetwork
from services.pcp.domain.provider import Provider
from services.pcp.domain.registration import Registration
from services.pcp.events.outgoing import event_to_proto
from services.pcp.store import providers as rows
from services.pcp.store.work import UnitOfWork, make_transactions
from services.pcp.usecases.directory_port import DirectoryEntry, LoadedDirectory
from services.pcp.usecases.ports import ProviderFilter, StoredAssignment
from tests.dropped_lines import drop_line
from tests.filled_values import FilledValues
from tests.stored_values import RoundTrip, lost_fields, with_new_field

Store = PostgresTransactions[UnitOfWork]
MADE: dict[Any, Any] = {
    "estimated": lambda _: False,  # worked out when it is asked for
    "plan_year": lambda number: 2000 + number % 100,
}
HERE = GeoPoint(41.9, -87.6)
LOADED = LoadedDirectory("digest", imported=False)


@pytest.fixture
def store(database: str) -> Iterator[Store]:
    db = Database(database)
    upgrade_schema(db.engine, pcp.SERVICE.migrations)
    yield make_transactions(db, event_to_proto)
    db.close()


def round_trips(store: Store) -> dict[Any, RoundTrip]:
    def load(entry: DirectoryEntry | None, zip_points: dict[str, GeoPoint]) -> None:
        group = entry.provider.group if entry else None
        with store() as work:
            if entry:
                found = Registration(entry.provider.npi, entry.provider.deactivated_on, entry.provider.gender)
                work.registrations.save_registrations([found])
            work.directory.stage(iter([entry] if entry else []))
            work.directory.replace_by_staged(LOADED, {group.group_id: group} if group else {}, zip_points)

    def entry_of(provider: Provider, *plans: PlanNetwork) -> DirectoryEntry:
        return DirectoryEntry(1, provider, (provider.office,), provider.group.group_id if provider.group else "", plans)

    def provider(sent: Provider) -> Provider | None:
        load(entry_of(sent), {sent.office.zip: HERE})
        with store() as work:
            return work.providers.find_provider(sent.pcp_id)

    def zip_point(sent: GeoPoint) -> GeoPoint | None:
        load(None, {"60601": sent})
        with store() as work:
            return work.providers.locate_zip("60601")

    def network(sent: PlanNetwork) -> PlanNetwork | None:
        """Read as a search reads it: the provider is in this network and in no other, at the distance of nothing."""
        doctor = FilledValues().of(Provider)
        load(entry_of(doctor, sent), {doctor.office.zip: HERE})
        with store() as work:
            found = work.providers.find_nearest(sent, HERE, ProviderFilter(), 10)
            assert [(one.provider, one.tenth_miles) for one in found.providers] == [(doctor, 0)]
            year = work.providers.find_newest_year(sent.plan_id)
        return PlanNetwork(sent.plan_id, year) if year else None

    def loaded(sent: LoadedDirectory) -> LoadedDirectory | None:
        with store() as work:
            work.directory.stage(iter([]))
            work.directory.replace_by_staged(sent, {}, {})
            return work.directory.find_loaded()

    def assignment(sent: StoredAssignment) -> StoredAssignment | None:
        record_number = sent.fingerprint  # another one for each
        with store() as work:
            assert work.assignments.lock_assignment(record_number) is None
            work.assignments.save_assignment(record_number, "36096IL9900001", 2026, sent)
        with store() as work:
            return work.assignments.lock_assignment(record_number)

    def report(sent: EntryReport) -> EntryReport | None:
        with store() as work:
            work.reports.save_report(sent)
        with store() as work:
            return next(one for one in work.reports.list_reports() if one.pcp_id == sent.pcp_id)

    return {
        EntryReport: report,
        Provider: provider,
        GeoPoint: zip_point,
        PlanNetwork: network,
        LoadedDirectory: loaded,
        StoredAssignment: assignment,
    }


def test_every_field_comes_back(store: Store) -> None:
    for kind, round_trip in round_trips(store).items():
        assert lost_fields(kind, round_trip, MADE) == set()


def test_a_new_field_that_the_store_does_not_know_is_noticed(store: Store) -> None:
    for kind, round_trip in round_trips(store).items():
        assert lost_fields(with_new_field(kind), round_trip, MADE) == {f"{kind.__name__}.of_tomorrow"}


def test_a_converter_without_one_line_is_noticed(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    """A provider has no defaults: a field that its converter forgets is an error of its own."""
    drop_line(rows, "        npi=row.npi,", monkeypatch)
    with pytest.raises(TypeError, match="npi"):
        lost_fields(Provider, round_trips(store)[Provider], MADE)
