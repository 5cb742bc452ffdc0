"""Applications on PostgreSQL: numbers, sealed fields, concurrency, lists, expiry, places."""

from __future__ import annotations

import base64
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from datetime import date, timedelta

import pytest
from sqlalchemy import event, func, select, text

import services.enrollment.__main__ as enrollment
from chassis.db import Database, Transactions
from chassis.db.migrate import downgrade, upgrade
from chassis.kernel import Caller, CallerKind, FixedClock, Money, Stale, WritingNumber
from services.enrollment.domain.application import Application
from services.enrollment.domain.editing import with_step
from services.enrollment.domain.people import Person
from services.enrollment.domain.pricing import PlanLine, PremiumLine
from services.enrollment.domain.prospect import Prospect
from services.enrollment.domain.start import CoverageStart
from services.enrollment.domain.steps import Address, GeneralStep, HouseholdStep, LifeEvent, Producer
from services.enrollment.domain.vocabulary import Coverage, Relationship, Sex, Status, Step
from services.enrollment.events.outgoing import translate
from services.enrollment.rulebook import Rulebook
from services.enrollment.store.place_loader import load_places
from services.enrollment.store.tables import PLUMBING, ApplicationRow, Base, ClientRow, PersonRow
from services.enrollment.store.vault import Vault
from services.enrollment.store.work import EnrollmentWork, transactions
from services.enrollment.usecases.desk import Command, Desk
from services.enrollment.usecases.housekeeping import Housekeeping
from services.enrollment.usecases.reading import Reading
from services.enrollment.usecases.start_application import StartApplication

FRITZ = Producer("220002580", "FRITZ, CALVIN C", "FRITZ, CALVIN C", "IL")
OTHER = replace(FRITZ, writing_number="990000001")
ACTOR = Caller(
    CallerKind.PRODUCER,
    "producer@example.com",
    (WritingNumber("220002580", "IL", "FRITZ, CALVIN C", "FRITZ, CALVIN C"),),
)
STRANGER = Caller(
    CallerKind.PRODUCER, "other@example.com", (WritingNumber("990000001", "IL", "FRITZ, CALVIN C", "FRITZ, CALVIN C"),)
)
ADA = Person(Relationship.SELF, "Ada", "", "Sample", date(1987, 6, 14), Sex.FEMALE, tobacco_use=False, ssn="536904399")
CAL = Person(Relationship.CHILD, "Cal", "", "Sample", date(2019, 9, 3), Sex.MALE)


@dataclass
class Room:
    database: Database
    transactions: Transactions[EnrollmentWork]
    clock: FixedClock
    desk: Desk
    vault: Vault

    def start(self, key: str, producer: Producer = FRITZ, actor: Caller = ACTOR) -> Application:
        return StartApplication(self.desk)(actor, Command(key, b"start"), producer).application

    def read(self, record_number: str) -> Application:
        with self.transactions() as work:
            found = work.applications.get(record_number)
        assert found
        return found

    def save(self, app: Application, read_version: int) -> None:
        with self.transactions() as work:
            work.applications.save(app, Step.GENERAL, read_version=read_version)

    def with_household(self, app: Application, *people: Person) -> Application:
        home = Address("200 E Randolph St", "", "Chicago", "IL", "60601", "17031", "Cook")
        step = HouseholdStep(people=people, home_address=home)
        changed = with_step(app, step, self.desk.circumstances(app), self.clock.now())
        self.save(changed, app.version)
        return self.read(app.record_number)


@pytest.fixture
def room(database: str) -> Iterator[Room]:
    db = Database(database)
    upgrade(db.engine, enrollment.SERVICE.migrations)
    key = base64.b64encode(bytes(32)).decode()
    vault = Vault.with_keys(key, base64.b64encode(b"i" * 32).decode())
    opened = transactions(db, vault, translate)
    clock = FixedClock.at("2026-05-20")
    yield Room(db, opened, clock, Desk(opened, clock, Rulebook()), vault)
    db.close()


def test_migrations_go_up_down_and_up_and_match_the_tables(database: str) -> None:
    db = Database(database)
    upgrade(db.engine, enrollment.SERVICE.migrations)
    downgrade(db.engine, enrollment.SERVICE.migrations, "base")
    upgrade(db.engine, enrollment.SERVICE.migrations)
    with db.transaction() as session:
        for table in Base.metadata.sorted_tables:
            session.execute(select(table).limit(0))
    db.close()


