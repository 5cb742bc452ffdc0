"""Page: the processor's signed callbacks."""

from __future__ import annotations

import json
import time
from collections.abc import Sequence
from dataclasses import dataclass

from starlette.background import BackgroundTask
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response

from chassis import telemetry
from services.payment.remote.sandbox_processor import report_to_domain
from services.payment.remote.signature import BadSignature, verify
from services.payment.usecases.callbacks import ReceiveCallback
from services.payment.usecases.ports import ChargeReport
from services.payment.web import read_body

# A callback is some hundred bytes.
MAX_CALLBACK_BYTES = 16 * 1024


@dataclass(frozen=True, slots=True)
class CallbackDoor:
    """Verifies the raw bytes, stores, acknowledges, and only then processes (reliability.md "Signed callbacks")."""

    receive: ReceiveCallback
    secrets: Sequence[bytes]

    async def __call__(self, request: Request) -> Response:
        body = await read_body(request, MAX_CALLBACK_BYTES)
        try:
            callback_id = verify(self.secrets, request.headers, body, time.time())
        except BadSignature as bad:
            telemetry.logger().warning("callback refused", code=str(bad))
            return Response(status_code=401)
        try:
            report = _report(body)
        except (ValueError, KeyError, TypeError):
            telemetry.logger().error("callback is signed and unreadable", message_id=callback_id)
            return Response(status_code=422)
        if not await run_in_threadpool(self.receive.store, callback_id, report):
            return Response(status_code=204)
        return Response(status_code=204, background=BackgroundTask(self._process, callback_id))

    def _process(self, callback_id: str) -> None:
        try:
            self.receive.process(callback_id)
        except Exception as error:
            # it is stored: the sweep of the worker tries again
            telemetry.logger().error("callback waits for the sweep", message_id=callback_id, exc_info=error)


def _report(body: bytes) -> ChargeReport:
    message = json.loads(body)
    return report_to_domain(message["data"])
