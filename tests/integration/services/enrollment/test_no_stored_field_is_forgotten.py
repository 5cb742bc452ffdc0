"""Every field of what enrollment stores comes back from PostgreSQL as it was written, and so do the columns of lists.

Fields that come in by a step are sent through the contract in ``test_no_field_is_forgotten.py``; here are all of them,
also those that the service works out itself. Clients are in ``test_enrollment_clients_store.py``.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from itertools import count
from typing import Any

import pytest

from services.enrollment.domain.application import Application
from services.enrollment.domain.application_list import ApplicationSearch, Column
from services.enrollment.domain.duplicates import Duplicate, DuplicateMatch
from services.enrollment.domain.enums import Relationship, Status, Step
from services.enrollment.domain.identifiers import Identifiers
from services.enrollment.domain.people import Person
from services.enrollment.store import applications, mapping
from services.enrollment.store.drafts import DraftRepository
from services.enrollment.usecases.overview_ports import DeadlineSearch, ListedApplication, OpenDeadline
from tests.dropped_lines import drop_line
from tests.filled_values import FilledValues, differing_fields
from tests.integration.services.enrollment.client_harness import ADA, ENCRYPTION, ClientHarness, quoted
from tests.stored_values import RoundTrip, lost_fields, with_new_field

Write = Callable[[ClientHarness, Application], None]
MADE: dict[Any, Any] = {"Application.asked_again": lambda number: number % 1000}  # a small integer
DRAFT: dict[Any, Any] = {**MADE, "Application.status": lambda _: Status.INCOMPLETE}
# The number is sealed, and nothing opens it for an application; to remove it is an act.
NEVER_READ = {"Person.ssn", "Person.removes_ssn"}
# The blind index of the stored number, whatever is there when it is saved.
NEVER_READ |= {"Person.ssn_fingerprint"}
NEVER_READ_OF_PEOPLE = {f"Application.household.people[].{name.removeprefix('Person.')}" for name in NEVER_READ}
_numbers = count(10_000_000)


def draft_of(*people: Person) -> Application:
    """Everything else is in it too; each has another number."""
    found: Application = FilledValues(0, DRAFT).of(Application)
    return replace(found, identifiers=Identifiers(next(_numbers)), household=replace(found.household, people=people))


def add(harness: ClientHarness, app: Application) -> None:
    with harness.transactions() as work:
        work.applications.add(app, Step.PLANS)


def save(harness: ClientHarness, app: Application) -> None:
    """Over an application that has the number and the ids of the people, and nothing else of it."""
    first: Application = FilledValues(1, MADE, first=900_000).of(Application)
    other: Person = FilledValues(1, MADE, first=900_000).of(Person)
    people = tuple(replace(other, person_id=person.person_id) for person in app.household.people)
    first = replace(first, identifiers=app.identifiers, household=replace(first.household, people=people))
    with harness.transactions() as work:
        work.applications.add(first, Step.SIGNATURES)
    with harness.transactions() as work:
        work.applications.save(app, Step.PLANS, read_version=first.version)


def read(harness: ClientHarness, record_number: str) -> Application:
    with harness.transactions() as work:
        found = work.applications.get(record_number)
    assert found
    return found


def round_trips(harness: ClientHarness, write: Write) -> dict[Any, RoundTrip]:
    def application(sent: Application) -> Application:
        write(harness, sent)
        return read(harness, sent.record_number)

    def person(sent: Person) -> Person:
        app = draft_of(sent)
        write(harness, app)
        [found] = read(harness, app.record_number).household.people
        return found

    return {Application: application, Person: person}


@pytest.mark.parametrize("write", [add, save])
def test_every_field_of_an_application_and_its_people_comes_back(harness: ClientHarness, write: Write) -> None:
    back = round_trips(harness, write)
    assert lost_fields(Application, back[Application], MADE) == NEVER_READ_OF_PEOPLE
    assert lost_fields(Person, back[Person], MADE) == NEVER_READ


def test_every_field_of_a_draft_that_is_judged_again_comes_back(harness: ClientHarness) -> None:
    drafts = DraftRepository(harness.database, ENCRYPTION.birth_dates, batch=3)

    def judged(sent: Application) -> Application:
        add(harness, sent)
        [found] = [app for batch in drafts.batches() for app in batch if app.record_number == sent.record_number]
        return found

    assert lost_fields(Application, judged, DRAFT) == NEVER_READ_OF_PEOPLE


def listed(app: Application) -> ListedApplication:
    """As the list of applications has it."""
    return ListedApplication(
        record_number=app.record_number,
        client_app_id=app.identifiers.client_app_id,
        status=app.status,
        applicant_name=app.applicant_name,
        submitted_on=app.submitted_on,
        effective_date=app.effective_date,
        product_name=", ".join(line.name for line in app.plan_lines),
        monthly_premium=app.monthly_premium,
        payment_status=app.payment_status.value if app.payment_status else "",
        producer=app.producer,
        current_step=Step.PLANS,
        expires_on=app.expires_on,
        created_at=app.created_at,
        updated_at=app.updated_at,
        next_step=Step.PLANS if app.status in (Status.INCOMPLETE, Status.FAILED) else None,
    )


def lost_columns(harness: ClientHarness, write: Write, app: Application, applicant_key: str) -> list[str]:
    """What the list does not show as the application has it, and the key of the applicant's name."""
    write(harness, app)
    with harness.transactions() as work:
        [(row, cursor)] = work.lists.page(ApplicationSearch(app.status, Column.APPLICANT), None, None, 10)
    lost = list(differing_fields(listed(app), row))
    return lost if cursor.value == applicant_key else [*lost, "applicant_key"]


