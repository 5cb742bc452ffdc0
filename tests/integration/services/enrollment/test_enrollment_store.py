"""Applications on PostgreSQL: numbers, sealed fields, concurrency, lists, expiry, places."""

from __future__ import annotations

import base64
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from datetime import date, timedelta

import pytest
from sqlalchemy import event, func, select, text, update

import services.enrollment.__main__ as enrollment
from chassis.db import Database, PostgresTransactions
from chassis.db.migrate import downgrade_schema, upgrade_schema
from chassis.kernel import Caller, CallerKind, Command, Conflict, FixedClock, Money, Stale, Unavailable, WritingNumber
from services.enrollment.domain.application import Application
from services.enrollment.domain.application_list import ApplicationSearch
from services.enrollment.domain.coverage_effective_date import CoverageEffectiveDate
from services.enrollment.domain.enums import Coverage, FailureClass, Relationship, Sex, Status, Step
from services.enrollment.domain.people import Identity, Person
from services.enrollment.domain.pricing import PlanLine, PremiumLine
from services.enrollment.domain.step_updates import with_step
from services.enrollment.domain.steps import Address, GeneralStep, HouseholdStep, LifeEvent, Producer
from services.enrollment.events.outgoing import FAILED, STARTED, event_to_proto
from services.enrollment.rulebook import Rulebook
from services.enrollment.store.ssn_encryption import SsnEncryption
from services.enrollment.store.tables import INFRASTRUCTURE, ApplicationRow, Base, PersonRow
from services.enrollment.store.work import UnitOfWork, make_transactions
from services.enrollment.usecases.application_service import ApplicationService
from services.enrollment.usecases.expire_applications import ExpireApplications
from services.enrollment.usecases.get_application import GetApplication
from services.enrollment.usecases.get_timeline import GetTimeline
from services.enrollment.usecases.list_applications import ListApplications
from services.enrollment.usecases.read_payment import ReadPayment
from services.enrollment.usecases.retry_stuck_submissions import RetryStuckSubmissions
from services.enrollment.usecases.start_application import StartApplication
from tests.unit.services.enrollment.service_fakes import FakePayments

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
class StoreHarness:
    database: Database
    transactions: PostgresTransactions[UnitOfWork]
    clock: FixedClock
    service: ApplicationService
    encryption: SsnEncryption

    def start(self, key: str, producer: Producer = FRITZ, actor: Caller = ACTOR) -> Application:
        return StartApplication(self.service)(Command(actor, "start_application", key, b"start"), producer).application

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
        changed = with_step(app, step, self.service.circumstances(app), self.clock.now())
        self.save(changed, app.version)
        return self.read(app.record_number)


@pytest.fixture
def harness(database: str) -> Iterator[StoreHarness]:
    db = Database(database)
    upgrade_schema(db.engine, enrollment.SERVICE.migrations)
    key = base64.b64encode(bytes(32)).decode()
    encryption = SsnEncryption.with_keys(key, base64.b64encode(b"i" * 32).decode())
    opened = make_transactions(db, encryption, event_to_proto)
    clock = FixedClock.at("2026-05-20")
    yield StoreHarness(db, opened, clock, ApplicationService(opened, clock, Rulebook()), encryption)
    db.close()


def test_migrations_go_up_down_and_up_and_match_the_tables(database: str) -> None:
    db = Database(database)
    upgrade_schema(db.engine, enrollment.SERVICE.migrations)
    downgrade_schema(db.engine, enrollment.SERVICE.migrations, "base")
    upgrade_schema(db.engine, enrollment.SERVICE.migrations)
    with db.transaction() as session:
        for table in Base.metadata.sorted_tables:
            session.execute(select(table).limit(0))
    db.close()


