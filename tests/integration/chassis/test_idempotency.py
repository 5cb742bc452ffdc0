"""Idempotency keys: one key, one effect, whoever repeats the call and however many do so at once."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import pytest

from chassis.kernel import AlreadyExists
from tests.integration.chassis.processes import Toy
from tests.integration.chassis.toy.service import Notes


def test_a_hundred_concurrent_calls_with_one_key_have_one_effect_and_one_answer(toy: Toy) -> None:
    notes = Notes(toy.database, toy.amqp_url)
    with ThreadPoolExecutor(20) as threads:
        answers = list(threads.map(lambda _: notes.write("s", "hello", "one-and-the-same"), range(100)))
    assert toy.count("note") == toy.count("outbox") == 1
    assert set(answers) == {toy.rows("select id from note")[0][0]}


def test_a_hundred_calls_without_a_key_have_a_hundred_effects(toy: Toy) -> None:
    """The control: it is the key that makes them one."""
    notes = Notes(toy.database, toy.amqp_url)
    with ThreadPoolExecutor(20) as threads:
        list(threads.map(lambda _: notes.write("s", "hello", ""), range(100)))
    assert toy.count("note") == toy.count("outbox") == 100


def test_a_key_that_comes_again_with_other_content_is_refused(toy: Toy) -> None:
    notes = Notes(toy.database, toy.amqp_url)
    notes.write("s", "hello", "key-of-a-form")
    with pytest.raises(AlreadyExists) as raised:
        notes.write("s", "something else", "key-of-a-form")
    assert raised.value.code == "idempotency_key_reused"
    assert toy.count("note") == 1
