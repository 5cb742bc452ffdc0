"""100,000 made-up applications of 1,000 producers, copied into a database. Every name and number is made up."""

from __future__ import annotations

import io
import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta
from itertools import cycle
from random import Random
from typing import Any

from sqlalchemy import text

from benchmarks.enrollment_samples import (
    FIRST_NAMES,
    HOME,
    LAST_NAMES,
    SSN_ENCRYPTION,
    SYLLABLES,
    TODAY,
    client_row,
    make_sample,
    step_of,
)
from chassis.db import Database
from chassis.kernel import get_markets
from services.enrollment.domain.application import Application
from services.enrollment.domain.application_list import name_key
from services.enrollment.domain.client import ClientProfile
from services.enrollment.domain.enums import (
    Sex,
    Status,
)
from services.enrollment.domain.identifiers import Identifiers
from services.enrollment.domain.people import Contact
from services.enrollment.domain.steps import (
    Producer,
)
from services.enrollment.store.mapping import person_values, values_of

APPLICATIONS, PRODUCERS, BUSIEST = 100_000, 1_000, 5_000
# What a carrier's year may look like: most are sent, a quarter is open, the rest ended.
SHARES = {Status.SUBMITTED: 50, Status.INCOMPLETE: 25, Status.EXPIRED: 12, Status.FAILED: 8, Status.CANCELLED: 5}
ACTS = ("application.started", "step.saved", "step.saved", "effective_date.calculated", "step.saved", "step.saved")
# Rows of all tables together: some tens of MB.
AT_ONCE = 50_000


@dataclass(frozen=True, slots=True)
class SeededNumbers:
    """What a measurement has to know of the seeded world: writing numbers, the busiest first."""

    numbers: list[str]
    weights: list[int]


def seed(database: Database, first: int = 1) -> SeededNumbers:
    """About a minute; ends with the statistics that autovacuum would gather. Record numbers begin at ``first``."""
    random = Random(20260520)
    states = cycle(get_markets().states)
    producers = [Producer(f"{700_000_000 + n}", f"PRODUCER {n:04d}", "", next(states)) for n in range(PRODUCERS)]
    weights = [random.lognormvariate(0, 1) for _ in range(PRODUCERS - 1)]
    rest = APPLICATIONS - BUSIEST
    counts = [BUSIEST, *(max(1, int(rest * weight / sum(weights))) for weight in weights)]
    counts[1] += APPLICATIONS - sum(counts)
    owners = [producer for producer, count in zip(producers, counts, strict=True) for _ in range(count)]
    random.shuffle(owners)
    _copy_everything(database, _Rows(random).of(owners, first), first + APPLICATIONS - 1)
    with database.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.execute(text("vacuum analyze"))
    return SeededNumbers([producer.writing_number for producer in producers], counts)