def test_people_are_written_only_where_one_of_them_changed(harness: StoreHarness) -> None:
    """A submission changes none of a family of twenty; ``xmin`` is the transaction that wrote a row."""
    app = harness.with_household(harness.start("key-number-0"), ADA, CAL)

    def written_by() -> list[str]:
        with harness.database.transaction() as session:
            return list(session.scalars(text("select xmin::text from person order by position")))

    def save_again(*people: Person) -> None:
        with harness.transactions() as work:
            read = work.applications.get(app.record_number, for_update=True)
            assert read
            household = replace(read.household, people=people)
            changed = replace(read, version=read.version + 1, household=household)
            work.applications.save(changed, Step.GENERAL, read_version=read.version)

    before = written_by()
    ada, cal = harness.read(app.record_number).household.people
    save_again(ada, cal)
    assert written_by() == before
    save_again(ada, replace(cal, first_name="Carl"))
    assert set(written_by()).isdisjoint(before)
    assert [one.first_name for one in harness.read(app.record_number).household.people] == ["Ada", "Carl"]


def test_an_application_comes_back_as_it_was_stored(harness: StoreHarness) -> None:
    app = harness.with_household(harness.start("key-number-1"), ADA, CAL)
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
    start = CoverageEffectiveDate(date(2026, 5, 10), "Birth", "birth@2026.1", "birth", date(2026, 5, 10))
    general = GeneralStep(True, (LifeEvent("birth", date(2026, 5, 10)),))
    full = app.changed(harness.clock.now(), plan_lines=(line,), start=start, general=general)
    harness.save(full, app.version)
    assert harness.read(app.record_number) == full
    row = harness.transactions  # the columns that lists show follow the documents
    with row() as work:
        shown = work.session.execute(select(ApplicationRow.premium_cents, ApplicationRow.effective_date)).one()
    assert tuple(shown) == (88679, date(2026, 5, 10))


def test_fifty_starts_at_once_get_fifty_numbers_without_a_gap(harness: StoreHarness) -> None:
    with ThreadPoolExecutor(10) as pool:
        apps = list(pool.map(lambda n: harness.start(f"key-number-{n}"), range(50)))
    assert sorted(app.identifiers.number for app in apps) == list(range(1, 51))
    assert {app.identifiers.client_app_id - app.identifiers.number for app in apps} == {605}


def test_twenty_starts_with_one_key_make_one_application(harness: StoreHarness) -> None:
    with ThreadPoolExecutor(10) as pool:
        numbers = set(pool.map(lambda _: harness.start("the-same-key").record_number, range(20)))
    assert numbers == {"A-0001"}
    with harness.transactions() as work:
        assert work.session.scalar(select(func.count()).select_from(INFRASTRUCTURE.outbox)) == 1


def test_of_two_saves_of_one_version_one_is_stale(harness: StoreHarness) -> None:
    app = harness.start("key-number-1")
    changed = app.changed(harness.clock.now())
    harness.save(changed, app.version)
    with pytest.raises(Stale):
        harness.save(changed, app.version)


def test_a_social_security_number_is_sealed_and_kept_and_dropped(harness: StoreHarness) -> None:
    app = harness.with_household(harness.start("key-number-1"), ADA, CAL)
    assert [p.ssn_last_four for p in app.household.people] == ["4399", ""]
    with harness.transactions() as work:
        row = work.session.scalars(select(PersonRow).where(PersonRow.first_name == "Ada")).one()
        stored, person_id = row.ssn, row.person_id
        dump = work.session.execute(
            text("select a::text || p::text from application a join person p using (record_number)")
        )
        assert not any("536904399" in line for line in dump.scalars())
    assert stored
    assert harness.encryption.cipher.decrypt(stored, person_id) == "536904399"

    app = harness.with_household(app, replace(ADA, ssn="", last_name="Simple"), CAL)
    assert app.household.people[0].ssn_last_four == "4399"
    assert _sealed(harness, person_id) == stored
    app = harness.with_household(app, replace(ADA, ssn="", first_name="Eve"), CAL)
    assert app.household.people[0].ssn_last_four == ""
    assert _sealed(harness, person_id) is None


def _sealed(harness: StoreHarness, person_id: str) -> bytes | None:
    with harness.transactions() as work:
        return work.session.scalar(select(PersonRow.ssn).where(PersonRow.person_id == person_id))