@pytest.mark.parametrize("write", [add, save])
def test_columns_of_lists_are_written_from_the_application(harness: ClientHarness, write: Write) -> None:
    assert lost_columns(harness, write, draft_of(replace(ADA, suffix="III")), "sample ada iii") == []


@pytest.mark.parametrize("write", [add, save])
def test_columns_of_lists_are_emptied_when_the_application_has_nothing_for_them(
    harness: ClientHarness, write: Write
) -> None:
    app: Application = FilledValues(0, DRAFT, sparse=True).of(Application)
    assert (app.monthly_premium, app.effective_date) == (None, None)
    assert lost_columns(harness, write, app, "") == []


def test_every_field_of_a_deadline_comes_back(harness: ClientHarness) -> None:
    """As the list of deadlines has it, after it moved from another day."""

    def due(sent: OpenDeadline) -> OpenDeadline:
        applicant = Person(Relationship.SELF, last_name=sent.applicant_name, one_name_only=True)
        number, writing_number = sent.identifiers.number, sent.producer.writing_number
        app = draft_of(applicant)
        add(harness, replace(app, identifiers=sent.identifiers, status=sent.status, producer=sent.producer))
        with harness.transactions() as work:
            work.deadlines.put(number, writing_number, [replace(sent.deadline, due_on=app.created_at.date())])
            work.deadlines.put(number, writing_number, [sent.deadline])
        with harness.transactions() as work:
            [found] = work.deadlines.page(DeadlineSearch(), [writing_number], None, 10)
        return found

    assert lost_fields(OpenDeadline, due, MADE) == set()
    assert lost_fields(with_new_field(OpenDeadline), due, MADE) == {"OpenDeadline.of_tomorrow"}, "the control"


def test_every_field_of_a_duplicate_comes_back(harness: ClientHarness) -> None:
    app, profile = draft_of(ADA), quoted("Ada")
    app = replace(app, producer=replace(app.producer, writing_number=profile.writing_number))
    add(harness, app)
    quoted_at = harness.clock.now()
    harness.hear(profile, "q-of-ada")
    with harness.transactions() as work:
        [draft] = work.duplicates.at_start(profile.writing_number, profile, app.quote_id)
        [quote] = work.duplicates.of(app)
    matches = (DuplicateMatch.SAME_NAME_AND_BIRTH_DATE, DuplicateMatch.SAME_QUOTE)
    assert draft == Duplicate(
        matches, app.record_number, app.quote_id, app.status, app.effective_date, app.applicant_name, app.updated_at
    )
    assert quote == Duplicate(matches[:1], quote_id="q-of-ada", effective_date=date(2026, 6, 1), updated_at=quoted_at)


def test_a_new_field_that_the_store_does_not_know_is_noticed(harness: ClientHarness) -> None:
    back = round_trips(harness, add)
    lost = lost_fields(with_new_field(Application), back[Application], MADE)
    assert lost == {*NEVER_READ_OF_PEOPLE, "Application.of_tomorrow"}
    assert lost_fields(with_new_field(Person), back[Person], MADE) == {*NEVER_READ, "Person.of_tomorrow"}


@pytest.mark.parametrize(
    ("kind", "line", "lost"),
    [
        (Application, '    "requested_at",', "Application.requested_at"),
        (
            Application,
            "        explained=json_columns.EXPLANATION.load(row.duplicates_explained),",
            "Application.explained",
        ),
        (Person, "        ssn_last_four=row.ssn_last_four,", "Person.ssn_last_four"),
        (
            Person,
            "        first_identity=_first_identity(row, birth_dates),",
            "Person.first_identity",
        ),
    ],
)
def test_a_converter_without_one_line_is_noticed(
    harness: ClientHarness, monkeypatch: pytest.MonkeyPatch, kind: Any, line: str, lost: str
) -> None:
    drop_mapping_line(line, monkeypatch)
    known = NEVER_READ if kind is Person else NEVER_READ_OF_PEOPLE
    assert lost_fields(kind, round_trips(harness, add)[kind], MADE) == {*known, lost}


def test_a_column_of_lists_that_is_not_written_is_noticed(
    harness: ClientHarness, monkeypatch: pytest.MonkeyPatch
) -> None:
    drop_mapping_line('        "premium_cents": premium.cents if premium else None,', monkeypatch)
    assert lost_columns(harness, add, draft_of(ADA), "sample ada") == ["ListedApplication.monthly_premium"]


def drop_mapping_line(line: str, monkeypatch: pytest.MonkeyPatch) -> None:
    drop_line(mapping, line, monkeypatch)
    for name in ("application_of", "person_values", "values_of"):  # which the repository has by their names
        monkeypatch.setattr(applications, name, getattr(mapping, name))
