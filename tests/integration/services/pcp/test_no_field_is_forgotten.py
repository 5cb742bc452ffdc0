"""Every field of what pcp stores comes back from PostgreSQL as it was written."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest

import services.pcp.__main__ as pcp
from chassis.db import Database, PostgresTransactions
from chassis.db.migrate import upgrade_schema
from services.pcp.domain.provider import Directory, Membership, Provider
from services.pcp.events.outgoing import event_to_proto
from services.pcp.store import providers as rows
from services.pcp.store.work import UnitOfWork, make_transactions
from services.pcp.usecases.ports import GeoPoint, PlanNetwork, ProviderFilter, StoredAssignment
from tests.dropped_lines import drop_line
from tests.filled_values import FilledValues
from tests.stored_values import RoundTrip, lost_fields, with_new_field

Store = PostgresTransactions[UnitOfWork]
MADE: dict[Any, Any] = {
    "estimated": lambda _: False,  # worked out when it is asked for
    "plan_year": lambda number: 2000 + number % 100,
}
HERE = GeoPoint(41.9, -87.6)


@pytest.fixture
def store(database: str) -> Iterator[Store]:
    db = Database(database)
    upgrade_schema(db.engine, pcp.SERVICE.migrations)
    yield make_transactions(db, event_to_proto)
    db.close()


def round_trips(store: Store) -> dict[Any, RoundTrip]:
    def load(directory: Directory, zip_points: dict[str, GeoPoint]) -> None:
        with store() as work:
            work.directory.replace("digest", directory, zip_points)

    def provider(sent: Provider) -> Provider | None:
        load(Directory((sent.group,) if sent.group else (), (sent,), ()), {sent.office.zip: HERE})
        with store() as work:
            return work.providers.find_provider(sent.pcp_id)

    def zip_point(sent: GeoPoint) -> GeoPoint | None:
        load(Directory((), (), ()), {"60601": sent})
        with store() as work:
            return work.providers.locate_zip("60601")

    def membership(sent: Membership) -> Membership | None:
        """Read as a search reads it: the network has this provider and no other, with the distance of nothing."""
        doctor = FilledValues().of(Provider)
        member, other = replace(doctor, pcp_id=sent.pcp_id), replace(doctor, pcp_id=f"{sent.pcp_id}, other")
        load(Directory((doctor.group,), (member, other), (sent,)), {doctor.office.zip: HERE})
        network = PlanNetwork(sent.plan_id, sent.plan_year)
        with store() as work:
            found = work.providers.find_nearest(network, HERE, ProviderFilter(), 10)
        assert [(one.provider, one.tenth_miles) for one in found] == [(member, 0)]
        return Membership(found[0].provider.pcp_id, network.plan_id, network.plan_year)

    def assignment(sent: StoredAssignment) -> StoredAssignment | None:
        record_number = sent.fingerprint  # another one for each
        with store() as work:
            assert work.assignments.lock_assignment(record_number) is None
            work.assignments.save_assignment(record_number, "36096IL9900001", 2026, sent)
        with store() as work:
            return work.assignments.lock_assignment(record_number)

    return {Provider: provider, GeoPoint: zip_point, Membership: membership, StoredAssignment: assignment}


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
