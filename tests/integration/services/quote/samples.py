"""Callers, catalogues and a household for tests of the quote store."""

from __future__ import annotations

from datetime import date

from sqlalchemy import text

from chassis.crypto import LocalKey
from chassis.db import Database
from chassis.kernel import Caller, CallerKind, Command, FixedClock, WritingNumber
from services.quote.catalogue.sources import FilingSource, geography_source, shipped_filings
from services.quote.domain.household import Member, Relationship, Sex
from services.quote.domain.quote import Producer
from services.quote.domain.rating_context import RatingRequest
from services.quote.store.birth_date_encryption import BirthDateEncryption
from services.quote.store.catalogue_writer import open_catalogue_writer
from services.quote.usecases.create_quote import OPERATION, NewQuote
from services.quote.usecases.load_catalogues import load_catalogues

# Read once: the files are the same for all tests.
GEOGRAPHY = geography_source()
FILED_2014, ILLUSTRATIVE_2026, _ = shipped_filings(GEOGRAPHY)
BIRTH_DATES = BirthDateEncryption.with_provider(LocalKey(bytes(range(32))))
CLOCK = FixedClock.at("2026-05-20")
FRITZ = Producer("220002580", "FRITZ, CALVIN C", "FRITZ, CALVIN C", "IL")
OWNER = Caller(
    CallerKind.PRODUCER,
    "producer@example.com",
    (WritingNumber("220002580", "IL", "FRITZ, CALVIN C", "FRITZ, CALVIN C"),),
)
STRANGER = Caller(
    CallerKind.PRODUCER, "other@example.com", (WritingNumber("990000001", "IL", "OTHER, ONE", "OTHER, ONE"),)
)
SERVICE = Caller(CallerKind.SERVICE, "enrollment")
PEOPLE = (
    Member(Relationship.SELF, date(1986, 3, 2), Sex.FEMALE, False, "Ann", "Example"),
    Member(Relationship.CHILD, date(2016, 2, 29), None, False, disabled_dependent=True),
)
ASKED = RatingRequest("IL", "60601", "17031", date(2026, 6, 1), PEOPLE)
HMO, DENTAL = "36096IL9900001-00", "36096IL9900012-00"


def load(db: Database, *filings: FilingSource) -> list[bool]:
    """Whether each set was unchanged, the geography first."""
    return [loaded.unchanged for loaded in load_catalogues(lambda: open_catalogue_writer(db), GEOGRAPHY, filings)]


def new(key: str = "key-of-8-or-more", content: bytes = b"content") -> NewQuote:
    return NewQuote(Command(OWNER, OPERATION, key, content), FRITZ, ASKED)


def count_rates(db: Database, condition: str = "") -> int:
    """The stored rates by age."""
    with db.transaction() as session:
        counted = session.execute(text(f"select coalesce(sum(cardinality(cents)), 0) from plan_rate {condition}"))
        return int(counted.scalar_one())


def count(db: Database, table: str) -> int:
    with db.transaction() as session:
        return int(session.execute(text(f"select count(*) from {table}")).scalar_one())
