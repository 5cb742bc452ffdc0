"""The floor of a submission: bare libraries take the same durable steps. ``python -m benchmarks.floor [COUNT]``

What is durable in a submission cannot be left out: the rows of each transaction with its commit, the events with their
confirms and acknowledgements, the calls with their answers, the document. Here psycopg2, py-amqp and typst take these
steps with nothing around them, on the servers of a running suite, in a database and queues that are gone afterwards; no
rules, no checks, no access rights, no conversion. What the product takes above that is ours to spend or to save.
"""

from __future__ import annotations

import json
import secrets
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from typing import Any

import amqp
import psycopg2
from kombu import Connection
from rich.console import Console

from benchmarks.documents import AT, Applications
from benchmarks.workers import cpu_seconds
from chassis.settings import load_markets
from deploy.local.demo.__main__ import running_suite
from services.documents.typesetting import sandbox_process
from services.documents.typesetting.carriers import read_carriers
from services.documents.typesetting.legal_texts import LegalTexts
from services.documents.typesetting.typesetter import TypstTypesetter

COUNT = 200
QUEUE = "benchmark.floor"
# Of one submission, as the statement log of a suite shows it (30 November 2026): the statements of each transaction,
# "r" reads a row, "w" writes one. The command, its answer and the check of providers; the worker's look at the
# application, providers, payment and outcome; the policies, the document's row, its content, its line in the timeline.
TRANSACTIONS = (
    "rr",
    "rrrrrr",
    "wrrwwwww",
    "rr",
    "rr",
    "wrrrrrrwww",
    "ww",
    "wrwwww",
    "ww",
    "wr",
    "rr",
    "rr",
    "wwww",
    "wrw",
)
# Each event is claimed and marked by the relay in a transaction of its own.
EVENTS = 4
RELAY = ("rw",) * EVENTS
CALLS = 5
# Bytes: an application's row and its people, an answer of a call, a sealed document.
ROW, ANSWER, DOCUMENT = 3_000, 2_000, 100_000


def main(count: int = COUNT) -> None:
    load_markets()
    with running_suite(Console(stderr=True)) as suite:
        servers = {name: suite["processes"][name] for name in ("postgres", "rabbitmq")}
        parts: dict[str, dict[str, float]] = {}
        with ExitStack() as opened:
            for name, step in {
                "statements and commits": opened.enter_context(_database(suite["database_urls"]["documents"])),
                "events and calls": opened.enter_context(_broker(suite["amqp_url"])),
                "document": _typesetting(),
            }.items():
                parts[name] = _measure(step, servers, count)
    total = sum(sum(part.values()) for part in parts.values())
    print(f"The floor of a submission, ms of processor time, {count} each:")
    for name, part in parts.items():
        said = ", ".join(f"{where} {seconds * 1e3:.1f}" for where, seconds in part.items() if seconds >= 0.00005)
        print(f"  {name}: {sum(part.values()) * 1e3:.1f} ({said})")
    print(f"  in all {total * 1e3:.0f}; without the document {(total - sum(parts['document'].values())) * 1e3:.0f}")


def _measure(step: Callable[[int], None], servers: Mapping[str, int], count: int) -> dict[str, float]:
    """Of one: this process and the servers."""
    for number in range(10):
        step(-number)  # plans and caches are warm
    before, started = cpu_seconds(servers), time.process_time()
    for number in range(count):
        step(number)
    own, after = time.process_time() - started, cpu_seconds(servers)
    return {"client": own / count, **{name: (after[name] - before[name]) / count for name in servers}}


