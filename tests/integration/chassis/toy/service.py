"""A toy service with which the chassis is proven: it writes notes, publishes them, and hears its own events.

``TOY_INBOX=off`` and ``TOY_OUTBOX=off`` take a guarantee away, so that tests can show that they would notice.
"""

from __future__ import annotations

import os
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from eventlet.patcher import original
from sqlalchemy import MetaData, text

from chassis.bus import publish
from chassis.bus.envelope import Delivery, Envelope
from chassis.bus.worker_spec import Subscription
from chassis.contract import Contract
from chassis.contract_options import PublishedEvent
from chassis.db import Database, OutgoingEvent, PostgresTransactions, PostgresUnitOfWork, infrastructure_tables
from chassis.kernel import (
    Caller,
    CallerKind,
    Command,
    Conflict,
    InvalidInput,
    Problem,
    SystemClock,
    Unavailable,
    new_id,
    run_once,
)
from chassis.service import Runtime, Service, ServiceParts
from tests.integration.chassis.toy import messages

WRITTEN = "toy.note.written.v1"
WHISPERED = "toy.note.whispered.v1"
SECRET = "123-45-6789 Beatrix"
# One message has both types here, so they stand beside the contract.
PUBLISHES = {
    WRITTEN: PublishedEvent("suite.toy.v1.NoteWritten", needs_subscriber=True),
    WHISPERED: PublishedEvent("suite.toy.v1.NoteWritten", needs_subscriber=False),
}
INFRASTRUCTURE = infrastructure_tables(MetaData())


@dataclass(frozen=True)
class NoteWritten:
    id: str
    subject: str
    text: str


def translate(event: object) -> OutgoingEvent:
    assert isinstance(event, NoteWritten)
    kind = WHISPERED if event.text == "whisper" else WRITTEN
    return OutgoingEvent(kind, event.subject, messages.NoteWritten(id=event.id, subject=event.subject, text=event.text))


class Notes:
    """The one use case: write a note once for each key."""

    def __init__(self, database: Database, amqp_url: str, wait: Callable[[str], object] = lambda _: None) -> None:
        self._amqp_url = amqp_url
        self._wait = wait
        self.transactions = PostgresTransactions(database, PostgresUnitOfWork, INFRASTRUCTURE, translate)

    def write(self, subject: str, words: str, key: str) -> str:
        inserted: list[str] = []
        with self.transactions() as work:

            def insert() -> str:
                inserted.append(self._insert(work, subject, words))
                return inserted[0]

            note_id = run_once(work, command(key, words), insert) if key else insert()
        if inserted and os.environ.get("TOY_OUTBOX") == "off":  # a repeated call only gives the earlier answer
            self.publish_directly(NoteWritten(note_id, subject, words))
        return note_id

    def _insert(self, work: PostgresUnitOfWork, subject: str, words: str) -> str:
        note_id = new_id()
        values = {"id": note_id, "subject": subject, "text": words}
        work.session.execute(text("insert into note (id, subject, text) values (:id, :subject, :text)"), values)
        if os.environ.get("TOY_OUTBOX") != "off":
            work.publish_event(NoteWritten(note_id, subject, words))
        return note_id

    def publish_directly(self, event: NoteWritten) -> None:
        out = translate(event)
        body = f'{{"id": "{event.id}", "subject": "{event.subject}", "text": "{event.text}"}}'.encode()
        with publish.open_connection(self._amqp_url) as connection:
            publish.ConfirmedPublisher(connection).publish_events(
                [Envelope(new_id(), out.type, out.subject, SystemClock().now(), body, {})]
            )

    def heard(self, delivery: Delivery, event: Any) -> None:
        """Note the effect; the note's text says what should go wrong first, or how long to wait for a call to a toy."""
        if event.text == "block" and os.environ.get("TOY_BLOCK"):
            original("time").sleep(3600)  # no greenlet of the process runs meanwhile
        if event.text.startswith("call:"):
            self._wait(event.text.removeprefix("call:"))
        with self.transactions() as work:
            if os.environ.get("TOY_INBOX") != "off" and not work.accept_message(delivery.queue, delivery.message_id):
                return
            work.session.execute(
                text("insert into effect (note_id, subject, attempt) values (:note_id, :subject, :attempt)"),
                {"note_id": event.id, "subject": event.subject, "attempt": delivery.attempt},
            )
            misbehave(event.text, delivery.attempt)


def command(key: str, words: str = "hello", subject: str = "toy", operation: str = "note") -> Command:
    return Command(Caller(CallerKind.PRODUCER, subject), operation, key, words.encode())


def misbehave(words: str, attempt: int) -> None:
    if words == "poison":
        raise Conflict("This note can never be heard.", code="never")
    if words == "explode":
        raise ValueError(SECRET)
    if words.startswith("flaky:") and attempt <= int(words.removeprefix("flaky:")):
        raise Unavailable("Not yet.")


class ToyContract(Contract):
    descriptor = messages.SERVICE

    def __init__(self, notes: Notes) -> None:
        super().__init__()
        self._notes = notes

    def note(self, request: Any, caller: Caller) -> Any:
        return messages.NoteResponse(id=self._notes.write(request.subject or "s", request.text, request.key))

    def refuse(self, request: Any, caller: Caller) -> Any:
        problems = (Problem("members[2].age", "Please give an age.", "R26"), Problem("", "And correct the rest."))
        raise InvalidInput("Two things are wrong.", code="two_things", problems=problems)

    def fail(self, request: Any, caller: Caller) -> Any:
        raise ValueError(SECRET)

    def wait(self, request: Any, caller: Caller) -> Any:
        time.sleep(float(request.seconds))
        return messages.Nothing()

    def who_am_i(self, request: Any, caller: Caller) -> Any:
        return messages.WhoAmIResponse(kind=caller.kind.value, subject=caller.subject)


def build(runtime: Runtime) -> ServiceParts:
    notes = _notes(runtime)
    return ServiceParts(ToyContract(notes), [Subscription(WRITTEN, messages.NoteWritten, notes.heard)])


def submit_batch(notes: Notes, batch: str, count: int, first: int = 0, pace: float = 0) -> None:
    """Write so many notes, each once however often this is called for the batch; subjects take turns."""
    for number in range(first, count):
        notes.write(f"{batch}-{number % 20}", f"note {number}", f"{batch}-{number:08}")
        time.sleep(pace)


def submit(runtime: Runtime) -> None:
    asked = os.environ
    first, pace = int(asked.get("TOY_FIRST", "0")), float(asked.get("TOY_PACE", "0"))
    submit_batch(_notes(runtime), asked["TOY_BATCH"], int(asked["TOY_COUNT"]), first, pace)


def listen(runtime: Runtime) -> None:
    """Consume as the gateway does, instead of as a worker."""
    from tests.integration.chassis.toy.listener import listen_until_told_to_stop

    listen_until_told_to_stop(runtime)


def _notes(runtime: Runtime) -> Notes:
    def wait(seconds: str) -> object:
        return runtime.bus.call(messages.SERVICE, "Wait", messages.WaitRequest(seconds=seconds), messages.Nothing)

    return Notes(runtime.database, runtime.suite.amqp_url.get_secret_value(), wait)


SERVICE = Service(
    name="toy",
    migrations=Path(__file__).parent / "migrations",
    infrastructure=INFRASTRUCTURE,
    build=build,
    subscribes_to=[WRITTEN],
    commands={"submit": submit, "listener": listen},
)