def test_an_application_comes_back_as_it_was_stored(room: Room) -> None:
    app = room.with_household(room.start("key-number-1"), ADA, CAL)
    line = PlanLine(
        Coverage.MEDICAL,
        "36096IL9900001-00",
        "Plan",
        "HMO",
        "Silver",
        Money(88679),
        (PremiumLine(0, 38, Money(88679), "filed"),),
        "illustrative",
        uses_pcp=True,
    )
    start = CoverageStart(date(2026, 5, 10), "Birth", "birth@2026.1", "birth")
    general = GeneralStep(True, (LifeEvent("birth", date(2026, 5, 10)),))
    full = app.changed(room.clock.now(), plan_lines=(line,), start=start, general=general)
    room.save(full, app.version)
    assert room.read(app.record_number) == full
    row = room.transactions  # the columns that lists show follow the documents
    with row() as work:
        shown = work.session.execute(select(ApplicationRow.premium_cents, ApplicationRow.effective_date)).one()
    assert tuple(shown) == (88679, date(2026, 5, 10))


def test_fifty_starts_at_once_get_fifty_numbers_without_a_gap(room: Room) -> None:
    with ThreadPoolExecutor(10) as pool:
        apps = list(pool.map(lambda n: room.start(f"key-number-{n}"), range(50)))
    assert sorted(app.identifiers.number for app in apps) == list(range(1, 51))
    assert {app.identifiers.client_app_id - app.identifiers.number for app in apps} == {605}


def test_twenty_starts_with_one_key_make_one_application(room: Room) -> None:
    with ThreadPoolExecutor(10) as pool:
        numbers = set(pool.map(lambda _: room.start("the-same-key").record_number, range(20)))
    assert numbers == {"A-0001"}
    with room.transactions() as work:
        assert work.session.scalar(select(func.count()).select_from(PLUMBING.outbox)) == 1


def test_of_two_saves_of_one_version_one_is_stale(room: Room) -> None:
    app = room.start("key-number-1")
    changed = app.changed(room.clock.now())
    room.save(changed, app.version)
    with pytest.raises(Stale):
        room.save(changed, app.version)


def test_a_social_security_number_is_sealed_and_kept_and_dropped(room: Room) -> None:
    app = room.with_household(room.start("key-number-1"), ADA, CAL)
    assert [p.ssn_last_four for p in app.household.people] == ["4399", ""]
    with room.transactions() as work:
        row = work.session.scalars(select(PersonRow).where(PersonRow.first_name == "Ada")).one()
        stored, person_id = row.ssn, row.person_id
        dump = work.session.execute(
            text("select a::text || p::text from application a join person p using (record_number)")
        )
        assert not any("536904399" in line for line in dump.scalars())
    assert stored
    assert room.vault.cipher.decrypt(stored, person_id) == "536904399"

    app = room.with_household(app, replace(ADA, ssn="", last_name="Simple"), CAL)
    assert app.household.people[0].ssn_last_four == "4399"
    assert _sealed(room, person_id) == stored
    app = room.with_household(app, replace(ADA, ssn="", first_name="Eve"), CAL)
    assert app.household.people[0].ssn_last_four == ""
    assert _sealed(room, person_id) is None


def _sealed(room: Room, person_id: str) -> bytes | None:
    with room.transactions() as work:
        return work.session.scalar(select(PersonRow.ssn).where(PersonRow.person_id == person_id))


def test_people_come_back_in_their_order_and_leave_when_removed(room: Room) -> None:
    app = room.with_household(room.start("key-number-1"), ADA, CAL, replace(CAL, first_name="Dee"))
    ada, cal, dee = app.household.people
    app = room.with_household(app, ada, dee, cal)
    assert [p.first_name for p in app.household.people] == ["Ada", "Dee", "Cal"]
    app = room.with_household(app, ada)
    assert len(app.household.people) == 1


def test_saving_twenty_people_costs_as_many_statements_as_saving_one(room: Room) -> None:
    def statements(*people: Person) -> int:
        count = 0

        def counted(*_: object) -> None:
            nonlocal count
            count += 1

        app = room.start(f"key-of-{len(people):08d}")
        event.listen(room.database.engine, "before_cursor_execute", counted)
        room.with_household(app, *people)
        event.remove(room.database.engine, "before_cursor_execute", counted)
        return count

    children = [replace(CAL, first_name=f"Child{n}") for n in range(19)]
    assert statements(ADA) == statements(ADA, *children)


def test_a_list_shows_own_rows_newest_first_in_stable_pages(room: Room) -> None:
    for n in range(7):
        room.start(f"key-number-{n}", *((OTHER, STRANGER) if n == 3 else (FRITZ, ACTOR)))
    reading, seen, before = Reading(room.desk), [], None
    while True:
        rows, before = reading.page(ACTOR, Status.INCOMPLETE, before, 2)
        seen += [row.record_number for row in rows]
        if len(seen) == 2:
            room.start("a-new-one-meanwhile")
        if before is None:
            break
    assert seen == ["A-0007", "A-0006", "A-0005", "A-0003", "A-0002", "A-0001"]
    assert not reading.page(ACTOR, Status.SUBMITTED, None, 10)[0]


def test_the_timeline_is_in_order(room: Room) -> None:
    app = room.start("key-number-1")
    entries = Reading(room.desk).timeline(ACTOR, app.record_number)
    assert [(entry.action, entry.actor) for entry in entries] == [("application.started", "producer@example.com")]


