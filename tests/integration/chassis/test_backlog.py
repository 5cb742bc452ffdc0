"""A backlog of events whose handlers call the worker that handles them: not one attempt fails for want of time."""

from __future__ import annotations

from chassis.bus import publish, topology
from chassis.bus.subscribe import EVENTS_AT_ONCE
from tests.integration.chassis.processes import QUEUE, Toy, terminate
from tests.integration.chassis.toy.service import Notes
from tests.integration.chassis.waiting import until

# Far more than a worker handles at once. Each call takes long enough that all of them together outlast a person's
# deadline of 5 s several times over, were they one behind the other.
COUNT, SECONDS = 120, "0.1"


def hand_over(toy: Toy, count: int) -> None:
    notes = Notes(toy.database, toy.amqp_url)
    for number in range(count):
        notes.write(f"backlog-{number}", f"call:{SECONDS}", "")
    relay = toy.start("relay")
    until(lambda: toy.waiting(QUEUE.name) == count)
    terminate(relay)


def unhandled(toy: Toy) -> int:
    with publish.open_connection(toy.amqp_url) as connection:
        return topology.count_unhandled(connection, QUEUE, EVENTS_AT_ONCE)


def failed_attempts(toy: Toy) -> int:
    return toy.log("worker").read_text().count("event failed")


def test_no_attempt_fails_while_a_worker_calls_itself_through_a_backlog(toy: Toy) -> None:
    hand_over(toy, COUNT)
    toy.start("worker")
    until(lambda: toy.count("effect") == COUNT, 60)
    assert failed_attempts(toy) == 0
    assert toy.count("forwarded_message") == 0


def test_attempts_fail_where_calls_wait_behind_the_handlers_that_make_them(toy: Toy) -> None:
    """The control."""
    hand_over(toy, COUNT)
    toy.start("worker", TOY_OWN_GREENLETS="off")
    until(lambda: failed_attempts(toy) > 0, 120)


def test_no_attempt_fails_while_a_new_worker_takes_events_and_no_calls_yet(toy: Toy) -> None:
    """On a broker that never saw the service, as on the first day."""
    hand_over(toy, 3)
    toy.start("worker", TOY_LATE_CALLS="1")
    until(lambda: toy.count("effect") == 3, 30)
    assert failed_attempts(toy) == 0


def test_attempts_fail_where_a_new_worker_has_no_queue_of_calls_yet(toy: Toy) -> None:
    """The control."""
    hand_over(toy, 3)
    toy.start("worker", TOY_LATE_CALLS="1", TOY_CALL_QUEUES="off")
    until(lambda: failed_attempts(toy) > 0, 30)


def test_messages_that_no_worker_has_handled_are_counted_until_none_waits(toy: Toy) -> None:
    assert unhandled(toy) == 0
    hand_over(toy, 4)
    assert unhandled(toy) == 4
    toy.start("worker")
    until(lambda: toy.count("effect") == 4, 30)
    assert unhandled(toy) == 0


def test_what_consumers_may_hold_counts_as_long_as_more_waits(toy: Toy) -> None:
    hand_over(toy, COUNT)
    toy.start("worker")
    until(lambda: 0 < toy.waiting(QUEUE.name) < COUNT, 30)
    assert unhandled(toy) > toy.waiting(QUEUE.name) > 0


def test_a_worker_that_is_told_to_stop_waits_for_no_call_that_it_takes_no_more(toy: Toy) -> None:
    hand_over(toy, COUNT)
    worker = toy.start("worker")
    until(lambda: toy.count("effect") > 0, 30)
    assert terminate(worker, 15) == 0
