"""Ending coverage and changing contact details on PostgreSQL: once, whole, and found again."""

from __future__ import annotations

import base64
import json
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from typing import Any

import pytest
from sqlalchemy import text
from suite.common.v1 import common_pb2 as common
from suite.enrollment.v1 import after_submission_pb2 as after
from suite.enrollment.v1 import application_pb2 as pb
from suite.enrollment.v1 import enrollment_service_pb2 as service
from suite.enrollment.v1 import steps_pb2 as steps

from chassis.kernel import DomainError, InvalidInput, Stale
from services.enrollment.domain.carrier_grants import CarrierGrant, FieldGroup
from services.enrollment.domain.submission import read_submission
from services.enrollment.events.outgoing import CONTACT_CHANGED, TERMINATED
from services.enrollment.store.reindex import reindex_blind_indexes
from services.enrollment.store.ssn_encryption import SsnEncryption
from tests.integration.application_machine.fake_services import DENTAL, HMO
from tests.integration.application_machine.harness import ContractHarness
from tests.integration.services.enrollment.whole_applications import (
    ApplicationHistory,
    address,
    contact,
    family,
    general,
    signatures,
)

BOTH = (common.COVERAGE_MEDICAL, common.COVERAGE_DENTAL)
CALLERS = 20


@pytest.fixture
def harness(shared_harness: ContractHarness) -> ContractHarness:
    shared_harness.reset(date(2026, 5, 20))
    return shared_harness


@pytest.fixture
def covered(harness: ContractHarness) -> pb.Application:
    """Submitted for June 1, 2026 with a medical and a dental plan; it is June 2."""
    story = ApplicationHistory(harness)
    story.save(general=general())
    story.save(household=family())
    story.ask("SetEffectiveDate", service.SetEffectiveDateRequest)
    story.save(plans=steps.PlansStep(medical_plan_id=HMO, dental_plan_id=DENTAL))
    story.save(signatures=signatures())
    story.submit()
    assert (story.app.status, story.app.effective_date) == (pb.APPLICATION_STATUS_SUBMITTED, "2026-06-01")
    harness.clock.moment = harness.clock.moment.replace(month=6, day=2)
    return story.app


def termination(app: pb.Application, key: str, **changes: Any) -> after.TerminateCoverageRequest:
    values: dict[str, Any] = {
        "coverages": BOTH,
        "last_day": "2026-06-30",
        "reason": pb.TERMINATION_REASON_MOVED,
        "asked_by": pb.CANCEL_PARTY_CLIENT,
    }
    return after.TerminateCoverageRequest(idempotency_key=key, record_number=app.record_number, **{**values, **changes})


def change(app: pb.Application, key: str, email: str = "later@example.com", **changes: str) -> Any:
    request = after.ChangeContactRequest(
        idempotency_key=key,
        record_number=app.record_number,
        version=app.version,
        contact=contact(email),
        mailing_address=address("6 Letter Ln"),
    )
    for path, value in changes.items():
        part, _, field = path.partition("__")
        setattr(getattr(request, part), field, value)
    return request


def published(harness: ContractHarness) -> Counter[str]:
    return Counter(row["type"] for row in harness.snapshot().rows("outbox"))


def outcome(harness: ContractHarness, method: str, request: Any) -> str:
    try:
        harness.call(method, request)
    except DomainError as refusal:
        return refusal.code
    return "done"


def test_of_twenty_callers_at_once_one_ends_coverage_and_each_plan_has_one_event(
    harness: ContractHarness, covered: pb.Application
) -> None:
    with ThreadPoolExecutor(CALLERS) as pool:
        requests = [termination(covered, f"a-key-of-caller-{one}") for one in range(CALLERS)]
        found = Counter(pool.map(lambda one: outcome(harness, "TerminateCoverage", one), requests))
    assert found == {"done": 1, "coverage_terminated": CALLERS - 1}
    assert published(harness)[TERMINATED] == 2
    stored = harness.read(covered.record_number)
    assert [(one.coverage, one.last_day) for one in stored.terminations] == [
        ("medical", date(2026, 6, 30)),
        ("dental", date(2026, 6, 30)),
    ]
    assert stored.version == covered.version + 1


