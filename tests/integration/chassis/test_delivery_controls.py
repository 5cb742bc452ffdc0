"""Each case takes one mechanism of delivery away from a consumer and has to see the fault that it prevents."""

from __future__ import annotations

import json
import time

import pytest

from chassis.bus import publish
from chassis.bus.headers import ATTEMPT
from tests.integration.chassis.processes import QUEUE, Toy
from tests.integration.chassis.waiting import until


def deliver(toy: Toy, words: str, message_id: str, attempt: int) -> None:
    body = json.dumps({"id": message_id, "subject": "s", "text": words}).encode()
    with publish.open_connection(toy.amqp_url) as connection:
        publish.ConfirmedPublisher(connection).to_queue(QUEUE.name, body, message_id, {ATTEMPT: attempt})


@pytest.mark.parametrize(("lock", "copies"), [("on", 1), ("off", 2)])
def test_two_deliveries_of_one_attempt_that_fail_at_once_go_on_as_one_only_under_the_lock(
    toy: Toy, consumer: str, lock: str, copies: int
) -> None:
    for _ in range(2):
        deliver(toy, "explode", "both", 4)  # the short ladder's last attempt
    toy.start(consumer, TOY_SLOW_SEND="0.5", TOY_LOCK=lock)
    until(lambda: toy.waiting(QUEUE.dead.name) >= copies)
    time.sleep(2)  # a copy too many would come now
    assert toy.waiting(QUEUE.dead.name) == copies


@pytest.mark.parametrize(("permanent", "attempts"), [("on", 2), ("off", 5)])
def test_a_permanent_refusal_is_retried_only_when_nothing_is_taken_to_be_permanent(
    toy: Toy, consumer: str, permanent: str, attempts: int
) -> None:
    toy.start(consumer, TOY_PERMANENT=permanent)
    deliver(toy, "poison", "refused", 1)
    [dead] = until(lambda: toy.messages(QUEUE.dead.name))
    assert dead.headers[ATTEMPT] == attempts


@pytest.mark.parametrize("point", ["after commit before ack"])
@pytest.mark.parametrize(("inbox", "effects"), [("on", 1), ("off", 2)])
def test_a_crash_before_the_acknowledgement_has_its_effect_once_only_with_the_inbox(
    toy: Toy, consumer: str, point: str, inbox: str, effects: int
) -> None:
    deliver(toy, "hello", "crashed", 1)
    assert toy.run(consumer, CHASSIS_CRASH_AT=point, TOY_INBOX=inbox) == 137
    toy.start(consumer, TOY_INBOX=inbox)
    until(lambda: toy.waiting(QUEUE.name) == 0 and toy.count("effect") >= effects)
    time.sleep(1)
    assert toy.count("effect") == effects