class _Rows:
    """Rows of all tables, application by application, from a few hundred samples made by the domain."""

    def __init__(self, random: Random) -> None:
        self._random = random
        self._clients: set[str] = set()
        samples = [(status, make_sample(status, size)) for status in SHARES for size in (1, 2, 4)]
        self._samples = [(status, app, _as_text(values_of(app, step_of(status)))) for status, app in samples]
        self._shares = [SHARES[status] for status, *_ in self._samples]

    def of(self, owners: Sequence[Producer], first: int) -> Iterator[tuple[str, dict[str, Any]]]:
        """Table and row."""
        for number, owner in enumerate(owners, first):
            status, app, values = self._random.choices(self._samples, self._shares)[0]
            yield from self._application(Identifiers(number), owner, status, app, values)

    def _application(
        self, ids: Identifiers, owner: Producer, status: Status, app: Application, values: dict[str, Any]
    ) -> Iterator[tuple[str, dict[str, Any]]]:
        random, record = self._random, ids.record_number
        last, first = random.choice(LAST_NAMES), random.choice(FIRST_NAMES)
        age = random.randrange(90) if status in (Status.INCOMPLETE, Status.FAILED) else random.randrange(20, 540)
        created = datetime.combine(TODAY - timedelta(age), time(15), UTC) + timedelta(seconds=random.randrange(20_000))
        effective = (created.date() + timedelta(35)).replace(day=1)
        yield (
            "application",
            values
            | {
                "record_number": record,
                "number": ids.number,
                "writing_number": owner.writing_number,
                "producer_name": owner.name,
                "state": owner.state,
                "created_at": created,
                "updated_at": created + timedelta(seconds=random.randrange(200_000)),
                "applicant_name": f"{first} {last}",
                "applicant_key": name_key(last, first),
                "effective_date": effective,
                "premium_cents": random.randrange(20_000, 250_000),
                "product_name": f"Blue {random.choice(SYLLABLES).capitalize()} {random.randrange(100, 999)}",
                "submitted_on": created.date() if app.submitted_on else None,
                "expires_on": created.date() + timedelta(90) if app.expires_on else None,
                "payment_status": random.choice(("successful", "bill_later", "not_started"))
                if app.submitted_on
                else None,
                "phone_index": f"{random.getrandbits(256):064x}",
            },
        )
        yield from self._people(record, owner, app, first, last)
        yield from ((("deadline"), row) for row in self._deadlines(ids, owner, app, created.date(), effective))
        for place, action in enumerate(ACTS):
            yield (
                "audit",
                {
                    "at": created + timedelta(minutes=place),
                    "actor": "producer@example.com",
                    "on_behalf_of": owner.writing_number,
                    "subject": record,
                    "action": action,
                    "summary": "Step household saved.",
                    "changed_fields": '["First name of person 1", "Street of home address"]',
                },
            )

    def _people(
        self, record: str, owner: Producer, app: Application, first: str, last: str
    ) -> Iterator[tuple[str, dict[str, Any]]]:
        born = date(1945, 1, 1) + timedelta(self._random.randrange(20_000))
        four = f"{self._random.randrange(10_000):04d}"
        contact = Contact(f"312555{self._random.randrange(10_000):04d}", "mobile")
        profile = ClientProfile(owner.writing_number, first, last, born, Sex.FEMALE, HOME, "", contact, four)
        index = SSN_ENCRYPTION.own(owner.writing_number, profile.identity, "person")
        for place, person in enumerate(app.household.people):
            mine = replace(
                person,
                person_id=f"{record}-{place}",
                first_name=first if place == 0 else self._random.choice(FIRST_NAMES),
                last_name=last,
            )
            mine = replace(mine, date_of_birth=born, ssn_last_four=four)
            row = _as_text(person_values(app, place, mine, SSN_ENCRYPTION.birth_dates))
            # as many bytes as a sealed number has
            sealed = {"ssn": self._random.randbytes(118), "ssn_index": f"{self._random.getrandbits(256):064x}"}
            own = {"person_index": index} if place == 0 else {"person_index": f"{self._random.getrandbits(256):064x}"}
            yield "person", row | sealed | own | {"record_number": record}
        if index not in self._clients:
            self._clients.add(index)
            yield "client", client_row(record, profile, index)

    def _deadlines(
        self, ids: Identifiers, owner: Producer, app: Application, created: date, effective: date
    ) -> Iterator[dict[str, Any]]:
        due: dict[str, date] = {}
        if app.status in (Status.INCOMPLETE, Status.FAILED):
            due = {"draft_expiry": created + timedelta(90), "sep_window_end": created + timedelta(50)}
        elif app.status is Status.SUBMITTED and self._random.random() < 0.6:
            due = {"first_payment_due": effective + timedelta(30)}
        for kind, day in due.items():
            yield {
                "record_number": ids.record_number,
                "kind": kind,
                "number": ids.number,
                "writing_number": owner.writing_number,
                "due_on": day,
            }


def _as_text(values: dict[str, Any]) -> dict[str, Any]:
    """Documents as the text that COPY takes."""
    return {name: json.dumps(value) if isinstance(value, dict | list) else value for name, value in values.items()}


def _copy_everything(database: Database, rows: Iterable[tuple[str, dict[str, Any]]], last: int) -> None:
    tables: dict[str, tuple[list[str], list[str]]] = {}
    for place, (table, row) in enumerate(rows, 1):
        columns, lines = tables.setdefault(table, (list(row), []))
        lines.append("\t".join(_cell(row[name]) for name in columns))
        if place % AT_ONCE == 0:
            _copy(database, tables)
    _copy(database, tables)
    with database.transaction() as session:
        session.execute(text("update counter set last = :last"), {"last": last})


def _copy(database: Database, tables: dict[str, tuple[list[str], list[str]]]) -> None:
    with database.transaction() as session:
        session.execute(text("set local statement_timeout = 0"))
        driver: Any = session.connection().connection
        for table, (columns, lines) in sorted(tables.items()):  # applications first: others point to them
            with driver.cursor() as cursor:
                cursor.copy_expert(f"copy {table} ({', '.join(columns)}) from stdin", io.StringIO("\n".join(lines)))
            lines.clear()


def _cell(value: Any) -> str:
    if value is None:
        return r"\N"
    if isinstance(value, bytes):
        return rf"\\x{value.hex()}"
    return str(value).replace("\\", r"\\").replace("\t", " ").replace("\n", " ")
