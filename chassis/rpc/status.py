"""A refusal as google.rpc.Status (ErrorInfo + BadRequest) and back: what any gRPC client can read."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import grpc
from google.protobuf import any_pb2
from google.rpc import code_pb2, error_details_pb2, status_pb2
from grpc_status import rpc_status

from chassis.error_mapping import mapping_of, rebuild_error
from chassis.kernel import DomainError, Problem, Unavailable

# Whose error codes the reasons are (google.rpc.ErrorInfo.domain).
DOMAIN = "suite"
# A refusal travels in the trailers, which both ends bound (gRPC's own bound is 8 KiB: a household of twenty with a few
# mistakes each has more). What passes it is left out, so that the first mistakes arrive and not "unavailable".
MAX_METADATA_BYTES = 64 * 1024
MAX_PROBLEM_BYTES = 48 * 1024
METADATA_OPTIONS = (
    ("grpc.max_metadata_size", MAX_METADATA_BYTES),
    ("grpc.absolute_max_metadata_size", MAX_METADATA_BYTES),
)


def to_status(error: DomainError) -> grpc.Status:
    """The status with which a refused call ends."""
    fault = mapping_of(error)
    info = error_details_pb2.ErrorInfo(reason=error.code, domain=DOMAIN, metadata={"kind": fault.error.__name__})
    violations = _violations(error.problems)
    status = status_pb2.Status(code=code_pb2.Code.Value(fault.grpc), message=error.message)
    status.details.extend(_packed(info, violations) if error.problems else _packed(info))
    return rpc_status.to_status(status)


def from_call(failed: Any) -> DomainError:
    """The refusal that a failed call carries; Unavailable where it carries none (deadline, connection lost)."""
    try:
        status = rpc_status.from_call(failed)
    except ValueError:
        # the trailers tell of another end than the call came to: a deadline that met a refusal on its way
        status = None
    if status is None:
        return Unavailable("A service is not responding right now. Please try again in a minute.")
    info, violations = error_details_pb2.ErrorInfo(), error_details_pb2.BadRequest()
    for detail in status.details:
        for target in (info, violations):
            if detail.Is(target.DESCRIPTOR):
                detail.Unpack(target)
    problems = tuple(Problem(v.field, v.description, v.reason) for v in violations.field_violations)
    return rebuild_error(info.metadata.get("kind", ""), info.reason, status.message, problems)


def _violations(problems: Sequence[Problem]) -> error_details_pb2.BadRequest:
    violations, room = error_details_pb2.BadRequest(), MAX_PROBLEM_BYTES
    for p in problems:
        violation = error_details_pb2.BadRequest.FieldViolation(field=p.field, description=p.message, reason=p.rule)
        room -= violation.ByteSize()
        if room < 0:
            break
        violations.field_violations.append(violation)
    return violations


def _packed(*messages: error_details_pb2.ErrorInfo | error_details_pb2.BadRequest) -> list[any_pb2.Any]:
    packed = []
    for message in messages:
        detail = any_pb2.Any()
        detail.Pack(message)
        packed.append(detail)
    return packed
