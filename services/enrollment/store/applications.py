"""Store: the repository of applications. Every method costs a constant number of statements."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime
from typing import Any

from sqlalchemy import ARRAY, Text, and_, any_, bindparam, case, delete, insert, or_, select, tuple_, update
from sqlalchemy.dialects.postgresql import insert as upsert
from sqlalchemy.orm import Session

from chassis.kernel import Stale
from services.enrollment.domain.application import SAVED_SINCE, Application
from services.enrollment.domain.client import ten_digits
from services.enrollment.domain.enums import Status, Step
from services.enrollment.domain.events import ApplicationExpired
from services.enrollment.domain.steps import HouseholdStep
from services.enrollment.store.deadlines import DeadlineRow
from services.enrollment.store.mapping import application_of, person_values, step_values, values_of
from services.enrollment.store.ssn_encryption import SsnEncryption
from services.enrollment.store.tables import INFRASTRUCTURE, ApplicationRow, CounterRow, PersonRow
from services.enrollment.usecases.dtos import TimelineEntry

_APPLICATIONS: Any = ApplicationRow.__table__
_PEOPLE: Any = PersonRow.__table__
# Built once: a statement that is built for each use costs several times what PostgreSQL takes to run it. Tables instead
# of mapped classes, since nothing that is read here is changed in place.
_GET = select(_APPLICATIONS).where(_APPLICATIONS.c.record_number == bindparam("record_number"))
_LOCK = _GET.with_for_update()
# Somebody else's row is not even read: it would take longer than one that is not there, and so tell the two apart.
_VISIBLE = _APPLICATIONS.c.writing_number == any_(bindparam("numbers", type_=ARRAY(Text)))
_GET_VISIBLE, _LOCK_VISIBLE = _GET.where(_VISIBLE), _GET.where(_VISIBLE).with_for_update()
_LOCK_VERSION = _GET.with_only_columns(_APPLICATIONS.c.version).with_for_update()
_STATUS = _GET.with_only_columns(_APPLICATIONS.c.status)
_WRITING_NUMBER = _GET.with_only_columns(_APPLICATIONS.c.writing_number)
# A sealed number is read by itself, where it is unsealed.
_PEOPLE_OF = (
    select(*(column for column in _PEOPLE.c if column.name != "ssn"))
    .where(_PEOPLE.c.record_number == any_(bindparam("record_numbers", type_=ARRAY(Text))))
    .order_by(_PEOPLE.c.position)
)
_UPDATE = (
    update(_APPLICATIONS)
    .where(
        _APPLICATIONS.c.record_number == bindparam("read_record_number"),
        _APPLICATIONS.c.version == bindparam("read_version"),
    )
    .returning(_APPLICATIONS.c.number)
)


def _upsert_of_person() -> Any:
    """A number that came in is sealed; a stored one stays while its last four digits do."""
    statement = upsert(_PEOPLE)
    new = statement.excluded
    kept = and_(new.ssn.is_(None), new.ssn_last_four != "")
    changes = {
        column.name: new[column.name] for column in _PEOPLE.c if column.name not in ("person_id", "record_number")
    }
    for sealed_column in ("ssn", "ssn_index"):
        changes[sealed_column] = case((kept, _PEOPLE.c[sealed_column]), else_=new[sealed_column])
    return statement.on_conflict_do_update(index_elements=[_PEOPLE.c.person_id], set_=changes)


_UPSERT_PERSON = _upsert_of_person()


class ApplicationRepository:
    """The port ``usecases.ports.Applications`` over PostgreSQL."""

    def __init__(self, session: Session, encryption: SsnEncryption) -> None:
        self._session = session
        self._encryption = encryption
        # The people that this unit of work has read, with the producer in whose index they are.
        self._read: dict[str, tuple[object, str]] = {}

    def next_sequence_number(self) -> int:
        counter = update(CounterRow).where(CounterRow.name == "application").values(last=CounterRow.last + 1)
        return int(self._session.execute(counter.returning(CounterRow.last)).scalar_one())

    def add(self, app: Application, next_step: Step | None) -> None:
        self._session.execute(insert(_APPLICATIONS), self._values(app, next_step))
        self._put_people(app)

    def get(
        self, record_number: str, *, for_update: bool = False, visible_to: Collection[str] | None = None
    ) -> Application | None:
        values: dict[str, Any] = {"record_number": record_number}
        if visible_to is None:
            query = _LOCK if for_update else _GET
        else:
            query = _LOCK_VISIBLE if for_update else _GET_VISIBLE
            values["numbers"] = list(visible_to)
        row = self._session.execute(query, values).one_or_none()
        if row is None:
            return None
        [app] = self._loaded([row])
        self._read[record_number] = _people_of(app)
        return app

    def lock(self, read: Application) -> Application | None:
        version = self._session.scalar(_LOCK_VERSION, {"record_number": read.record_number})
        if version != read.version:
            return self.get(read.record_number)  # locked already
        self._read[read.record_number] = _people_of(read)
        return read

    def status(self, record_number: str) -> Status | None:
        found = self._session.scalar(_STATUS, {"record_number": record_number})
        return Status(found) if found else None

    def writing_number(self, record_number: str) -> str | None:
        found: str | None = self._session.scalar(_WRITING_NUMBER, {"record_number": record_number})
        return found

    def save(self, app: Application, next_step: Step | None, *, read_version: int, saved: str = "") -> None:
        values = self._values(app, next_step) | {"last_save": self._sealed_save(app, saved)}
        mine = {"read_record_number": app.record_number, "read_version": read_version}
        if self._session.execute(_UPDATE, values | mine).first() is None:
            raise Stale(SAVED_SINCE)
        if self._read.get(app.record_number) != _people_of(app):
            self._put_people(app)

    def is_last_save(self, app: Application, saved: str) -> bool:
        found = self._session.scalar(
            select(ApplicationRow.last_save).where(ApplicationRow.record_number == app.record_number)
        )
        return bool(saved) and found == self._sealed_save(app, saved)

    def _sealed_save(self, app: Application, saved: str) -> str:
        """Keyed: what was typed has numbers in it that a plain hash would let somebody guess."""
        return self._encryption.own(app.producer.writing_number, saved, "save") if saved else ""

    def set_next_step(self, record_number: str, next_step: Step | None) -> None:
        mine = update(ApplicationRow).where(ApplicationRow.record_number == record_number)
        self._session.execute(mine.values(**step_values(next_step)))

    def timeline(self, record_number: str, after: int, size: int) -> list[TimelineEntry]:
        audit = INFRASTRUCTURE.audit.c
        said = (audit.at, audit.actor, audit.on_behalf_of, audit.action, audit.summary, audit.changed_fields, audit.id)
        query = select(*said).where(audit.subject == record_number, audit.id > after).order_by(audit.id).limit(size)
        return [TimelineEntry(*row[:5], tuple(row[5]), row[6]) for row in self._session.execute(query)]

    def expire(self, days: Mapping[str, date], now: datetime, limit: int) -> list[ApplicationExpired]:
        passed = [and_(ApplicationRow.state == state, ApplicationRow.expires_on < day) for state, day in days.items()]
        due = (
            select(ApplicationRow.record_number)
            .where(ApplicationRow.status.in_([Status.INCOMPLETE, Status.FAILED]), or_(*passed))
            .limit(limit)
            .with_for_update(skip_locked=True)
        )
        marked = update(ApplicationRow).where(ApplicationRow.record_number.in_(due))
        marked = marked.values(status=Status.EXPIRED, updated_at=now, version=ApplicationRow.version + 1)
        named = (ApplicationRow.record_number, ApplicationRow.state, ApplicationRow.writing_number)
        expired = [ApplicationExpired(*row) for row in self._session.execute(marked.returning(*named))]
        gone = [one.record_number for one in expired]
        self._session.execute(delete(DeadlineRow).where(DeadlineRow.record_number.in_(gone)))
        return expired

    def stuck(self, changed_before: Sequence[datetime], queued: int, limit: int) -> list[Application]:
        due = [
            and_(ApplicationRow.asked_again == times, ApplicationRow.updated_at < moment)
            for times, moment in enumerate(changed_before)
        ]
        query = select(_APPLICATIONS).where(ApplicationRow.status == Status.SUBMITTING, or_(*due))
        if queued:
            changed = ApplicationRow.updated_at
            waiting = select(changed).where(ApplicationRow.status == Status.SUBMITTING).order_by(changed.desc())
            # without a value, when no more are submitting than are queued, nothing is older
            query = query.where(changed < waiting.offset(queued - 1).limit(1).scalar_subquery())
        return self._loaded(list(self._session.execute(query.limit(limit).with_for_update(skip_locked=True))))

    def find_known_numbers(self, app: Application) -> set[str]:
        typed = [(p.person_id, self._encryption.index.of(p.ssn, "ssn")) for p in app.household.people if p.ssn]
        if not typed:
            return set()
        same = tuple_(_PEOPLE.c.person_id, _PEOPLE.c.ssn_index).in_(typed)
        query = select(_PEOPLE.c.person_id).where(_PEOPLE.c.record_number == app.record_number, same)
        return set(self._session.scalars(query))

    def with_fingerprints(self, step: HouseholdStep) -> HouseholdStep:
        index = self._encryption.index
        people = (replace(one, ssn_fingerprint=index.of(one.ssn, "ssn")) if one.ssn else one for one in step.people)
        return replace(step, people=tuple(people))

    def unseal_ssns(self, record_number: str) -> dict[str, str]:
        people = self._session.scalars(select(PersonRow).where(PersonRow.record_number == record_number))
        return {one.person_id: self._encryption.unseal(one.ssn, one.person_id) for one in people if one.ssn}

    def _loaded(self, rows: Sequence[Any]) -> list[Application]:
        wanted = [row.record_number for row in rows]
        people = self._session.execute(_PEOPLE_OF, {"record_numbers": wanted}).all()
        born = self._encryption.birth_dates
        return [application_of(row, [p for p in people if p.record_number == row.record_number], born) for row in rows]

    def _values(self, app: Application, next_step: Step | None) -> dict[str, Any]:
        phone = ten_digits(app.contact.phone)
        index = self._encryption.own(app.producer.writing_number, phone, "phone") if phone else None
        return values_of(app, next_step) | {"phone_index": index}

    def _put_people(self, app: Application) -> None:
        """Replace the people."""
        people = app.household.people
        ids = [person.person_id for person in people]
        self._session.execute(
            delete(_PEOPLE).where(_PEOPLE.c.record_number == app.record_number, _PEOPLE.c.person_id.not_in(ids))
        )
        if not people:
            return
        rows = [
            person_values(app, position, person, self._encryption.birth_dates) for position, person in enumerate(people)
        ]
        for row, person in zip(rows, people, strict=True):
            own = self._encryption.own(app.producer.writing_number, person.identity, "person")
            row["person_index"] = own if person.identity else None
            sealed = (
                self._encryption.seal(person.ssn, person.person_id) if person.ssn else {"ssn": None, "ssn_index": None}
            )
            row.update(sealed)
        self._session.execute(_UPSERT_PERSON, rows)


def _people_of(app: Application) -> tuple[object, str]:
    """What their rows are made of."""
    return app.household.people, app.producer.writing_number
