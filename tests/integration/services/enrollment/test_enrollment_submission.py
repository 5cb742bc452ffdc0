"""Submissions on PostgreSQL under concurrency: one outcome, one event, whoever runs how often."""

from __future__ import annotations

import base64
import threading
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime

import pytest
from sqlalchemy import select

import services.enrollment.__main__ as enrollment
from chassis.db import Database
from chassis.db.migrate import upgrade_schema
from chassis.kernel import (
    Caller,
    CallerKind,
    Command,
    Conflict,
    FixedClock,
    Money,
    NotReady,
    Unavailable,
    WritingNumber,
)
from services.enrollment.domain.application import Application
from services.enrollment.domain.assigned_pcp import AssignedPcp
from services.enrollment.domain.coverage_effective_date import CoverageEffectiveDate
from services.enrollment.domain.enums import (
    Authorization,
    Coverage,
    FormType,
    PaymentChoice,
    PaymentStatus,
    Relationship,
    Sex,
    Status,
    Step,
)
from services.enrollment.domain.first_payment import FirstPayment, FirstPaymentTerms
from services.enrollment.domain.payment_details import PaymentDetails
from services.enrollment.domain.people import Person
from services.enrollment.domain.pricing import PlanLine, PremiumLine, PricingBasis, RatedMember
from services.enrollment.domain.steps import (
    Address,
    Contact,
    GeneralStep,
    HouseholdStep,
    LifeEvent,
    PlansStep,
    Producer,
    SignaturesStep,
)
from services.enrollment.events.outgoing import FAILED, REQUESTED, STARTED, SUBMITTED, event_to_proto
from services.enrollment.rulebook import Rulebook
from services.enrollment.store.ssn_encryption import SsnEncryption
from services.enrollment.store.tables import INFRASTRUCTURE
from services.enrollment.store.work import make_transactions
from services.enrollment.usecases.application_service import ApplicationService, ApplicationView
from services.enrollment.usecases.dtos import CheckedPcps, PcpSelection, QuotedMember, SavedQuote
from services.enrollment.usecases.duplicates import DuplicateAnswer
from services.enrollment.usecases.on_payment_changed import OnPaymentChanged
from services.enrollment.usecases.pcp_review import PcpReview
from services.enrollment.usecases.run_submission import RunSubmission
from services.enrollment.usecases.start_application import StartApplication
from services.enrollment.usecases.start_enrollment import StartEnrollment
from services.enrollment.usecases.submit_application import SubmitApplication
from tests.unit.services.enrollment.service_fakes import FakeOutcomes

