"""``portal dlq``: the dead letters of every queue of the suite."""

from __future__ import annotations

import hashlib
import importlib
import pkgutil
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from itertools import islice
from typing import Annotated, Any

import typer
from amqp.exceptions import MessageNacked
from google.protobuf import descriptor_pool, json_format
from google.protobuf.message import Message
from google.protobuf.message_factory import GetMessageClass
from kombu import Connection

import services
from chassis import telemetry
from chassis.bus import headers, publish
from chassis.bus.dead_letters import DeadLetter, DeadLetters, NoQueue, log_fields, open_dead_letters, show_word
from chassis.bus.delivery import MalformedMessage
from chassis.bus.topology import EventQueue
from chassis.relay import load_events
from chassis.settings import SettingsError, load_suite
from portal.carrier_files import CANNOT, FAULTY, FINE, refuse, say

dead_letters = typer.Typer(no_args_is_help=True, help="List, show, replay and drop dead letters.")

# As many as a person reads; all of them are with this command until it ends.
LETTERS_SHOWN = 100
# A sentence; a story belongs into the ticket.
LONGEST_REASON = 200
# Of any other header not even the name is shown: an outsider may have written anything there.
SHOWN_HEADERS = (
    *("cloudEvents:type", "cloudEvents:id", "cloudEvents:source", "cloudEvents:subject", "cloudEvents:time"),
    *("compression", headers.ATTEMPT, headers.REPLAYED_AFTER),
)

QueueName = Annotated[str, typer.Argument(metavar="QUEUE", help="Name of the queue, with or without .dead.")]


class DeadLetterError(Exception):
    """A sentence that says why, and what to do."""


@dead_letters.command("list")
def list_letters(
    queue: Annotated[str | None, typer.Argument(metavar="[QUEUE]", help="This queue alone.")] = None,
    limit: Annotated[int, typer.Option(min=1, help="Show at most so many of each queue.")] = LETTERS_SHOWN,
) -> None:
    """List dead letters: id, reason, failed attempts, first failure, trace id. Changes nothing.

    While it runs, other commands do not see those that it reads. Exits with 0 when there are none, 1 when there are, 2
    when a queue could not be read.
    """
    lines: list[str] = []
    result = FINE
    with _connect() as connection:
        for one in [_find_queue(queue)] if queue else find_queues():
            try:
                with _open(connection, one) as letters:
                    lines += _list(one, letters, limit)
            except DeadLetterError as why:
                refuse(why)
                result = CANNOT
    _say_all(lines or (["No dead letters."] if result == FINE else []))
    raise typer.Exit(max(result, FAULTY if lines else FINE))


@dead_letters.command("show")
def show_letter(queue: QueueName, letter_id: Annotated[str, typer.Argument(metavar="ID")]) -> None:
    """Show one dead letter: its headers, and the fields of an event. Changes nothing.

    Of a body that is no event of its type, length and SHA-256 are shown: anybody's data may be in it. Text of several
    words is only counted. Exits with 0, with 1 when there is no such dead letter, 2 when the queue could not be read.
    """
    with _connect() as connection, _open(connection, _find_queue(queue)) as letters:
        lines = [line for letter in letters if letter.id == letter_id for line in _show(letter)]
    _say_all(lines)
    raise typer.Exit(_tell_missing(set() if lines else {letter_id}))


@dead_letters.command("replay")
def replay_letters(
    queue: QueueName,
    ids: Annotated[list[str] | None, typer.Argument(metavar="[ID...]", help="As `portal dlq list` shows it.")] = None,
    everything: Annotated[bool, typer.Option("--all", help="All of the queue.")] = False,
) -> None:
    """Put dead letters back into their queue, once their cause is fixed. Each is handled again and takes effect once.

    The broker confirms each before it leaves the dead letters, so an interruption loses nothing: run it again. Exits
    with 0 when all are back, 1 when one was not there, 2 when one could not be put back.
    """
    if bool(ids) == everything:
        raise typer.BadParameter("Name the ids of dead letters, or give --all.")
    wanted, replayed = set(ids or ()), set()
    telemetry.configure_logging("portal-dlq")
    with _connect() as connection, _open(connection, one := _find_queue(queue)) as letters:
        for letter in letters:
            if everything or letter.id in wanted:
                _put_back(letters, letter, one)
                replayed.add(letter.id)
    say(f"{one.name}: {len(replayed)} replayed.")
    raise typer.Exit(_tell_missing(wanted - replayed))


@dead_letters.command("drop")
def drop_letters(
    queue: QueueName,
    ids: Annotated[list[str], typer.Argument(metavar="ID...", help="As `portal dlq list` shows it.")],
    reason: Annotated[str, typer.Option(help="Why it is not needed; the log keeps it. No personal data.")],
) -> None:
    """Drop dead letters for good, with a line of the log for each.

    Exits with 0 when all are dropped, 1 when one was not there, 2 when the queue could not be read.
    """
    if not 0 < len(reason := " ".join(reason.split())) <= LONGEST_REASON:
        raise typer.BadParameter(f"Give a reason of at most {LONGEST_REASON} characters.", param_hint="--reason")
    wanted, dropped = set(ids), set()
    telemetry.configure_logging("portal-dlq")
    with _connect() as connection, _open(connection, one := _find_queue(queue)) as letters:
        for letter in letters:
            if letter.id in wanted:
                letters.drop(letter, reason)
                dropped.add(letter.id)
    say(f"{one.name}: {len(dropped)} dropped.")
    raise typer.Exit(_tell_missing(wanted - dropped))