def test_as_whom_a_person_was_given_the_number_and_was_submitted_stays_through_saves_and_reads(
    harness: StoreHarness,
) -> None:
    app = harness.with_household(harness.start("key-number-1"), replace(ADA, ssn=""), CAL)
    assert app.household.people[0].first_identity is None
    ada, cal = app.household.people
    app = harness.with_household(app, replace(ada, ssn=ADA.ssn), cal)
    ada, cal = app.household.people
    app = harness.with_household(app, replace(ada, first_name="Eve"), cal)
    ada, cal = app.household.people
    given = Identity("Ada", "Sample", date(1987, 6, 14), "4399")
    assert (ada.first_name, ada.first_identity) == ("Eve", given)
    with harness.transactions() as work:
        asked = replace(app, household=replace(app.household, people=(ada.as_submitted(), cal.as_submitted())))
        work.applications.save(asked, Step.PLANS, read_version=app.version)
    app = harness.read(app.record_number)
    ada, cal = app.household.people
    assert ada.first_identity == replace(given, first_name="Eve", submitted=True)
    assert cal.first_identity and cal.first_identity.submitted
    app = harness.with_household(app, replace(ada, date_of_birth=date(1990, 2, 3)), cal)
    ada, cal = app.household.people
    for other in (replace(ada, first_name="Ada"), replace(ada, ssn="536904398")):
        with pytest.raises(Conflict, match="another"):
            harness.with_household(app, other, cal)
    assert harness.read(app.record_number) == app


def test_of_an_older_row_whoever_is_stored_is_the_first(harness: StoreHarness) -> None:
    app = harness.with_household(harness.start("key-number-1"), ADA, CAL)
    with harness.transactions() as work:
        work.session.execute(update(PersonRow).values(first_identity=None))
    ada, cal = harness.read(app.record_number).household.people
    app = harness.with_household(harness.read(app.record_number), replace(ada, first_name="Eve"), cal)
    assert app.household.people[0].first_identity == Identity("Ada", "Sample", date(1987, 6, 14), "4399")


def test_people_come_back_in_their_order_and_leave_when_removed(harness: StoreHarness) -> None:
    app = harness.with_household(harness.start("key-number-1"), ADA, CAL, replace(CAL, first_name="Dee"))
    ada, cal, dee = app.household.people
    app = harness.with_household(app, ada, dee, cal)
    assert [p.first_name for p in app.household.people] == ["Ada", "Dee", "Cal"]
    app = harness.with_household(app, ada)
    assert len(app.household.people) == 1


def test_saving_twenty_people_costs_as_many_statements_as_saving_one(harness: StoreHarness) -> None:
    def statements(*people: Person) -> int:
        count = 0

        def counted(*_: object) -> None:
            nonlocal count
            count += 1

        app = harness.start(f"key-of-{len(people):08d}")
        event.listen(harness.database.engine, "before_cursor_execute", counted)
        harness.with_household(app, *people)
        event.remove(harness.database.engine, "before_cursor_execute", counted)
        return count

    children = [replace(CAL, first_name=f"Child{chr(97 + n)}") for n in range(19)]
    assert statements(ADA) == statements(ADA, *children)


def test_the_timeline_is_in_order(harness: StoreHarness) -> None:
    app = harness.start("key-number-1")
    entries, _ = GetTimeline(harness.service)(ACTOR, app.record_number, None, 50)
    assert [(entry.action, entry.actor) for entry in entries] == [("application.started", "producer@example.com")]


def test_lists_show_an_application_whose_rules_are_not_loaded(harness: StoreHarness) -> None:
    app = harness.start("key-number-1")
    with harness.transactions() as work:
        work.session.execute(update(ApplicationRow).values(rule_pack="2099.1"))
    with pytest.raises(Unavailable, match="not available"):
        GetApplication(harness.service, ReadPayment(FakePayments()))(ACTOR, app.record_number)
    found = ListApplications(harness.service)(ACTOR, ApplicationSearch(Status.INCOMPLETE), None, 20)
    assert [row.record_number for row in found.rows] == [app.record_number]


def test_the_list_shows_the_step_that_the_stored_people_lead_back_to(harness: StoreHarness) -> None:
    app, other = harness.start("key-number-1"), harness.start("key-number-2")
    with harness.transactions() as work:
        work.applications.set_next_step(app.record_number, Step.HOUSEHOLD)
    found = ListApplications(harness.service)(ACTOR, ApplicationSearch(Status.INCOMPLETE), None, 20)
    shown = {row.record_number: row.current_step for row in found.rows}
    assert shown == {app.record_number: Step.HOUSEHOLD, other.record_number: Step.GENERAL}


