"""The events of each outside subscriber, numbered without a gap: its feed in this service's database (docs/adr/0047).

The transaction that marks an event as sent to the suite's own queues gives it a number in every feed that has its type.
What becomes of it there is a row of its own, so a subscriber that takes nothing changes no row of the outbox.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from sqlalchemy import (
    ARRAY,
    BigInteger,
    Column,
    Connection,
    DateTime,
    Executable,
    ForeignKey,
    Index,
    MetaData,
    Table,
    Text,
    any_,
    bindparam,
    delete,
    exists,
    func,
    literal,
    select,
    update,
)
from sqlalchemy.dialects.postgresql import insert as upsert
from sqlalchemy.orm import Session

# Within one statement, so that a removal never holds a lock for longer than a moment.
_REMOVED_AT_ONCE = 10_000


@dataclass(frozen=True, slots=True)
class FeedTables:
    feed: Table
    event: Table
    outbox: Table


@dataclass(frozen=True, slots=True)
class FeedState:
    """One feed in one service's database. ``waiting_seconds``: age of the oldest event that waits; 0 when none does."""

    name: str
    event_types: tuple[str, ...]
    last_sequence: int
    waiting: int
    waiting_seconds: float


def feed_tables(metadata: MetaData, outbox: Table) -> FeedTables:
    """Add the tables to a service's metadata."""
    feed = Table(
        "feed",
        metadata,
        Column("name", Text, primary_key=True),
        Column("event_types", ARRAY(Text), nullable=False),
        # The relay alone writes it; what a forwarder writes are rows of the other table.
        Column("last_sequence", BigInteger, nullable=False, server_default="0"),
        Column("added_at", DateTime(timezone=True), nullable=False, server_default=func.now()),
    )
    event = Table(
        "feed_event",
        metadata,
        Column("feed", Text, ForeignKey(feed.c.name), primary_key=True),
        Column("sequence", BigInteger, primary_key=True, autoincrement=False),
        # It goes with the event itself, 14 days after that was sent (``chassis.bus.relay.KEPT``).
        Column("outbox_id", BigInteger, ForeignKey(outbox.c.id, ondelete="CASCADE"), nullable=False),
        # When the broker had it in the subscriber's queue.
        Column("delivered_at", DateTime(timezone=True)),
    )
    Index("feed_event_once", event.c.outbox_id, event.c.feed, unique=True)
    Index("feed_event_waiting", event.c.feed, event.c.sequence, postgresql_where=event.c.delivered_at.is_(None))
    return FeedTables(feed, event, outbox)


def create_feeds(connection: Connection) -> None:
    """Create the tables; called by a migration of each service."""
    metadata = MetaData()
    tables = feed_tables(metadata, Table("outbox", metadata, Column("id", BigInteger, primary_key=True)))
    metadata.create_all(connection, [tables.feed, tables.event])


def drop_feeds(connection: Connection) -> None:
    connection.exec_driver_sql("drop table feed_event, feed")


def lock_feeds(tables: FeedTables) -> Executable:
    """Relays that number events at the same time take the feeds in the same order; without it they could deadlock."""
    return select(tables.feed.c.name).order_by(tables.feed.c.name).with_for_update(key_share=True)


def number_events(tables: FeedTables) -> Executable:
    """Give the events of these outbox ids (``ids``) the next numbers of every feed that has their type.

    One that is sent again, after a restore, keeps the number that it has.
    """
    feed, event, outbox = tables.feed, tables.event, tables.outbox
    ids = outbox.c.id == any_(bindparam("ids", type_=ARRAY(BigInteger)))
    has_number = exists().where(event.c.outbox_id == outbox.c.id, event.c.feed == feed.c.name)
    place = func.row_number().over(partition_by=feed.c.name, order_by=outbox.c.id)
    total = func.count().over(partition_by=feed.c.name)
    taken = (
        select(feed.c.name, outbox.c.id, place.label("place"), total.label("total"))
        .join(outbox, outbox.c.type == any_(feed.c.event_types))
        .where(ids, ~has_number)
        .cte("taken")
    )
    each = select(taken.c.name, taken.c.total).distinct().subquery()
    counted = (
        update(feed)
        .where(feed.c.name == each.c.name)
        .values(last_sequence=feed.c.last_sequence + each.c.total)
        .returning(feed.c.name, (feed.c.last_sequence - each.c.total).label("before"))
        .cte("counted")
    )
    numbered = select(taken.c.name, counted.c.before + taken.c.place, taken.c.id).join(
        counted, counted.c.name == taken.c.name
    )
    return event.insert().from_select(["feed", "sequence", "outbox_id"], numbered).inline()