@contextmanager
def _database(url: str) -> Iterator[Callable[[int], None]]:
    """A table of its own, as large a row as an application's; the document goes with the last but one transaction."""
    with psycopg2.connect(url) as connection, connection.cursor() as cursor:
        cursor.execute("create table benchmark_floor (id bigint primary key, subject text, body text, content bytea)")
        cursor.execute("create index on benchmark_floor (subject)")
        connection.commit()
        read = "select id, subject, body from benchmark_floor where id = %s"
        write = "insert into benchmark_floor (id, subject, body, content) values (%s, %s, %s, %s)"
        next_id = iter(range(1_000_000_000))
        row, document = secrets.token_hex(ROW // 2), secrets.token_bytes(DOCUMENT)

        def step(_number: int) -> None:
            for place, statements in enumerate((*TRANSACTIONS, *RELAY)):
                for position, kind in enumerate(statements):
                    if kind == "r":
                        cursor.execute(read, (5,))
                        cursor.fetchall()
                    else:
                        # one large row in a transaction: an event, a line of the audit and a key are small
                        said = row if position == len(statements) // 2 else row[:200]
                        content = document if place == len(TRANSACTIONS) - 2 and position == 1 else None
                        cursor.execute(write, (next(next_id), f"A-{place}", said, content))
                connection.commit()

        try:
            yield step
        finally:
            connection.rollback()
            cursor.execute("drop table benchmark_floor")


@contextmanager
def _broker(url: str) -> Iterator[Callable[[int], None]]:
    """Events go through a quorum queue, confirmed and acknowledged; calls and their answers through a plain one."""
    with Connection(url) as connection:
        channel, calls = connection.channel(), connection.channel()
        channel.confirm_select()
        channel.queue_declare(QUEUE, durable=True, auto_delete=False, arguments={"x-queue-type": "quorum"})
        calls.queue_declare(f"{QUEUE}.calls", durable=True, auto_delete=False)
        seen: list[Any] = []
        answered: list[Any] = []

        def hear(message: Any) -> None:
            seen.append(message)
            message.channel.basic_ack(message.delivery_tag)

        def answer(message: Any) -> None:
            said = amqp.Message(secrets.token_hex(ANSWER // 2), correlation_id=message.properties["correlation_id"])
            calls.basic_publish(said, "", message.properties["reply_to"])
            calls.basic_ack(message.delivery_tag)

        calls.basic_consume("amq.rabbitmq.reply-to", no_ack=True, callback=answered.append)
        channel.basic_consume(QUEUE, callback=hear)
        calls.basic_consume(f"{QUEUE}.calls", callback=answer)
        confirmed: list[Any] = []
        channel.events["basic_ack"].add(lambda *tag: confirmed.append(tag))

        def until(found: list[Any]) -> None:
            while not found:
                connection.drain_events(timeout=5)
            found.clear()

        def step(number: int) -> None:
            for event in range(EVENTS):
                body = json.dumps({"recordNumber": f"A-{number}", "event": event})
                channel.basic_publish(amqp.Message(body, delivery_mode=2), "", QUEUE, mandatory=True)
                until(confirmed)
                until(seen)
            for call in range(CALLS):
                asked = amqp.Message("{}", reply_to="amq.rabbitmq.reply-to", correlation_id=str(call))
                calls.basic_publish(asked, "", f"{QUEUE}.calls")
                until(answered)

        try:
            yield step
        finally:
            calls.close()
            channel.close()  # and its consumer: a queue that goes under one is an error to it
            with connection.channel() as last:
                last.queue_delete(QUEUE)
                last.queue_delete(f"{QUEUE}.calls")


def _typesetting() -> Callable[[int], None]:
    """typst alone: the form of a made-up family is there, and only its number is new."""

    class Recorder:
        form: dict[str, Any]

        def typeset(self, _template: str, form: dict[str, Any], _at: Any) -> bytes:
            self.form = {**form, "unprinted": ""}
            return b""

    recorder = Recorder()
    TypstTypesetter(read_carriers(), LegalTexts(), recorder, Applications()).application("A-0001", AT)

    def step(number: int) -> None:
        form = json.loads(json.dumps(recorder.form).replace("A-0001", f"A-{number}"))
        sandbox_process._typst("application.typ", form, int(AT.timestamp()))

    return step


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else COUNT)