QUOTED_AT = datetime(2026, 5, 11, 17, tzinfo=UTC)
FRITZ = Producer("220002580", "FRITZ, CALVIN C", "FRITZ, CALVIN C", "IL")
ACTOR = Caller(
    CallerKind.PRODUCER,
    "producer@example.com",
    (WritingNumber("220002580", "IL", "FRITZ, CALVIN C", "FRITZ, CALVIN C"),),
)
KEY = base64.b64encode(bytes(32)).decode()
LINE = PlanLine(
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
ADA = Person(
    Relationship.SELF, "Ada", "", "Sample", date(1987, 6, 14), Sex.FEMALE, tobacco_use=False, person_id="person-1"
)
QUOTED = QuotedMember(RatedMember(Relationship.SELF, date(1987, 6, 14), Sex.FEMALE, False), "", "")


@dataclass
class FlakyServices:
    """Quote, pcp and payment in one; the first calls may find them away."""

    away: int = 0
    price_cents: int = 88679
    opened: list[str] = field(default_factory=list)
    lock: threading.Lock = field(default_factory=threading.Lock)

    def quote(self, quote_id: str) -> SavedQuote:
        day, plan = date(2026, 6, 1), LINE.plan_id
        place = ("60601", "17031", "Cook")
        return SavedQuote(quote_id, QUOTED_AT, FRITZ, *place, day, (QUOTED,), plan, "", False, "", "", False)

    def price(self, basis: PricingBasis) -> tuple[PlanLine, ...]:
        with self.lock:
            if self.away:
                self.away -= 1
                raise Unavailable("away")
        return (replace(LINE, monthly_premium=Money(self.price_cents)),)

    def assign(
        self, record_number: str, plan_id: str, plan_year: int, zip_code: str, pcp_selections: Sequence[PcpSelection]
    ) -> tuple[AssignedPcp, ...]:
        return tuple(AssignedPcp(wish.member_index, "P1", "DR. ONE", "", True) for wish in pcp_selections)

    def check(self, plan_id: str, plan_year: int, zip_code: str, pcp_selections: Sequence[PcpSelection]) -> CheckedPcps:
        return CheckedPcps((), ())

    def open(self, terms: FirstPaymentTerms) -> FirstPayment:
        self.opened.append(terms.record_number)
        return FirstPayment(PaymentStatus.NOT_STARTED, terms.months)

    def find(self, record_number: str) -> PaymentDetails:
        raise Unavailable("away")


class SubmissionHarness:
    def __init__(self, database: Database) -> None:
        self.transactions = make_transactions(database, SsnEncryption.with_keys(KEY, KEY), event_to_proto)
        self.clock = FixedClock.at("2026-05-20")
        self.service = ApplicationService(self.transactions, self.clock, Rulebook())
        self.others = FlakyServices()
        self.run = RunSubmission(self.service, self.others, self.others, self.others)
        self.submit = SubmitApplication(self.service, PcpReview(self.others), FakeOutcomes(), patience=0)

    def ready(self) -> Application:
        app = StartApplication(self.service)(Command(ACTOR, "start_application", "a-first-key", b""), FRITZ).application
        home = Address("200 E Randolph St", "", "Chicago", "IL", "60601", "17031", "Cook")
        contact = Contact("3125550142", "mobile")
        complete = app.changed(
            self.clock.now(),
            general=GeneralStep(True, (LifeEvent("birth", date(2026, 5, 10)),)),
            household=HouseholdStep(
                FormType.MEDICAL_DENTAL, Authorization.PAPER, "", (ADA,), home_address=home, contact=contact
            ),
            plans=PlansStep(LINE.plan_id),
            signatures=SignaturesStep(payment_choice=PaymentChoice.PAY_NOW),
            start=CoverageEffectiveDate(date(2026, 5, 10), "Birth", "birth@2026.1", "birth", date(2026, 5, 10)),
            plan_lines=(LINE,),
        )
        with self.transactions() as work:
            work.applications.save(complete, Step.SIGNATURES, read_version=app.version)
        return complete

    def read(self, app: Application) -> Application:
        with self.transactions() as work:
            found = work.applications.get(app.record_number)
        assert found
        return found

    def events(self) -> list[str]:
        with self.transactions() as work:
            return list(work.session.scalars(select(INFRASTRUCTURE.outbox.c.type).order_by(INFRASTRUCTURE.outbox.c.id)))


@pytest.fixture
def harness(database: str) -> Iterator[SubmissionHarness]:
    db = Database(database)
    upgrade_schema(db.engine, enrollment.SERVICE.migrations)
    yield SubmissionHarness(db)
    db.close()


def test_twenty_clicks_with_one_key_are_one_submission(harness: SubmissionHarness) -> None:
    app = harness.ready()

    def click(_: int) -> ApplicationView:
        return harness.submit(Command(ACTOR, "submit_application", "the-same-key", b"x"), app.record_number, 0)

    with ThreadPoolExecutor(10) as pool:
        statuses = {view.application.status for view in pool.map(click, range(20))}
    assert statuses == {Status.SUBMITTING}
    assert harness.events() == [STARTED, REQUESTED]


def test_ten_keys_at_once_submit_once(harness: SubmissionHarness) -> None:
    app = harness.ready()

    def click(n: int) -> bool:
        try:
            harness.submit(Command(ACTOR, "submit_application", f"key-number-{n}", b"x"), app.record_number, 0)
        except Conflict:
            return False
        return True

    with ThreadPoolExecutor(10) as pool:
        assert sum(pool.map(click, range(10))) == 1
    assert harness.events().count(REQUESTED) == 1


def test_eight_workers_on_one_request_write_one_outcome(harness: SubmissionHarness) -> None:
    app = harness.ready()
    harness.submit(Command(ACTOR, "submit_application", "the-same-key", b"x"), app.record_number, 0)
    with ThreadPoolExecutor(8) as pool:
        list(pool.map(lambda n: harness.run("queue", f"message-{n % 2}", app.record_number, 1), range(8)))
    done = harness.read(app)
    assert (done.status, done.submitted_on) == (Status.SUBMITTED, date(2026, 5, 20))
    assert harness.events() == [STARTED, REQUESTED, SUBMITTED]


def test_a_failed_and_mended_submission_leaves_one_event_of_each_kind(harness: SubmissionHarness) -> None:
    app = harness.ready()
    harness.others.price_cents += 100
    harness.submit(Command(ACTOR, "submit_application", "key-number-1", b"x"), app.record_number, 0)
    harness.run("queue", "message-1", app.record_number, 1)
    failed = harness.read(app)
    assert (failed.status, failed.failures[0].field) == (Status.FAILED, "monthly_premium")
    harness.submit(Command(ACTOR, "submit_application", "key-number-2", b"x"), app.record_number, 0)
    for attempt in (1, 2, 2):
        harness.run("queue", f"message-of-{attempt}", app.record_number, attempt)
    assert harness.read(app).monthly_premium == Money(88779)
    assert harness.events() == [STARTED, REQUESTED, FAILED, REQUESTED, SUBMITTED]


def test_a_passing_fault_rises_and_the_next_delivery_succeeds(harness: SubmissionHarness) -> None:
    app = harness.ready()
    harness.submit(Command(ACTOR, "submit_application", "key-number-1", b"x"), app.record_number, 0)
    harness.others.away = 1
    with pytest.raises(Unavailable):
        harness.run("queue", "message-1", app.record_number, 1)
    harness.run("queue", "message-1", app.record_number, 1)
    assert harness.read(app).status is Status.SUBMITTED


def test_a_refused_submission_frees_its_key_and_writes_nothing(harness: SubmissionHarness) -> None:
    app = StartApplication(harness.service)(Command(ACTOR, "start_application", "a-first-key", b""), FRITZ).application
    with pytest.raises(NotReady):
        harness.submit(Command(ACTOR, "submit_application", "key-number-1", b"x"), app.record_number, 0)
    assert harness.read(app) == app
    assert harness.events() == [STARTED]


def test_payment_events_at_once_end_successful(harness: SubmissionHarness) -> None:
    app = harness.ready()
    harness.submit(Command(ACTOR, "submit_application", "key-number-1", b"x"), app.record_number, 0)
    told = [PaymentStatus.SUCCESSFUL, *[PaymentStatus.FAILED, PaymentStatus.BILL_LATER] * 3]
    hear = OnPaymentChanged(harness.service)
    with ThreadPoolExecutor(7) as pool:
        list(pool.map(lambda p: hear("queue", f"payment-{p[0]}", app.record_number, p[1]), enumerate(told)))
    harness.run("queue", "message-1", app.record_number, 1)
    assert harness.read(app).payment_status is PaymentStatus.SUCCESSFUL


def test_eight_tabs_that_enroll_one_quote_start_one_application(harness: SubmissionHarness) -> None:
    start = StartEnrollment(harness.service, harness.others)
    commands = [Command(ACTOR, "start_enrollment", f"key-number-{n}", b"x") for n in range(8)]
    with ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(lambda command: start(command, "q-1", DuplicateAnswer()), commands))
    assert sum(isinstance(answer, ApplicationView) for answer in answers) == 1
    assert harness.events() == [STARTED]