def list_due(tables: FeedTables) -> Executable:
    """Every feed, and whether an event of it waits."""
    event = tables.event
    waits = exists().where(event.c.feed == tables.feed.c.name, event.c.delivered_at.is_(None))
    return select(tables.feed.c.name, waits.label("is_due"))


def claim_feed(feed: str) -> Executable:
    """True for the one forwarder that may deliver this feed until its transaction ends: of several replicas, one."""
    return select(func.pg_try_advisory_xact_lock(func.hashtextextended(f"feed {feed}", 0)))


def find_waiting(tables: FeedTables, feed: str, limit: int) -> Executable:
    """The oldest events that wait, with what is published of each; never two of one subject."""
    event, outbox = tables.event, tables.outbox
    oldest = (
        select(event.c.sequence, outbox)
        .join(outbox, outbox.c.id == event.c.outbox_id)
        .where(event.c.feed == feed, event.c.delivered_at.is_(None))
        .order_by(event.c.sequence)
        .limit(limit)
        .subquery()
    )
    place = func.row_number().over(partition_by=oldest.c.subject, order_by=oldest.c.sequence)
    placed = select(oldest, place.label("place")).subquery()
    return select(placed).where(placed.c.place == 1).order_by(placed.c.sequence)


def mark_delivered(tables: FeedTables, feed: str, sequences: Sequence[int]) -> Executable:
    event = tables.event
    these = event.c.sequence == any_(literal(list(sequences), ARRAY(BigInteger)))
    return update(event).where(event.c.feed == feed, these).values(delivered_at=func.clock_timestamp())


def count_expired(tables: FeedTables, kept: timedelta) -> Executable:
    """How many events, by feed, were never delivered and go with the events themselves now."""
    event, outbox = tables.event, tables.outbox
    return (
        select(event.c.feed, func.count())
        .join(outbox, outbox.c.id == event.c.outbox_id)
        .where(event.c.delivered_at.is_(None), outbox.c.sent_at < func.clock_timestamp() - kept)
        .group_by(event.c.feed)
    )


def save_feed(session: Session, tables: FeedTables, name: str, event_types: Sequence[str]) -> None:
    """Add a feed, or give it other event types: of what is sent from now on."""
    row: Any = upsert(tables.feed).values(name=name, event_types=sorted(event_types))
    session.execute(row.on_conflict_do_update(index_elements=["name"], set_={"event_types": row.excluded.event_types}))


def read_feeds(session: Session, tables: FeedTables) -> list[FeedState]:
    feed, event, outbox = tables.feed, tables.event, tables.outbox
    age = func.extract("epoch", func.clock_timestamp() - func.min(outbox.c.sent_at))
    waiting = (
        select(event.c.feed, func.count().label("waiting"), age.label("age"))
        .join(outbox, outbox.c.id == event.c.outbox_id)
        .where(event.c.delivered_at.is_(None))
        .group_by(event.c.feed)
        .subquery()
    )
    found = (
        select(feed.c.name, feed.c.event_types, feed.c.last_sequence, waiting.c.waiting, waiting.c.age)
        .outerjoin(waiting, waiting.c.feed == feed.c.name)
        .order_by(feed.c.name)
    )
    return [
        FeedState(row.name, tuple(row.event_types), row.last_sequence, row.waiting or 0, float(row.age or 0))
        for row in session.execute(found)
    ]


def remove_events(session: Session, tables: FeedTables, name: str) -> bool:
    """Remove a part of a feed's events; False when none was left."""
    event = tables.event
    some = select(event.c.sequence).where(event.c.feed == name).limit(_REMOVED_AT_ONCE)
    removed = session.execute(delete(event).where(event.c.feed == name, event.c.sequence.in_(some)))
    return bool(removed.rowcount)  # type: ignore[attr-defined]  # of a delete it is there


def remove_feed(session: Session, tables: FeedTables, name: str) -> None:
    session.execute(delete(tables.feed).where(tables.feed.c.name == name))