def find_queues() -> list[EventQueue]:
    """Of every service, and of the gateway."""
    from gateway.events.event_handlers import NOTIFIED_EVENTS  # with the services, more than other commands need

    names = [module.name for module in pkgutil.iter_modules(services.__path__) if module.ispkg]
    known = [importlib.import_module(f"services.{name}.__main__").SERVICE for name in names]
    return [*(queue for service in known for queue in service.queues), *(event.queue for event in NOTIFIED_EVENTS)]


def find_message(event_type: str) -> type[Message]:
    """The message of an event, as its publisher's contract says."""
    published = load_events(event_type.split(".", 1)[0])
    return GetMessageClass(descriptor_pool.Default().FindMessageTypeByName(published[event_type].message))


def _find_queue(name: str) -> EventQueue:
    known = {queue.name: queue for queue in find_queues()}
    found = known.get(name.removesuffix(".dead"))
    if found is None:
        raise DeadLetterError(f"The suite has no queue {name}. It has:\n" + "\n".join(sorted(known)))
    return found


@contextmanager
def _connect() -> Iterator[Connection]:
    """What goes wrong within is a sentence."""
    try:
        if not (amqp_url := load_suite().amqp_url.get_secret_value()):
            raise DeadLetterError("AMQP_URL is empty. Set it to the address of the message broker.")
        with publish.open_connection(amqp_url) as connection, publish.leaving_when_lost(connection):
            yield connection
    except SettingsError as wrong:
        raise refuse(DeadLetterError(wrong)) from None
    except DeadLetterError as why:
        raise refuse(why) from None
    except (*publish.BROKER_ERRORS, publish.Unroutable) as lost:
        sentence = DeadLetterError(
            f"The message broker at AMQP_URL does not answer or refuses ({type(lost).__name__}). Nothing is lost; "
            "check the address and run the command again."
        )
        raise refuse(sentence) from None


@contextmanager
def _open(connection: Connection, queue: EventQueue) -> Iterator[DeadLetters]:
    try:
        with open_dead_letters(connection, queue) as letters:
            yield letters
    except NoQueue as missing:
        raise DeadLetterError(
            f"The broker has no queue {missing}. Run the migrate command of {queue.consumer}."
        ) from None


def _put_back(letters: DeadLetters, letter: DeadLetter, queue: EventQueue) -> None:
    try:
        letters.put_back(letter)
    except publish.Unroutable:
        raise DeadLetterError(
            f"The broker has no queue {queue.name}. Run the migrate command of {queue.consumer}; {letter.id} and those "
            "behind it are still dead letters."
        ) from None
    except MessageNacked:
        raise DeadLetterError(
            f"{queue.name} is full and takes no more. Try again later; {letter.id} and those behind it are still dead "
            "letters."
        ) from None
    telemetry.get_logger().info("dead letter replayed", **log_fields(letter))


def _say_all(lines: list[str]) -> None:
    """After the broker was left: a pipe that ends early is then no fault of the broker."""
    for line in lines:
        say(line)


def _list(queue: EventQueue, letters: DeadLetters, limit: int) -> Iterator[str]:
    if letters.waiting:
        yield f"{queue.name}: {letters.waiting} of {queue.event_type}"
    for letter in islice(letters, limit):
        yield f"  {letter.id}  {_describe(letter)}"
    if letters.waiting > limit:
        yield f"  and {letters.waiting - limit} more"


def _describe(letter: DeadLetter) -> str:
    first = f"{letter.first_failure:%Y-%m-%d %H:%M:%S} UTC" if letter.first_failure else "unknown"
    reason, trace_id = letter.reason or "unknown", letter.trace_id or "none"
    return f"reason {reason}, attempts {letter.attempts}, first failure {first}, trace {trace_id}"


def _show(letter: DeadLetter) -> Iterator[str]:
    message = letter.message
    yield f"{letter.id}  {_describe(letter)}"
    yield f"queue: {message.queue.name}"
    yield f"event type: {message.queue.event_type}"
    yield f"body: {len(message.body)} bytes, SHA-256 {hashlib.sha256(message.body).hexdigest()}"
    for name in SHOWN_HEADERS:
        if name in message.headers:
            yield f"header {name}: {show_word(message.headers[name])}"
    try:
        _, event = message.parse(find_message(message.queue.event_type))
    except MalformedMessage:
        yield "The body is no event of this type; its content is not shown."
        return
    for name, value in _fields(json_format.MessageToDict(event, preserving_proto_field_name=True)):
        yield f"field {name}: {value}"


def _fields(found: Any, name: str = "") -> Iterator[tuple[str, str]]:
    """Each value within a message, with the names that lead to it."""
    if isinstance(found, Mapping):
        for key, value in found.items():
            yield from _fields(value, f"{name}.{key}" if name else str(key))
    elif isinstance(found, list):
        for index, value in enumerate(found):
            yield from _fields(value, f"{name}[{index}]")
    else:
        yield name, show_word(found)


def _tell_missing(missing: set[str]) -> int:
    for letter_id in sorted(missing):
        sentence = f"No dead letter {letter_id} is there, or another command reads it now. `portal dlq list` shows all."
        refuse(DeadLetterError(sentence))
    return FAULTY if missing else FINE
