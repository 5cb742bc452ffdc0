"""One table for all refusals; both transports and the HTTP statuses agree with it."""

from __future__ import annotations

import grpc
import pytest
from google.rpc import code_pb2, status_pb2
from nameko.exceptions import deserialize, serialize

from chassis.bus.delivery import MalformedMessage, is_permanent
from chassis.bus.rpc_error import RemoteFault
from chassis.error_mapping import http_status_of, mapping_of, rebuild_error
from chassis.kernel import DomainError, Problem, Stale, Unavailable
from chassis.kernel import errors as kernel_errors
from chassis.rpc.status import from_call, to_status

KINDS = [
    kind
    for kind in vars(kernel_errors).values()
    if isinstance(kind, type) and issubclass(kind, DomainError) and kind is not DomainError
]
PROBLEMS = (Problem("members[2].date_of_birth", "Please give a date.", "R26"), Problem("", "And correct the rest."))


class FailedCall:
    """What a gRPC client holds after a refused call."""

    def __init__(self, status: grpc.Status) -> None:
        self._status = status

    def code(self) -> grpc.StatusCode:
        code: grpc.StatusCode = self._status.code
        return code

    def details(self) -> str:
        return str(self._status.details)

    def trailing_metadata(self) -> object:
        return self._status.trailing_metadata


def through_grpc(error: DomainError) -> DomainError:
    return from_call(FailedCall(to_status(error)))


def through_the_bus(error: DomainError) -> DomainError:
    fault = deserialize(serialize(RemoteFault.of(error)))
    assert isinstance(fault, RemoteFault)
    return fault.rebuild()


def test_a_refusal_keeps_the_name_by_which_other_releases_know_it_on_the_bus() -> None:
    reply = serialize(RemoteFault.of(Stale("A sentence.")))
    assert (reply["exc_path"], reply["exc_type"]) == ("chassis.bus.fault.RemoteFault", "RemoteFault")


def test_the_list_of_kinds_was_found() -> None:
    assert len(KINDS) >= 9


@pytest.mark.parametrize("kind", KINDS)
def test_every_refusal_has_a_row_of_its_own(kind: type[DomainError]) -> None:
    assert mapping_of(kind("A sentence.")).error is kind


@pytest.mark.parametrize("kind", KINDS)
def test_every_code_is_one_that_grpc_knows(kind: type[DomainError]) -> None:
    name = mapping_of(kind("A sentence.")).grpc
    assert grpc.StatusCode[name].value[0] == code_pb2.Code.Value(name)
    assert name not in ("OK", "UNKNOWN", "INTERNAL")


@pytest.mark.parametrize("kind", KINDS)
def test_both_doors_give_the_same_refusal_as_was_raised(kind: type[DomainError]) -> None:
    error = kind("A sentence.", code="its_own_code", problems=PROBLEMS)
    for door in (through_grpc, through_the_bus):
        arrived = door(error)
        assert type(arrived) is kind
        assert (arrived.message, arrived.code, arrived.problems) == ("A sentence.", "its_own_code", PROBLEMS)


@pytest.mark.parametrize("kind", KINDS)
def test_only_what_may_pass_is_tried_again(kind: type[DomainError]) -> None:
    assert is_permanent(kind("A sentence.")) is (kind is not Unavailable)


def test_unknown_errors_may_pass_and_poison_never_does() -> None:
    assert not is_permanent(ConnectionError())
    assert is_permanent(MalformedMessage())


def test_a_subclass_falls_under_its_base() -> None:
    class StaleStep(Stale):
        pass

    assert http_status_of(StaleStep("A sentence.")) == http_status_of(Stale("A sentence.")) == 412
    assert type(through_the_bus(StaleStep("A sentence."))) is Stale


def test_a_refusal_without_any_base_in_the_table_is_a_mistake_of_ours() -> None:
    with pytest.raises(TypeError, match=r"chassis\.error_mapping"):
        mapping_of(DomainError("A sentence."))


def test_a_kind_that_this_version_does_not_know_is_unavailable() -> None:
    assert type(rebuild_error("Enchanted", "c", "m", ())) is Unavailable


class DeadlineExceededCall(FailedCall):
    """The caller's deadline passed while the refusal was on its way: the trailers say something else."""

    def code(self) -> grpc.StatusCode:
        return grpc.StatusCode.DEADLINE_EXCEEDED

    def details(self) -> str:
        return "Deadline Exceeded"


class RewordedCall(FailedCall):
    """The code agrees, the sentence does not."""

    def details(self) -> str:
        return "Another sentence."


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("call", [DeadlineExceededCall, RewordedCall])
def test_a_call_that_ended_otherwise_than_its_trailers_say_is_unavailable(
    call: type[FailedCall], kind: type[DomainError]
) -> None:
    arrived = from_call(call(to_status(kind("A sentence.", code="its_own_code", problems=PROBLEMS))))
    assert type(arrived) is Unavailable
    assert (arrived.code, arrived.problems) == ("unavailable", ())


def test_a_status_is_readable_for_any_grpc_client() -> None:
    [details] = [value for key, value in to_status(KINDS[0]("A sentence.")).trailing_metadata if key.endswith("-bin")]
    status = status_pb2.Status.FromString(details)
    assert status.message == "A sentence."
    assert [detail.type_url.rsplit(".", 1)[-1] for detail in status.details] == ["ErrorInfo"]