def test_two_callers_who_end_one_plan_each_at_once_both_succeed(
    harness: ContractHarness, covered: pb.Application
) -> None:
    with ThreadPoolExecutor(2) as pool:
        requests = [termination(covered, f"a-key-of-plan-{one}", coverages=[one]) for one in BOTH]
        assert [*pool.map(lambda one: outcome(harness, "TerminateCoverage", one), requests)] == ["done", "done"]
    assert len(harness.read(covered.record_number).terminations) == 2


@pytest.mark.parametrize(("method", "event"), [("TerminateCoverage", TERMINATED), ("ChangeContact", CONTACT_CHANGED)])
def test_twenty_calls_with_one_key_are_one_act_and_have_one_answer(
    harness: ContractHarness, covered: pb.Application, method: str, event: str
) -> None:
    make: Any = termination if method == "TerminateCoverage" else change
    with ThreadPoolExecutor(CALLERS) as pool:
        asked = [make(covered, "one-key-for-all")] * CALLERS
        answers = [*pool.map(lambda one: harness.call(method, one), asked)]
    assert all(one == answers[0] for one in answers)
    assert published(harness)[event] == (2 if event == TERMINATED else 1)


def test_of_twenty_changes_at_once_one_is_made_and_nothing_is_overwritten(
    harness: ContractHarness, covered: pb.Application
) -> None:
    with ThreadPoolExecutor(CALLERS) as pool:
        requests = [change(covered, f"a-key-of-caller-{one}", f"x{one}@example.com") for one in range(CALLERS)]
        found = Counter(pool.map(lambda one: outcome(harness, "ChangeContact", one), requests))
    assert found == {"done": 1, Stale.code: CALLERS - 1}
    assert published(harness)[CONTACT_CHANGED] == 1


ODD = ("\x00", "a\x00b", "\u202e", "x" * 5000, "'; drop table application; --", "\U0001f600")


@pytest.mark.parametrize("value", ODD)
@pytest.mark.parametrize(
    "field",
    [
        *(f"contact__{name}" for name in (
            "phone", "phone_type", "email", "text_messages_version", "electronic_delivery_version")),
        *(f"mailing_address__{name}" for name in ("street", "unit", "city", "state", "zip", "county_fips")),
    ],
)  # fmt: skip  # reads across, as a table
def test_bad_contact_details_are_refused_at_their_field_and_nothing_is_written(
    harness: ContractHarness, covered: pb.Application, field: str, value: str
) -> None:
    before = harness.snapshot()
    if field.startswith("mailing_address__") and value.startswith("'"):
        value = value.replace("'", "<")  # an apostrophe and a semicolon apart are of addresses
    with pytest.raises(InvalidInput) as refused:
        harness.call("ChangeContact", change(covered, "a-key-of-a-bad-one", **{field: value}))
    assert {one.field for one in refused.value.problems} == {field.replace("__", ".")}
    assert value not in f"{refused.value.message} {refused.value.problems}"
    assert harness.snapshot().text == before.text


@pytest.mark.parametrize(
    "changes",
    [
        {"coverages": []},
        {"coverages": [0]},
        {"coverages": [99]},
        {"coverages": [1, 1]},
        {"coverages": [1, 2, 1]},
        *({"last_day": one} for one in (*ODD, "", "2026-02-30", "10000-01-01", "0000-00-00", "2026-06-15")),
        *({"reason": one} for one in (0, -1, 2**31 - 1)),
        *({"asked_by": one} for one in (0, -1, 2**31 - 1)),
    ],
)
def test_bad_termination_is_refused_at_its_field_and_nothing_is_written(
    harness: ContractHarness, covered: pb.Application, changes: dict[str, Any]
) -> None:
    before = harness.snapshot()
    with pytest.raises(InvalidInput) as refused:
        harness.call("TerminateCoverage", termination(covered, "a-key-of-a-bad-one", **changes))
    assert {one.field.partition("[")[0] for one in refused.value.problems} == {*changes}
    assert harness.snapshot().text == before.text