def test_drafts_expire_the_day_after_their_last_day_and_only_once(harness: StoreHarness) -> None:
    app = harness.start("key-number-1")
    assert app.expires_on == date(2026, 5, 20) + timedelta(days=90)
    expire_applications = ExpireApplications(harness.service)
    harness.clock.set_day("2026-08-18")
    assert expire_applications() == 0
    harness.clock.set_day("2026-08-19")
    with ThreadPoolExecutor(4) as pool:
        assert sum(pool.map(lambda _: expire_applications(), range(4))) == 1
    with harness.transactions() as work:
        sent = work.session.execute(select(INFRASTRUCTURE.outbox.c.type, INFRASTRUCTURE.outbox.c.subject))
        told = [key for kind, key in sent if kind == "enrollment.application.expired.v1"]
    assert told == [app.record_number]
    assert harness.read(app.record_number).status is Status.EXPIRED


def test_an_expired_draft_is_still_seen_and_changed_by_nobody(harness: StoreHarness) -> None:
    app = harness.start("key-number-1")
    harness.clock.set_day("2026-08-19")
    expire_applications = ExpireApplications(harness.service)
    assert [expire_applications(), expire_applications()] == [1, 0]
    view = GetApplication(harness.service, ReadPayment(FakePayments()))(ACTOR, app.record_number)
    assert view.application.status is Status.EXPIRED
    with pytest.raises(Conflict) as refused:
        view.application.must_be_open(date(2026, 8, 19))
    assert refused.value.code == "application_expired"
    actions = [entry.action for entry in GetTimeline(harness.service)(ACTOR, app.record_number, None, 50)[0]]
    assert actions == ["application.started", "application.expired"]


def test_a_draft_that_is_saved_while_the_timer_runs_is_left_to_its_next_tick(harness: StoreHarness) -> None:
    app = harness.start("key-number-1")
    harness.clock.set_day("2026-08-19")
    with harness.transactions() as work:
        work.applications.get(app.record_number, for_update=True)
        assert ExpireApplications(harness.service)() == 0
    assert ExpireApplications(harness.service)() == 1


def test_a_stuck_submission_is_given_up_once_by_one_of_four_sweepers(harness: StoreHarness) -> None:
    app = harness.start("key-number-1")
    harness.save(replace(app.requested(harness.clock.now()), asked_again=3), app.version)
    harness.clock.set_day("2026-05-21")
    with ThreadPoolExecutor(4) as pool:
        assert sum(pool.map(lambda _: RetryStuckSubmissions(harness.service, lambda: 0)(), range(4))) == 1
    found = harness.read(app.record_number)
    assert (found.status, found.failure_class) == (Status.FAILED, FailureClass.OURS)
    with harness.transactions() as work:
        sent = list(work.session.scalars(select(INFRASTRUCTURE.outbox.c.type).order_by(INFRASTRUCTURE.outbox.c.id)))
    assert sent == [STARTED, FAILED]


@pytest.mark.parametrize(("queued", "looked_at"), [(0, 3), (1, 2), (2, 1), (3, 0), (9, 0)])
def test_the_newest_submissions_are_those_that_wait_in_the_queue(
    harness: StoreHarness, queued: int, looked_at: int
) -> None:
    numbers = []
    for minute in range(3):
        app = harness.start(f"key-number-{minute}")
        asked_at = harness.clock.now() + timedelta(minutes=minute)
        harness.save(app.requested(asked_at), app.version)
        numbers.append(app.record_number)
    harness.clock.set_day("2026-05-21")
    assert RetryStuckSubmissions(harness.service, lambda: queued)() == looked_at
    again = [harness.read(number).asked_again for number in numbers]
    assert again == [1] * looked_at + [0] * (3 - looked_at)


def test_a_stuck_submission_is_taken_up_by_one_of_two_sweepers(harness: StoreHarness) -> None:
    app = harness.start("key-number-1")
    harness.save(app.requested(harness.clock.now()), app.version)
    harness.clock.set_day("2026-05-21")
    with ThreadPoolExecutor(4) as pool:
        assert sum(pool.map(lambda _: RetryStuckSubmissions(harness.service, lambda: 0)(), range(4))) == 1
