"""The newest drafts once more over gRPC, with a signed token and its check, as the gateway asks for them."""

from __future__ import annotations

import time
from typing import Any, cast

from suite.enrollment.v1 import application_overview_pb2 as pb
from suite.enrollment.v1 import application_pb2, enrollment_service_pb2

from chassis.access import AccessControl
from chassis.identity import TokenIssuer, TokenVerifier, generate_private_jwk, public_jwks
from chassis.kernel import Caller, SystemClock
from chassis.paging import PageTokens
from chassis.rpc.client import RpcClient
from chassis.rpc.server import RpcServer
from services.enrollment.__main__ import build_use_cases
from services.enrollment.contract.service import EnrollmentContract
from services.enrollment.usecases.application_service import ApplicationService

_SERVICE = enrollment_service_pb2.DESCRIPTOR.services_by_name["EnrollmentService"]


async def list_over_grpc(service: ApplicationService, caller: Caller, calls: int) -> list[float]:
    """Milliseconds of each call."""
    key = generate_private_jwk("gateway")
    nobody = cast(Any, None)  # asked by none of these calls
    tokens = PageTokens.with_key(bytes(32))
    contract = EnrollmentContract(build_use_cases(service, nobody, nobody, nobody, nobody, nobody, {}, nobody), tokens)
    server = RpcServer([contract], AccessControl(TokenVerifier(public_jwks([key])), SystemClock()), reflection_on=False)
    client, issuer = RpcClient(f"127.0.0.1:{server.start('127.0.0.1:0')}"), TokenIssuer(key)
    asked = pb.ListApplicationsRequest(status=application_pb2.APPLICATION_STATUS_INCOMPLETE)
    times = []
    for _ in range(calls):
        started = time.perf_counter()
        await client.call(_SERVICE.methods_by_name["ListApplications"], asked, issuer.issue(caller))
        times.append((time.perf_counter() - started) * 1e3)
    await client.close()
    server.stop()
    return times