@pytest.mark.parametrize("method", ["TerminateCoverage", "ChangeContact"])
@pytest.mark.parametrize(("field", "value"), [("idempotency_key", "short"), ("record_number", ""), ("version", 0)])
def test_bad_envelope_is_refused_at_its_field(
    harness: ContractHarness, covered: pb.Application, method: str, field: str, value: Any
) -> None:
    make: Any = termination if method == "TerminateCoverage" else change
    request = make(covered, "a-key-of-a-bad-one")
    if field not in request.DESCRIPTOR.fields_by_name:
        return
    setattr(request, field, value)
    with pytest.raises(InvalidInput) as refused:
        harness.call(method, request)
    assert [one.field for one in refused.value.problems] == [field]


def test_events_audit_and_keys_hold_nothing_of_the_new_contact(
    harness: ContractHarness, covered: pb.Application
) -> None:
    harness.call("ChangeContact", change(covered, "a-key-of-a-change", contact__phone="708-555-0199"))
    now = harness.snapshot()
    bodies = [bytes.fromhex(row["body"].removeprefix("\\x")).decode() for row in now.rows("outbox")]
    written = " ".join([*bodies, *(str(now.rows(table)) for table in ("audit", "idempotency", "inbox"))])
    for typed in ("708-555-0199", "7085550199", "later@example.com", "6 Letter Ln"):
        assert typed not in written
    assert "708-555-0199" in str(now.rows("application")), "the search above would find it"
    [body] = [
        json.loads(one) for row, one in zip(now.rows("outbox"), bodies, strict=True) if row["type"] == CONTACT_CHANGED
    ]
    assert sorted(body) == ["change", "changedOn", "clientAppId", "recordNumber", "state", "writingNumber"]


def test_what_was_changed_is_read_for_the_carrier_and_what_was_submitted_stays(
    harness: ContractHarness, covered: pb.Application
) -> None:
    done = harness.call("ChangeContact", change(covered, "a-key-of-a-change")).application
    assert done.household == covered.household
    stored = harness.read(covered.record_number)
    submission = read_submission(stored, CarrierGrant(frozenset(["36096"]), frozenset([FieldGroup.CONTACT])), {})
    assert submission and submission.mailing_address and submission.people[0].contact
    assert submission.people[0].contact.email == "later@example.com"
    assert (submission.mailing_address.street, submission.contact_changes) == ("6 Letter Ln", 1)
    assert stored.household.mailing_address and stored.household.mailing_address.street == "5 Letter Ln"
    assert stored.household.contact.email == "applicant@example.com"


def test_a_changed_phone_finds_client_and_duplicates_also_after_reindexing(
    harness: ContractHarness, covered: pb.Application
) -> None:
    other = ApplicationHistory(harness, "220002580", key="key-number-5")
    other.save(household=steps.HouseholdStep(contact=steps.Contact(phone="708-555-0199", phone_type="landline")))
    harness.call("ChangeContact", change(covered, "a-key-of-a-change", contact__phone="(708) 555-0199"))

    def matches(transactions: Any) -> list[str]:
        with transactions() as work:
            found = work.applications.get(other.app.record_number)
            return [one.record_number for one in work.duplicates.of(found)]

    def clients(phone: str) -> int:
        return len(harness.call("SearchClients", service.SearchClientsRequest(phone=phone)).clients)

    assert (clients("7085550199"), clients("3125550142")) == (1, 0)
    assert matches(harness.transactions) == [covered.record_number]
    key = SsnEncryption.with_keys(base64.b64encode(b"f" * 32).decode(), base64.b64encode(b"n" * 32).decode())
    reindex_blind_indexes(harness.database, key)
    assert matches(harness.transactions) == [covered.record_number]


def test_a_release_without_the_columns_writes_on_the_new_schema(
    harness: ContractHarness, covered: pb.Application
) -> None:
    """As it inserts and updates while both releases serve: with every column but the new ones."""
    with harness.database.transaction() as session:
        columns = [
            name
            for (name,) in session.execute(
                text("select column_name from information_schema.columns where table_name = 'application'")
            )
            if name not in ("terminations", "contact_change")
        ]
        session.execute(text("create temp table older on commit drop as select * from application"))
        session.execute(text("update older set record_number = 'A-9998', number = 9998"))
        names = ", ".join(columns)
        session.execute(text(f"insert into application ({names}) select {names} from older"))
    older = harness.read("A-9998")
    assert (older.terminations, older.contact_change) == ((), None)
