"""Which streams a contract may have, and over which transport they are served."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from google.protobuf import descriptor_pb2, descriptor_pool
from google.protobuf.descriptor import ServiceDescriptor

from chassis.bus.worker import service_class
from chassis.contract import Contract
from chassis.db.forwarded import FailedAttempt
from chassis.identity import generate_private_jwk
from tests.access_rules import access_of, open_to


def described(name: str, *, asks_in_streams: bool, answers_in_streams: bool) -> ServiceDescriptor:
    """A service with a plain method ``Say`` and a method ``Pour`` that streams as told."""
    file = descriptor_pb2.FileDescriptorProto(name=f"{name}.proto", package=f"suite.{name}.v1", syntax="proto3")
    file.message_type.add(name="Note")
    service = file.service.add(name="NoteService")
    note = f".suite.{name}.v1.Note"
    say = service.method.add(name="Say", input_type=note, output_type=note)
    pour = service.method.add(
        name="Pour",
        input_type=note,
        output_type=note,
        client_streaming=asks_in_streams,
        server_streaming=answers_in_streams,
    )
    open_to(say)
    open_to(pour)
    pool = descriptor_pool.DescriptorPool()
    pool.Add(file)
    return pool.FindServiceByName(f"suite.{name}.v1.NoteService")


def contract(described_as: ServiceDescriptor) -> Contract:
    class Notes(Contract):
        descriptor = described_as

        def say(self, request: Any, caller: Any) -> Any:
            return request

        def pour(self, requests: Iterator[Any], caller: Any) -> Iterator[Any]:
            return requests

    return Notes()


@pytest.mark.parametrize(("asks", "answers"), [(True, False), (False, True)])
def test_a_stream_that_goes_one_way_only_is_refused_at_start(asks: bool, answers: bool) -> None:
    with pytest.raises(TypeError, match="Pour streams one way only, which no transport can serve"):
        contract(described(f"half{asks:d}", asks_in_streams=asks, answers_in_streams=answers))


class NothingForwarded:
    """For a worker that receives no message in this test."""

    def attempt(self, queue: str, message_id: str) -> int:
        raise AssertionError("no message is received")

    def send_once(self, message: FailedAttempt, send: Callable[[], None]) -> bool:
        raise AssertionError("no message is received")


def test_the_bus_worker_serves_everything_but_streams() -> None:
    both_ways = contract(described("both", asks_in_streams=True, answers_in_streams=True))
    worker = service_class(both_ways, access_of(generate_private_jwk("gateway")), [], [], NothingForwarded())
    assert hasattr(worker, "say")
    assert not hasattr(worker, "pour")