def test_clients_are_found_once_by_a_part_of_the_name_and_only_by_their_producer(room: Room) -> None:
    for key in ("key-number-1", "key-number-2"):
        room.with_household(room.start(key), ADA, CAL)
    reading = Reading(room.desk)
    [client] = reading.clients(ACTOR, "DA SAM")
    assert (client.first_name, client.home_address.zip) == ("Ada", "60601")
    assert not reading.clients(ACTOR, "Cal")
    assert not reading.clients(ACTOR, "%%")
    assert not reading.clients(STRANGER, "Ada")


def test_drafts_expire_the_day_after_their_last_day_and_only_once(room: Room) -> None:
    app = room.start("key-number-1")
    assert app.expires_on == date(2026, 5, 20) + timedelta(days=90)
    housekeeping = Housekeeping(room.desk)
    room.clock._now = FixedClock.at("2026-08-18").now()
    assert housekeeping.expire() == 0
    room.clock._now = FixedClock.at("2026-08-19").now()
    with ThreadPoolExecutor(4) as pool:
        assert sum(pool.map(lambda _: housekeeping.expire(), range(4))) == 1
    assert room.read(app.record_number).status is Status.EXPIRED


def test_a_stuck_submission_is_taken_up_by_one_of_two_sweepers(room: Room) -> None:
    app = room.start("key-number-1")
    room.save(app.requested(room.clock.now()), app.version)
    room.clock._now = FixedClock.at("2026-05-21").now()
    with ThreadPoolExecutor(4) as pool:
        assert sum(pool.map(lambda _: Housekeeping(room.desk).ask_again(), range(4))) == 1


def test_one_draft_of_a_quote_is_found_and_others_wait_for_it(room: Room) -> None:
    app = room.start("key-number-1")
    room.save(app.changed(room.clock.now(), quote_id="q-1"), app.version)
    with room.transactions() as work:
        assert work.applications.incomplete_of_quote("q-1") == app.record_number
        assert work.applications.incomplete_of_quote("q-2") is None


def test_places_are_loaded_once_and_fill_addresses(room: Room) -> None:
    assert load_places(room.database)
    assert not load_places(room.database)
    reading = Reading(room.desk)
    with room.transactions() as work:
        assert [county.name for county in work.places.counties("60601")] == ["Cook"]
        assert len(work.places.counties("60010")) > 1
    [street, *_] = reading.addresses("2905 stonebridge", "")
    assert (street.street, street.city, street.zip) == ("2905 Stonebridge Court", "Norman", "73071")
    assert {found.zip for found in reading.addresses("60601", "IL")} >= {"60601"}
    assert len(reading.addresses("ch", "IL")) == 10
    assert not reading.addresses("60601", "TX")


def quoted(first: str = "Zoe", last: str = "Sample", quote_id: str = "q-1", number: str = "220002580") -> Prospect:
    home = Address(state="IL", zip="60601", county_fips="17031", county_name="Cook")
    return Prospect(number, first, last, date(1987, 6, 14), Sex.FEMALE, home, quote_id)


def keep(room: Room, prospect: Prospect) -> str | None:
    with room.transactions() as work:
        return work.clients.keep(prospect, room.clock.now())


def test_a_person_of_a_producer_is_one_client_however_the_name_is_typed(room: Room) -> None:
    assert keep(room, quoted())
    assert keep(room, quoted(" ZOE ", "sample", "q-2")) is None
    assert keep(room, quoted("Ann"))
    assert keep(room, quoted(number="990000001"))
    with room.database.transaction() as session:
        rows = session.execute(select(ClientRow.quote_id, ClientRow.first_name).order_by(ClientRow.quote_id)).all()
        assert session.scalar(select(func.count()).select_from(ClientRow)) == 3
    assert ("q-2", " ZOE ") in [tuple(row) for row in rows]


def test_of_two_quotes_at_once_one_makes_the_client(room: Room) -> None:
    with ThreadPoolExecutor(4) as pool:
        made = list(pool.map(lambda n: keep(room, quoted(quote_id=f"q-{n}")), range(4)))
    assert sum(client_id is not None for client_id in made) == 1


def test_prospects_are_found_beside_applicants_and_nobody_twice(room: Room) -> None:
    room.with_household(room.start("key-number-1"), ADA, CAL)
    for prospect in (quoted("ada"), quoted("Zoe"), quoted("Bob", number="990000001")):
        keep(room, prospect)
    found = Reading(room.desk).clients(ACTOR, "sample")
    assert [client.first_name for client in found] == ["Ada", "Zoe"]
    assert [client.home_address.street for client in found] == ["200 E Randolph St", ""]
    assert [client.first_name for client in Reading(room.desk).clients(STRANGER, "sample")] == ["Bob"]
